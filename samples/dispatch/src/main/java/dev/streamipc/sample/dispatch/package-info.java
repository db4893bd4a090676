/** The sample: two pools, one of JVMs and one of Python programs, and three tasks that go wrong. {@code Show}, {@code Faults} and {@code PictureWorker} are for copying. */
@NullMarked
package dev.streamipc.sample.dispatch;

import org.jspecify.annotations.NullMarked;
