package dev.streamipc.serial.json;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Network addresses as text: {@code 192.0.2.1}, {@code 2001:db8::1}, with a port {@code [2001:db8::1]:80}. No name server
 * is asked: a host name stands in an address that is not resolved, and stays one.
 */
final class AddressText {

    private static final Pattern IPV4 = Pattern.compile("(\\d{1,3})\\.(\\d{1,3})\\.(\\d{1,3})\\.(\\d{1,3})");
    private static final Pattern IPV6 = Pattern.compile("(?=[^:]*:)[0-9a-fA-F:.]{2,45}(?:%\\d{1,9})?");
    private static final Pattern PORT = Pattern.compile("\\d{1,5}");
    private static final int IPV4_BYTES = 4;
    private static final int MAX_BYTE = 255;

    private AddressText() {}

    /** Without the name of the interface that an IPv6 address may have: the number is enough on this machine. */
    static String of(InetAddress address) {
        String text = address.getHostAddress();
        int end = text.indexOf('%');
        String bare = end < 0 ? text : text.substring(0, end);
        return address instanceof Inet6Address ipv6 && ipv6.getScopeId() > 0 ? bare + "%" + ipv6.getScopeId() : bare;
    }

    static String of(InetSocketAddress address) {
        String host = address.isUnresolved() ? address.getHostString() : of(address.getAddress());
        return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + address.getPort();
    }

    static InetAddress address(String text) {
        Matcher ipv4 = IPV4.matcher(text);
        return ipv4.matches() ? ofBytes(bytes(ipv4)) : ipv6(text);
    }

    private static InetAddress ipv6(String text) {
        try {
            if (IPV6.matcher(text).matches()) {
                // In brackets it is never taken for a name.
                return InetAddress.getByName("[" + text + "]");
            }
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("network address expected: " + e.getMessage(), e);
        }
        throw new IllegalArgumentException("network address expected: chars=" + text.length());
    }

    static InetSocketAddress socketAddress(String text) {
        int colon = text.lastIndexOf(':');
        if (colon < 0 || !PORT.matcher(text.substring(colon + 1)).matches()) {
            throw new IllegalArgumentException("host and port expected: chars=" + text.length());
        }
        String host = text.substring(0, colon);
        int port = Integer.parseInt(text.substring(colon + 1));
        if (host.startsWith("[") && host.endsWith("]")) {
            return new InetSocketAddress(ipv6(host.substring(1, host.length() - 1)), port);
        }
        if (host.indexOf(':') >= 0) {
            throw new IllegalArgumentException("brackets around an IPv6 address expected: chars=" + text.length());
        }
        boolean isAddress = IPV4.matcher(host).matches();
        return isAddress ? new InetSocketAddress(address(host), port) : InetSocketAddress.createUnresolved(host, port);
    }

    private static byte[] bytes(Matcher ipv4) {
        byte[] bytes = new byte[IPV4_BYTES];
        for (int i = 0; i < bytes.length; i++) {
            int number = Integer.parseInt(ipv4.group(i + 1));
            if (number > MAX_BYTE) {
                throw new IllegalArgumentException("network address expected: number=" + number + ", max=" + MAX_BYTE);
            }
            bytes[i] = (byte) number;
        }
        return bytes;
    }

    private static InetAddress ofBytes(byte[] bytes) {
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e);
        }
    }
}
