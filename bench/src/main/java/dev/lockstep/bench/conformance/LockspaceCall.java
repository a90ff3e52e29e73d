// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.bench.conformance;

import java.util.Optional;

/** A program's call into fs/dlm. */
@FunctionalInterface
public interface LockspaceCall {

    /** {@return "ok" or the error's name; empty while the call sleeps} */
    Optional<String> returned();
}
