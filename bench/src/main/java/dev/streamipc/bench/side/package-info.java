/** The sides that measure this library, through its public API and with its default settings unless a row names a knob. */
package dev.streamipc.bench.side;
