package dev.streamipc.bench;

import dev.streamipc.bench.raw.RawBulk;
import dev.streamipc.bench.side.Attachments;
import java.util.List;

/** P3: 64 MiB as an attachment beside the same bytes through the raw channel. */
final class AttachmentRows {

    private AttachmentRows() {}

    static List<Heat> heats() {
        return List.of(heat("stdio"), heat("unix"));
    }

    private static Heat heat(String channel) {
        String id = "P3." + channel;
        return new Heat("attachments." + channel)
                .lane("reused", Command.ours(Attachments.class, channel, "reused"))
                .lane("default", Command.ours(Attachments.class, channel, "default"))
                .lane("up", Command.ours(Attachments.class, channel, "up"))
                .lane("raw-" + channel, Command.ours(RawBulk.class, channel, "down"))
                .lane("raw-" + channel + "-up", Command.ours(RawBulk.class, channel, "up"))
                .lane("raw-" + channel + "-fill", Command.ours(RawBulk.class, channel, "fill"))
                .row(Row.of(id + ".reused", "reused", "raw-" + channel, "GB/s")
                        .target(Target.ratioAtLeast(0.85))
                        .with("attachmentsInto"))
                .row(Row.of(id + ".default", "default", "raw-" + channel, "GB/s")
                        .target(Target.ratioAtLeast(0.25)))
                .row(Row.of(id + ".up", "up", "raw-" + channel + "-up", "GB/s").target(Target.ratioAtLeast(0.25)))
                .row(Row.of(id + ".limit", "raw-" + channel + "-fill", "raw-" + channel, "GB/s"));
    }
}
