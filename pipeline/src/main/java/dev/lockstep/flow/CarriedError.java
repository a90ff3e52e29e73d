// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.flow;

import reactor.core.Exceptions;

/**
 * An Error that Reactor's operators would throw at whoever stands behind them, in a form that they pass to the
 * subscriber. No exception, so that nothing is tried again because of it.
 */
final class CarriedError extends Error {
    private static final long serialVersionUID = 1L;

    private CarriedError(Throwable cause) {
        super(cause);
    }

    /** {@return the failure, in a form that reaches the subscriber} */
    static Throwable passable(Throwable failure) {
        return Exceptions.isFatal(failure) ? new CarriedError(failure) : failure;
    }
}
