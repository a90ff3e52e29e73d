// SPDX-License-Identifier: Apache-2.0
/** How log lines look and reach the console. Named by {@code config/logback.xml}; no other class refers to it. */
@NullMarked
package dev.lockstep.logging;

import org.jspecify.annotations.NullMarked;
