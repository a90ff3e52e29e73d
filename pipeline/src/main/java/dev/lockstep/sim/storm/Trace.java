// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.sim.storm;

import dev.lockstep.event.LogEvent;
import java.util.ArrayList;
import java.util.List;

/** What happened: as a hash, always, and as lines, where a story is told. */
final class Trace {
    private final boolean telling;
    private final EventQueue time;
    private final List<String> lines = new ArrayList<>();
    private long hash;

    Trace(EventQueue time, boolean telling) {
        this.time = time;
        this.telling = telling;
    }

    boolean telling() {
        return telling;
    }

    List<String> lines() {
        return lines;
    }

    long hash() {
        return hash;
    }

    void mix(long value) {
        hash = (hash ^ value) * 0x9E3779B97F4A7C15L;
        hash ^= hash >>> 29;
    }

    /** What an agent writes to its event log. */
    void heard(Machine machine, LogEvent event) {
        mix(event.atNs());
        mix(event.type().name().hashCode() + 31L * machine.index);
        mix(event.text().hashCode());
        if (telling) {
            line(
                    machine,
                    event.type().name(),
                    event.node().map(n -> ",\"node\":" + n).orElse("")
                            + event.region()
                                    .map(r -> ",\"region\":\"" + r + "\"")
                                    .orElse("")
                            + event.lockspace()
                                    .map(l -> ",\"lockspace\":\"" + l + "\"")
                                    .orElse("")
                            + (event.epoch() == 0 ? "" : ",\"epoch\":" + event.epoch()),
                    event.text());
        }
    }

    /** What befalls a machine, or what its kernel does. */
    void tell(Machine machine, String type, String text) {
        if (telling) {
            line(machine, type, "", text);
        }
    }

    private void line(Machine machine, String type, String fields, String text) {
        lines.add("{\"ms\":" + (time.nowNs() - 1_000_000_000L) / 1_000_000 + ",\"on\":" + machine.number
                + ",\"type\":\"" + type + "\"" + fields + ",\"text\":\"" + text.replace("\"", "'") + "\"}");
    }
}
