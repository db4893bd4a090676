/** The sample, from its command line to the end of its processes. */
package dev.streamipc.sample;
