// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.sim;

/** A system call on a simulated file that failed. */
public final class SimKernelError extends Exception {
    private static final long serialVersionUID = 1;

    private final String errno;

    /**
     * @param errno its error's name, such as EINVAL
     */
    public SimKernelError(String errno) {
        super(errno);
        this.errno = errno;
    }

    /** {@return the error's name} */
    public String errno() {
        return errno;
    }
}
