// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.agent;

import dev.lockstep.domain.LockspaceName;
import dev.lockstep.domain.RegionId;
import dev.lockstep.kernel.KernelLockspace;
import dev.lockstep.kernel.KernelSnapshot;
import dev.lockstep.kernel.Mutation;
import dev.lockstep.kernel.Outcome;
import dev.lockstep.port.DlmKernel;
import dev.lockstep.port.MemoryStore;
import dev.lockstep.region.RegionLayout;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.SortedMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** --dry-run: everything is read, nothing is written, and each change that would be made next is printed. */
final class DryRun {
    private static final Logger LOG = LoggerFactory.getLogger(DryRun.class);

    private DryRun() {}

    /** Prints a change that would be made. */
    static void would(String change) {
        LOG.info("would do: {}", change);
    }

    static String start(RegionId region, Path device) {
        return "start the heartbeat in region " + region + " on " + device;
    }

    /** Reads what the kernel heartbeats in and only tells what it would change. */
    record Heartbeat(KernelHeartbeat real) implements KernelHeartbeat {
        @Override
        public void check() throws IOException {
            real.check();
        }

        @Override
        public Optional<String> registration() throws IOException {
            return real.registration();
        }

        @Override
        public void register() throws IOException {
            real.registration().ifPresent(DryRun::would);
        }

        @Override
        public boolean start(RegionLayout region, Path device) throws IOException {
            would(DryRun.start(region.name(), device));
            throw new IOException("this is a dry run");
        }

        @Override
        public void stop(RegionId region) throws IOException {
            would("stop the heartbeat in region " + region);
            throw new IOException("this is a dry run");
        }

        @Override
        public SortedMap<RegionId, Found> regions() throws IOException {
            return real.regions();
        }
    }

    /** Reads the kernel and only tells what it would change. */
    static final class Kernel implements DlmKernel {
        private final DlmKernel real;

        Kernel(DlmKernel real) {
            this.real = real;
        }

        @Override
        public Outcome apply(Mutation mutation) {
            would(mutation.text());
            return new Outcome.Failed("EROFS", Outcome.ErrorClass.LASTING, "dry run");
        }

        @Override
        public Outcome answerUnusable(String directory, int result) {
            LOG.info("would answer {} with {}", directory, result);
            return new Outcome.Failed("EROFS", Outcome.ErrorClass.LASTING, "dry run");
        }

        @Override
        public KernelSnapshot read(boolean withUnanswered) throws IOException {
            return real.read(withUnanswered);
        }

        @Override
        public Optional<KernelLockspace> read(LockspaceName name) throws IOException {
            return real.read(name);
        }
    }

    /** Reads what is remembered and keeps nothing. */
    static final class Memory implements MemoryStore {
        private final MemoryStore real;

        Memory(MemoryStore real) {
            this.real = real;
        }

        @Override
        public dev.lockstep.kernel.Memory load() {
            return real.load();
        }

        @Override
        public void save(dev.lockstep.kernel.Memory memory) {
            LOG.debug("would remember: {}", memory);
        }

        @Override
        public void saveLasting(dev.lockstep.kernel.Memory.Lasting lasting) {
            LOG.debug("would remember over boots: {}", lasting);
        }
    }
}
