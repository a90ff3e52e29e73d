// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.flow;

import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * What fails again and again and is said once: anew only for another reason, or after it had ended. A log must not grow
 * with the looks that are taken. Any thread.
 */
public final class Complaint {
    private final AtomicReference<@Nullable String> said = new AtomicReference<>();

    /** {@return whether this is not what was said last} */
    public boolean isNews(String why) {
        return !why.equals(said.getAndSet(why));
    }

    /** It does not fail any more. */
    public void end() {
        said.set(null);
    }
}
