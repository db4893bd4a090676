/** The bare machine: the same bytes without any library, and what it costs at the least. */
package dev.streamipc.bench.raw;
