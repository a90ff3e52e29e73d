// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.domain;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * The members of a lockspace in one epoch: sorted by node, at most one member per node. Immutable.
 *
 * @param members the members, ascending by node number
 */
public record View(List<Member> members) {

    /** No members: what a lockspace has before its first epoch. */
    public static final View EMPTY = new View(List.of());

    public View {
        members = members.stream().sorted().toList();
        for (int i = 1; i < members.size(); i++) {
            if (members.get(i).node().equals(members.get(i - 1).node())) {
                throw new IllegalArgumentException("node " + members.get(i).node() + " is twice in one view");
            }
        }
    }

    /** {@return the view of these members} */
    public static View of(Collection<Member> members) {
        return new View(List.copyOf(members));
    }

    /** {@return the member on {@code node}, if there is one} */
    public Optional<Member> member(NodeNumber node) {
        for (Member member : members) {
            if (member.node().equals(node)) {
                return Optional.of(member);
            }
        }
        return Optional.empty();
    }

    /** {@return whether {@code node} has a member here} */
    public boolean has(NodeNumber node) {
        return member(node).isPresent();
    }

    /** {@return the node numbers, ascending} */
    public SortedSet<NodeNumber> nodes() {
        SortedSet<NodeNumber> nodes = new TreeSet<>();
        members.forEach(m -> nodes.add(m.node()));
        return nodes;
    }

    /** {@return the node numbers that are in this view but not in {@code others}} */
    public SortedSet<NodeNumber> nodesWithout(Set<NodeNumber> others) {
        SortedSet<NodeNumber> nodes = nodes();
        nodes.removeAll(others);
        return nodes;
    }

    /**
     * {@return the digest that stands for this view on the board}
     *
     * <p>The first 8 bytes of SHA-256 over, per member in order, 40 big-endian bytes: node (4), zero (4), boot id (16),
     * generation (8), join number (8).
     */
    public ViewDigest digest() {
        ByteBuffer bytes = ByteBuffer.allocate(members.size() * 40);
        for (Member m : members) {
            bytes.putInt(m.node().value()).putInt(0);
            bytes.putLong(m.boot().high()).putLong(m.boot().low());
            bytes.putLong(m.generation().value()).putLong(m.join().value());
        }
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(bytes.array());
            return new ViewDigest(ByteBuffer.wrap(hash).getLong());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
