package dev.streamipc.session;

import dev.streamipc.session.ByNameSides.Holder;
import dev.streamipc.session.ByNameSides.Thumbnail;

/** A child that has functions, and calls back by name. */
final class FunctionsChild {

    private FunctionsChild() {}

    public static void main(String[] args) {
        try (IpcPeer peer =
                IpcPeer.builder().messages(Thumbnail.class, Holder.class).build()) {
            IpcSession session = peer.createStdioSession();
            session.functions(new ByNameSides.Work());
            session.function("echo", call -> call.arguments().get(0));
            session.function(
                    "back", call -> session.call("shout", String.class, call.at(0, String.class)) + " was said");
            session.serve();
        }
    }
}
