// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.dlm;

import dev.lockstep.domain.LockspaceName;
import dev.lockstep.uevent.Uevent;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Reads fs/dlm's own account of its waits from the kernel log: {@code dlm: NAME: joining the lockspace group...},
 * {@code dlm: NAME: leaving the lockspace group...}, {@code dlm: NAME: group event done 0} (fs/dlm/lockspace.c,
 * do_uevent). The log is a ring: what is missing says nothing.
 */
final class GroupEventLog {
    private static final String PREFIX = "dlm: ";
    private static final String JOINING = ": joining the lockspace group...";
    private static final String LEAVING = ": leaving the lockspace group...";
    private static final String DONE = ": group event done ";

    private GroupEventLog() {}

    /**
     * {@return the lockspaces whose wait began and did not end}
     *
     * @param log the kernel log's lines, oldest first, with or without time stamps before the text
     */
    static SortedMap<LockspaceName, Uevent.Action> open(String log) {
        SortedMap<LockspaceName, Uevent.Action> open = new TreeMap<>();
        log.lines().forEach(line -> {
            int start = line.indexOf(PREFIX);
            if (start < 0) {
                return;
            }
            String text = line.substring(start + PREFIX.length());
            int done = text.lastIndexOf(DONE);
            if (text.endsWith(JOINING)) {
                put(open, text.substring(0, text.length() - JOINING.length()), Uevent.Action.ONLINE);
            } else if (text.endsWith(LEAVING)) {
                put(open, text.substring(0, text.length() - LEAVING.length()), Uevent.Action.OFFLINE);
            } else if (done > 0) {
                open.keySet().removeIf(name -> name.value().equals(text.substring(0, done)));
            }
        });
        return open;
    }

    private static void put(SortedMap<LockspaceName, Uevent.Action> open, String name, Uevent.Action action) {
        try {
            open.put(new LockspaceName(name), action);
        } catch (IllegalArgumentException e) {
            // Not a line of fs/dlm's, though it looks like one; every process with access may write to the log.
            return;
        }
    }
}
