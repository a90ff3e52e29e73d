// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.sim.search;

import dev.lockstep.board.Eviction;
import dev.lockstep.core.State;
import dev.lockstep.domain.LockspaceName;
import dev.lockstep.kernel.Mutation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Every machine ever met, numbered by its canonical form, and what each event made of it: the core runs once per
 * machine, event and surroundings, however many clusters they are part of.
 */
final class Machines {

    /**
     * What of a step others, or the judge, can see beside what is on the disk.
     *
     * @param starts lockspaces started in its kernel
     * @param takenIn the lockspace whose kernel took its members in
     * @param verdicts new proofs in its own evict list
     * @param violation what must never happen and did
     */
    record Step(
            List<Mutation.Start> starts,
            Optional<LockspaceName> takenIn,
            List<Eviction> verdicts,
            Optional<String> violation) {

        boolean isVisible() {
            return !starts.isEmpty() || takenIn.isPresent() || !verdicts.isEmpty() || violation.isPresent();
        }
    }

    private final Cluster cluster;
    private final Contents contents;
    private final List<Machine> machines = new ArrayList<>();
    private final List<Face> faces = new ArrayList<>();
    private final LongPairTable numbers = new LongPairTable();
    private final Shapes shapes;
    private final LongPairTable known = new LongPairTable();
    private final Ints steps = new Ints(3);
    private final List<Step> visible = new ArrayList<>();

    Machines(Cluster cluster, Contents contents) {
        this.cluster = cluster;
        this.contents = contents;
        shapes = new Shapes(cluster);
    }

    int number(Machine machine) {
        Fingerprint canonical = Canon.of(cluster, cluster.renamings.get(0), machine);
        int number = numbers.number(canonical.high(), canonical.low());
        if (number == machines.size()) {
            machines.add(machine);
            shapes.add(cluster.renamings.stream()
                    .mapToInt(names -> shapes.of(Canon.of(cluster, names, machine)))
                    .toArray());
            faces.add(new Face(cluster, machine));
        }
        return number;
    }

    /** {@return what stands for the machine where nodes are called otherwise} */
    int shape(int number, int renaming) {
        return shapes.get(number, renaming);
    }

    Machine machine(int number) {
        return machines.get(number);
    }

    Face face(int number) {
        return faces.get(number);
    }

    int size() {
        return machines.size();
    }

    int steps() {
        return steps.size();
    }

    /** {@return the machine's number after a step} */
    int next(int step) {
        return steps.get(step, 0);
    }

    /** {@return the number of what is in its block after a step, -1 if that stays} */
    int landed(int step) {
        return steps.get(step, 1);
    }

    /** {@return what the judge has to see of a step, if anything} */
    @Nullable Step visible(int step) {
        int number = steps.get(step, 2);
        return number < 0 ? null : visible.get(number);
    }

    /**
     * {@return the number of what an event makes of a machine}
     *
     * @param event its place among the machine's events
     * @param blocks what is in the region's blocks, per node; only asked for by readings
     * @param slots what is in the region's slots, per node; only asked for by scans
     */
    int step(int number, int event, int[] blocks, int[] slots) {
        Face face = faces.get(number);
        if (face.steps[event] != Face.UNKNOWN) {
            return face.steps[event];
        }
        Event happens = face.events[event];
        if (!happens.kind().looksAround()) {
            face.steps[event] = run(number, happens, blocks, slots);
            return face.steps[event];
        }
        long seen = seen(number, face, happens, blocks, slots);
        long key = (long) number << 16 | happens.code();
        int index = known.get(key, seen);
        if (index < 0) {
            index = run(number, happens, blocks, slots);
            known.put(key, seen, index);
        }
        return index;
    }

    private long seen(int number, Face face, Event event, int[] blocks, int[] slots) {
        long seen = 0;
        switch (event.kind()) {
            case READ -> {
                int own = machines.get(number).number() - 1;
                boolean knowsOwn = face.recalled(event.region()) && !cluster.losesReports();
                for (int n = 0; n < blocks.length; n++) {
                    seen = (seen << 21) | (n == own && knowsOwn ? 0 : blocks[n]);
                }
            }
            case SLOW_READS ->
                seen = blocks[
                        machines.get(number)
                                .readings()
                                .get(event.region())
                                .map(r -> r.blocks().size())
                                .orElse(0)];
            case SAMPLE, SILENCE -> {
                for (int n = 0; n < slots.length; n++) {
                    seen = (seen << 9) | ((event.which() & (1 << n)) != 0 ? slots[n] : 0);
                }
            }
            default -> throw new IllegalStateException(event + " does not look around");
        }
        return seen;
    }

    private int run(int number, Event event, int[] blocks, int[] slots) {
        Machine machine = machines.get(number);
        List<Surroundings.Block> found = new ArrayList<>();
        for (int block : blocks) {
            found.add(contents.block(block));
        }
        Effect effect = new MachineAtWork(
                        cluster,
                        machine,
                        new Surroundings(found, Arrays.stream(slots).boxed().toList()))
                .after(event);
        Step step = new Step(
                effect.starts(),
                effect.takenIn(),
                newVerdicts(machine.state(), effect.machine().state()),
                effect.violation());
        int next = number(effect.machine());
        int landed = effect.landed().map(contents::number).orElse(-1);
        if (step.isVisible()) {
            visible.add(step);
        }
        steps.add(next, landed, step.isVisible() ? visible.size() - 1 : -1);
        return steps.size() - 1;
    }

    private static List<Eviction> newVerdicts(Optional<State> before, Optional<State> after) {
        List<Eviction> verdicts = new ArrayList<>();
        after.ifPresent(s -> verdicts.addAll(s.evictions()));
        before.ifPresent(s -> verdicts.removeAll(s.evictions()));
        verdicts.removeIf(v -> !v.kind().isProof());
        return List.copyOf(verdicts);
    }
}
