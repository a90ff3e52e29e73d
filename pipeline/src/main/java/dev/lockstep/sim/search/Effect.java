// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.sim.search;

import dev.lockstep.board.Report;
import dev.lockstep.domain.LockspaceName;
import dev.lockstep.kernel.Mutation;
import java.util.List;
import java.util.Optional;

/**
 * What an event makes of a machine, and what of it others can see.
 *
 * @param machine the machine afterwards
 * @param starts lockspaces started in its kernel
 * @param takenIn the lockspace whose kernel took its members in
 * @param landed the report that is on the disk now
 * @param violation what must never happen and did
 */
record Effect(
        Machine machine,
        List<Mutation.Start> starts,
        Optional<LockspaceName> takenIn,
        Optional<Report> landed,
        Optional<String> violation) {

    Effect {
        starts = List.copyOf(starts);
    }
}
