// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.bench.conformance;

import dev.lockstep.nativeio.Errno;
import dev.lockstep.nativeio.NativeFailure;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/** The other end of one {@link GuestServer}. Commands from any thread, lines of the guest from one. */
final class GuestLink {
    private static final int PATIENCE_SECONDS = 60;
    private static final HexFormat HEX = HexFormat.of();

    private final Consumer<String> toGuest;
    private final AtomicLong commands = new AtomicLong();
    private final Map<String, CompletableFuture<String>> open = new ConcurrentHashMap<>();
    private final CompletableFuture<String> ready = new CompletableFuture<>();

    /** Every datagram so far. */
    final List<byte[]> datagrams = new CopyOnWriteArrayList<>();

    /**
     * @param toGuest sends a line
     */
    GuestLink(Consumer<String> toGuest) {
        this.toGuest = toGuest;
    }

    /** A line came from the guest. */
    void take(String line) {
        String[] words = line.split(" ", 3);
        if (words[0].equals("ready")) {
            ready.complete("");
        } else if (words[0].equals("uevent")) {
            datagrams.add(HEX.parseHex(words[1]));
        } else {
            CompletableFuture<String> answer = open.remove(words[0]);
            if (answer == null) {
                throw new IllegalStateException("the guest says: " + line);
            }
            if (words[1].equals("ok")) {
                answer.complete(words[2].equals("-") ? "" : text(HEX.parseHex(words[2])));
            } else if (words[1].equals("error")) {
                answer.completeExceptionally(new NativeFailure("guest", errno(words[2]), ""));
            } else {
                answer.completeExceptionally(new IllegalStateException(words[2]));
            }
        }
    }

    private static Errno errno(String name) {
        return name.startsWith("errno ") ? new Errno(Integer.parseInt(name.substring(6))) : Errno.parse(name);
    }

    /** Waits until the guest takes commands. */
    void awaitReady() throws NativeFailure {
        wait(ready, "start");
    }

    /** Gives a command and does not wait for it. */
    CompletableFuture<String> start(String verb, String... arguments) {
        String id = Long.toString(commands.incrementAndGet());
        CompletableFuture<String> answer = new CompletableFuture<>();
        open.put(id, answer);
        toGuest.accept(id + " " + verb + " " + String.join(" ", arguments));
        return answer;
    }

    /**
     * Gives a command.
     *
     * @return its result
     * @throws NativeFailure with the errno it failed with
     */
    String command(String verb, String... arguments) throws NativeFailure {
        return wait(start(verb, arguments), verb);
    }

    private static String wait(CompletableFuture<String> answer, String what) throws NativeFailure {
        try {
            return answer.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof NativeFailure failure) {
                throw failure;
            }
            throw new IllegalStateException(e);
        } catch (TimeoutException e) {
            throw new IllegalStateException("the guest does not answer: " + what, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    static String hex(String text) {
        return hex(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    static String hex(byte[] bytes) {
        return bytes.length == 0 ? "-" : HEX.formatHex(bytes);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }
}
