// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.core;

/**
 * The reset of this node. Nothing else that the node's kernel is told holds it up, so it counts for itself.
 *
 * @param inFlight whether it was ordered and has not failed yet
 * @param failures how often it failed
 * @param retryAtNs not ordered before this
 */
public record OwnReset(boolean inFlight, int failures, long retryAtNs) {

    static final OwnReset NONE = new OwnReset(false, 0, 0);

    OwnReset ordered() {
        return new OwnReset(true, failures, retryAtNs);
    }

    /** What failed is tried again; a reset above all. */
    OwnReset failed(long retryAt) {
        return new OwnReset(false, failures + 1, retryAt);
    }
}
