// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.sim.search;

import dev.lockstep.domain.Epoch;
import dev.lockstep.domain.NodeNumber;
import dev.lockstep.domain.View;
import dev.lockstep.uevent.Uevent;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * A lockspace in one machine's fs/dlm, as far as its daemon can get it wrong.
 *
 * @param everStarted whether it ever ran, so that it may hold locks
 * @param running whether it runs
 * @param inRelease whether it is being released, so that it holds none any more
 * @param epoch of the last start
 * @param view of the last start
 * @param configured what configfs lists
 * @param fresh entries of configfs made since a recovery last took the members in
 * @param taken the members that a recovery last took in
 * @param status recover_status
 * @param asks the uevent a task waits on
 */
record Space(
        boolean everStarted,
        boolean running,
        boolean inRelease,
        Epoch epoch,
        View view,
        View configured,
        SortedSet<NodeNumber> fresh,
        View taken,
        int status,
        Optional<Uevent.Action> asks) {

    /** recover_status of a recovery that has ended, on the lowest node, too. */
    static final int RECOVERED = 0xff;

    static final Space CREATED = new Space(
            false,
            false,
            false,
            Epoch.NONE,
            View.EMPTY,
            View.EMPTY,
            new TreeSet<>(),
            View.EMPTY,
            0,
            Optional.of(Uevent.Action.ONLINE));

    Space {
        fresh = Collections.unmodifiableSortedSet(fresh);
    }

    boolean mayHoldLocks() {
        return everStarted && !inRelease;
    }

    Space stopped() {
        return new Space(everStarted, false, inRelease, epoch, view, configured, fresh, taken, 0, asks);
    }

    /** What was not in configfs, or is renewed, is a fresh entry. */
    Space started(Epoch newEpoch, View newView, SortedSet<NodeNumber> renewed) {
        SortedSet<NodeNumber> nowFresh = new TreeSet<>(fresh);
        for (NodeNumber node : newView.nodes()) {
            if (!configured.has(node) || renewed.contains(node)) {
                nowFresh.add(node);
            }
        }
        return new Space(true, true, inRelease, newEpoch, newView, newView, nowFresh, taken, 0, asks);
    }

    Space takenIn() {
        return new Space(
                everStarted, running, inRelease, epoch, view, configured, new TreeSet<>(), view, RECOVERED, asks);
    }

    Space forgotten() {
        return new Space(everStarted, running, inRelease, epoch, view, View.EMPTY, fresh, taken, status, asks);
    }

    Space released() {
        Optional<Uevent.Action> offline = Optional.of(Uevent.Action.OFFLINE);
        return new Space(everStarted, running, true, epoch, view, configured, fresh, taken, status, offline);
    }

    Space answered() {
        return new Space(
                everStarted, running, inRelease, epoch, view, configured, fresh, taken, status, Optional.empty());
    }
}
