// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.lockstep.domain.Generation;
import dev.lockstep.domain.LockspaceName;
import dev.lockstep.domain.RegionId;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class StormTest {

    private static final int SEEDS_PER_BLOCK = Integer.getInteger("storm.seeds", 20);
    private static final long FIRST = Long.getLong("storm.first", 0);

    static LongStream blocks() {
        return LongStream.range(0, 4);
    }

    @Test
    void inCalmAllNodesJoinBothLockspaces() {
        Storm storm = new Storm(1, 3);
        storm.calm = true;
        storm.machines.values().forEach(m -> List.of(Storm.FOO, Storm.BAR).forEach(m::create));
        storm.run(40_000);
        assertThat(storm.inOneView(Storm.FOO)).isTrue();
        assertThat(storm.inOneView(Storm.BAR)).isTrue();
    }

    @ParameterizedTest
    @MethodSource("blocks")
    void noStormBreaksARuleAndEveryStormEndsInOneView(long block) {
        for (long seed = block * SEEDS_PER_BLOCK; seed < (block + 1) * SEEDS_PER_BLOCK; seed++) {
            story(FIRST + seed);
        }
    }

    private static void story(long seed) {
        Storm storm = new Storm(seed, 3);
        Random faults = new Random(seed ^ 0x5eed);
        try {
            for (int step = 0; step < 500; step++) {
                storm.pass(20 + faults.nextInt(180));
                if (faults.nextInt(10) == 0) {
                    fault(storm, faults);
                }
            }
            storm.heal();
            storm.run(25_000);
            storm.heal();
            storm.run(40_000);
            storm.machines.values().forEach(m -> List.of(Storm.FOO, Storm.BAR).forEach(m::create));
            storm.run(40_000);
        } catch (AssertionError | RuntimeException e) {
            fail(storm.tell(seed), e);
        }
        if (!storm.inOneView(Storm.FOO) || !storm.inOneView(Storm.BAR)) {
            fail("P12: not in one view\n" + storm.tell(seed));
        }
    }

    private static void fault(Storm storm, Random faults) {
        StormMachine machine = storm.machine(1 + faults.nextInt(storm.machines.size()));
        LockspaceName name = faults.nextBoolean() ? Storm.FOO : Storm.BAR;
        RegionId region = faults.nextBoolean() ? Storm.R : Storm.S;
        int kind = faults.nextInt(14);
        if (!machine.up) {
            if (kind < 5) {
                machine.boot();
            }
            return;
        }
        switch (kind) {
            case 0 -> machine.crash();
            case 1 -> {
                storm.say(machine, "loses its agent");
                machine.killAgent();
            }
            case 2, 3 -> {
                if (!machine.agent) {
                    storm.say(machine, "gets an agent");
                    machine.startAgent();
                }
            }
            case 4, 5 -> machine.release(name);
            case 6 -> region(storm, machine, region, faults);
            case 7 -> {
                machine.pausedUntilNs = storm.nowNs + faults.nextInt(14_000) * Storm.MS;
                storm.say(machine, "pauses");
            }
            default -> machine.create(name);
        }
    }

    private static void region(Storm storm, StormMachine machine, RegionId region, Random faults) {
        if (!machine.beats.containsKey(region)) {
            storm.say(machine, "starts region " + region);
            machine.startRegion(region);
        } else if (faults.nextInt(3) > 0) {
            storm.say(machine, "restarts region " + region);
            machine.beats.get(region).generation = new Generation(faults.nextLong() | 1);
        } else {
            storm.say(machine, "stops region " + region);
            machine.stopRegion(region);
        }
    }
}
