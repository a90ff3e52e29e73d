// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.event;

import dev.lockstep.domain.LockspaceName;
import dev.lockstep.domain.NodeNumber;
import dev.lockstep.domain.RegionId;
import java.util.Optional;

/**
 * One line of the event log, before it gets its id and wall time from the log that keeps it.
 *
 * @param atNs CLOCK_BOOTTIME nanoseconds
 * @param type what kind of thing happened
 * @param node the node it is about
 * @param region the region it is about
 * @param lockspace the lockspace it is about
 * @param epoch the epoch it is about, 0 for none
 * @param text cause and particulars, for people
 */
public record LogEvent(
        long atNs,
        Type type,
        Optional<NodeNumber> node,
        Optional<RegionId> region,
        Optional<LockspaceName> lockspace,
        long epoch,
        String text) {

    /** What kind of thing happened. Names are stable. */
    public enum Type {
        /** A node's slot changed its status in a region. */
        SLOT,
        /** A region appeared, vanished, fails or recovered. */
        REGION,
        /** A uevent, or their loss. */
        UEVENT,
        /** A phase, epoch or view of an own lockspace changed. */
        PHASE,
        /** A verdict or the order to go. */
        VERDICT,
        /** A mutation was handed to its lane. */
        MUTATION,
        /** A mutation ended. */
        RESULT,
        /** The kernel's recovery moved. */
        RECOVERY,
        /** A link to a peer, or what all links together tell. */
        LINK,
        /** The open reasons of a wait changed. */
        WAIT,
        /** Bad input was met and ignored. */
        BAD_INPUT
    }
}
