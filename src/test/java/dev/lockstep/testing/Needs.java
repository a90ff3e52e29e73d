// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.testing;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.Map;

/**
 * What a test needs of its machine. A developer's machine may lack it, and the test is skipped there; CI may not,
 * because a test that never runs anywhere proves nothing.
 */
public final class Needs {
    private Needs() {}

    /** Skips the running test where {@code there} is false; with CI=true fails it. */
    public static void of(boolean there, String what) {
        of(there, what, System.getenv());
    }

    static void of(boolean there, String what, Map<String, String> environment) {
        if (!there && "true".equals(environment.get("CI"))) {
            throw new AssertionError("CI must provide " + what + ", or this test runs nowhere");
        }
        assumeTrue(there, () -> "needs " + what);
    }
}
