# SPDX-License-Identifier: Apache-2.0
"""Faults of machines, networks, disks and clocks, each under an audit of the locks.

None of them may let two nodes hold one lock. In the end each lockspace runs in one view, or says why it does not.
"""

import random
import time

from .. import agent, kernel
from ..locks import Auditors, HeldSet, LockTool, check_both_ways, check_no_double_ex
from ..scenario import scenario
from ..testbed import check
from .membership import come_back

QUIET = 6  # how long nothing must happen after a fault: three heartbeats
# A node resets itself when it could not write for this long.
SELF_FENCE = (agent.THRESHOLD - 1) * 2


class Calm:
    """A lockspace of all nodes under audit, with locks that n3 holds: nothing of it may change for nothing."""

    def __init__(self, bed, lockspace, auditing=None):
        self.bed, self.lockspace = bed, lockspace
        agent.join(bed, lockspace, *bed)
        self.tools = [LockTool(guest, lockspace) for guest in bed]
        self.kept = HeldSet(self.tools[2])
        self.audit = Auditors(bed, lockspace)
        self.audit.start(*(auditing or bed))
        self.audited = list(auditing or bed)
        self.audit.wait_rounds(*self.audited)
        self.begin()

    def begin(self):
        self.epoch = agent.epoch(self.bed, self.lockspace, self.bed)
        self.marks = self.bed.marks()

    def check_undisturbed(self):
        """After a fault that is too short to matter."""
        self.bed.sleep(QUIET)
        for guest in self.bed:
            check(guest.running(), f"{guest.name} is gone")
            starts = kernel.recovery_starts(guest, self.lockspace, self.marks[guest.number])
            check(not starts, f"{guest.name} recovered {self.lockspace} for nothing")
        now = agent.epoch(self.bed, self.lockspace, self.bed)
        check(now == self.epoch, f"epoch {self.epoch} became {now} for nothing")
        self.kept.check_kept(*self.tools[:2])
        self.audit.wait_rounds(*self.audited)

    def check_survivors(self, *guests, timeout=agent.DEAD_BY):
        """These go on without the others, whose locks they inherit."""
        agent.wait_members(self.bed, self.lockspace, guests, timeout)
        tools = [tool for tool in self.tools if tool.guest in guests]
        check_both_ways(tools, "survivors")
        check_no_double_ex(tools, "held")  # what n3 held
        self.audit.wait_rounds(*guests)

    def check_return(self, *guests, settings=None):
        """These boot, join again, and the audit goes on."""
        come_back(self.bed, *guests, settings=settings)
        for job in [agent.ask_to_join(guest, self.lockspace) for guest in guests]:
            agent.finish(job, 90)
        agent.wait_members(self.bed, self.lockspace, self.bed)
        check_no_double_ex([LockTool(guest, self.lockspace) for guest in self.bed])
        self.audit.check()


@scenario(ci=True)
def paused_short(bed):
    """A machine is paused for less than its self-fencing time and resumed: nothing happens. Audited."""
    calm = Calm(bed, "a-pause")
    bed[3].pause()
    bed.sleep(SELF_FENCE - 5)
    bed[3].resume()
    calm.check_undisturbed()
    calm.audit.check()


@scenario()
def paused_long(bed):
    """A machine is paused until it counts as dead, fence = self: resumed, it finds its eviction and resets itself.

    For the window that is printed it believes in locks that others have: what no self-fencing can prevent.
    """
    one, two, three = bed
    calm = Calm(bed, "a-zombie", auditing=[one, two])
    three.pause()
    calm.check_survivors(one, two)
    mark = three.console.mark()
    three.may_end = True
    resumed = time.time()
    three.resume()
    told, _ = three.wait_console(r"lockstep: resetting this node: an evict record names this boot", 30, mark)
    three.wait_end(10)
    print(f"       resumed machine resets itself after {told - resumed:.2f} s", flush=True)
    calm.check_return(three)


@scenario(ci=True)
def disk_stalled_all(bed):
    """The region stalls for all at once, longer than a node may be silent: nobody is declared dead. Audited."""
    calm = Calm(bed, "a-stall")
    for guest in bed:
        guest.stall_disk("region-a")
    bed.sleep(2 * agent.DEAD_AFTER)
    for guest in bed:
        guest.let_disk_go("region-a")
    calm.check_undisturbed()
    calm.audit.check()
    agent.join(bed, "a-after", *bed)  # changes work as before


@scenario(ci=True)
def board_overwritten(bed):
    """Random bytes over the board, under a running cluster: each node writes its block again, and changes go on. Audited."""
    one, two, three = bed
    seed = random.randrange(1 << 32)
    print(f"       random bytes from seed {seed}", flush=True)
    noise = random.Random(seed)
    calm = Calm(bed, "a-board")
    for number in (1, 2, 3):
        overwrite_block(bed, number, noise)
        bed.sleep(3)
    calm.check_undisturbed()
    for number in (1, 2, 3):
        overwrite_block(bed, number, noise)
    agent.join(bed, "a-change", *bed)
    leaving = agent.ask_to_leave(three, "a-change")
    for number in (1, 2, 3):
        overwrite_block(bed, number, noise)
    agent.finish(leaving)
    agent.wait_members(bed, "a-change", [one, two])
    calm.check_undisturbed()
    bad = {guest.name: agent.ask(guest, "status")["badInput"]["badReports"] for guest in bed}
    print(f"       bad reports counted: {bad}", flush=True)
    check(any(bad.values()), "nobody counted a bad report")
    calm.audit.check()


def overwrite_block(bed, number, noise, region="region-a"):
    """Both copies of a node's block, and nothing else."""
    with open(bed.shared[region], "r+b") as disk:
        disk.seek(agent.BOARD_OFFSET + number * agent.BOARD_BLOCK)
        disk.write(noise.randbytes(agent.BOARD_BLOCK))
