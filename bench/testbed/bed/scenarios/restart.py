# SPDX-License-Identifier: Apache-2.0
"""Death and restart of agents, whose nodes live on."""

from .. import agent, kernel
from ..hold import HeldStop
from ..locks import Auditors, HeldSet, LockTool, check_both_ways, check_no_double_ex
from ..scenario import scenario
from ..testbed import check

QUIET = 6  # how long nothing must happen after a restart: three heartbeats


class StatusProbe:
    """Reads recover_status without a pause, for a stop may be over in milliseconds."""

    def __init__(self, guest, lockspace):
        self.guest = guest
        self.job = guest.spawn(
            f"while read -r s < {kernel.SYSFS}/{lockspace}/recover_status; do [ $s = 0 ] && echo STOPPED; sleep 0.01; done"
        )

    def check_never_stopped(self):
        self.job.kill()
        check("STOPPED" not in self.job.text(), f"{self.guest.name}: the lockspace was stopped")


def restart(bed, *guests):
    for guest in guests:
        guest.agent.wait(10)
        agent.start(guest)
    agent.wait_up(bed, bed.live())


@scenario(ci=True)
def agent_restart(bed):
    """SIGKILL of an agent under a held lock, and its restart: no kernel stops or recovers, the lock stays held."""
    one, two, three = bed
    agent.join(bed, "a-restart", *bed)
    tools = [LockTool(guest, "a-restart") for guest in bed]
    check(tools[1].lock("keep", "kept") == "granted EX", "n2 gets no lock")
    before = agent.epoch(bed, "a-restart", bed)
    probes = [StatusProbe(guest, "a-restart") for guest in bed]
    marks = bed.marks()

    agent.kill(two)
    bed.sleep(2)
    check(tools[2].lock("meanwhile", "free") == "granted EX", "no lock is granted while an agent is dead")
    restart(bed, two)
    bed.sleep(QUIET)

    for guest in bed:
        check(not kernel.recovery_starts(guest, "a-restart", marks[guest.number]), f"{guest.name} recovered for nothing")
    for probe in probes:
        probe.check_never_stopped()
    check(tools[0].lock("keep", "kept", noqueue=True) == "eagain", "n2's lock was lost over the restart of its agent")
    check(agent.epoch(bed, "a-restart", bed) == before, "the restart opened an epoch")
    tools[1].unlock("keep")
    tools[2].unlock("meanwhile")
    check_both_ways(tools, "after")


@scenario()
def agent_restart_join(bed):
    """A join that is asked for while the agent is dead completes after its restart."""
    one, two, three = bed
    agent.join(bed, "a-late", one, three)
    kept = HeldSet(LockTool(one, "a-late"))
    agent.kill(two)
    two.agent.wait(10)
    late = agent.ask_to_join(two, "a-late")
    bed.wait("the join waits in the kernel", lambda: "dlm_new_lockspace" in kernel.sleepers(two), 10)
    restart(bed, two)
    agent.finish(late)
    agent.wait_members(bed, "a-late", bed)
    tools = [LockTool(guest, "a-late") for guest in bed]
    kept.check_kept(*tools)
    check_no_double_ex(tools)


@scenario()
def agent_restart_leave(bed):
    """A leave that is asked for while the agent is dead completes after its restart."""
    one, two, three = bed
    agent.join(bed, "a-gone", *bed)
    kept = HeldSet(LockTool(one, "a-gone"))
    agent.kill(two)
    two.agent.wait(10)
    gone = agent.ask_to_leave(two, "a-gone")
    bed.wait("the leave waits in the kernel", lambda: "dlm_release_lockspace" in kernel.sleepers(two), 10)
    restart(bed, two)
    agent.finish(gone)
    agent.wait_members(bed, "a-gone", [one, three])
    # Both answers were given once: the next wait must not pass unanswered.
    agent.finish(agent.ask_to_join(two, "a-gone"))
    agent.wait_members(bed, "a-gone", bed)
    tools = [LockTool(guest, "a-gone") for guest in bed]
    kept.check_kept(*tools)
    check_no_double_ex(tools)


@scenario()
def agent_restart_blocked(bed):
    """SIGKILL of an agent whose stop hangs in the kernel: the next one takes over when the write has returned."""
    one, two, three = bed
    held = HeldStop(two, "a-stuck", lambda: agent.join(bed, "a-stuck", *bed))
    kept = HeldSet(LockTool(one, "a-stuck"))
    held.hold()
    leaving = agent.ask_to_leave(three, "a-stuck")
    bed.wait("n2's stop hangs", held.blocks, 20)
    agent.kill(two)
    agent.start(two)
    bed.sleep(4)
    check(held.blocks(), "the stop did not outlive the SIGKILL")
    check(not kernel.settled(one, "a-stuck"), "n1 started although n2 has not stopped")
    held.release()
    agent.finish(leaving)
    agent.wait_up(bed, bed)
    agent.wait_members(bed, "a-stuck", [one, two])
    tools = [LockTool(guest, "a-stuck") for guest in (one, two)]
    kept.check_kept(*tools)
    check_no_double_ex(tools)


@scenario()
def all_agents_killed(bed):
    """SIGKILL of all three agents at once, under an audit: nothing stops, and afterwards changes work as before."""
    one, two, three = bed
    agent.join(bed, "a-all", *bed)
    audit = Auditors(bed, "a-all")
    audit.start(*bed)
    before = agent.epoch(bed, "a-all", bed)
    marks = bed.marks()
    for guest in bed:
        agent.kill(guest)
    bed.sleep(2)
    restart(bed, *bed)
    bed.sleep(QUIET)
    for guest in bed:
        check(not kernel.recovery_starts(guest, "a-all", marks[guest.number]), f"{guest.name} recovered for nothing")
    check(agent.epoch(bed, "a-all", bed) == before, "the restart opened an epoch")
    audit.check()
    agent.leave(bed, "a-all", three)
    agent.wait_members(bed, "a-all", [one, two])
