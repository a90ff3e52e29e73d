// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.o2cb;

import java.io.IOException;
import java.util.List;

/**
 * Somebody else has set O2CB up otherwise than is configured here: who counts by another threshold, number or mode than
 * the kernel takes the living for dead. Trying again does not help.
 */
public final class SetUpOtherwise extends IOException {
    private static final long serialVersionUID = 1L;

    /** @param contradictions a sentence each, at least one */
    public SetUpOtherwise(List<String> contradictions) {
        super(String.join("; ", contradictions) + ": correct the configuration, or what sets O2CB up");
    }
}
