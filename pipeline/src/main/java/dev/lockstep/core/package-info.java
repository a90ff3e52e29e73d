// SPDX-License-Identifier: Apache-2.0
/**
 * The pure core: observe and plan. No clock, I/O, randomness, threads or logging.
 *
 * <p>What follows is what code, tests and verdicts of the simulators mean by a section, a rule or a P. A change of a
 * rule of section 7 wants a new search (dev.lockstep.sim.search).
 *
 * <p><b>Words.</b> A member is (node, boot id, generation, join number), a view a set of members, its digest covers all
 * four. A lockspace is, at each node, ABSENT, JOINING, STOPPED(e), STARTED(e) or LEAVING(e), under epoch e.
 *
 * <p><b>Section 5, regions.</b> A lockspace's guard, the region that decides who lives in it, is that of the first
 * rule that matches; else the region of the same name; else, where the settings name exactly one region, that one,
 * unless the name is a volume's UUID; else the join is refused ({@link dev.lockstep.core.Guards}). What a region's
 * slots tell:
 *
 * <ol type="a">
 *   <li>TIMEOUT, LEFT (generation 0) and RESTARTED (another generation) are kept apart; only TIMEOUT can prove a death.
 *   <li>A scan counts towards another's silence only if the own slot in that region moved since the last scan that
 *       counted; after a stall all counts begin anew. Who does not beat in a region concludes no TIMEOUT there.
 *   <li>TIMEOUT takes T scans that count and max(hb_dead_ms, T periods) since the last change, and a margin.
 *   <li>At an agent's start a slot is neither live nor dead: two changes make it live, c. makes it silent.
 *   <li>Thresholds that differ between nodes are refused with a reason.
 * </ol>
 *
 * <p><b>Section 6, the board.</b> One report per node and region in a block that only this node writes, in two copies
 * written in turn; the newest valid one counts. A full block refuses the next join. The network only says "read again";
 * it can hold a start back, and proves nothing.
 *
 * <p><b>Section 7, agreement on a lockspace's members.</b>
 *
 * <ol>
 *   <li><i>Candidate</i> V of node i: i itself, and each j whose generation is live by i's own samples, whose last good
 *       report is of that generation and lists the lockspace JOINING, STOPPED or STARTED, and whose boot id is in no
 *       evict list. There is none before every block was read since the agent started, and since i reported JOINING.
 *       After an agent's restart the members of its last view count as live until a sample says otherwise. What i
 *       runs is closed to newcomers while the block of some node tells nothing: nothing could be started again.
 *   <li><i>Open.</i> Where the candidate differs from the view of the epoch, or i wants to join or leave, i opens epoch
 *       e = 1 + the highest epoch of the lockspace and the highest floor in any block, dead nodes' too (floor: the
 *       highest epoch of entries that the block's writer has dropped). It stops the kernel, and only once that write
 *       has returned it reports STOPPED(e, digest), or LEAVING(e).
 *   <li><i>Adopt.</i> A higher epoch in a STOPPED, STARTED or LEAVING report of a live incarnation is adopted in the
 *       same way, with the candidate of that moment, before one is opened; where a node outside the candidate may have
 *       started it, a fresh one is opened instead. Nothing is adopted from a newcomer that what i runs is closed to
 *       (rule 1). Epochs never fall, over restarts and reboots too.
 *   <li><i>Start</i> of e, only if
 *       <ol type="a">
 *         <li>every member of V reports STOPPED or STARTED with the same (e, digest);
 *         <li>every other block was read after the own STOPPED(e) was written, in a reading that shows it;
 *         <li>no block is unsettled (rule 7);
 *         <li>every proof of death that is relied on stands in the own evict list on the board;
 *         <li>the own boot id stands in nobody's evict list;
 *         <li>this kernel lockspace was never started under e or a later epoch.
 *       </ol>
 *       Where all that holds, and a node outside V may have started e meanwhile, another epoch is opened instead. After
 *       the start STARTED(e, digest) is reported.
 *   <li>One (e, digest) per node and epoch: a candidate that changes while STOPPED(e) needs a higher epoch.
 *   <li>Why so strict: the kernel's own barrier compares neither epochs nor lists of members. Starts that differ
 *       "recover", too, and both sides are granted one exclusive lock.
 *   <li><i>Unsettled</i> is a block that lists the lockspace under an incarnation outside V. It is settled by LEAVING
 *       or no entry in a report of the same boot, by a report of a new boot, or by a proof of death; never by STOPPED
 *       or STARTED of the same boot, whose kernel keeps its granted locks. Of a block that is wiped, who was a member
 *       in this kernel stays unsettled.
 *   <li>Every wait has a reason with a code, the nodes and its age. Nothing waits silently.
 *   <li>A verdict of death that is used goes to the own evict list, by boot id, before anything relies on it. The list
 *       is read back after restarts and reboots, and honoured from every readable block, a dead writer's, too. A
 *       TIMEOUT of one generation proves all earlier ones of that node dead.
 *   <li>No epoch is resumed: STOPPED(e) on the board with a stopped kernel opens a new one.
 * </ol>
 *
 * <p><b>Section 8, death.</b> A TIMEOUT proves a node dead that fences itself; LEFT and RESTARTED prove nothing: what
 * counts is its report, a new boot id, the fence command's success or an administrator's word. The command is run by
 * the lowest live member that waits, then by the next. A node that must go (declared dead, loser of a split, own
 * heartbeat or region lost under a lockspace) stops its lockspaces, says so, and resets itself. A node that lives while
 * its agent does not answer is named, and told to go only where the settings say so.
 *
 * <p><b>Section 10, restart.</b> The agent's death is not its node's. A join is reported before it is acted on, a stop
 * acted on before it is reported; so a lockspace that was reported STARTED(e), has that view's members in the kernel
 * and runs is adopted as it is. Anything else opens an epoch.
 *
 * <p><b>Properties</b>, judged by the simulators and, where it can be seen there, on real kernels:
 *
 * <ul>
 *   <li>P1: all that start an epoch of a lockspace have the same view.
 *   <li>P2: nobody starts an epoch before every member has stopped for it.
 *   <li>P3: no start before each earlier member outside the view has released or is proven dead.
 *   <li>P4: never two disjoint views started.
 *   <li>P5: who must not run excludes itself.
 *   <li>P6: epochs, boot ids and join numbers are never used again, and who was cast out is never readmitted.
 *   <li>P7: a peer's comm is recycled if and only if its boot id changed or it is proven dead, never under a running
 *       lockspace; a member that joined anew is renewed, no other.
 *   <li>P8: the kernel is driven in its order, with exactly one event_done for each uevent that asks for it.
 *   <li>P9: a joiner waits for the proofs that the old members still owe.
 *   <li>P10: the verdict over a split is a pure function of the rows that all nodes read.
 *   <li>P11: no event of the kernel is lost.
 *   <li>P12: once faults end, every live node that is not evicted is in one view within T_dead + 5 s, and every
 *       lockspace that is stopped names its reason.
 *   <li>P13: with the kernel's heartbeat, an agent's end and restart changes no view and fences nobody.
 * </ul>
 */
@NullMarked
package dev.lockstep.core;

import org.jspecify.annotations.NullMarked;
