package dev.streamipc.session;

import dev.streamipc.serial.TypeRegistry;

/** The answer's class of each request class, looked up once. */
final class AnswerTypes {

    private static final ClassValue<Class<?>> ANSWERS = new ClassValue<>() {
        @Override
        protected Class<?> computeValue(Class<?> requestType) {
            return TypeRegistry.answerTo(requestType);
        }
    };

    private AnswerTypes() {}

    static Class<?> of(Class<?> requestType) {
        return ANSWERS.get(requestType);
    }
}
