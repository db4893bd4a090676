package dev.streamipc.channel;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.HexFormat;

/**
 * A secret that lets its bearer in, once. Compared in a time that does not depend on where the guess is wrong; never shown
 * by {@link #toString()}.
 */
final class SocketToken {

    private static final int BYTES = 32;
    private static final SecureRandom CHANCE = new SecureRandom();

    private final String hex;

    private SocketToken(String hex) {
        this.hex = hex;
    }

    /**
     * Makes a token that nobody can guess.
     *
     * @return 256 random bits
     */
    static SocketToken random() {
        byte[] bytes = new byte[BYTES];
        CHANCE.nextBytes(bytes);
        return new SocketToken(HexFormat.of().formatHex(bytes));
    }

    /**
     * Returns the token itself, for the wire and the file. Not to be logged.
     *
     * @return 64 hex digits
     */
    String secret() {
        return hex;
    }

    /**
     * Compares with what somebody shows.
     *
     * @param shown anything
     * @return whether it is this token
     */
    boolean isShown(String shown) {
        return MessageDigest.isEqual(bytes(hex), bytes(shown));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** Returns nothing of the secret. */
    @Override
    public String toString() {
        return "SocketToken[hidden]";
    }
}
