/** What happens inside one JVM, by JMH: codecs, frames, and a call through memory. */
package dev.streamipc.bench.jmh;
