// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.sim.search;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The search keeps the first machine of each canonical form. That loses nothing only if all others of that form would
 * have done the same, whatever happens to them: after every two steps that the search makes of a machine, the second
 * is made again from the very machine that the first led to.
 */
class CanonTest {

    @ParameterizedTest
    @EnumSource(
            value = Fault.class,
            names = {"TORN", "LOST_UEVENT"})
    void machinesOfOneFormDoTheSame(Fault fault) {
        Moves moves = new Moves(
                SearchSettings.ofNodes(2).with(EnumSet.allOf(Reduction.class)).with(fault, 1));
        WorldTable worlds = new WorldTable(moves.cluster, moves.parts);
        worlds.add(moves.first(), -1);
        Set<List<Object>> compared = new HashSet<>();
        for (int at = 0; at < worlds.size(); at++) {
            int parent = at;
            int[] world = worlds.get(at);
            moves.from(world, (node, event, next, violation) -> worlds.add(next, parent));
            for (int node = 0; node < 2; node++) {
                compare(moves, world, node, compared);
            }
        }
        assertThat(compared).hasSizeGreaterThan(500);
    }

    private static void compare(Moves moves, int[] world, int node, Set<List<Object>> compared) {
        Surroundings around = around(moves, world);
        int number = moves.words.machine(world, node);
        for (Event first : moves.machines.face(number).events) {
            List<Object> step = first.kind().looksAround() ? List.of(number, first, around) : List.of(number, first);
            if (first.kind() == Event.Kind.SILENCE || !compared.add(step)) {
                continue;
            }
            Machine other = after(moves, moves.machines.machine(number), first, around);
            int before = moves.machines.size();
            int same = moves.machines.number(other);
            if (same == before) {
                continue; // the first of its form
            }
            Machine kept = moves.machines.machine(same);
            for (Event second : moves.machines.face(same).events) {
                if (second.kind() != Event.Kind.SILENCE) {
                    assertThat(form(moves, after(moves, other, second, around)))
                            .as("%s, then %s", first, second)
                            .isEqualTo(form(moves, after(moves, kept, second, around)));
                }
            }
        }
    }

    private static Surroundings around(Moves moves, int[] world) {
        List<Surroundings.Block> blocks = new ArrayList<>();
        List<Integer> slots = new ArrayList<>();
        for (int n = 0; n < 2; n++) {
            blocks.add(moves.contents.block(moves.words.block(world, 0, n)));
            slots.add(moves.machines.face(moves.words.machine(world, n)).slot(0));
        }
        return new Surroundings(blocks, slots);
    }

    private static Machine after(Moves moves, Machine machine, Event event, Surroundings around) {
        return new MachineAtWork(moves.cluster, machine, around).after(event).machine();
    }

    private static Fingerprint form(Moves moves, Machine machine) {
        return Canon.of(moves.cluster, moves.cluster.renamings.get(0), machine);
    }
}
