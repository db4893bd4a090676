package dev.streamipc.session;

import dev.streamipc.message.Message;
import dev.streamipc.serial.TypeRegistry;

/** The class of the answer, and of the parts, of each request class; looked up once. */
final class AnswerTypes {

    private static final ClassValue<Class<?>> ANSWERS = new ClassValue<>() {
        @Override
        protected Class<?> computeValue(Class<?> requestType) {
            return TypeRegistry.answerTo(requestType);
        }
    };

    private static final ClassValue<Class<?>> PARTS = new ClassValue<>() {
        @Override
        protected Class<?> computeValue(Class<?> requestType) {
            return TypeRegistry.partsOf(requestType);
        }
    };

    private AnswerTypes() {}

    static Class<?> of(Class<?> requestType) {
        return ANSWERS.get(requestType);
    }

    @SuppressWarnings("unchecked")
    static <P extends Message> Class<P> partsOf(Class<?> requestType) {
        // what the type of the request says, read back from it
        return (Class<P>) PARTS.get(requestType);
    }
}
