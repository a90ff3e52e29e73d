// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.cli;

/** What the process tells its caller, after sysexits(3); systemd and scripts rely on the numbers. */
public enum ExitCode {
    /** Done. */
    OK(0),
    /** The command line is wrong. */
    USAGE(64),
    /** The kernel lacks something that is needed. */
    UNAVAILABLE(69),
    /** A bug in Lockstep. */
    SOFTWARE(70),
    /** Reading or writing a device failed. */
    IO_ERROR(74),
    /** Not now; the same call may work later. */
    TEMPORARY(75),
    /** Not allowed. */
    NO_PERMISSION(77),
    /** The configuration is wrong, or the kernel is set up by another one. */
    CONFIG(78);

    private final int status;

    ExitCode(int status) {
        this.status = status;
    }

    /**
     * The number for {@link System#exit}.
     *
     * @return the process exit status
     */
    public int status() {
        return status;
    }

    /** {@return whether the same call fails again until somebody changes something} */
    public boolean isFinal() {
        return this == USAGE || this == UNAVAILABLE || this == NO_PERMISSION || this == CONFIG;
    }
}
