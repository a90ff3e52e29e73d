// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.dlm;

import dev.lockstep.dlm.UnansweredFacts.Waiter;
import dev.lockstep.domain.LockspaceName;
import dev.lockstep.kernel.Memory;
import dev.lockstep.kernelfs.Processes;
import dev.lockstep.uevent.Uevent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Decides from /proc, the kernel log, the device nodes and the last agent's memory. Reads every thread's stack, some
 * tens of microseconds each.
 */
public final class ProcUnansweredReader implements UnansweredReader {
    private final Processes processes;
    private final List<Path> deviceDirectories;
    private final KernelLogText kernelLog;
    private final Supplier<Memory> memory;

    /** Gives the kernel log. */
    @FunctionalInterface
    public interface KernelLogText {
        /**
         * {@return the log's lines, oldest first}
         *
         * @throws IOException if it cannot be read
         */
        String read() throws IOException;
    }

    /**
     * @param processes the machine's processes
     * @param deviceDirectories where libdlm's device nodes are, /dev and /dev/misc
     * @param kernelLog the kernel log
     * @param memory what the agent before left
     */
    public ProcUnansweredReader(
            Processes processes, List<Path> deviceDirectories, KernelLogText kernelLog, Supplier<Memory> memory) {
        this.processes = processes;
        this.deviceDirectories = List.copyOf(deviceDirectories);
        this.kernelLog = kernelLog;
        this.memory = memory;
    }

    @Override
    public UnansweredDecision decide(Map<LockspaceName, Integer> ids) throws IOException {
        KernelStacks stacks = new KernelStacks();
        Waiter waiter = processes.forEachStack(stacks::add) ? stacks.waiter() : Waiter.UNREADABLE;
        if (waiter == Waiter.NONE) {
            return new UnansweredDecision.Nobody();
        }
        Map<LockspaceName, Uevent.Action> journal = new HashMap<>();
        memory.get().lockspaces().forEach((name, of) -> of.unanswered().ifPresent(action -> journal.put(name, action)));
        return new UnansweredFacts(waiter, ids, GroupEventLog.open(kernelLog.read()), withDevice(ids.keySet()), journal)
                .decide();
    }

    private Set<LockspaceName> withDevice(Set<LockspaceName> names) {
        Set<LockspaceName> found = new HashSet<>();
        for (LockspaceName name : names) {
            // A name outside ASCII may not be a Path in every locale; not found only adds a candidate.
            boolean plain = name.value().chars().allMatch(c -> c < 0x7f);
            if (plain
                    && deviceDirectories.stream()
                            .anyMatch(directory -> Files.exists(directory.resolve("dlm_" + name.value())))) {
                found.add(name);
            }
        }
        return found;
    }
}
