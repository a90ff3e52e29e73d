// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.sim.storm;

import static dev.lockstep.sim.storm.StormSettings.MS;

import dev.lockstep.board.BlockReading;
import dev.lockstep.core.ClusterFacts;
import dev.lockstep.core.State;
import dev.lockstep.domain.BootId;
import dev.lockstep.domain.Generation;
import dev.lockstep.domain.NodeNumber;
import dev.lockstep.heartbeat.SlotReading;
import dev.lockstep.kernel.Memory;
import dev.lockstep.sim.SimDlmCall;
import dev.lockstep.sim.SimDlmNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/** One machine, over all its lives: its power, its clocks, its kernel, its paths to the disks, and its agent. */
final class Machine implements Held {
    private static final long BOOT_CLOCK_NS = 1000 * MS;
    private static final long LOOKS_AGAIN_NS = 20 * MS;

    final World world;
    final int index;
    final NodeNumber number;
    final Dice dice;
    final Path[] paths;
    final Mishaps mishaps = new Mishaps();

    /** What programs asked for in this life. */
    final List<SimDlmCall> calls = new ArrayList<>();

    private final @Nullable Heart[] hearts = new Heart[StormSettings.REGIONS.size()];
    private final double clockRate;
    private final long clockOffsetNs;
    private @Nullable SimDlmNode kernel;
    private @Nullable Agent agent;
    private @Nullable State lastState;
    private BootId boot;
    private Memory memory = Memory.blank();
    private long bootedNs;
    private long standsUntilNs;
    private long stoodNs;
    private long wallOffsetNs;

    /** Whether pauses let a heartbeat be silent, in this life, for longer than its peers wait. */
    private boolean wasSilentPaused;

    /** Per region, lives that are over, and what they last reported there was lost. */
    private final List<Set<BootId>> forgotten = new ArrayList<>();

    private final boolean[] gone = new boolean[StormSettings.REGIONS.size()];
    private boolean outlaw;
    private int inKernel;

    /** What one path to a region does to those who use it. */
    static final class Path {
        long heldNs;
        long failsNs;
        long slowNs;
        long staleNs;
        boolean tearsNext;
        int strayTo = -1;
        SortedMap<NodeNumber, SlotReading> staleSlots = java.util.Collections.emptySortedMap();
        SortedMap<NodeNumber, BlockReading> staleBoard = java.util.Collections.emptySortedMap();
    }

    Machine(World world, int index) {
        this.world = world;
        this.index = index;
        number = NodeNumber.of(index + 1);
        dice = world.dice.fork(100 + index);
        paths = new Path[StormSettings.REGIONS.size()];
        for (int r = 0; r < paths.length; r++) {
            paths[r] = new Path();
            forgotten.add(new HashSet<>());
        }
        clockOffsetNs = dice.between(0, 1_000_000 * MS);
        wallOffsetNs = 1_700_000_000L * StormSettings.SECOND + dice.between(0, 1000 * MS);
        clockRate = 1 + (dice.between(0, 400) - 200) * 1e-6;
        boot = new BootId(number.value(), 0x1000);
    }

    @Override
    public long heldUntilNs() {
        return standsUntilNs;
    }

    boolean up() {
        return kernel != null;
    }

    boolean stands() {
        return standsUntilNs > world.time.nowNs();
    }

    SimDlmNode kernel() {
        if (kernel == null) {
            throw new IllegalStateException("machine " + number + " is off");
        }
        return kernel;
    }

    @Nullable Agent agent() {
        return agent;
    }

    BootId bootId() {
        return boot;
    }

    boolean beatsIn(int region) {
        return hearts[region] != null;
    }

    boolean tellsOfHang(int region) {
        return hearts[region] != null && hearts[region].tellsOfHang();
    }

    /**
     * Whether that life of this machine is over, or is rightly held to be, and what it last reported in that region was
     * destroyed.
     */
    boolean isForgotten(int region, BootId life) {
        boolean over = !up() || outlaw;
        return forgotten.get(region).contains(life) || (over && life.equals(boot) && isReportLost(region));
    }

    private boolean isReportLost(int region) {
        return world.disks[region].block(index).isDamaged();
    }

    /** Whether the region is there at all, be there a heartbeat or not. */
    boolean hasRegion(int region) {
        return !gone[region];
    }

    /** Whether it was rightly held for dead and goes on: not judged, and not protected. */
    boolean isOutlaw() {
        return outlaw;
    }

    void outlaw() {
        if (!outlaw) {
            outlaw = true;
            world.trace.tell(this, "OUTLAW", "was paused for too long and is no longer judged");
            world.fabric.disregard(number);
        }
    }

    /**
     * {@return whether pauses kept it from resetting itself in time, so that its peers may hold it for dead: a machine
     *     that stands still looks at no deadline, and one whose clock stood, too, gives a disk that fails then as much
     *     time as if there had been no pause}
     */
    boolean wasSilentUnseen() {
        for (Heart heart : hearts) {
            wasSilentPaused |= heart != null && heart.isSilentPaused();
        }
        return wasSilentPaused;
    }

    /** {@return CLOCK_BOOTTIME, a little fast or slow} */
    long clockNs() {
        long passedNs = world.time.nowNs() - bootedNs - stoodNs;
        return clockOffsetNs + BOOT_CLOCK_NS + (long) (passedNs * clockRate);
    }

    long wallSeconds() {
        return (world.time.nowNs() + wallOffsetNs) / StormSettings.SECOND;
    }

    void stepWallClock(long byNs) {
        wallOffsetNs += byNs;
    }

    /** {@return what its agent knows, or knew when it died} */
    @Nullable State state() {
        return agent != null ? agent.state() : lastState;
    }

    Step step(int lockspace) {
        State known = state();
        return known == null ? Step.ABSENT : Step.of(known, StormSettings.LOCKSPACES.get(lockspace));
    }

    /** {@return whether its agent holds a proof that that life is over} */
    boolean knows(BootId over) {
        State known = state();
        return known != null
                && known.evictions().stream()
                        .anyMatch(e -> e.kind().isProof() && e.boot().equals(over));
    }

    ClusterFacts facts() {
        return new ClusterFacts(
                number,
                boot,
                world.numberSet,
                0,
                StormSettings.THRESHOLD,
                StormSettings.PERIOD_NS,
                StormSettings.PERIOD_NS,
                world.digest,
                StormSettings.GUARDS,
                world.settings.fencing());
    }

    void boot() {
        for (int r = 0; r < paths.length; r++) {
            if (isReportLost(r)) {
                forgotten.get(r).add(boot);
            }
        }
        boot = new BootId(number.value(), world.nextLife());
        bootedNs = world.time.nowNs();
        stoodNs = 0;
        standsUntilNs = 0;
        wasSilentPaused = false;
        outlaw = false;
        inKernel = 0;
        kernel = world.fabric.boot(number, boot);
        calls.clear();
        mishaps.end();
        for (int r = 0; r < paths.length; r++) {
            paths[r] = new Path();
        }
        memory = Memory.of(memory.lasting());
        world.trace.tell(this, "BOOT", boot.toString());
        world.disturbed();
        for (int r = 0; r < hearts.length; r++) {
            startRegion(r);
        }
        startAgent();
    }

    void crash(String why) {
        world.trace.tell(this, "DOWN", why);
        world.trace.mix(17 + index);
        world.judge.dies(this);
        if (agent != null) {
            lastState = agent.state();
            memory = agent.die();
            agent = null;
        }
        for (int r = 0; r < hearts.length; r++) {
            Heart heart = hearts[r];
            if (heart != null) {
                heart.end();
                hearts[r] = null;
            }
        }
        world.fabric.crash(number);
        kernel = null;
        world.disturbed();
        world.judge.kernels();
        world.looksAt(this);
    }

    /** An agent starts as soon as the last thread of the one before it has left the kernel. */
    void startAgent() {
        if (!up() || agent != null) {
            return;
        }
        if (inKernel > 0) {
            BootId life = boot;
            world.time.after(LOOKS_AGAIN_NS, this, () -> {
                if (life.equals(boot)) {
                    startAgent();
                }
            });
            return;
        }
        world.trace.tell(this, "AGENT", "starts");
        world.disturbed();
        for (int r = 0; r < paths.length; r++) {
            seesItsPast(r);
        }
        Agent born = new Agent(this, memory);
        agent = born;
        born.start();
    }

    /**
     * The own block is all that an agent that starts has to go by. A disk that shows it what stood there before, as an
     * old mirror half would, is beyond every rule.
     */
    private void seesItsPast(int region) {
        Path path = paths[region];
        BlockReading shown = path.staleBoard.get(number);
        if (shown != null && !shown.equals(world.disks[region].block(index).now())) {
            path.staleNs = 0;
        }
    }

    /** {@return what its agent has found, or will find} */
    Memory found() {
        return agent == null ? memory : agent.inherited();
    }

    void killAgent() {
        if (agent != null) {
            world.trace.tell(this, "AGENT", "is killed");
            world.disturbed();
            lastState = agent.state();
            memory = agent.die();
            agent = null;
            mishaps.agentDiesActing = 0;
            world.looksAt(this);
        }
    }

    /** A thread of the agent went into the kernel, and nothing but the kernel ends that. */
    void enters() {
        inKernel++;
    }

    void returns(BootId life) {
        if (life.equals(boot)) {
            inKernel--;
        }
    }

    void startRegion(int region) {
        gone[region] = false;
        if (hearts[region] == null) {
            hearts[region] = new Heart(this, region, newGeneration());
            if (agent != null) {
                agent.regionComes(region);
            }
        }
    }

    void restartRegion(int region) {
        Heart heart = hearts[region];
        if (heart != null) {
            heart.restart(newGeneration());
        }
    }

    void leaveRegion(int region) {
        Heart heart = hearts[region];
        if (heart != null) {
            heart.leave();
            hearts[region] = null;
            world.looksAt(this);
        }
    }

    /** Its directory and its device are taken away. */
    void loseRegion(int region) {
        leaveRegion(region);
        gone[region] = true;
        if (agent != null) {
            agent.regionGoes(region);
        }
    }

    private Generation newGeneration() {
        return new Generation(dice.next() | 1);
    }

    void pause(long howLongNs, boolean clockStands) {
        long nowNs = world.time.nowNs();
        long moreNs = nowNs + howLongNs - Math.max(nowNs, standsUntilNs);
        if (moreNs <= 0) {
            return;
        }
        standsUntilNs = nowNs + howLongNs;
        for (Heart heart : hearts) {
            if (heart != null && clockStands) {
                heart.doesNotSee(moreNs);
            }
        }
        if (clockStands) {
            stoodNs += moreNs;
        }
        world.time.at(standsUntilNs, this, world::linksChange);
    }

    /** A heartbeat's silence ends. */
    void beats(Heart heart) {
        wasSilentPaused |= heart.isSilentPaused();
    }

    long diskHeldNs(int region) {
        return Math.max(paths[region].heldNs, world.disks[region].heldUntilNs());
    }

    long writesHeldNs(int region) {
        return Math.max(paths[region].heldNs, world.disks[region].writesHeldUntilNs());
    }

    boolean diskFails(int region) {
        return paths[region].failsNs > world.time.nowNs();
    }
}
