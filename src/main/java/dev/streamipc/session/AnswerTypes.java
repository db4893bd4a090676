package dev.streamipc.session;

import dev.streamipc.message.Message;
import dev.streamipc.message.Request;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;

/** The answer's class of each request class, as its {@code Request<R>} says; {@link Message} where that is not told. */
final class AnswerTypes {

    private static final ClassValue<Class<?>> ANSWERS = new ClassValue<>() {
        @Override
        protected Class<?> computeValue(Class<?> requestType) {
            for (Type parent : requestType.getGenericInterfaces()) {
                if (parent instanceof ParameterizedType type
                        && type.getRawType() == Request.class
                        && type.getActualTypeArguments()[0] instanceof Class<?> answer) {
                    return answer;
                }
            }
            return Message.class;
        }
    };

    private AnswerTypes() {}

    static Class<?> of(Class<?> requestType) {
        return ANSWERS.get(requestType);
    }
}
