// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.board;

import dev.lockstep.domain.BootId;
import dev.lockstep.domain.Generation;
import dev.lockstep.domain.NodeNumber;
import java.util.List;

/**
 * A verdict on one life of a node: it is out for good, under every generation of that boot.
 *
 * @param node the node
 * @param boot the life of its kernel that is out
 * @param generation the heartbeat session the verdict was made on, NONE where none was
 * @param kind what the verdict rests on
 */
public record Eviction(NodeNumber node, BootId boot, Generation generation, Kind kind) {

    /** {@return whether {@code list} names that life of a node, whatever the kind} */
    public static boolean named(List<Eviction> list, NodeNumber who, BootId life) {
        int size = list.size();
        for (int i = 0; i < size; i++) { // without an iterator for each list of each block of each plan
            Eviction each = list.get(i);
            if (each.node.value() == who.value() && each.boot.equals(life)) {
                return true;
            }
        }
        return false;
    }

    /** What a verdict rests on. */
    public enum Kind {
        /** Its heartbeat was silent past the threshold and it fences itself: proof of death. */
        TIMEOUT(1, true),
        /** A report under a new boot id: the old kernel is gone. */
        REBOOTED(2, true),
        /** An administrator vouched for its death ({@code lockstep fence-ack}). */
        ACKNOWLEDGED(3, true),
        /** A fence command reported success. */
        FENCED(4, true),
        /** It must go and is told so; it may still run. No proof. */
        MUST_GO(5, false);

        private final int code;
        private final boolean proof;

        Kind(int code, boolean proof) {
            this.code = code;
            this.proof = proof;
        }

        /** {@return the stable code on disk} */
        public int code() {
            return code;
        }

        /** {@return whether this kind proves that the kernel of that boot runs no more} */
        public boolean isProof() {
            return proof;
        }
    }
}
