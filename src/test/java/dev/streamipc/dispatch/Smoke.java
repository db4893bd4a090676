package dev.streamipc.dispatch;

import java.time.Duration;
import java.util.*;
import java.util.concurrent.*;

public class Smoke {
    public static void main(String[] a) throws Exception {
        int prefetch = Integer.parseInt(a[0]);
        int n = Integer.parseInt(a[1]);
        long t0 = System.nanoTime();
        try (Dispatcher pool = ProcessDispatcher.builder(Workbench.class)
                .messages(Workbench.TYPES)
                .workers(2)
                .prefetch(prefetch)
                .queueCapacity(100000)
                .build()) {
            System.out.println("built ms=" + (System.nanoTime() - t0) / 1000000);
            System.out.println(pool.call(new Workbench.Echo("hi")).join() + " "
                    + pool.call("add", Integer.class, 2, 3).join());
            for (int r = 0; r < 4; r++) {
                long t = System.nanoTime();
                Semaphore s = new Semaphore(20000);
                List<CompletableFuture<?>> all = new ArrayList<>(n);
                for (int i = 0; i < n; i++) {
                    s.acquire();
                    var f = pool.call(new Workbench.Echo("x"));
                    f.whenComplete((v, e) -> s.release());
                    all.add(f);
                }
                s.acquire(20000);
                long d = System.nanoTime() - t;
                System.out.printf("%d tasks %.0f/s%n", n, n * 1e9 / d);
            }
            try {
                System.out.println(
                        pool.call(new Workbench.Sleep(5000, true), TaskOptions.DEFAULT.runLimit(Duration.ofMillis(300)))
                                .join());
            } catch (Exception e) {
                System.out.println(e);
            }
            try {
                System.out.println(pool.call(new Workbench.Halt(3)).join());
            } catch (Exception e) {
                System.out.println(e);
            }
            try {
                System.out.println(pool.call(new Workbench.Throw("x")).join());
            } catch (Exception e) {
                System.out.println(e);
            }
            Thread.sleep(4000);
            System.out.println(pool.call(new Workbench.Echo("hi")).join());
            System.out.println(pool.stats());
            pool.workers().forEach(System.out::println);
            t0 = System.nanoTime();
        }
        System.out.println("closed ms=" + (System.nanoTime() - t0) / 1000000);
    }
}
