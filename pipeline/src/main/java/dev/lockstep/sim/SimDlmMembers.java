// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.sim;

import java.util.Map;
import java.util.TreeMap;

/** spaces/NAME/nodes of simulated configfs: a directory for each member. Two may name the same node. */
final class SimDlmMembers extends SimDirectory {

    private static final class Entry extends SimDirectory {
        private int nodeid = -1;
        private int weight = 1;
        private boolean isNew = true;

        Entry() {
            super(false);
            attribute("nodeid", () -> nodeid + "\n", value -> nodeid = SimNumber.signed(value));
            attribute("weight", () -> weight + "\n", value -> weight = SimNumber.signed(value));
        }
    }

    SimDlmMembers() {
        super(true);
    }

    @Override
    SimDirectory made(String name) {
        return new Entry();
    }

    /** {@return each nodeid, and whether its entry was made since the last reading} */
    Map<Integer, Boolean> read() {
        Map<Integer, Boolean> members = new TreeMap<>();
        for (SimDirectory child : children().values()) {
            if (child instanceof Entry entry) {
                members.merge(entry.nodeid, entry.isNew, Boolean::logicalOr);
                entry.isNew = false;
            }
        }
        return members;
    }
}
