# SPDX-License-Identifier: Apache-2.0
"""What administrators, hardware and other programs get wrong."""

import os
import shutil
import time

from .. import agent, kernel
from ..locks import HeldSet, LockTool, check_both_ways, check_no_double_ex
from ..scenario import BOOTED, scenario
from ..testbed import Failed, check
from .membership import come_back


HEARTBEAT = "/sys/kernel/config/cluster/lockstep/heartbeat/*/"


def check_undisturbed(bed, lockspace, guests, marks):
    for guest in guests:
        check(guest.running(), f"{guest.name} is gone")
        check(not kernel.recovery_starts(guest, lockspace, marks[guest.number]), f"{guest.name} recovered {lockspace}")
    agent.wait_members(bed, lockspace, guests)
    tools = [LockTool(guest, lockspace) for guest in guests]
    check_no_double_ex(tools)
    for tool in tools:
        tool.close()


@scenario(start=BOOTED)
def bad_threshold(bed):
    """A node with another dead threshold cannot join, and is told which setting; the others are not disturbed."""
    one, two, three = bed
    agent.set_up(bed, n3={"threshold": agent.THRESHOLD + 2})
    agent.join(bed, "a-equal", one, two)
    marks = bed.marks()
    job = agent.ask_to_join(three, "a-equal")
    code = job.wait(10)  # refused, or waiting with a reason: both are right, joining is not
    check(code != 0, "n3 joined with another dead threshold")
    if code is None:
        agent.wait_reason(bed, three, "a-equal", "SETTINGS_DIFFER")
        text = three.out(f"{agent.LOCKSTEP} why a-equal", 60)
    else:
        text = agent.log(three)
    check("dead-threshold" in text, f"the setting is not named: {text[-500:]}")
    check_undisturbed(bed, "a-equal", [one, two], marks)


@scenario(start=BOOTED)
def bad_duplicate_number(bed):
    """A second machine with a number that is in use is told so and writes nothing; the rightful one keeps its locks."""
    one, two, three = bed
    agent.format_regions(bed)
    for guest in (one, two):
        agent.configure(guest)
        agent.start(guest)
    agent.wait_up(bed, [one, two])
    agent.join(bed, "a-number", one, two)
    kept = HeldSet(LockTool(two, "a-number"))
    marks = bed.marks()
    agent.configure(three, number=2, nodes={1: "10.77.0.1", 2: "10.77.0.3"})
    agent.start(three)
    code = three.agent.wait(120)
    check(code not in (None, 0), "the second n2's agent runs" if code is None else "the second n2's agent reports no error")
    said = agent.log(three)
    check("number 2" in said and ("region " + agent.UUID_A in said or "region " + agent.UUID_B in said), f"not named: {said[-500:]}")
    check(three.out(f"ls {HEARTBEAT} 2>/dev/null", check=False) == "", "the second n2's kernel has a region")
    bed.sleep(agent.DEAD_BY)  # longer than a machine lives whose slot somebody else writes
    check_undisturbed(bed, "a-number", [one, two], marks)
    kept.check_kept(LockTool(one, "a-number"))


@scenario(start=BOOTED)
def bad_disk_not_shared(bed):
    """Another disk under the region's name: the node that has it cannot join, and both sides say why."""
    one, two, three = bed
    agent.format_regions(bed)
    three.power_off()
    copy = os.path.join(bed.run_dir, "region-a-copy.disk")
    shutil.copyfile(bed.shared["region-a"], copy)
    three.disks = {"region-a": copy}
    three.start()
    three.wait_ready()
    for guest in bed:
        agent.configure(guest)
        agent.start(guest)
    agent.wait_up(bed, [one, two])
    agent.wait_up(bed, [three])
    agent.join(bed, "b-shared", *bed)  # region B is one disk for all
    agent.ask_to_join(one, "a-other")
    bed.sleep(8)
    other = agent.ask_to_join(three, "a-other")
    bed.sleep(8)
    joined = [kernel.members(guest, "a-other") for guest in (one, three) if kernel.settled(guest, "a-other")]
    check(len(joined) < 2, f"two nodes on two disks both started: {joined}")
    check(other.wait(1) != 0, "n3 joined on a disk of its own")
    nodes = agent.wait_reason(bed, three, "a-other", "DISK_NOT_SHARED")
    check(1 in nodes, f"the reason names {nodes}, not n1")


@scenario()
def bad_uevents(bed):
    """Garbage, overlong and forged uevents change nothing."""
    agent.join(bed, "a-events", *bed)
    marks = bed.marks()
    bed.on_all("""/bed/uevents garbage 300 && /bed/uevents long
        /bed/uevents forge offline a-events; /bed/uevents forge online a-forged; /bed/uevents forge remove a-events""")
    bed.sleep(6)
    for guest in bed:
        check(not guest.agent.ended.is_set(), f"the agent of {guest.name} ended")
    check_undisturbed(bed, "a-events", list(bed), marks)
    agent.leave(bed, "a-events", bed[3])
    agent.wait_members(bed, "a-events", [bed[1], bed[2]])


@scenario()
def bad_uevent_flood(bed):
    """A hundred thousand uevents of others and more, and joins and leaves among them: all of them complete."""
    # The agent has the kernel's events in any case; udevd's rules for each would take an emulated processor minutes.
    bed.on_all("udevadm control --stop-exec-queue; rm -f /tmp/enough")
    flood = [guest.spawn("exec /bed/uevents flood 100000 /tmp/enough") for guest in bed]
    began = time.monotonic()
    for index in range(3):
        agent.join(bed, f"a-flood{index}", *bed, timeout=180)  # on one emulated processor beside the flood
    for index in range(3):
        agent.leave(bed, f"a-flood{index}", *bed, timeout=180)
    check(not any(job.ended.is_set() for job in flood), "the flood did not last over the joins and leaves")
    bed.on_all("touch /tmp/enough")
    for job in flood:
        check(job.wait(120) == 0, f"{job.guest.name}: the flood failed: {job.text()}")
    counts = [int(job.text()) for job in flood]
    lost = [agent.ask(guest, "status")["uevents"]["lost"] for guest in bed]
    print(f"       {min(counts)} to {max(counts)} events in {time.monotonic() - began:.0f} s, losses told {lost}", flush=True)
    # A new udevd, for the old one would work off what it has queued.
    bed.on_all("kill -9 $(pgrep -x systemd-udevd); /lib/systemd/systemd-udevd --daemon >/dev/null 2>&1")
    agent.join(bed, "a-after", *bed)


@scenario()
def bad_device_gone(bed):
    """A region's device disappears under a node: that node resets itself, the others go on when it is dead."""
    one, two, three = bed
    agent.join(bed, "a-device", *bed)
    tools = [LockTool(guest, "a-device") for guest in bed]
    check(tools[2].lock("keep", "kept") == "granted EX", "n3 gets no lock")
    waiting = tools[0].command("lock inherit kept EX")
    three.may_end = True
    three.remove_disk("disk1")
    three.wait_end(90)
    check(not tools[0].answered("inherit", waiting), "n3's lock was given away before n3 was gone")
    agent.wait_members(bed, "a-device", [one, two], agent.DEAD_BY)
    tools[0].job.expect(" inherit granted EX", 10, waiting)
    tools[0].unlock("inherit")
    check_both_ways(tools[:2], "r")
    come_back(bed, three)
    agent.finish(agent.ask_to_join(three, "a-device"))
    agent.wait_members(bed, "a-device", bed)


# The longest the kernel takes, and what is special to a shell, a format string, JSON, configuration, or a path.
STRANGE_NAMES = ["a" * 64, "a b", 'a"b', "a'b", "a$(b)", "a%s%n", "a\\b", "a;b", "a,b=c", "aé", "a..", "a<b>&", "a\tb", "a*?[", "a!b"]


@scenario()
def bad_names(bed):
    """Lockspace names of full length and strange ones: joined and left, or refused, but never left hanging."""
    done = {}
    for name in STRANGE_NAMES:
        jobs = [agent.ask_to_join(guest, name) for guest in (bed[1], bed[2])]
        codes = []
        for job in jobs:
            code = job.wait(45)
            if code is None:
                raise Failed(f"the join of {name!r} hangs on {job.guest.name}")
            codes.append(code)
        check(len(set(codes)) == 1, f"{name!r}: one node joined, the other was refused: {[j.text() for j in jobs]}")
        done[name] = codes[0] == 0
        if done[name]:
            agent.leave(bed, name, bed[1], bed[2])
    check(done["a" * 64], "a name of 64 characters is refused")
    check(done["a!b"], "'a!b' is refused, which sysfs also shows for 'a/b'")
    # A slash cannot be a directory in configfs: refused, at once, and counted.
    job = agent.ask_to_join(bed[1], "a/b")
    check(job.wait(45) is not None, "the join of 'a/b' hangs")
    check(job.text().startswith("error 22 "), f"the answer to the join of 'a/b': {job.text()}")
    counts = agent.ask(bed[1], "status")["uevents"]
    check(counts["refused"] == 1, f"'a/b' is not counted: {counts}")
    # Asked for while no agent runs: its successor finds the directory, which tells half of the name only.
    agent.kill(bed[1])
    bed[1].agent.wait(10)
    job = agent.ask_to_join(bed[1], "a/b")
    bed.wait("the join waits in the kernel", lambda: "dlm_new_lockspace" in kernel.sleepers(bed[1]), 10)
    agent.start(bed[1])
    check(job.wait(90) is not None, "the join of 'a/b' from before the agent's start hangs")
    check(job.text().startswith("error 22 "), f"the answer to the join of 'a/b' after the agent's start: {job.text()}")
    # Without a guard: refused, with the reason in the log.
    job = agent.ask_to_join(bed[1], "unguarded")
    check(job.wait(45) not in (None, 0), "a lockspace without a guard was not refused")
    agent.join(bed, "a-after", bed[1], bed[2])
    print(f"       refused: {[name for name, joined in done.items() if not joined]}", flush=True)
