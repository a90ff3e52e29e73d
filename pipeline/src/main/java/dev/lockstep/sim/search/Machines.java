// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.sim.search;

import dev.lockstep.board.Eviction;
import dev.lockstep.core.State;
import dev.lockstep.domain.LockspaceName;
import dev.lockstep.kernel.Mutation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Every machine ever met, numbered by its canonical form, and what each event made of it: the core runs once per
 * machine, event and surroundings, however many clusters they are part of.
 */
final class Machines {

    /**
     * An event's outcome.
     *
     * @param next the machine's number afterwards
     * @param starts lockspaces started in its kernel
     * @param takenIn the lockspace whose kernel took its members in
     * @param landed the number of what is in its block now, -1 if that stays
     * @param verdicts new proofs in its own evict list
     * @param violation what must never happen and did
     */
    record Step(
            int next,
            List<Mutation.Start> starts,
            Optional<LockspaceName> takenIn,
            int landed,
            List<Eviction> verdicts,
            Optional<String> violation) {

        boolean isVisible() {
            return !starts.isEmpty() || takenIn.isPresent() || !verdicts.isEmpty() || violation.isPresent();
        }
    }

    private final Cluster cluster;
    private final Contents contents;
    private final List<Machine> machines = new ArrayList<>();
    private final List<List<Event>> events = new ArrayList<>();
    private final Map<Fingerprint, Integer> numbers = new HashMap<>();
    private final Shapes shapes = new Shapes();
    private final LongPairTable known = new LongPairTable();
    private final List<Step> steps = new ArrayList<>();

    Machines(Cluster cluster, Contents contents) {
        this.cluster = cluster;
        this.contents = contents;
    }

    int number(Machine machine) {
        return numbers.computeIfAbsent(Canon.of(cluster, cluster.renamings.get(0), machine), f -> {
            machines.add(machine);
            shapes.add(cluster.renamings.stream()
                    .mapToInt(names -> shapes.of(Canon.of(cluster, names, machine)))
                    .toArray());
            events.add(Events.of(cluster, machine));
            return machines.size() - 1;
        });
    }

    /** {@return what stands for the machine where nodes are called otherwise} */
    int shape(int number, int renaming) {
        return shapes.get(number, renaming);
    }

    Machine machine(int number) {
        return machines.get(number);
    }

    List<Event> events(int number) {
        return events.get(number);
    }

    int size() {
        return machines.size();
    }

    int steps() {
        return steps.size();
    }

    /**
     * {@return what {@code event} makes of a machine}
     *
     * @param blocks what is in the region's blocks, per node; only asked for by readings
     * @param slots what is in the region's slots, per node; only asked for by scans
     */
    Step step(int number, Event event, int[] blocks, int[] slots) {
        Machine machine = machines.get(number);
        long seen = seen(machine, event, blocks, slots);
        long key = (long) number << 16 | event.code();
        int index = known.get(key, seen);
        if (index < 0) {
            index = steps.size();
            steps.add(run(machine, event, blocks, slots));
            known.put(key, seen, index);
        }
        return steps.get(index);
    }

    private long seen(Machine machine, Event event, int[] blocks, int[] slots) {
        long seen = 0;
        switch (event.kind()) {
            case READ -> {
                for (int n = 0; n < blocks.length; n++) {
                    boolean own = n + 1 == machine.number() && isRecalled(machine, event.region());
                    seen = (seen << 21) | (own && !cluster.losesReports() ? 0 : blocks[n]);
                }
            }
            case SLOW_READS ->
                seen = blocks[
                        machine.readings()
                                .get(event.region())
                                .map(r -> r.blocks().size())
                                .orElse(0)];
            case SAMPLE, SILENCE -> {
                for (int n = 0; n < slots.length; n++) {
                    seen = (seen << 9) | ((event.which() & (1 << n)) != 0 ? slots[n] : 0);
                }
            }
            default -> {}
        }
        return seen;
    }

    private boolean isRecalled(Machine machine, int region) {
        return machine.state()
                .map(s -> s.regions().get(cluster.regions.get(region)))
                .map(r -> r.recalled())
                .orElse(false);
    }

    private Step run(Machine machine, Event event, int[] blocks, int[] slots) {
        List<Surroundings.Block> found = new ArrayList<>();
        for (int block : blocks) {
            found.add(contents.block(block));
        }
        Effect effect = new MachineAtWork(
                        cluster,
                        machine,
                        new Surroundings(found, Arrays.stream(slots).boxed().toList()))
                .after(event);
        return new Step(
                number(effect.machine()),
                effect.starts(),
                effect.takenIn(),
                effect.landed().map(contents::number).orElse(-1),
                newVerdicts(machine.state(), effect.machine().state()),
                effect.violation());
    }

    private static List<Eviction> newVerdicts(Optional<State> before, Optional<State> after) {
        List<Eviction> verdicts = new ArrayList<>();
        after.ifPresent(s -> verdicts.addAll(s.evictions()));
        before.ifPresent(s -> verdicts.removeAll(s.evictions()));
        verdicts.removeIf(v -> !v.kind().isProof());
        return List.copyOf(verdicts);
    }
}
