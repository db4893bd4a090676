/** The sample: a master hands files to slaves, which say what is in them. {@code Master} and {@code Slave} are for copying. */
@NullMarked
package dev.streamipc.sample;

import org.jspecify.annotations.NullMarked;
