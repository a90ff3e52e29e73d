// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.bench.conformance;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Runs every case on simulated machines and on the guests of the test bed, and prints one line for each with what both
 * observed, or what each did where they differ from another or from what is expected.
 *
 * <p>Talks to the guests' {@link GuestServer}s through its own input and output, which the test bed carries to and fro:
 * a line {@code N TEXT} is from or to guest N; a line {@code # TEXT} is for people.
 *
 * <p>Exit status: 0 no difference, 1 differences.
 */
public final class Conformance {
    private final PrintStream out;
    private final List<GuestLink> links = new ArrayList<>();

    private Conformance(PrintStream out) {
        this.out = out;
        for (int number = 1; number <= Suite.MACHINES; number++) {
            String prefix = number + " ";
            links.add(new GuestLink(line -> say(prefix + line)));
        }
    }

    /** The command. */
    public static void main(String[] args) throws IOException {
        Conformance conformance = new Conformance(System.out);
        Thread reader = new Thread(conformance::hear, "guests");
        reader.setDaemon(true);
        reader.start();
        System.exit(conformance.run() ? 0 : 1);
    }

    private void say(String line) {
        synchronized (out) {
            out.println(line);
            out.flush();
        }
    }

    private void hear() {
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
        try {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                int blank = line.indexOf(' ');
                links.get(Integer.parseInt(line.substring(0, blank)) - 1).take(line.substring(blank + 1));
            }
        } catch (IOException | RuntimeException e) {
            say("# the guests cannot be heard: " + e);
            System.exit(1);
        }
    }

    private boolean run() throws IOException {
        List<GuestMachine> real = new ArrayList<>();
        for (GuestLink link : links) {
            link.awaitReady();
            GuestMachine machine = new GuestMachine(link, real.size() + 1);
            Suite.prepare(machine, real.size() + 1);
            real.add(machine);
        }
        List<SimMachine> simulated = SimMachine.boot(SimMachine.Port.SIMULATED);
        int differences = 0;
        for (ConformanceCase one : Suite.cases()) {
            long startedNs = System.nanoTime();
            List<String> observed = Suite.observe(one, real);
            long tookMs = (System.nanoTime() - startedNs) / 1_000_000;
            if (!report(one, observed, Suite.observe(one, simulated), tookMs)) {
                differences++;
            }
            if (observed.stream().anyMatch(line -> line.contains("left behind"))) {
                say("# the machines are not as they were; no further case is run");
                return false;
            }
        }
        say("# " + Suite.cases().size() + " cases, " + differences + " differ");
        return differences == 0;
    }

    private boolean report(ConformanceCase one, List<String> real, List<String> simulated, long tookMs) {
        boolean same = real.equals(simulated) && real.equals(one.expected());
        String head = (same ? "same  " : "DIFFER") + " " + one.sentence() + " (" + tookMs + " ms)";
        if (same) {
            say("# " + head + ": " + String.join("; ", real));
            return true;
        }
        say("# " + head);
        say("#   real:      " + String.join("; ", real));
        say("#   simulated: " + String.join("; ", simulated));
        say("#   expected:  " + String.join("; ", one.expected()));
        return false;
    }
}
