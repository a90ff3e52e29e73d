// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.config;

import dev.lockstep.domain.NodeNumber;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Everything the agent is told by its administrator, checked. Immutable. Made by {@link SettingsLoader}; the demo and
 * tests may build one by hand, which checks nothing.
 *
 * @param clusterName the cluster's name, for O2CB and for fs/dlm
 * @param heartbeat who writes this node's slots
 * @param heartbeatPeriod time between two heartbeats of a node
 * @param deadThreshold T: so many counted scans without change prove a node dead
 * @param deathMargin waited on top of T periods before a silent node counts as dead
 * @param self this node
 * @param nodes all nodes, ascending by number, this node among them
 * @param regions regions that are named; the kernel's own are found besides
 * @param guards which region guards which lockspace, first match wins
 * @param dlm what fs/dlm is told
 * @param fence how a node that must go is made to go
 * @param fenceCommand what is run to fence another node
 * @param agentDeadAfter how long a live node's agent may leave others waiting; empty: for ever
 * @param probeLinks whether the other nodes' addresses are probed
 * @param splitVerdictAfter how long a verdict over a split network must stand until its losers go; empty: for ever
 * @param wakeUps the "read again" messages
 * @param paths where the agent keeps its files
 * @param o2cb whether and from what O2CB is set up
 */
public record Settings(
        String clusterName,
        Heartbeat heartbeat,
        Duration heartbeatPeriod,
        int deadThreshold,
        Duration deathMargin,
        Node self,
        List<Node> nodes,
        List<Region> regions,
        List<Guard> guards,
        Dlm dlm,
        Fence fence,
        FenceCommand fenceCommand,
        Optional<Duration> agentDeadAfter,
        boolean probeLinks,
        Optional<Duration> splitVerdictAfter,
        WakeUps wakeUps,
        Paths paths,
        O2cb o2cb) {

    /** The kernel's heartbeat period (fs/ocfs2/cluster/heartbeat.h, O2HB_REGION_TIMEOUT_MS); it cannot be changed. */
    public static final Duration KERNEL_PERIOD = Duration.ofSeconds(2);

    public Settings {
        nodes = List.copyOf(nodes);
        regions = List.copyOf(regions);
        guards = List.copyOf(guards);
    }

    /** Who writes this node's heartbeat slots. */
    public enum Heartbeat {
        /** O2CB in the kernel; the agent only reads. */
        KERNEL,
        /** The agent. */
        AGENT
    }

    /** How a node that must go is made to go. */
    public enum Fence {
        /** It resets itself, and its silence past the threshold is proof of its death. */
        SELF,
        /** It resets itself, yet only the fence command's success proves the death of a silent one. */
        COMMAND,
        /** An administrator resets it and says so with {@code lockstep fence-ack}. */
        MANUAL
    }

    /**
     * A guard rule.
     *
     * @param lockspace glob over lockspace names
     * @param region name of the region that guards those that match
     */
    public record Guard(String lockspace, String region) {}

    /**
     * A heartbeat region named by the administrator.
     *
     * @param device block device or file
     * @param name region name; empty: found on the device (an OCFS2 volume's UUID)
     * @param startBlock first slot's block; empty: found on the device
     * @param slots number of slots, 1 to 255
     */
    public record Region(Path device, Optional<String> name, Optional<Long> startBlock, int slots) {}

    /** {@return the node with this number, if it is configured} */
    public Optional<Node> node(NodeNumber number) {
        return nodes.stream().filter(node -> node.number().equals(number)).findFirst();
    }

    /**
     * fs/dlm's cluster settings.
     *
     * @param nodeidOffset nodeid = node number + this, 0 or 1
     * @param port TCP port of the kernel's lock traffic
     * @param logDebug whether the kernel logs every lock manager step
     * @param nodir globs of lockspaces that keep no resource directory
     * @param mark firewall mark of lock traffic, 0 for none, unsigned 32 bits
     */
    public record Dlm(int nodeidOffset, int port, boolean logDebug, List<String> nodir, long mark) {
        public Dlm {
            nodir = List.copyOf(nodir);
        }
    }

    /**
     * What is run to fence another node.
     *
     * @param line the program and its arguments, with {@link FencePlaceholder}s in them; empty unless it is used
     * @param timeout how long one run may take
     */
    public record FenceCommand(List<String> line, Duration timeout) {
        public FenceCommand {
            line = List.copyOf(line);
        }
    }

    /**
     * The "read again" messages.
     *
     * @param enabled whether they are sent and listened to
     * @param port UDP port, the same on all nodes
     * @param bind local address, by default this node's
     */
    public record WakeUps(boolean enabled, int port, InetAddress bind) {}

    /**
     * Where the agent keeps its files.
     *
     * @param runtime vanishes with the boot
     * @param state survives it
     * @param controlSocket what {@code lockstep status} and its siblings ask
     */
    public record Paths(Path runtime, Path state, Path controlSocket) {}

    /**
     * The kernel's heartbeat.
     *
     * @param setup whether the agent sets O2CB up where it does not run yet
     */
    public record O2cb(boolean setup) {}
}
