package dev.streamipc.message;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Gives a type another logical name, so that the class can be renamed or the name be shared. Without it the name is the
 * simple name, with the classes around a member class before it: {@code Outer.Inner}.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface MessageName {

    /**
     * Returns the logical name.
     *
     * @return 1 to 200 printable characters without blanks
     */
    String value();
}
