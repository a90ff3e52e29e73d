// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.dlm;

import dev.lockstep.dlm.UnansweredFacts.Waiter;

/**
 * Looks for a task in fs/dlm's do_uevent among kernel stacks, one frame per line as /proc/PID/stack has them:
 * {@code [<0>] do_uevent+0x5d/0x100 [dlm]}. A compiler may add suffixes such as {@code .isra.0}.
 */
final class KernelStacks {
    private Waiter found = Waiter.NONE;

    /** Takes one task's stack. */
    void add(String stack) {
        if (stack.contains(" do_uevent") && has(stack, "do_uevent")) {
            if (has(stack, "dlm_release_lockspace") || has(stack, "release_lockspace")) {
                found = Waiter.IN_RELEASE;
            } else if (has(stack, "dlm_new_lockspace")
                    || has(stack, "new_lockspace")
                    || has(stack, "__dlm_new_lockspace")) {
                found = Waiter.IN_NEW;
            }
        }
    }

    private static boolean has(String stack, String function) {
        return stack.lines().anyMatch(line -> {
            int at = line.indexOf("] ");
            String frame = at < 0 ? line.strip() : line.substring(at + 2);
            return frame.startsWith(function + "+") || frame.startsWith(function + ".");
        });
    }

    Waiter waiter() {
        return found;
    }
}
