// SPDX-License-Identifier: Apache-2.0
/**
 * The settings: read strictly from flags, environment, files and defaults, and refused with every problem at once.
 *
 * <p>Every default is in {@code reference.conf} beside these classes, and commented in {@code config/lockstep.conf}.
 */
@NullMarked
package dev.lockstep.config;

import org.jspecify.annotations.NullMarked;
