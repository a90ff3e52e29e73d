# SPDX-License-Identifier: Apache-2.0
"""The agent under test: its configuration, its life, and what a cluster of agents is asked to do and to say."""

import json
import os
import shlex
import subprocess

from . import kernel
from .testbed import NODES, REGION_A, REGION_B, Failed, check

UUID_A = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
UUID_B = "BBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBB"
# As short as the o2cb tools allow is 7. A node resets itself after 14 s without a write and counts as dead after 16 s
# without a sign, plus the margin of one period.
THRESHOLD = 8
DEAD_AFTER = THRESHOLD * 2
# How long a death may take to be acted on, with slow emulated machines and room for the margin.
DEAD_BY = DEAD_AFTER + 14

# Where "region format" puts the board of a raw region, and what each node has of it.
BOARD_OFFSET, BOARD_BLOCK = 2 << 20, 64 << 10

FENCES = {
    "self": "fence = self",
    "command": 'fence = command\nfence-command = [ /bed/fence, "{node}" ]\nfence-command-timeout = 30 s',
}

LOCKSTEP = "/opt/lockstep/bin/lockstep"
SOCKET = "/run/lockstep/admin.sock"


def config(guest, regions=(REGION_A, REGION_B), threshold=THRESHOLD, number=None, nodes=None, fence="self", more=""):
    """lockstep.conf of a guest. Lockspaces named a* are guarded by region A, b* by region B. more: further lines."""
    nodes = nodes or {n: f"10.77.0.{n}" for n in NODES}
    listed = "\n".join(
        f'  {{ number = {n}, name = n{n}, address = "{address}", port = 7777 }}' for n, address in nodes.items()
    )
    devices = ", ".join(f"{{ device = {device} }}" for device in regions)
    guards = [f'{{ lockspace = "a*", region = "{UUID_A}" }}'] if REGION_A in regions else []
    guards += [f'{{ lockspace = "b*", region = "{UUID_B}" }}'] if REGION_B in regions else []
    return f"""cluster-name = lockstep
node-name = n{number or guest.number}
nodes = [
{listed}
]
heartbeat = kernel
dead-threshold = {threshold}
regions = [ {devices} ]
guards = [ {", ".join(guards)} ]
{FENCES[fence]}
{more}
dlm {{ nodeid-offset = 0, port = 21064 }}
wake-ups {{ port = 21065 }}
"""


# Life


def set_up(bed, **per_guest):
    """Formats the regions and brings the agents up on all; n3={"threshold": 10} changes n3's settings."""
    format_on_host(bed)
    for guest in bed:
        configure(guest, **per_guest.get(guest.name, {}))
    for guest in bed:
        start(guest)
    wait_up(bed, bed)


def format_on_host(bed):
    """Formats the regions as files: the same bytes, and a JVM needs ten times as long in an emulated machine."""
    if not bed.product:
        raise Failed("there is no agent to test in src/target/lockstep")
    tool = os.path.join(bed.installed, "bin", "lockstep")
    for disk, uuid in (("region-a", UUID_A), ("region-b", UUID_B)):
        done = subprocess.run(
            [tool, "region", "format", bed.shared[disk], "--uuid", uuid], capture_output=True, text=True, timeout=60
        )
        check(done.returncode == 0, f"region format: {done.stdout}{done.stderr}")


def format_regions(bed):
    """Formats the regions from two of the nodes, as an administrator does."""
    jobs = [
        bed[number].spawn(f"{LOCKSTEP} region format {device} --uuid {uuid}")
        for number, device, uuid in ((1, REGION_A, UUID_A), (2, REGION_B, UUID_B))
    ]
    for job in jobs:
        finish(job)


def configure(guest, **settings):
    text = config(guest, **settings)
    guest.run(f"mkdir -p /etc/lockstep && printf '%s' {shlex.quote(text)} > /etc/lockstep/lockstep.conf")


def start(guest):
    """Starts the agent and returns at once."""
    guest.agent = guest.spawn(f"exec {LOCKSTEP} agent --config /etc/lockstep/lockstep.conf", log=guest.agent_log)


def log(guest):
    """What the guest's agents have said."""
    if not os.path.exists(guest.agent_log):
        return ""
    with open(guest.agent_log, encoding="utf-8", errors="replace") as file:
        return file.read()


def kill(guest):
    guest.agent.kill(9)


def wait_up(bed, guests, regions=(UUID_A, UUID_B), timeout=180):
    """The agent answers, and every kernel of these sees all of them heartbeat in each region.

    An emulated machine starts a JVM in ten seconds, three at once on a busy host in more than a minute.
    """
    numbers = sorted(guest.number for guest in guests)
    for guest in guests:
        bed.wait(f"the agent of {guest.name} answers", lambda: answers(guest), timeout, pause=0.5)
        for region in regions:
            bed.wait(
                f"{guest.name} sees {numbers} in {region[0]}",
                lambda: set(kernel.live_nodes(guest, region)) >= set(numbers),
                timeout, pause=0.2)  # fmt: skip


def answers(guest):
    if guest.agent and guest.agent.ended.is_set():
        raise Failed(f"the agent of {guest.name} ended with {guest.agent.code}")
    return guest.run(f"/bed/ask {SOCKET} '1 status json'", check=False).text.startswith("0 ")


def expect_idle(bed):
    """Leaves everything that is still joined; that alone must bring the cluster to rest, with all agents alive."""
    for guest in bed:
        for job in list(guest.jobs.values()):
            if job is not guest.agent and not job.ended.is_set():
                job.kill(9)
    bed.on_all(
        f"for l in $(ls {kernel.SYSFS} 2>/dev/null); do /bed/lockspace release $l force || exit 1; done", timeout=60
    )
    for guest in bed:
        check(not kernel.lockspaces(guest), f"{guest.name} is left with {kernel.lockspaces(guest)}")
        check(not guest.agent.ended.is_set(), f"the agent of {guest.name} ended with {guest.agent.code}")
        bed.wait(
            f"no lockspace of {guest.name} is left in configfs",
            lambda: guest.out(f"ls {kernel.CLUSTER}/spaces") == "", 10)  # fmt: skip


# Lockspaces


def ask_to_join(guest, lockspace):
    return guest.spawn(f"exec /bed/lockspace create {shlex.quote(lockspace)}")


def ask_to_leave(guest, lockspace):
    return guest.spawn(f"exec /bed/lockspace release {shlex.quote(lockspace)} force")


def finish(job, timeout=60):
    code = job.wait(timeout)
    if code is None:
        raise Failed(f"{job.guest.name}: not over within {timeout} s: {job.script}\n" + "\n".join(explain(job.guest)))
    check(code == 0, f"{job.guest.name}: {job.script}: {job.text()}")


def join(bed, lockspace, *guests, timeout=60):
    """Joins on all of these at once and waits until the lockspace has them, and nobody else, as members."""
    for job in [ask_to_join(guest, lockspace) for guest in guests]:
        finish(job, timeout)
    wait_members(bed, lockspace, guests)


def leave(bed, lockspace, *guests, timeout=60):
    for job in [ask_to_leave(guest, lockspace) for guest in guests]:
        finish(job, timeout)


def has_members(lockspace, guests):
    numbers = sorted(guest.number for guest in guests)
    return all(kernel.members(g, lockspace) == numbers and kernel.settled(g, lockspace) for g in guests)


def wait_members(bed, lockspace, guests, timeout=30):
    """Each kernel has exactly these members and has finished its recovery."""
    guests = list(guests)
    numbers = sorted(guest.number for guest in guests)
    bed.wait(f"{lockspace} has members {numbers} on each of them", lambda: has_members(lockspace, guests), timeout)


# Answers


def ask(guest, *words):
    """What the agent answers to a question ("ls", or "why" and a lockspace), as JSON."""
    text = guest.out(f"/bed/ask {SOCKET} {shlex.quote(' '.join(['1', words[0], 'json', *words[1:]]))}")
    head, _, body = text.partition("\n")
    check(head.startswith("0 "), f"{guest.name}: {' '.join(words)}: {head}")
    return json.loads(body)


def why(guest, lockspace):
    """What "lockstep why" prints."""
    return guest.out(f"/bed/ask {SOCKET} {shlex.quote(f'1 why text {lockspace}')}")


def reasons(guest, lockspace):
    """Names of the open reasons of a lockspace, with their nodes."""
    return {reason["code"]: reason["nodes"] for reason in ask(guest, "why", lockspace)["reasons"]}


def wait_reason(bed, guest, lockspace, *names, timeout=30):
    """Waits until one of these reasons is shown, and returns the nodes it names."""

    def shown():
        open_reasons = reasons(guest, lockspace)
        return next(([nodes] for name, nodes in open_reasons.items() if name in names), None)

    return bed.wait(f"{guest.name} names {' or '.join(names)} for {lockspace}", shown, timeout, pause=0.5)[0]


def board(bed, lockspace, region="region-a"):
    """(epoch, view) that each node's report on the board has for a lockspace, by node; read from the disk itself."""
    tool = os.path.join(bed.installed, "bin", "lockstep")
    dump = subprocess.run(
        [tool, "region", "dump", bed.shared[region], "--json"], capture_output=True, text=True, timeout=60
    )
    check(dump.returncode == 0, f"region dump: {dump.stderr}")
    found = {}
    for report in json.loads(dump.stdout)["reports"]:
        for entry in report.get("lockspaces", ()):
            if entry["name"] == lockspace:
                found[report["node"]] = (entry["epoch"], entry["digest"])
    return found


def epoch(bed, lockspace, guests, region="region-a"):
    """The one epoch that all of these report with one view."""
    numbers = {guest.number for guest in guests}

    def agreed():
        entries = {node: entry for node, entry in board(bed, lockspace, region).items() if node in numbers}
        return next(iter(entries.values()))[0] if set(entries) == numbers and len(set(entries.values())) == 1 else None

    # A report of the last step may still be on its way to the disk when the kernels are through.
    return bed.wait(f"one epoch and view of {lockspace} in the reports of {sorted(numbers)}", agreed, 10, pause=0.3)


def explain(guest):
    """What to print when something has failed; must not fail itself."""
    try:
        lines = []
        for lockspace in sorted(kernel.lockspaces(guest)):
            question = shlex.quote(f"1 why text {lockspace}")
            lines += guest.out(f"timeout 20 /bed/ask {SOCKET} {question} 2>&1", 30, check=False).splitlines()
        if not guest.agent:  # systemd's
            lines += guest.out("journalctl --no-pager -n 60 2>&1", 60, check=False).splitlines()
        return lines + kernel.sleepers(guest).splitlines()
    except Exception as failure:  # noqa: BLE001
        return [f"(no answer: {str(failure).splitlines()[0]})"]
