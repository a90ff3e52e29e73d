# SPDX-License-Identifier: Apache-2.0
"""Join, death, return and leave of one node."""

import json
import time

from .. import agent, kernel
from ..locks import Auditors, HeldSet, LockTool, check_both_ways, check_no_double_ex
from ..scenario import COLD, scenario
from ..testbed import check
from ..watch import Watch


@scenario(ci=True)
def join_three(bed):
    """dlm_tool join on three nodes: members 1 2 3 everywhere, one epoch and view, locks exclude each other."""
    for guest in bed:
        check(guest.run("pgrep -x 'corosync|dlm_controld'", check=False).code == 1, "the peer's daemons run")
    marks = bed.marks()
    bed.on_all("dlm_tool join a-join", timeout=90)
    agent.wait_members(bed, "a-join", bed)
    for guest in bed:
        check(kernel.recoveries(guest, "a-join", marks[guest.number]), f"{guest.name} logged no finished recovery")
    check(kernel.recover_status(bed[1], "a-join") == 0xFF, "the lowest node does not show ff")
    agent.epoch(bed, "a-join", bed)
    for guest in bed:
        # The command starts a JVM, so one of the three is asked by it and the others as it asks.
        said = json.loads(guest.out(f"{agent.LOCKSTEP} ls --json", 60)) if guest is bed[1] else agent.ask(guest, "ls")
        listed = {entry["name"]: entry for entry in said["lockspaces"]}
        members = [member["node"] for member in listed["a-join"]["members"]]
        check(members == [1, 2, 3], f"lockstep ls on {guest.name} lists {members}")
        check(not listed["a-join"]["reasons"], f"{guest.name} waits for {listed['a-join']['reasons']}")
    tools = [LockTool(guest, "a-join") for guest in bed]
    check_both_ways(tools, "r")
    check_no_double_ex(tools)
    for tool in tools:
        tool.close()
    bed.on_all("dlm_tool leave a-join", timeout=60)


@scenario(start=COLD, ci=True)
def kill_and_return(bed):
    """Power cut of a node: the others go on no sooner than it is dead; it returns under a higher epoch. Audited."""
    one, two, three = bed
    agent.join(bed, "a-kill", *bed)
    tools = {guest: LockTool(guest, "a-kill") for guest in bed}
    audit = Auditors(bed, "a-kill")
    audit.start(*bed)
    kept = HeldSet(tools[one])
    check(tools[three].lock("held", "of-the-dead") == "granted EX", "n3 gets no lock")
    waiting = tools[one].command("lock inherit of-the-dead EX")
    bed.wait("audited rounds", lambda: min(audit.rounds(guest) for guest in bed) > 20, 60)
    first = agent.epoch(bed, "a-kill", bed)
    stamps = {guest: kernel.comm_stamp(guest, 3) for guest in (one, two)}
    watches = [Watch(guest, "a-kill") for guest in (one, two)]
    marks = bed.marks()

    killed = time.time()
    three.power_off()
    agent.wait_members(bed, "a-kill", [one, two], agent.DEAD_BY)
    for guest in (one, two):
        began = kernel.recovery_starts(guest, "a-kill", marks[guest.number])
        check(began and began[0] - killed >= agent.DEAD_AFTER, f"{guest.name} recovered {began[0] - killed:.1f} s after the power cut")
    for watch in watches:
        check_order_after_death(watch, 3)
    granted, _ = tools[one].job.expect(r" inherit granted EX", 10, waiting)
    check(granted - killed >= agent.DEAD_AFTER, f"n3's lock was given away {granted - killed:.1f} s after its power cut")
    kept.check_kept(tools[two])
    second = agent.epoch(bed, "a-kill", [one, two])
    check(second > first, f"epoch {second} after {first}")
    before = audit.rounds(two)
    bed.wait("the audit goes on without n3", lambda: audit.rounds(two) > before + 10, 30)

    come_back(bed, three)
    agent.finish(agent.ask_to_join(three, "a-kill"))
    agent.wait_members(bed, "a-kill", bed)
    check(agent.epoch(bed, "a-kill", bed) > second, "n3 came back without a higher epoch")
    for guest in (one, two):
        stamp = kernel.comm_stamp(guest, 3)
        check(stamp and stamp != stamps[guest], f"{guest.name} kept comms/3 over n3's reboot")
    audit.start(three)
    before = audit.rounds(three)
    bed.wait("the audit goes on with n3", lambda: audit.rounds(three) > before + 10, 30)
    tools[one].unlock("inherit")
    tools[three] = LockTool(three, "a-kill")
    kept.check_kept(tools[two], tools[three])
    kept.drop()
    check_both_ways(list(tools.values()), "again")
    check_no_double_ex(list(tools.values()))
    audit.check()


def check_order_after_death(watch, dead):
    """Stop, then the dead node's comm and membership go, in this order, then start; nothing else is stopped or started."""
    done = watch.operations()
    check(done.count("control") == 2, f"{watch.guest.name}: not one stop and one start: {done}")
    stop, start = (i for i, operation in enumerate(done) if operation == "control")
    for gone in (f"rmdir comms/{dead}", f"rmdir nodes/{dead}"):
        check(gone in done and stop < done.index(gone) < start, f"{watch.guest.name}: {gone} not between stop and start: {done}")


def come_back(bed, *guests, settings=None):
    """Boots machines that were off and starts their agents."""
    for guest in guests:
        guest.start()
    for guest in guests:
        guest.wait_ready()
        agent.configure(guest, **(settings or {}))
        agent.start(guest)
    agent.wait_up(bed, bed.live())


@scenario(ci=True)
def leave_and_rejoin(bed):
    """A node leaves: the others keep its comm and go on; it rejoins, then leaves and rejoins at once: no ghost locks."""
    one, two, three = bed
    agent.join(bed, "a-leave", *bed)
    tools = [LockTool(one, "a-leave"), LockTool(two, "a-leave")]
    kept = HeldSet(tools[0])
    stamps = {guest: kernel.comm_stamp(guest, 3) for guest in (one, two)}
    marks = bed.marks()

    agent.leave(bed, "a-leave", three)
    agent.wait_members(bed, "a-leave", [one, two])
    for guest in (one, two):
        check(len(kernel.recoveries(guest, "a-leave", marks[guest.number])) == 1, f"{guest.name} did not recover exactly once")
        check(kernel.comm_stamp(guest, 3) == stamps[guest], f"{guest.name} treated a leave as a death: comms/3 is gone or new")
    check_both_ways(tools, "without-three")

    agent.finish(agent.ask_to_join(three, "a-leave"))
    agent.wait_members(bed, "a-leave", bed)
    old = LockTool(three, "a-leave")
    check(old.lock("ghost", "ghost") == "granted EX", "n3 gets no lock after its return")
    old.job.kill()  # not unlocked in peace: the leave itself must end the lock
    before = agent.epoch(bed, "a-leave", bed)

    # In one script: the second join comes sooner than anybody can have read the board in between.
    agent.finish(three.spawn("/bed/lockspace release a-leave force && exec /bed/lockspace create a-leave"))
    agent.wait_members(bed, "a-leave", bed)
    check(agent.epoch(bed, "a-leave", bed) > before, "leave and rejoin left the epoch as it was")
    check(tools[0].lock("ghost", "ghost", noqueue=True) == "granted EX", "a lock outlived the leave of its holder")
    tools[0].unlock("ghost")
    tools.append(LockTool(three, "a-leave"))
    kept.check_kept(*tools[1:])
    kept.drop()
    check_both_ways(tools, "at-last")
    check_no_double_ex(tools)
