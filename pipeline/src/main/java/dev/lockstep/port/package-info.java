// SPDX-License-Identifier: Apache-2.0
/** The seams between the pipeline and the world. Adapters implement them, simulations too. */
@NullMarked
package dev.lockstep.port;

import org.jspecify.annotations.NullMarked;
