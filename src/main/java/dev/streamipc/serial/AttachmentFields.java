package dev.streamipc.serial;

/** Knows which types have attachments in them. */
final class AttachmentFields {

    private static final ClassValue<Boolean> KNOWN = new ClassValue<>() {
        @Override
        protected Boolean computeValue(Class<?> type) {
            return TypeWalk.reachesAttachments(type);
        }
    };

    private AttachmentFields() {}

    /** Returns whether a field of a record, or of one inside it, is an attachment. */
    static boolean isIn(Class<?> type) {
        return KNOWN.get(type);
    }
}
