/** The peers, each set up as its own documentation advises, with the same drivers as ours. */
package dev.streamipc.bench.peer;
