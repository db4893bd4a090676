package dev.streamipc.bench.peer;

import com.google.protobuf.Int32Value;
import dev.streamipc.bench.raw.Jvm;
import dev.streamipc.bench.side.Pin;
import dev.streamipc.bench.side.Timing;
import dev.streamipc.bench.side.Turns;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.ProtoUtils;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.ServerCalls;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * gRPC over a Unix socket, JVM to JVM: protobuf messages, Netty's native epoll, and the server's handler on its event loop
 * ({@code directExecutor}), as its performance guide advises for handlers that do not block.
 */
public final class Grpc {

    private static final MethodDescriptor<Int32Value, Int32Value> ASK =
            MethodDescriptor.<Int32Value, Int32Value>newBuilder()
                    .setType(MethodDescriptor.MethodType.UNARY)
                    .setFullMethodName("bench.Echo/Ask")
                    .setRequestMarshaller(ProtoUtils.marshaller(Int32Value.getDefaultInstance()))
                    .setResponseMarshaller(ProtoUtils.marshaller(Int32Value.getDefaultInstance()))
                    .build();

    private Grpc() {}

    /** Takes roundtrip; or child and a path. */
    public static void main(String[] words) throws Exception {
        if (words[0].equals("child")) {
            serve(words[1]);
            return;
        }
        Path folder = Files.createTempDirectory("grpc");
        Path path = folder.resolve("s");
        Process child = Jvm.start(List.of(), Grpc.class, "child", path.toString());
        child.getInputStream().read();
        Pin.child(child.pid());
        EventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
        ManagedChannel channel = NettyChannelBuilder.forAddress(new DomainSocketAddress(path.toString()))
                .eventLoopGroup(loop)
                .channelType(EpollDomainSocketChannel.class)
                .usePlaintext()
                .build();
        Int32Value ask = Int32Value.of(1);
        Turns.answerOne(
                () -> Timing.p50Micros(() -> ClientCalls.blockingUnaryCall(channel, ASK, CallOptions.DEFAULT, ask)));
        channel.shutdownNow();
        child.destroy();
        child.waitFor();
        Files.deleteIfExists(path);
        Files.delete(folder);
        System.exit(0);
    }

    private static void serve(String path) throws Exception {
        Server server = NettyServerBuilder.forAddress(new DomainSocketAddress(path))
                .bossEventLoopGroup(new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory()))
                .workerEventLoopGroup(new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory()))
                .channelType(EpollServerDomainSocketChannel.class)
                .directExecutor()
                .addService(ServerServiceDefinition.builder("bench.Echo")
                        .addMethod(ASK, ServerCalls.asyncUnaryCall((ask, answer) -> {
                            answer.onNext(ask);
                            answer.onCompleted();
                        }))
                        .build())
                .build()
                .start();
        System.out.println("up");
        server.awaitTermination();
    }
}
