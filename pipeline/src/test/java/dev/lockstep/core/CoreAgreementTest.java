// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.lockstep.board.Phase;
import dev.lockstep.domain.Generation;
import dev.lockstep.domain.View;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@NullUnmarked
class CoreAgreementTest {

    private static final int SEEDS_PER_BLOCK = 100;

    static LongStream blocks() {
        return LongStream.range(0, 6);
    }

    @Test
    void threeNodesJoinOneViewUnderOneEpoch() {
        World world = new World(1, 3);
        world.machines.values().forEach(world::create);
        run(world, 30_000);
        assertThat(viewsOf(world)).hasSize(3).allMatch(v -> v.nodes().size() == 3);
        assertThat(viewsOf(world).stream().distinct()).hasSize(1);
    }

    @Test
    void survivorsGoOnAfterADeathButNotBeforeTheThresholdAndItsMargin() {
        World world = joined(2);
        World.Machine dead = world.machine(3);
        long beat = dead.beatAtNs;
        dead.crash();
        long threshold = World.T * World.PERIOD + World.PERIOD;
        while (world.nowNs < beat + threshold) {
            world.pass(100);
            assertThat(world.machine(1).kernel.spaces.get(World.FOO).view.nodes())
                    .hasSize(3);
        }
        run(world, 10_000);
        assertThat(viewsOf(world)).hasSize(2).allMatch(v -> v.nodes().size() == 2);
        assertThat(world.machine(1).kernel.comms).doesNotContainKey(dead.number);
    }

    @Test
    void anAgentRestartChangesNoViewAndStopsNothing() {
        World world = joined(3);
        View before = world.machine(2).kernel.spaces.get(World.FOO).view;
        world.story.clear();
        world.machine(2).killAgent();
        run(world, 5_000);
        world.machine(2).startAgent();
        run(world, 30_000);
        assertThat(world.machine(2).kernel.spaces.get(World.FOO).view).isEqualTo(before);
        assertThat(world.story).isEmpty();
    }

    @Test
    void allAgentsRestartedAtOnceChangeNoView() {
        World world = joined(4);
        world.story.clear();
        world.machines.values().forEach(World.Machine::killAgent);
        run(world, 5_000);
        world.machines.values().forEach(World.Machine::startAgent);
        run(world, 30_000);
        assertThat(world.story).isEmpty();
    }

    @Test
    void aRegionStoppedUnderItsLockspaceMakesTheNodeGoAndTheOthersWait() {
        World world = joined(5);
        World.Machine left = world.machine(2);
        left.beats = false;
        left.slotSeq++;
        left.shown = Generation.NONE;
        run(world, 20_000);
        assertThat(left.up).isFalse();
        assertThat(world.machine(1).kernel.spaces.get(World.FOO).running).isFalse();
        left.boot();
        run(world, 30_000);
        assertThat(world.machine(1).kernel.spaces.get(World.FOO).view.nodes()).hasSize(2);
    }

    @Test
    void aPowerCutOfAllWithOneStayingOffComesBackByItself() {
        World world = joined(6);
        world.machines.values().forEach(World.Machine::crash);
        run(world, 3_000);
        world.machine(1).boot();
        world.machine(2).boot();
        run(world, 1_000);
        world.create(world.machine(1));
        world.create(world.machine(2));
        run(world, 40_000);
        assertThat(viewsOf(world)).hasSize(2).allMatch(v -> v.nodes().size() == 2);
    }

    @ParameterizedTest
    @MethodSource("blocks")
    void randomFaultsNeverBreakTheRulesAndEndInOneView(long block) {
        for (long seed = block * SEEDS_PER_BLOCK; seed < (block + 1) * SEEDS_PER_BLOCK; seed++) {
            story(seed);
        }
    }

    private static void story(long seed) {
        World world = new World(seed, 3);
        Random faults = new Random(seed ^ 0x5eed);
        try {
            for (int step = 0; step < 400; step++) {
                world.pass(20 + faults.nextInt(150));
                if (faults.nextInt(12) == 0) {
                    fault(world, faults);
                }
            }
            for (World.Machine machine : world.machines.values()) {
                if (!machine.up) {
                    machine.boot();
                } else if (!machine.agent) {
                    machine.startAgent();
                }
            }
            run(world, 20_000);
            world.machines.values().forEach(m -> {
                if (!m.up) {
                    m.boot();
                }
            });
            run(world, 40_000);
            world.machines.values().forEach(world::create);
            run(world, 40_000);
        } catch (AssertionError | RuntimeException e) {
            fail(world.tell(seed), e);
        }
        if (viewsOf(world).size() != 3 || viewsOf(world).stream().distinct().count() != 1) {
            fail("P12: not in one view\n" + world.tell(seed));
        }
    }

    private static void fault(World world, Random faults) {
        World.Machine machine = world.machine(1 + faults.nextInt(3));
        switch (faults.nextInt(9)) {
            case 0 -> {
                if (machine.up) {
                    world.say(machine, "crashes");
                    machine.crash();
                }
            }
            case 1, 2 -> {
                if (!machine.up) {
                    machine.boot();
                    world.say(machine, "boots");
                }
            }
            case 3 -> {
                if (machine.agent) {
                    world.say(machine, "loses its agent");
                    machine.killAgent();
                }
            }
            case 4 -> {
                if (machine.up && !machine.agent) {
                    machine.startAgent();
                    world.say(machine, "gets an agent");
                }
            }
            case 5 -> world.release(machine);
            case 6 -> {
                if (machine.up && machine.beats) {
                    machine.generation = new Generation(faults.nextLong() | 1);
                    world.say(machine, "restarts its region");
                }
            }
            default -> world.create(machine);
        }
    }

    private static World joined(long seed) {
        World world = new World(seed, 3);
        world.machines.values().forEach(world::create);
        run(world, 30_000);
        assertThat(viewsOf(world)).hasSize(3);
        return world;
    }

    private static void run(World world, long ms) {
        for (long passed = 0; passed < ms; passed += 100) {
            world.pass(100);
        }
    }

    private static List<View> viewsOf(World world) {
        return world.machines.values().stream()
                .filter(m -> m.up && m.agent && m.state.lockspaces().containsKey(World.FOO))
                .map(m -> m.state.lockspaces().get(World.FOO))
                .filter(l -> l.in(Phase.STARTED) && l.kernel().recovered())
                .map(LockspaceState::view)
                .toList();
    }
}
