// SPDX-License-Identifier: Apache-2.0
/** The simulation campaign: seeds of simulated clusters, run in parallel, judged and counted. */
@NullMarked
package dev.lockstep.bench.campaign;

import org.jspecify.annotations.NullMarked;
