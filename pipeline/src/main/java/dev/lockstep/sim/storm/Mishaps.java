// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.sim.storm;

import java.util.Arrays;

/** What goes wrong on one machine for a while. */
final class Mishaps {
    long refusesUntilNs;
    long unsavedUntilNs;
    long fenceFailsUntilNs;
    long fenceHangsUntilNs;
    long wakeUpsLostUntilNs;
    long wakeUpsLateUntilNs;
    int ueventsLost;
    int ueventsDoubled;
    boolean ueventOvertaken;

    /** 0: not at all; 1: before the next change is handed over; 2: while it is made; 3: when it is told. */
    int agentDiesActing;

    /** By lockspace. */
    final long[] laneHeldNs = new long[StormSettings.LOCKSPACES.size()];

    void end() {
        refusesUntilNs = 0;
        unsavedUntilNs = 0;
        fenceFailsUntilNs = 0;
        fenceHangsUntilNs = 0;
        wakeUpsLostUntilNs = 0;
        wakeUpsLateUntilNs = 0;
        ueventsLost = 0;
        ueventsDoubled = 0;
        ueventOvertaken = false;
        agentDiesActing = 0;
        Arrays.fill(laneHeldNs, 0);
    }
}
