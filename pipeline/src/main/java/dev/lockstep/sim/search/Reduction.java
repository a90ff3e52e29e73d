// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.sim.search;

/** Interleavings that a search may leave out, to reach further. */
public enum Reduction {
    /**
     * Clusters that differ only in which node is called what are one. Exact: no rule tells nodes apart but by what they
     * have done, except for the order of things that are done in one step here.
     */
    NODES_ALIKE,
    /** A starting agent has seen its own heartbeat; left out is what it does before that, where it says nothing. */
    OWN_SEEN,
    /** The search begins when every node has read the boards, still empty, and seen every heartbeat. */
    SEEN_AT_FIRST,
    /**
     * Applications create the lockspaces when a machine boots. A node that joins late is then one whose agent is slow;
     * what is left out is a create behind the agent's first readings. Lockspaces are created anew at any time.
     */
    CREATED_AT_BOOT,
    /**
     * The end of a write is noticed with the write. Left out is what a node does of which it knows too little: that it
     * has been published.
     */
    PUBLISHED_AT_ONCE,
    /** The kernel's recovery takes the members in at once; left out are starts stopped before that. */
    TAKEN_IN_AT_ONCE
}
