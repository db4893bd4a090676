package dev.streamipc.session;

/** The arguments do not fit the parameters of a function, which was not entered. */
final class ArgumentsRefused extends RuntimeException {

    private static final long serialVersionUID = 1L;

    ArgumentsRefused(String facts) {
        super(facts);
    }
}
