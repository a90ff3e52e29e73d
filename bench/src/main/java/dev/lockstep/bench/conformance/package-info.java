// SPDX-License-Identifier: Apache-2.0
/**
 * One suite of cases of what fs/dlm shows in sysfs, configfs and uevents. It runs on the simulated kernel and on real
 * ones, and each case must observe the same there and here.
 */
@NullMarked
package dev.lockstep.bench.conformance;

import org.jspecify.annotations.NullMarked;
