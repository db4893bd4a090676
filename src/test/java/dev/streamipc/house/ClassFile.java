package dev.streamipc.house;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * What a class file names: the classes, the members of classes as {@code owner.name}, and the texts ("The class File
 * Format", section on the constant pool).
 */
record ClassFile(Set<String> classes, Set<String> members, Set<String> texts) {

    private static final int MAGIC = 0xCAFEBABE;
    private static final int UTF8 = 1;
    private static final int LONG = 5;
    private static final int DOUBLE = 6;
    private static final int CLASS = 7;
    private static final int STRING = 8;
    private static final int FIELD = 9;
    private static final int METHOD = 10;
    private static final int INTERFACE_METHOD = 11;
    private static final int METHOD_HANDLE = 15;
    private static final int METHOD_TYPE = 16;
    private static final int MODULE = 19;
    private static final int PACKAGE = 20;

    /** A class in the descriptor of a field or a method. */
    private static final Pattern DESCRIBED = Pattern.compile("L([\\w/$]+);");

    static ClassFile of(byte[] bytes) throws IOException {
        DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes));
        if (in.readInt() != MAGIC) {
            throw new IOException("no class file");
        }
        in.readInt();
        return new Pool(in).named();
    }

    /** The constants by number, each as its two halves, or as its text. */
    private static final class Pool {

        private final int[] tags;
        private final int[] first;
        private final int[] second;
        private final String[] utf8;

        Pool(DataInputStream in) throws IOException {
            int count = in.readUnsignedShort();
            tags = new int[count];
            first = new int[count];
            second = new int[count];
            utf8 = new String[count];
            for (int i = 1; i < count; i += tags[i] == LONG || tags[i] == DOUBLE ? 2 : 1) {
                tags[i] = in.readUnsignedByte();
                read(in, i);
            }
        }

        private void read(DataInputStream in, int i) throws IOException {
            switch (tags[i]) {
                case UTF8 -> utf8[i] = new String(in.readNBytes(in.readUnsignedShort()), StandardCharsets.UTF_8);
                case LONG, DOUBLE -> in.readLong();
                case CLASS, STRING, METHOD_TYPE, MODULE, PACKAGE -> first[i] = in.readUnsignedShort();
                case METHOD_HANDLE -> {
                    in.readUnsignedByte();
                    in.readUnsignedShort();
                }
                default -> {
                    first[i] = in.readUnsignedShort();
                    second[i] = in.readUnsignedShort();
                }
            }
        }

        ClassFile named() {
            ClassFile found = new ClassFile(new TreeSet<>(), new TreeSet<>(), new TreeSet<>());
            for (int i = 1; i < tags.length; i++) {
                switch (tags[i]) {
                    case CLASS -> found.classes.add(utf8[first[i]]);
                    case UTF8 -> DESCRIBED.matcher(utf8[i]).results().forEach(each -> found.classes.add(each.group(1)));
                    case STRING -> found.texts.add(utf8[first[i]]);
                    case FIELD, METHOD, INTERFACE_METHOD ->
                        found.members.add(utf8[first[first[i]]] + "." + utf8[first[second[i]]]);
                    default -> {}
                }
            }
            return found;
        }
    }
}
