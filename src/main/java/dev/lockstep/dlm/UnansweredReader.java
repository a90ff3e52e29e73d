// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.dlm;

import dev.lockstep.domain.LockspaceName;
import java.io.IOException;
import java.util.Map;

/** Finds out which uevent of fs/dlm waits for an answer. Slow: looks at every task of the machine. */
@FunctionalInterface
public interface UnansweredReader {

    /**
     * Decides.
     *
     * @param ids every lockspace of sysfs with its {@code id}
     * @throws IOException if what it rests on cannot be read
     */
    UnansweredDecision decide(Map<LockspaceName, Integer> ids) throws IOException;
}
