# SPDX-License-Identifier: Apache-2.0
"""Many lockspaces, and more than one machine at once."""

import time

from .. import agent, kernel
from ..hold import HeldStop
from ..locks import Auditors, HeldSet, LockTool, check_no_double_ex
from ..scenario import BOOTED, scenario
from ..testbed import BedError, check
from .membership import come_back


@scenario(leaves_clean=False, ci=True)
def twenty_lockspaces(bed):
    """A death with twenty lockspaces, one of which hangs in its stop: the others recover without it. Audited."""
    one, two, three = bed
    names = [f"a{i:02}" for i in range(19)]
    # The hanging one is n1's and n2's. Were n3 its member, n2 could not remove n3's comm, and would have to wait.
    held = HeldStop(two, "a-stuck", lambda: agent.join(bed, "a-stuck", one, two))
    for guest in bed:
        guest.joins = guest.spawn(f"for l in {' '.join(names)}; do /bed/lockspace create $l || exit 1; done")
    for guest in bed:
        agent.finish(guest.joins, 120)
    for name in names:
        agent.wait_members(bed, name, bed)
    audit = Auditors(bed, names[-1])
    audit.start(*bed)
    bed.wait("audited rounds", lambda: min(audit.rounds(guest) for guest in bed) > 10, 60)

    held.hold()
    leaving = agent.ask_to_leave(one, "a-stuck")
    bed.wait("n2's stop of a-stuck hangs", held.blocks, 20)
    marks = bed.marks()
    killed = time.time()
    three.power_off()
    times = []
    for guest in (one, two):
        for name in names:
            when, _ = guest.wait_console(rf"dlm: {name}: dlm_recover \d+ generation \d+ done", agent.DEAD_BY, marks[guest.number])
            times.append(when - killed)
    check(held.blocks(), "a-stuck does not hang any more")
    print(f"       nineteen recovered {min(times):.1f} to {max(times):.1f} s after the power cut", flush=True)
    check(min(times) >= agent.DEAD_AFTER, f"recovered after {min(times):.1f} s")
    check(max(times) - min(times) < 6, f"the first was ready {max(times) - min(times):.1f} s before the last")
    for name in names:
        agent.wait_members(bed, name, [one, two])
    held.release()
    agent.finish(leaving)
    agent.wait_members(bed, "a-stuck", [two])
    before = audit.rounds(one)
    bed.wait("the audit goes on", lambda: audit.rounds(one) > before + 10, 30)
    audit.check()


@scenario()
def two_killed(bed):
    """Power cut of two nodes of three at once: the third goes on alone, no sooner than both are dead. Audited."""
    one, two, three = bed
    agent.join(bed, "a-two", *bed)
    audit = Auditors(bed, "a-two")
    audit.start(*bed)
    bed.wait("audited rounds", lambda: min(audit.rounds(guest) for guest in bed) > 10, 60)
    mark = one.console.mark()
    killed = time.time()
    two.power_off()
    three.power_off()
    agent.wait_members(bed, "a-two", [one], agent.DEAD_BY)
    began = kernel.recovery_starts(one, "a-two", mark)[0]
    check(began - killed >= agent.DEAD_AFTER, f"n1 recovered {began - killed:.1f} s after the power cut")
    before = audit.rounds(one)
    bed.wait("the audit goes on", lambda: audit.rounds(one) > before + 10, 30)
    come_back(bed, two, three)
    for job in [agent.ask_to_join(guest, "a-two") for guest in (two, three)]:
        agent.finish(job)
    agent.wait_members(bed, "a-two", bed)
    check_no_double_ex([LockTool(guest, "a-two") for guest in bed])
    audit.check()


@scenario(start=BOOTED)
def fast_reboot(bed):
    """A node reboots faster than it could be declared dead: its old life's locks go, its new life's work. Audited."""
    one, two, three = bed
    # The default threshold: emulated machines do not boot within the short one of the other scenarios.
    settings = {"threshold": 31}
    agent.set_up(bed, n1=settings, n2=settings, n3=settings)
    agent.join(bed, "a-fast", *bed)
    tool = LockTool(three, "a-fast")
    check(tool.lock("old", "of-the-old-life") == "granted EX", "n3 gets no lock")
    kept = HeldSet(LockTool(one, "a-fast"))
    audit = Auditors(bed, "a-fast")
    audit.start(*bed)
    bed.wait("audited rounds", lambda: min(audit.rounds(guest) for guest in bed) > 10, 60)
    stamps = {guest: kernel.comm_stamp(guest, 3) for guest in (one, two)}
    killed = time.monotonic()
    three.power_off()
    come_back(bed, three, settings=settings)
    seconds = time.monotonic() - killed
    print(f"       n3 beats again {seconds:.1f} s after its power cut", flush=True)
    if seconds > 62:
        raise BedError("this host is too slow for a fast reboot")
    agent.finish(agent.ask_to_join(three, "a-fast"))
    agent.wait_members(bed, "a-fast", bed)
    for guest in (one, two):
        check(kernel.comm_stamp(guest, 3) not in ("", stamps[guest]), f"{guest.name} kept comms/3 over n3's reboot")
    tools = [LockTool(guest, "a-fast") for guest in bed]
    check(tools[0].lock("old", "of-the-old-life", noqueue=True) == "granted EX", "a lock outlived the reboot of its holder")
    tools[0].unlock("old")
    kept.check_kept(*tools)
    check_no_double_ex(tools)
    audit.start(three)
    before = audit.rounds(three)
    bed.wait("the audit goes on with n3", lambda: audit.rounds(three) > before + 10, 30)
    audit.check()


@scenario(ci=True)
def power_cut_of_all(bed):
    """Power cut of all three, one stays off: the two others come back by themselves, and take it in later. Audited."""
    one, two, three = bed
    agent.join(bed, "a-dark", *bed)
    audit = Auditors(bed, "a-dark")
    audit.start(*bed)
    bed.wait("audited rounds", lambda: min(audit.rounds(guest) for guest in bed) > 10, 60)
    first = agent.epoch(bed, "a-dark", bed)
    for guest in bed:
        guest.power_off()
    come_back(bed, one, two)
    for job in [agent.ask_to_join(guest, "a-dark") for guest in (one, two)]:
        agent.finish(job, 90)
    agent.wait_members(bed, "a-dark", [one, two])
    check(agent.epoch(bed, "a-dark", [one, two]) > first, "the epoch fell over the power cut")
    check_no_double_ex([LockTool(guest, "a-dark") for guest in (one, two)])
    audit.start(one, two)
    before = audit.rounds(two)
    bed.wait("the audit goes on", lambda: audit.rounds(two) > before + 10, 30)
    audit.check()
    come_back(bed, three)
    agent.finish(agent.ask_to_join(three, "a-dark"))
    agent.wait_members(bed, "a-dark", bed)
