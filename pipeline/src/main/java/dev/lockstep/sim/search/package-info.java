// SPDX-License-Identifier: Apache-2.0
/**
 * Exhaustive search: every cluster of two or three production cores that can be reached within budgets of faults, each
 * met once, breadth first.
 *
 * <p><b>The model.</b> A machine is the core's own state (dev.lockstep.core, run as it is), its kernel's lockspaces and
 * comms, its heartbeat per region, the report being written and the reading under way. A cluster is its machines, what
 * stands in every block of every board, the judge's memory, and what is left of the budgets. Between two steps nothing
 * happens; a step is one {@link dev.lockstep.sim.search.Event}: a report reaches the disk, the end of that write is
 * noticed, a board is read, slots are sampled, silence passes the threshold, a {@code control} write is carried out, an
 * application creates or releases a lockspace, an agent or a machine dies or starts, a heartbeat begins anew, ends or
 * stalls, a uevent is lost, a block is wiped or garbled, the clock ticks. Each piece of evidence is followed by plans
 * until nothing more follows, as in dev.lockstep.flow.
 *
 * <p><b>Judged</b> are P1 to P9 and P12 (dev.lockstep.core says what they are), P4 by P2 and P3, P8 as far as one
 * answer per question goes; and that epochs on a board never fall. Whoever is falsely counted as dead is neither judged
 * nor protected: only fencing keeps it apart. Where nothing is left to happen but faults, and looking around that leads
 * back to where it began, who runs a lockspace must run it in one view, whatever waits must say why, and must not wait
 * at all once every node beats everywhere or is dead and every block can be read. Rounds that do more than look around,
 * and never end, are not looked for.
 *
 * <p><b>What is left out always, and why that loses nothing</b>
 *
 * <ul>
 *   <li>Moments. A machine's clock only orders what happens to it. Its canonical form keeps, instead of moments, the
 *       comparisons that rules make between them: a block was read since the own report was published, a report is
 *       older than the silence, a boot was seen before a beat. All are set to the present or not at all, so what is
 *       kept decides all later comparisons.
 *   <li>Scans that show nothing new. A step scans until what is known changes; what moves at all may be seen to move
 *       before or after anything else, and any of several slots before the others.
 *   <li>Silence is one step of T counted scans and as much time. It is open towards a slot that does not move, or
 *       within the budget of false verdicts. A pause that others do not take for death is a machine that makes no step.
 *   <li>Names of seq: where no block is damaged a reader only learns whether a report is another one.
 *   <li>Comms, members forgotten and answers are changed in the step that orders it: only their own node sees them, and
 *       the judge holds them against what runs in that moment. {@code control} writes take steps of their own; that
 *       their end is noticed with them loses nothing, since until then the core only takes evidence in, and the report
 *       that follows may be written at any time after.
 *   <li>A reading of the board is one step, so a reading that begins before a write of another node and ends after it
 *       is left out unless the budget of slow readings has it. Nor do two scans of slots overlap with anything.
 *   <li>The core runs once per machine, event and what the machine can see then. A cluster is one number for each node,
 *       of its machine with what is in its blocks, and one of the judge's memory with the budgets. Machines are told
 *       apart by 128 bits of their canonical form, clusters exactly. That machines of one form do the same is tested
 *       (CanonTest): every second step is made again from the machine that the first led to.
 *   <li>The judge forgets starts under epochs below those on every node's board, since it holds that none ever falls;
 *       and where blocks may be lost, starts of whose members nobody lives, and whose epoch none of their blocks tells.
 * </ul>
 *
 * <p>What is left out on demand is {@link dev.lockstep.sim.search.Reduction}; those but the first lose interleavings.
 * There is no partial-order reduction, since hardly anything commutes with a reading of the board: it may come at any
 * time, and what a node does after it, be it the end of a write or of a start, depends on whether it came before.
 *
 * <p>A wiped block is vacant to everybody. That a vacant block of a node that beats tells nothing was found here: two
 * nodes could start alone, the second one between the wipe and the moment the first saw it and wrote again.
 *
 * <p>Not modelled: writes that fail, settings that differ, two machines with one number, a board or region that is
 * taken away, administrators and fence commands, slow readings of blocks that are wiped or garbled.
 */
@NullMarked
package dev.lockstep.sim.search;

import org.jspecify.annotations.NullMarked;
