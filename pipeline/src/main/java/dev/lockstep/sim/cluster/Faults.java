// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.sim.cluster;

import dev.lockstep.board.BlockReading;
import dev.lockstep.board.BoardCodec;
import dev.lockstep.core.ClusterFacts.FenceMode;
import dev.lockstep.domain.LockspaceName;
import dev.lockstep.domain.NodeNumber;
import dev.lockstep.domain.RegionId;
import dev.lockstep.sim.SimRegionDevice;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** Lets one fault of a kind befall the cluster, wherever the seed says. */
final class Faults {
    private final SimCluster cluster;
    private final Random random;

    Faults(SimCluster cluster) {
        this.cluster = cluster;
        random = cluster.random();
    }

    /** {@return the node it befell, empty if there was nothing for it to befall} */
    Optional<SimNode> strike(FaultKind kind) {
        SimNode node = anyOf(List.copyOf(cluster.nodes().values()));
        RegionId region = anyOf(cluster.settings().regions());
        LockspaceName lockspace = anyOf(cluster.settings().lockspaces());
        boolean struck = node.up() ? befall(kind, node, region, lockspace) : kind == FaultKind.BOOT;
        if (!node.up() && struck) {
            node.boot();
        }
        return struck ? Optional.of(node) : Optional.empty();
    }

    private <T> T anyOf(List<T> list) {
        return list.get(random.nextInt(list.size()));
    }

    private Duration shorterThanDeath() {
        long mostMs =
                cluster.settings().period().toMillis() * (cluster.settings().deadThreshold() - 3);
        return Duration.ofMillis(100 + (long) (random.nextDouble() * mostMs));
    }

    private boolean befall(FaultKind kind, SimNode node, RegionId region, LockspaceName lockspace) {
        switch (kind) {
            case CRASH -> node.crash("loses its power");
            case BOOT -> {
                return false;
            }
            case FAST_REBOOT -> fastReboot(node);
            case AGENT_KILLED -> node.killAgent();
            case AGENT_STARTED -> {
                if (node.hasAgent()) {
                    return false;
                }
                node.startAgent();
            }
            case PAUSE -> node.pause(pause());
            case REGION_RESTARTED -> node.restartRegion(region);
            case REGION_LEFT -> {
                if (node.diskFails(region)) {
                    return false; // its last word would be lost: a silence that no fence follows, and no rule knows
                }
                node.leaveRegion(region);
            }
            case REGION_JOINED -> {
                if (node.beatsIn(region)) {
                    return false;
                }
                node.startRegion(region);
            }
            case DISK_HANGS -> node.hangDisk(region, hang());
            case DISK_HANGS_FOR_ALL -> {
                Duration howLong = shorterThanDeath();
                cluster.nodes().values().forEach(each -> each.hangDisk(region, howLong));
            }
            case DISK_FAILS -> node.failDisk(region, hang());
            case WRITE_TORN -> node.tearNextWrite(region);
            case BLOCK_GARBLED -> {
                if (!garble(region)) {
                    return false;
                }
            }
            case UEVENTS_LOST -> node.loseUevents(1 + random.nextInt(3));
            case LINK_CUT -> cluster.network().cut(node.number(), another());
            case LINK_MENDED -> cluster.network().mend(node.number(), another());
            case CONTROL_BLOCKS -> node.blockLane(Optional.of(lockspace), Duration.ofMillis(random.nextInt(20_000)));
            case KERNEL_REFUSES -> node.refuse(Duration.ofMillis(random.nextInt(5_000)));
            case CREATE -> node.kernel().create(lockspace);
            case RELEASE -> node.kernel().release(lockspace);
            case REJOIN -> {
                node.kernel().release(lockspace);
                node.kernel().create(lockspace);
            }
        }
        cluster.say(node.number(), "FAULT " + kind + " " + region + " " + lockspace);
        return true;
    }

    /** Mostly shorter than the dead threshold, sometimes long enough for the machine to fence itself. */
    private Duration hang() {
        return random.nextInt(4) == 0 ? cluster.settings().dead().multipliedBy(2) : shorterThanDeath();
    }

    /** Only a fence command covers a machine that is paused past the threshold, and resumes. */
    private Duration pause() {
        boolean past =
                cluster.settings().fence() == FenceMode.COMMAND && !cluster.isUndisturbed() && random.nextBoolean();
        return past ? cluster.settings().dead().multipliedBy(3) : shorterThanDeath();
    }

    private NodeNumber another() {
        return anyOf(List.copyOf(cluster.nodes().keySet()));
    }

    private void fastReboot(SimNode node) {
        node.crash("resets");
        cluster.time().after(Duration.ofMillis(500 + random.nextInt(6_000)).toNanos(), () -> {
            if (!node.up()) {
                node.boot();
            }
        });
    }

    /**
     * Not a path of anybody's: a write gone astray.
     *
     * @return whether it hit a block that was ever reported on: another has to be formatted anew, by hand
     */
    private boolean garble(RegionId region) {
        byte[] garbage = new byte[random.nextBoolean() ? 512 : 2048];
        random.nextBytes(garbage);
        NodeNumber whose = another();
        int copy = random.nextInt(2);
        try (SimRegionDevice astray = cluster.disk(region).attach()) {
            if (BoardCodec.decode(astray.readBoardBlock(whose.value()), whose) instanceof BlockReading.Vacant) {
                return false;
            }
            astray.writeBoardCopy(whose.value(), copy, ByteBuffer.wrap(garbage));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        return true;
    }
}
