// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.agent;

import dev.lockstep.domain.LockspaceName;
import dev.lockstep.kernel.KernelLockspace;
import dev.lockstep.kernel.KernelSnapshot;
import dev.lockstep.kernel.Mutation;
import dev.lockstep.kernel.Outcome;
import dev.lockstep.port.DlmKernel;
import dev.lockstep.port.MemoryStore;
import java.io.IOException;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** --dry-run: everything is read, nothing is written, and each change that would be made next is printed. */
final class DryRun {
    private static final Logger LOG = LoggerFactory.getLogger(DryRun.class);

    private DryRun() {}

    /** Reads the kernel and only tells what it would change. */
    static final class Kernel implements DlmKernel {
        private final DlmKernel real;

        Kernel(DlmKernel real) {
            this.real = real;
        }

        @Override
        public Outcome apply(Mutation mutation) {
            LOG.info("would do: {}", mutation.text());
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
