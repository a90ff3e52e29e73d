// SPDX-License-Identifier: Apache-2.0
/**
 * Tests of the tests: bugs planted into copies of production sources, each of which a search for broken rules must
 * find. The copies exist in the test's memory only.
 */
@NullMarked
package dev.lockstep.planted;

import org.jspecify.annotations.NullMarked;
