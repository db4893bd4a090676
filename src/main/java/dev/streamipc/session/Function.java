package dev.streamipc.session;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** A public method that the other side may call by name, once its object was given to {@link ByName#functions}. */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface Function {

    /**
     * Returns the name under which the other side calls it.
     *
     * @return 1 to 200 characters without control characters; empty for the method's own name
     */
    String value() default "";
}
