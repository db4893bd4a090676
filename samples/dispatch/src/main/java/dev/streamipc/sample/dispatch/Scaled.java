package dev.streamipc.sample.dispatch;

import dev.streamipc.message.Message;

/** A picture that was written: its size in pixels. */
public record Scaled(int width, int height) implements Message {}
