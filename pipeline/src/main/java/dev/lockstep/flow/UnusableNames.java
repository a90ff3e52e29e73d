// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.flow;

import dev.lockstep.domain.LockspaceName;
import dev.lockstep.evidence.Evidence;
import dev.lockstep.kernel.KernelLockspace;
import dev.lockstep.kernel.KernelSnapshot;
import dev.lockstep.kernel.Outcome;
import dev.lockstep.port.BootClock;
import dev.lockstep.port.DlmKernel;
import dev.lockstep.uevent.Uevent;
import dev.lockstep.uevent.UeventSignal;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Creates of lockspaces that cannot be served, because fs/dlm takes '/' in their names and configfs does not. Refused
 * at once: a create that waits holds the lock that every other create and release of the node needs. An answer that
 * comes twice does no harm, since a refused lockspace is taken down. Calls block.
 */
final class UnusableNames {
    private static final Logger LOG = LoggerFactory.getLogger(UnusableNames.class);
    private static final int EINVAL = 22;

    /** What sysfs shows for a '/'. */
    private static final char SHOWN_SLASH = '!';

    private final DlmKernel kernel;
    private final BootClock clock;

    UnusableNames(DlmKernel kernel, BootClock clock) {
        this.kernel = kernel;
        this.clock = clock;
    }

    /** {@return what was refused, for the count; nothing where nobody waits} */
    Stream<Evidence> answer(UeventSignal.Unusable signal) {
        return switch (signal.action()) {
            case ONLINE -> {
                refuse(signal.directory(), signal.why());
                yield Stream.of(new Evidence.BadInput(
                        clock.nowNs(), "a lockspace's name cannot be used, its create was refused"));
            }
            case OFFLINE -> {
                // It was never started, so there is nothing to stop before the kernel releases it.
                kernel.answerUnusable(signal.directory(), 0);
                yield Stream.empty();
            }
            case ADD, REMOVE -> Stream.empty();
        };
    }

    /**
     * Refuses a create that was found waiting, not heard of, if its directory does not tell its name.
     *
     * @return the reading without it
     */
    KernelSnapshot refuseIn(KernelSnapshot read) {
        SortedMap<LockspaceName, KernelLockspace> usable = new TreeMap<>(read.lockspaces());
        for (KernelLockspace each : read.lockspaces().values()) {
            boolean creates = each.unanswered()
                    .filter(action -> action == Uevent.Action.ONLINE)
                    .isPresent();
            if (creates && each.name().value().indexOf(SHOWN_SLASH) >= 0) {
                refuse(each.name().value(), "lockspace name '" + each.name() + "' may stand for one with '/'");
                usable.remove(each.name());
            }
        }
        return new KernelSnapshot(usable, read.comms());
    }

    private void refuse(String directory, String why) {
        Outcome outcome = kernel.answerUnusable(directory, -EINVAL);
        if (outcome instanceof Outcome.Failed failed) {
            LOG.error("{}: its create could not be refused and waits: {}", why, failed.message());
        } else {
            LOG.warn("{}: its create was refused with EINVAL", why);
        }
    }
}
