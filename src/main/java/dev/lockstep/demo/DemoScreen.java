// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.demo;

import dev.lockstep.port.BootClock;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What a person sees: one line per thing that matters, with the time since the start. For any thread. */
final class DemoScreen {
    private final PrintWriter out;
    private final BootClock clock;
    private final long startNs;
    private final List<String> failures = new ArrayList<>();

    DemoScreen(PrintWriter out, BootClock clock) {
        this.out = out;
        this.clock = clock;
        this.startNs = clock.nowNs();
    }

    synchronized void say(String text) {
        out.println(String.format(Locale.ROOT, "%8.3f s  %s", (clock.nowNs() - startNs) / 1e9, text));
        out.flush();
    }

    /** A new scene begins. */
    synchronized void scene(String title) {
        out.println();
        say(title);
    }

    /** Something that should have happened did not, or the other way round. */
    synchronized void failed(String what) {
        failures.add(what);
        say("NOT AS EXPECTED: " + what);
    }

    synchronized void plain(String text) {
        out.println(text);
        out.flush();
    }

    synchronized List<String> failures() {
        return List.copyOf(failures);
    }
}
