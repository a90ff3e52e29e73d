// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.bench.conformance;

import dev.lockstep.dlm.UnansweredDecision;
import dev.lockstep.domain.LockspaceName;
import dev.lockstep.domain.NodeNumber;
import dev.lockstep.kernelfs.KernelTree;
import dev.lockstep.nativeio.Errno;
import dev.lockstep.nativeio.NativeFailure;
import dev.lockstep.port.DlmKernel;
import dev.lockstep.uevent.Uevent;
import dev.lockstep.uevent.UeventParser;
import dev.lockstep.uevent.UeventSignal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** A machine of the test bed, with a real kernel. Its patience is long; only a case that differs waits that long. */
final class GuestMachine implements Machine {
    private static final Duration PATIENCE = Duration.ofSeconds(15);
    private static final Duration POLL = Duration.ofMillis(5);

    /** Long in an emulated machine against what the kernel needs, short against the kernel's own timers. */
    private static final Duration SETTLING = Duration.ofMillis(120);

    private static final String PROGRAM = "/bed/lockspace";

    private final GuestLink link;
    private final KernelTree tree;
    private final DlmKernel kernel;

    GuestMachine(GuestLink link, int number) {
        this.link = link;
        tree = new GuestTree(link);
        kernel = Adapter.on(tree, NodeNumber.of(number), this::unanswered);
    }

    private UnansweredDecision unanswered(Map<LockspaceName, Integer> ids) throws NativeFailure {
        List<String> words = new ArrayList<>();
        ids.forEach((name, id) -> {
            words.add(GuestLink.hex(name.value()));
            words.add(Integer.toUnsignedString(id));
        });
        String[] told = link.command("unanswered", words.toArray(String[]::new)).split("/", 3);
        return switch (told[0]) {
            case "waits" -> new UnansweredDecision.Waits(new LockspaceName(told[1]), Uevent.Action.valueOf(told[2]));
            case "nobody" -> new UnansweredDecision.Nobody();
            default -> new UnansweredDecision.Undecidable(told[1]);
        };
    }

    @Override
    public KernelTree tree() {
        return tree;
    }

    @Override
    public DlmKernel kernel() {
        return kernel;
    }

    @Override
    public LockspaceCall create(String name, boolean exclusive) {
        return exclusive ? call("create", name, "new") : call("create", name);
    }

    @Override
    public LockspaceCall release(String name) {
        return call("release", name, "force");
    }

    private LockspaceCall call(String... arguments) {
        List<String> words = new ArrayList<>();
        words.add(GuestLink.hex(PROGRAM));
        for (String argument : arguments) {
            words.add(GuestLink.hex(argument));
        }
        CompletableFuture<String> said = link.start("run", words.toArray(String[]::new));
        return () -> said.isDone() ? Optional.of(result(said.join())) : Optional.empty();
    }

    /** The program says "ok MINOR" or "error NUMBER TEXT". */
    private static String result(String said) {
        String[] words = said.strip().split(" ", 3);
        return words[0].equals("error") ? new Errno(Integer.parseInt(words[1])).name() : words[0];
    }

    @Override
    public List<String> datagrams() {
        return link.datagrams.stream().map(Datagrams::text).toList();
    }

    @Override
    public List<UeventSignal> signals() {
        return link.datagrams.stream()
                .map(datagram -> UeventParser.parse(datagram, datagram.length))
                .flatMap(Optional::stream)
                .toList();
    }

    @Override
    public void settle() {
        LockSupport.parkNanos(SETTLING.toNanos());
    }

    @Override
    public boolean await(BooleanSupplier happened) {
        long endNs = System.nanoTime() + PATIENCE.toNanos();
        while (!happened.getAsBoolean()) {
            if (System.nanoTime() - endNs > 0) {
                return false;
            }
            LockSupport.parkNanos(POLL.toNanos());
        }
        return true;
    }
}
