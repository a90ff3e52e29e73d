# SPDX-License-Identifier: Apache-2.0
"""Faults of machines, networks, disks and clocks, each under an audit of the locks.

None of them may let two nodes hold one lock. In the end each lockspace runs in one view, or says why it does not.
"""

import random
import re
import time

from .. import agent, kernel
from ..locks import Auditors, HeldSet, LockTool, check_both_ways, check_no_double_ex
from ..network import cut_link, heal_link
from ..scenario import BOOTED, scenario
from ..testbed import check
from .membership import come_back

QUIET = 6  # how long nothing must happen after a fault: three heartbeats
# A node resets itself when it could not write for this long.
SELF_FENCE = (agent.THRESHOLD - 1) * 2
# O2CB's own verdict over a cut network: idle timeout of its connections, then its quorum delay.
NETWORK_VERDICT = 30 + 2 * (agent.THRESHOLD + 2)


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


def wait_reset(guest, timeout, since):
    guest.may_end = True
    guest.wait_end(timeout)
    return time.monotonic() - since


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


@scenario(start=BOOTED)
def paused_fenced(bed):
    """A machine is paused until it counts as dead, fence = command: it is switched off before others get its locks. Audited."""
    one, two, three = bed
    settings = {"fence": "command"}
    agent.set_up(bed, n1=settings, n2=settings, n3=settings)
    calm = Calm(bed, "a-fenced")
    waiting = calm.tools[0].command("lock inherit held0 EX")
    three.pause()
    paused = time.time()
    granted, _ = calm.tools[0].job.expect(" inherit granted EX", agent.DEAD_BY + 30, waiting)
    check(bed.fenced, "nobody was fenced")
    when, by, whom = bed.fenced[0]
    check(whom == 3, f"n{whom} was fenced by n{by}")
    check(when <= granted, "n3's lock was given away before n3 was off")
    check(len(bed.fenced) == 1, f"fenced more than once: {bed.fenced}")
    print(f"       n{by} has it switched off {when - paused:.1f} s after the pause", flush=True)
    calm.tools[0].unlock("inherit")
    calm.check_survivors(one, two)
    calm.check_return(three, settings=settings)


@scenario()
def disk_stalled_one(bed):
    """One machine's region stalls, briefly: nothing happens; for long: it resets itself, the others go on. Audited."""
    one, two, three = bed
    calm = Calm(bed, "a-stall")
    three.stall_disk("region-a")
    bed.sleep(SELF_FENCE - 6)
    three.let_disk_go("region-a")
    calm.check_undisturbed()
    began = time.monotonic()
    three.may_end = True
    three.stall_disk("region-a")
    print(f"       resets itself after {wait_reset(three, SELF_FENCE + 20, began):.1f} s", flush=True)
    calm.check_survivors(one, two)
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


@scenario()
def system_disks_stalled(bed):
    """The disks with the agents' program and state stall, their caches empty, and a node dies: the others go on. Audited."""
    one, two, three = bed
    calm = Calm(bed, "a-system", auditing=[one, two])
    for guest in (one, two):
        threads = "cat /proc/[0-9]*/task/[0-9]*/comm 2>/dev/null | grep -c lockstep-classe; true"
        bed.wait(f"the agent of {guest.name} has loaded its classes", lambda: guest.out(threads) == "0", 60)
        guest.run("sync")  # or a write of before is the one that is let through
        for disk, device in (("program", "/dev/vdf"), ("state", "/dev/vde")):
            guest.stall_disk(disk)
            guest.run(f"dd if={device} of=/dev/null bs=4096 count=1 iflag=direct 2>/dev/null")  # the one that is let through
        guest.run("echo 3 > /proc/sys/vm/drop_caches")
    three.power_off()
    calm.check_survivors(one, two)
    for guest in (one, two):
        guest.let_disk_go("program")
        guest.let_disk_go("state")
    calm.check_return(three)


@scenario()
def network_cut_one(bed):
    """One machine loses the network, briefly: nothing happens; for long: O2CB resets it, the others go on. Audited."""
    one, two, three = bed
    calm = Calm(bed, "a-cut")
    three.set_link(False)
    bed.sleep(10)
    three.set_link(True)
    calm.check_undisturbed()
    began = time.monotonic()
    three.may_end = True
    three.set_link(False)
    print(f"       O2CB resets it after {wait_reset(three, NETWORK_VERDICT + 30, began):.0f} s", flush=True)
    calm.check_survivors(one, two)
    calm.check_return(three)


@scenario()
def network_cut_link(bed):
    """Two machines of three lose sight of each other: nobody is reset; a change waits, names whom for, and then ends."""
    one, two, three = bed
    agent.join(bed, "a-link", *bed)
    audit = Auditors(bed, "a-link")
    audit.start(*bed)
    audit.wait_rounds(*bed)
    tools = [LockTool(guest, "a-link") for guest in (two, three)]
    cut_link(two, three)
    bed.sleep(NETWORK_VERDICT + 10)
    for guest in bed:
        check(guest.running(), f"{guest.name} was reset, though the cluster has a node that sees all")
    audit.kill(one)  # it may wait for a lock whose next holder cannot be told
    agent.finish(agent.ask_to_leave(one, "a-link"))
    for guest, other in ((two, three), (three, two)):
        nodes = agent.wait_reason(bed, guest, "a-link", "RECOVERY_RUNNING", "MEMBER_NOT_STOPPED", "SPLIT")
        check(other.number in nodes, f"{guest.name} names {nodes}, not {other.name}")
    heal_link(two, three)
    agent.wait_members(bed, "a-link", [two, three], 90)  # TCP tries again ever more rarely
    audit.wait_rounds(two, three)
    check_no_double_ex(tools)
    audit.check()


@scenario(start=BOOTED)
def network_cut_link_verdict(bed):
    """Two machines of three lose sight of each other, split-verdict-after = 15 s: the higher one resets itself. Audited."""
    one, two, three = bed
    settings = {"more": "split-verdict-after = 15 s"}
    agent.set_up(bed, n1=settings, n2=settings, n3=settings)
    calm = Calm(bed, "a-split", auditing=[one, two])
    mark = three.console.mark()
    three.may_end = True
    cut_link(two, three)
    cut = time.time()
    for guest in (one, two):
        nodes = agent.wait_reason(bed, guest, "a-split", "SPLIT")
        check(nodes == [3], f"{guest.name} says that {nodes} lose, not n3")
    told, _ = three.wait_console(r"lockstep: resetting this node: .*cut off", NETWORK_VERDICT, mark)
    three.wait_end(10)
    print(f"       the loser resets itself {told - cut:.1f} s after the cut", flush=True)
    check(all(guest.running() for guest in (one, two)), "a machine that goes on was reset, too")
    heal_link(two, three)
    calm.check_survivors(one, two)
    calm.check_return(three, settings=settings)


@scenario(leaves_clean=False)
def network_dead_switch(bed):
    """The switch dies, briefly: nothing happens; for long: O2CB resets machines, who lives or returns is one view. Audited."""
    calm = Calm(bed, "a-switch")
    for guest in bed:
        guest.set_link(False)
    bed.sleep(10)
    for guest in bed:
        guest.set_link(True)
    calm.check_undisturbed()
    for guest in bed:
        guest.may_end = True
        guest.set_link(False)
    bed.sleep(NETWORK_VERDICT + 20)
    lost = [guest for guest in bed if not guest.running()]
    print(f"       O2CB reset {[guest.name for guest in lost]}", flush=True)
    for guest in bed.live():
        guest.may_end = False
        guest.set_link(True)
    for guest in lost:
        guest.wait_end(1)
    if bed.live():
        agent.wait_members(bed, "a-switch", bed.live(), agent.DEAD_BY + 60)
    calm.check_return(*lost)


@scenario()
def clock_stepped(bed):
    """The wall clock of a machine is set a day forward, and then back to two days ago: nothing happens. Audited."""
    calm = Calm(bed, "a-clock")
    bed[2].set_clock(86400)
    calm.check_undisturbed()
    bed[2].set_clock(-2 * 86400)
    bed.sleep(agent.DEAD_BY)
    calm.check_undisturbed()
    agent.join(bed, "a-after", *bed)
    bed[2].set_clock()
    calm.check_undisturbed()
    calm.audit.check()


@scenario()
def agent_starved(bed):
    """An agent is stopped, then its machine's processor taken by real-time tasks: changes wait for it, by name. Audited."""
    one, two, three = bed
    calm = Calm(bed, "a-starve")
    agent.join(bed, "a-change", *bed)
    two.agent.kill(19)
    bed.sleep(agent.DEAD_BY)
    calm.check_undisturbed()
    agent.finish(agent.ask_to_leave(three, "a-change"))
    nodes = agent.wait_reason(bed, one, "a-change", "MEMBER_NOT_STOPPED")
    check(nodes == [2], f"n1 waits for {nodes}")
    two.agent.kill(18)
    agent.wait_members(bed, "a-change", [one, two])
    # Nineteen parts of twenty go to these, which is as much as the kernel gives.
    hogs = [two.spawn("exec timeout 25 chrt -f 50 sh -c 'while :; do :; done'") for _ in range(2)]
    agent.finish(agent.ask_to_join(three, "a-change"), 120)
    for hog in hogs:
        hog.wait(60)
    agent.wait_members(bed, "a-change", bed, 60)
    calm.check_undisturbed()
    calm.audit.check()


def agent_stopped(bed, fence):
    """n3's agent is stopped, with agent-dead-after = 30 s, while another node wants to leave a lockspace."""
    one, two, three = bed
    settings = {"fence": fence, "more": "agent-dead-after = 30 s"}
    agent.set_up(bed, n1=settings, n2=settings, n3=settings)
    calm = Calm(bed, "a-silent", auditing=[one, two])
    agent.join(bed, "a-change", *bed)
    three.agent.kill(19)
    three.may_end = True
    stopped = time.time()
    agent.finish(agent.ask_to_leave(two, "a-change"))
    nodes = agent.wait_reason(bed, one, "a-change", "AGENT_SILENT")
    check(nodes == [3], f"n1 calls {nodes} silent")
    return calm, settings, stopped


@scenario(start=BOOTED)
def agent_dead(bed):
    """An agent does not answer, fence = self: its node is told to go, and goes when the agent looks again. Audited."""
    one, two, three = bed
    calm, settings, stopped = agent_stopped(bed, "self")
    bed.wait("n1 tells n3 to go", lambda: re.search("node 3 under boot .* is out: MUST_GO", agent.log(one)), 90)
    check(three.running(), "n3 is gone, though nobody fences it")
    print(f"       told to go within {time.time() - stopped:.1f} s", flush=True)
    mark = three.console.mark()
    three.agent.kill(18)
    three.wait_console(r"lockstep: resetting this node: an evict record names this boot", 30, mark)
    three.wait_end(10)
    calm.check_survivors(one, two)
    agent.wait_members(bed, "a-change", [one])
    calm.check_return(three, settings=settings)


@scenario(start=BOOTED)
def agent_dead_fenced(bed):
    """An agent does not answer, fence = command: its machine is switched off, and the others go on. Audited."""
    one, two, three = bed
    calm, settings, stopped = agent_stopped(bed, "command")
    bed.wait("n3 is fenced", lambda: bed.fenced, 120)
    when, by, whom = bed.fenced[0]
    check(whom == 3, f"n{whom} was fenced by n{by}")
    print(f"       n{by} has it switched off {when - stopped:.1f} s after its agent's last word", flush=True)
    calm.check_survivors(one, two)
    agent.wait_members(bed, "a-change", [one])
    check(len(bed.fenced) == 1, f"fenced more than once: {bed.fenced}")
    calm.check_return(three, settings=settings)


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
