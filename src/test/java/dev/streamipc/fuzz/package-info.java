/** Inputs that a fuzzer makes up: four targets, what each must hold, and the inputs that every build runs again. */
package dev.streamipc.fuzz;
