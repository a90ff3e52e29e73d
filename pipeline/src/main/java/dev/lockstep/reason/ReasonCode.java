// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.reason;

/** Why a lockspace waits. Names and codes are stable: programs match them. */
public enum ReasonCode {
    /** No rule, name or single region gives this lockspace a guard. */
    NO_GUARD(1, "no heartbeat region guards this lockspace; add a guards rule"),
    /** The guard region is not heartbeating here yet. */
    REGION_STARTING(2, "the guard region is not heartbeating on this node yet"),
    /** The guard region has no usable board. */
    NO_BOARD(3, "the guard region has no board; prepare it with 'lockstep region format'"),
    /** The own slot has not moved twice yet. */
    OWN_HEARTBEAT_UNSEEN(4, "this node's own heartbeat has not been seen to move twice yet"),
    /** The own slot does not move. */
    OWN_HEARTBEAT_STALLED(5, "this node's own heartbeat does not advance"),
    /** A node's board block was not read yet, or is vacant while it beats: its report is lost or yet to come. */
    BOARD_UNREAD(6, "the board block of these nodes was not read yet, cannot be read, or is vacant though they beat"),
    /** The own report is not on disk yet. */
    REPORT_UNPUBLISHED(7, "this node's own report is not on disk yet"),
    /** Members have not stopped for the epoch. */
    MEMBER_NOT_STOPPED(8, "these members have not stopped for the epoch yet"),
    /** Members stopped for the epoch with another view. */
    VIEW_DIFFERS(9, "these members see another view in the same epoch"),
    /** A node lists the lockspace and is neither in the view, nor gone, nor proven dead. */
    UNSETTLED(10, "these nodes may still hold locks: neither in the view, nor released, nor proven dead"),
    /** A node timed out in one region but lives in another. */
    LIVES_ELSEWHERE(11, "these nodes timed out in one region but still live in another"),
    /** A proof of death is not on the board yet. */
    PROOF_UNPUBLISHED(12, "a proof of death is not on the board yet"),
    /** This node is evicted. */
    EVICTED(13, "this boot of the node was evicted; it must reset"),
    /** A peer's comm belongs to another boot, or must go first. */
    COMM_NOT_READY(14, "the DLM connection entries of these nodes must be made anew first"),
    /** A lockspace that has the node still runs, so its comm cannot be removed. */
    COMM_IN_USE(15, "another lockspace with these nodes still runs here"),
    /** A write to the kernel has not returned. */
    KERNEL_WRITE_PENDING(16, "a write to the kernel has not returned"),
    /** A write to the kernel failed; it is planned anew. */
    KERNEL_WRITE_FAILED(17, "a write to the kernel failed and is tried again"),
    /** The kernel's recovery has not ended. */
    RECOVERY_RUNNING(18, "the kernel's recovery has not ended; it polls these nodes"),
    // 19 was KERNEL_STOPPED, never given: such a lockspace opens an epoch. A number that was used is not used again.
    /** Settings that must be equal differ. */
    SETTINGS_DIFFER(20, "settings that must be equal on all nodes differ"),
    /** This node must go. */
    MUST_GO(21, "this node must go and resets itself"),
    /** Another machine writes this node's block. */
    DUPLICATE_NODE(22, "another machine uses this node's number"),
    /** A peer talks about the region but is absent from our board. */
    DISK_NOT_SHARED(23, "these nodes talk about the region but are absent from our board: not the same disk"),
    /** The release has not finished in the kernel. */
    RELEASE_RUNNING(24, "the kernel's release has not finished"),
    /** The board block has no room. */
    BOARD_FULL(25, "this node's board block is full"),
    /** Two names, one id. */
    ID_COLLISION(26, "another lockspace has the same global id"),
    // 27 was OLD_AGENT_IN_KERNEL, never given: an agent that waits for the one before knows no lockspaces yet.
    /** The kernel runs a lockspace that neither board nor memory knows. */
    UNCONTROLLED(28, "the kernel has a lockspace that neither the board nor this agent's memory knows"),
    /** A fence command runs, or is about to. */
    FENCING(29, "these nodes are being fenced"),
    /** A fence command did not succeed. */
    FENCE_FAILED(30, "the fence command did not succeed on these nodes; it is tried again"),
    /** A node beats, and its agent does not answer. */
    AGENT_SILENT(31, "these nodes heartbeat, but their agents do not answer"),
    /** Heartbeating nodes do not reach each other. */
    SPLIT(32, "the network between heartbeating nodes is cut, and lock traffic of these does not pass");

    private final int code;
    private final String text;

    ReasonCode(int code, String text) {
        this.code = code;
        this.text = text;
    }

    /** {@return the stable number} */
    public int code() {
        return code;
    }

    /** {@return one sentence for people} */
    public String text() {
        return text;
    }
}
