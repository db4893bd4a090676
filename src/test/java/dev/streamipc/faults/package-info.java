/**
 * The fault matrix: which faults are made how often, what was seen of each, and the document that is written from it.
 *
 * <p>{@link dev.streamipc.faults.Plan} declares the rows, {@link dev.streamipc.faults.Matrix} runs cases and writes a line
 * of JSON for each, {@link dev.streamipc.faults.Reliability} turns the lines into {@code docs/RELIABILITY.md}.
 */
package dev.streamipc.faults;
