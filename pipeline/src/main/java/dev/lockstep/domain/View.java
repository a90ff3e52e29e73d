// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.domain;

import dev.lockstep.sorted.SortedArraySet;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The members of a lockspace in one epoch: sorted by node, at most one member per node. Immutable. */
public final class View {
    /** No members: what a lockspace has before its first epoch. */
    public static final View EMPTY = new View(List.of());

    private final List<Member> members;
    private final SortedArraySet<NodeNumber> nodes;
    /** Made when first asked for; making it twice does no harm. */
    private volatile @Nullable ViewDigest digest;

    /**
     * @param members the members, in any order
     * @throws IllegalArgumentException if a node is in it twice
     */
    public View(List<Member> members) {
        this.members = inOrder(members);
        List<NodeNumber> numbers = new ArrayList<>(members.size());
        for (Member member : this.members) {
            numbers.add(member.node());
        }
        nodes = SortedArraySet.copyOf(numbers);
        if (nodes.size() < members.size()) {
            throw new IllegalArgumentException("a node is twice in one view: " + numbers);
        }
    }

    private static List<Member> inOrder(List<Member> members) {
        for (int i = 1; i < members.size(); i++) {
            if (members.get(i - 1).compareTo(members.get(i)) > 0) {
                return members.stream().sorted().toList();
            }
        }
        return List.copyOf(members);
    }

    /** {@return the view of these members} */
    public static View of(Collection<Member> members) {
        return new View(List.copyOf(members));
    }

    /** {@return the members, ascending by node number} */
    public List<Member> members() {
        return members;
    }

    /** {@return the member on {@code node}, if there is one} */
    public Optional<Member> member(NodeNumber node) {
        for (int i = 0; i < members.size(); i++) {
            if (members.get(i).node().value() == node.value()) {
                return Optional.of(members.get(i));
            }
        }
        return Optional.empty();
    }

    /** {@return whether {@code node} has a member here} */
    public boolean has(NodeNumber node) {
        return nodes.contains(node);
    }

    /** {@return the node numbers, ascending} */
    public SortedArraySet<NodeNumber> nodes() {
        return nodes;
    }

    /**
     * {@return the digest that stands for this view on the board}
     *
     * <p>The first 8 bytes of SHA-256 over, per member in order, 40 big-endian bytes: node (4), zero (4), boot id (16),
     * generation (8), join number (8).
     */
    public ViewDigest digest() {
        ViewDigest made = digest;
        if (made == null) {
            made = digestOf(members);
            digest = made;
        }
        return made;
    }

    private static ViewDigest digestOf(List<Member> members) {
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

    @Override
    public boolean equals(@Nullable Object other) {
        return this == other || (other instanceof View view && members.equals(view.members));
    }

    @Override
    public int hashCode() {
        return members.hashCode();
    }

    @Override
    public String toString() {
        return "View[members=" + members + "]";
    }
}
