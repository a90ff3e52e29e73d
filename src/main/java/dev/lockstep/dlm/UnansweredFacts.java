// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.dlm;

import dev.lockstep.domain.LockspaceName;
import dev.lockstep.uevent.Uevent;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What shows whether a uevent of fs/dlm is unanswered, and decides it.
 *
 * @param waiter what the tasks' kernel stacks show
 * @param ids every lockspace of sysfs with its {@code id}; an id is written just before the first start, so 0 means
 *     that the join is not answered
 * @param openInLog lockspaces whose last line in the kernel log is "joining" (ONLINE) or "leaving the lockspace group"
 *     (OFFLINE); "group event done" ends it
 * @param withDevice lockspaces with a device node: libdlm's, which lose it before their {@code offline}
 * @param journal what the agent before noted as unanswered; only a help
 */
record UnansweredFacts(
        Waiter waiter,
        Map<LockspaceName, Integer> ids,
        Map<LockspaceName, Uevent.Action> openInLog,
        Set<LockspaceName> withDevice,
        Map<LockspaceName, Uevent.Action> journal) {

    /** What the kernel stacks of all tasks show. */
    enum Waiter {
        /** No task is in do_uevent. */
        NONE,
        /** One is, under dlm_new_lockspace: a join, or the offline that the kernel sends after a failed recovery. */
        IN_NEW,
        /** One is, under dlm_release_lockspace. */
        IN_RELEASE,
        /** Stacks cannot be read on this kernel. */
        UNREADABLE
    }

    UnansweredDecision decide() {
        return switch (waiter) {
            case NONE -> new UnansweredDecision.Nobody();
            case IN_NEW -> inNew();
            case IN_RELEASE -> inRelease();
            case UNREADABLE -> withoutStacks();
        };
    }

    private UnansweredDecision inNew() {
        SortedSet<LockspaceName> unidentified = unidentified();
        if (unidentified.size() == 1) {
            return new UnansweredDecision.Waits(unidentified.first(), Uevent.Action.ONLINE);
        }
        return named(openInLog)
                .or(() -> named(journal))
                .orElseGet(() -> new UnansweredDecision.Undecidable("a create waits; lockspaces with id 0: "
                        + unidentified + ", open in the kernel log: " + openInLog + ", noted: " + journal));
    }

    private UnansweredDecision inRelease() {
        return named(only(openInLog, Uevent.Action.OFFLINE))
                .or(() -> named(only(journal, Uevent.Action.OFFLINE)))
                .orElseGet(() -> {
                    SortedSet<LockspaceName> candidates = new TreeSet<>(ids.keySet());
                    candidates.removeAll(withDevice);
                    if (candidates.size() == 1) {
                        return new UnansweredDecision.Waits(candidates.first(), Uevent.Action.OFFLINE);
                    }
                    return new UnansweredDecision.Undecidable("a release waits; lockspaces without a device node: "
                            + candidates + ", open in the kernel log: " + openInLog + ", noted: " + journal);
                });
    }

    /** The log alone proves too little where joins are concerned: it may have lost lines. An id of 0 must agree. */
    private UnansweredDecision withoutStacks() {
        SortedSet<LockspaceName> unidentified = unidentified();
        if (unidentified.size() == 1) {
            return new UnansweredDecision.Waits(unidentified.first(), Uevent.Action.ONLINE);
        }
        return named(openInLog)
                .or(() -> named(journal))
                .orElseGet(() -> unidentified.isEmpty() && openInLog.isEmpty() && journal.isEmpty()
                        ? new UnansweredDecision.Nobody()
                        : new UnansweredDecision.Undecidable("stacks cannot be read; lockspaces with id 0: "
                                + unidentified + ", open in the kernel log: " + openInLog + ", noted: " + journal));
    }

    private SortedSet<LockspaceName> unidentified() {
        SortedSet<LockspaceName> names = new TreeSet<>();
        ids.forEach((name, id) -> {
            if (id == 0) {
                names.add(name);
            }
        });
        return names;
    }

    /** The only entry that names a lockspace that is there. */
    private Optional<UnansweredDecision> named(Map<LockspaceName, Uevent.Action> hints) {
        SortedSet<LockspaceName> names = new TreeSet<>(hints.keySet());
        names.retainAll(ids.keySet());
        if (names.size() != 1) {
            return Optional.empty();
        }
        Uevent.Action question = hints.get(names.first());
        return question == null ? Optional.empty() : Optional.of(new UnansweredDecision.Waits(names.first(), question));
    }

    private static Map<LockspaceName, Uevent.Action> only(
            Map<LockspaceName, Uevent.Action> hints, Uevent.Action wanted) {
        Map<LockspaceName, Uevent.Action> kept = new TreeMap<>(hints);
        kept.values().removeIf(action -> action != wanted);
        return kept;
    }
}
