// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.control;

import dev.lockstep.reason.ReasonCode;

/** What a person can do about a reason, or that there is nothing to do but wait. */
final class WayOut {
    private WayOut() {}

    static String of(ReasonCode code) {
        return switch (code) {
            case NO_GUARD -> "Add a rule to 'guards' in lockstep.conf on all nodes, restart the agents and join again.";
            case REGION_STARTING ->
                "Wait: a region is steady after about five heartbeats. If it never is, look at its"
                        + " device and at 'o2hb' in the kernel log.";
            case NO_BOARD ->
                "Prepare the region once, from one node, with 'lockstep region format DEVICE'; or name"
                        + " another region as guard.";
            case OWN_HEARTBEAT_UNSEEN ->
                "Wait two heartbeats. If it stays, this node's heartbeat does not run: check"
                        + " the node's number and the 'o2hb' thread.";
            case OWN_HEARTBEAT_STALLED ->
                "This node cannot write its slot. Repair the path to the region's device;"
                        + " without a write it resets itself before the others count it as dead.";
            case BOARD_UNREAD ->
                "Wait for the next reading. If it stays, the block cannot be read: 'lockstep region dump DEVICE'"
                        + " shows it; repair the device, or start the agents of these nodes, which write it anew."
                        + " An agent whose /var/lib/lockstep was lost, too, cannot: there, leave all lockspaces,"
                        + " stop all agents and heartbeats, and format the region.";
            case REPORT_UNPUBLISHED ->
                "Wait for the write. If it stays, writes to the board hang or fail: look at the"
                        + " region's device and the agent's log.";
            case MEMBER_NOT_STOPPED ->
                "Wait for these nodes. If they stay, their agent does not run or their kernel"
                        + " does not stop: 'lockstep why' on them says which.";
            case VIEW_DIFFERS ->
                "Wait: the next epoch settles it. If it stays, these nodes see other heartbeats than this one:"
                        + " compare 'lockstep status' on both.";
            case UNSETTLED ->
                "Start the agents of these nodes, or let them leave the lockspace, or reset them. If a"
                        + " machine is certainly off: 'lockstep fence-ack NODE' shows what to say.";
            case LIVES_ELSEWHERE -> "These nodes lost the path to the guard region only. Repair it, or reset them.";
            case PROOF_UNPUBLISHED -> "Wait for this node's next report.";
            case EVICTED -> "Reset this node. It joins again under its new boot.";
            case COMM_NOT_READY -> "Wait: the entries are made anew before the start.";
            case COMM_IN_USE ->
                "Wait until the other lockspaces with these nodes have stopped; they are named by 'lockstep ls'.";
            case KERNEL_WRITE_PENDING ->
                "Wait: a stop returns when the kernel's lock requests have drained. If it"
                        + " stays, look for hung tasks in the kernel log; only a reset ends them.";
            case KERNEL_WRITE_FAILED -> "It is tried again. The detail has the errno; the kernel log may say more.";
            case RECOVERY_RUNNING ->
                "Wait. If it stays, lock traffic to the polled nodes does not pass: check that"
                        + " dlm.port is open between the nodes and that their addresses are right.";
            case SETTINGS_DIFFER ->
                "Make the setting in the detail equal on all nodes ('lockstep config dump') and"
                        + " restart the agent that differs.";
            case MUST_GO -> "Nothing can be done: the node resets itself. Under fence = manual reset it now.";
            case DUPLICATE_NODE -> "Stop one of the two machines and give it a number of its own.";
            case DISK_NOT_SHARED ->
                "Check that the region's device is the same disk on all nodes: compare its WWN and"
                        + " 'lockstep region dump DEVICE'. If it is, the peer died or was lied about before it wrote:"
                        + " restart this agent.";
            case RELEASE_RUNNING -> "Wait for the kernel. If it stays, look for hung tasks in its log.";
            case BOARD_FULL -> "Let lockspaces leave, or guard some of them by another region.";
            case ID_COLLISION -> "Give one of the two lockspaces another name.";
            case UNCONTROLLED ->
                "Somebody else started this lockspace. Let its users leave it, or reset this node; the agent"
                        + " cannot know who shares its locks.";
            case SPLIT ->
                "Repair the network between these nodes. If it cannot be repaired, reset the nodes that have to go;"
                        + " split-verdict-after does so by itself, and O2CB may, in its own way.";
            case AGENT_SILENT ->
                "Look at the agent on these nodes: 'systemctl status lockstep'. Start it, or reset the node;"
                        + " agent-dead-after does so by itself.";
            case FENCING -> "Wait for the fence command; its success is the proof of death.";
            case FENCE_FAILED ->
                "It is tried again. Look at the agent's log on the node that runs it; if the machine is certainly off,"
                        + " 'lockstep fence-ack NODE' shows what to say.";
        };
    }
}
