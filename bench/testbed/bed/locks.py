# SPDX-License-Identifier: Apache-2.0
"""Programs in the guests that use locks, and the checks of what they saw."""

import os
import re

from .testbed import DATA, check


class LockTool:
    """A locktool process attached to one lockspace on one guest.

    It must be closed before its guest can leave the lockspace: the kernel's release waits for open devices.
    """

    def __init__(self, guest, lockspace):
        self.guest, self.lockspace = guest, lockspace
        self.job = guest.spawn(f"exec /bed/locktool attach '{lockspace}'")
        self.job.expect("attached", 20)

    def command(self, text):
        """Sends a command; returns the mark from which its answers come."""
        mark = self.job.output.mark()
        self.job.send(text + "\n")
        return mark

    def lock(self, tag, resource, mode="EX", noqueue=False, timeout=15):
        """Asks for a lock and returns its answer: 'granted EX', 'eagain' and so on."""
        mark = self.command(f"lock {tag} {resource} {mode}" + (" noqueue" if noqueue else ""))
        return self.answer(tag, mark, timeout)

    def convert(self, tag, mode, noqueue=False, timeout=15):
        return self.answer(tag, self.command(f"convert {tag} {mode}" + (" noqueue" if noqueue else "")), timeout)

    def unlock(self, tag, timeout=15):
        return self.answer(tag, self.command(f"unlock {tag}"), timeout)

    def answer(self, tag, mark, timeout=15):
        return self.job.expect(rf"^\S+ {re.escape(tag)} (.*)$", timeout, mark)[1][1]

    def answered(self, tag, mark):
        """Whether an answer has come, without waiting."""
        return any(re.search(rf"^\S+ {re.escape(tag)} ", line) for _, line in self.job.output.since(mark))

    def close(self):
        self.job.close_input()
        self.job.wait(20)


def check_both_ways(tools, name, timeout=20):
    """Each node takes an EX lock that another has just let go of, and is refused one that another holds."""
    for holder in tools:
        check(holder.lock("w", name, timeout=timeout) == "granted EX", f"{holder.guest.name} gets no EX on {name}")
        for other in tools:
            if other is not holder:
                answer = other.lock("w", name, noqueue=True, timeout=timeout)
                check(answer == "eagain", f"{holder.guest.name} holds {name}, yet {other.guest.name} is told: {answer}")
        holder.unlock("w")


def check_no_double_ex(tools, prefix="x", count=64):
    """All nodes ask for EX NOQUEUE on the same resources at once and keep what they get: each goes to exactly one."""
    marks = [tool.command(f"exset {prefix} {count}") for tool in tools]
    owners, silent = {}, {}
    for tool, mark in zip(tools, marks, strict=True):
        granted, unanswered = exset_answer(tool, mark)
        for index in granted:
            owners.setdefault(index, []).append(tool.guest.name)
        if unanswered:
            silent[tool.guest.name] = sorted(unanswered)
    for tool in tools:
        exset_drop(tool)
    doubled = {index: names for index, names in owners.items() if len(names) > 1}
    check(not doubled, f"EX held by more than one node at once: {doubled}")
    check(not silent, f"lock requests without an answer: {silent}")
    check(len(owners) == count, f"{count - len(owners)} of {count} free resources were granted to nobody")


def exset_answer(tool, mark):
    granted, unanswered = tool.job.expect(r"^\S+ exset exset(.*) \?(.*)$", 30, mark)[1].groups()
    return set(map(int, granted.split())), set(map(int, unanswered.split()))


def exset_drop(tool):
    tool.job.expect(r"^\S+ exset dropped", 30, tool.command("exdrop"))


class HeldSet:
    """EX locks that one node holds over a change of membership; the mistakes of a change show in such, not in new ones."""

    def __init__(self, tool, prefix="held", count=64):
        self.tool, self.prefix, self.count = tool, prefix, count
        granted, _ = exset_answer(tool, tool.command(f"exset {prefix} {count}"))
        check(len(granted) == count, f"{tool.guest.name} got {len(granted)} of {count} free locks")

    def check_kept(self, *others):
        for other in others:
            granted, unanswered = exset_answer(other, other.command(f"exset {self.prefix} {self.count}"))
            exset_drop(other)
            check(not granted, f"{self.tool.guest.name} holds EX on {self.prefix}*, yet {other.guest.name} got {sorted(granted)}")
            check(not unanswered, f"{other.guest.name} got no answer for {self.prefix} {sorted(unanswered)}")

    def drop(self):
        exset_drop(self.tool)


SECTOR = 512
HISTORY = 65536  # sectors that say who wrote which value
TRAIL = 262144  # sectors of each node's log


class Auditors:
    """Auditor processes on some guests, all on one lockspace and one counter."""

    def __init__(self, bed, lockspace, locking=True):
        self.bed, self.lockspace, self.locking = bed, lockspace, locking
        self.disk = bed.shared["data"]
        self.jobs = {}
        # Every audit starts at zero.
        size = os.path.getsize(self.disk)
        os.truncate(self.disk, 0)
        os.truncate(self.disk, size)

    def start(self, *guests):
        for guest in guests:
            option = "" if self.locking else " --no-locks"
            self.jobs[guest.number] = guest.spawn(f"exec /bed/auditor '{self.lockspace}' {DATA} {guest.number}{option}")
        for guest in guests:
            self.jobs[guest.number].expect("auditing", 20)

    def trail(self, guest):
        """What a node's auditors have logged, in its order: (what, value)."""
        with open(self.disk, "rb") as disk:
            disk.seek((1 + HISTORY + guest.number * TRAIL) * SECTOR)
            while (entry := disk.read(SECTOR)) and entry[0]:
                what, value, _ = entry.rstrip(b"\0").decode().split()
                yield what, int(value)

    def rounds(self, guest):
        return sum(what == "done" for what, _ in self.trail(guest))

    def wait_rounds(self, *guests, more=10, timeout=60):
        """Waits until each of these has done some more rounds."""
        before = {guest: self.rounds(guest) for guest in guests}
        for guest in guests:
            self.bed.wait(
                f"audited rounds of {guest.name}", lambda: self.rounds(guest) >= before[guest] + more, timeout, pause=0.2)  # fmt: skip

    def stop(self, *guests):
        """Ends those of some guests, or all."""
        jobs = [self.jobs[guest.number] for guest in guests] or list(self.jobs.values())
        for job in jobs:
            job.kill(15)
        for job in jobs:
            job.wait(30)
            check(job.ended.is_set(), f"{job.guest.name}: the auditor waits for a lock and does not end")
            # No code: its machine was switched off.
            check(job.code in (0, None), f"{job.guest.name}: the auditor ended with {job.code}: {job.text()}")

    def kill(self, guest):
        """Ends one in the middle of whatever it waits for."""
        job = self.jobs.pop(guest.number)
        job.kill(9)
        check(job.wait(20) is not None, f"{guest.name}: the auditor cannot be killed")

    def problems(self):
        """Everything that at least one of two holders at once would leave behind; empty if the locks were good."""
        found, done, open_intents = [], {}, {}
        for guest in self.bed:
            intent = None
            for what, value in self.trail(guest):
                if what == "intent":
                    if intent is not None:  # the machine died in between
                        open_intents.setdefault(intent, []).append(guest.number)
                    intent = value
                elif what == "done":
                    intent = None
                    done.setdefault(value, []).append(guest.number)
                elif what == "stolen":
                    found.append(f"value {value} of node {guest.number} was overwritten while it held the lock")
            if intent is not None:
                open_intents.setdefault(intent, []).append(guest.number)
        with open(self.disk, "rb") as disk:
            final, _ = self._record(disk, 0)
            for value, nodes in sorted(done.items()):
                if len(nodes) > 1:
                    found.append(f"value {value} was written by nodes {nodes}")
                # The sector of an open intent may have been written by either.
                elif value > final - HISTORY and value not in open_intents and self._record(disk, 1 + value % HISTORY) != (value, nodes[0]):
                    found.append(f"value {value} of node {nodes[0]} is not on the disk")
        for value in range(1, final + 1):
            if value not in done and value not in open_intents:
                found.append(f"value {value} was written by nobody who says so")
        if done and max(done) > final:
            found.append(f"the disk says {final}, but {max(done)} was written")
        return found

    def check(self, least=10):
        """Stops all and checks; each node must have got somewhere, or the audit proves nothing."""
        self.stop()
        problems = self.problems()
        check(not problems, f"{len(problems)} lock violations, the first: {problems[:3]}")
        for number in self.jobs:
            rounds = self.rounds(self.bed[number])
            check(rounds >= least, f"n{number} did {rounds} audited rounds only")

    @staticmethod
    def _record(disk, sector):
        disk.seek(sector * SECTOR)
        data = disk.read(24)
        return int.from_bytes(data[8:16], "little"), int.from_bytes(data[16:24], "little")
