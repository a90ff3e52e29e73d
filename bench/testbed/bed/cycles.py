# SPDX-License-Identifier: Apache-2.0
"""One cluster, one fault after another, drawn from a seed; judged after each."""

import argparse
import random
import time
import traceback

from . import agent, kernel
from .locks import Auditors, LockTool, check_no_double_ex
from .network import cut_link, heal_link
from .scenarios.faults import overwrite_block
from .testbed import BedError, Failed, check

LOCKSPACES = ("a-mix", "b-mix")
# From the end of a fault until all live machines are in one view: the death of whoever died in it, and a slow bed.
SETTLED_BY = agent.DEAD_BY + 60


class Mix:
    """The cluster between two faults: all run, both lockspaces have all members, an audit goes on."""

    def __init__(self, bed, draw):
        self.bed, self.draw = bed, draw
        self.guests = list(bed)
        self.audit = None
        self.note = ""

    # Faults. Each returns when it is over; what it has broken is repaired afterwards.

    def kill_agent(self):
        """SIGKILL of agents, restarted after a while."""
        victims = self.draw.sample(self.guests, self.draw.choice((1, 1, 2, 3)))
        for guest in victims:
            agent.kill(guest)
        self.pass_time(0, 8)
        for guest in victims:
            guest.agent.wait(10)
            agent.start(guest)
        return victims

    def stop_agent(self):
        """An agent gets no processor."""
        victim = self.victim()
        victim.agent.kill(19)
        self.pass_time(2, 30)
        victim.agent.kill(18)
        return [victim]

    def reset_machine(self):
        """A machine resets at once."""
        victim = self.victim()
        victim.may_end = True
        victim.spawn("echo 1 > /proc/sys/kernel/sysrq; echo b > /proc/sysrq-trigger")
        victim.wait_end(20)
        return [victim]

    def cut_power(self):
        """Power cut of one, two or all."""
        victims = self.draw.sample(self.guests, self.draw.choice((1, 1, 1, 2, 3)))
        for guest in victims:
            guest.power_off()
        return victims

    def pause_briefly(self):
        """A machine is paused, and resumed before anybody counts it as dead."""
        victim = self.victim()
        victim.pause()
        self.pass_time(1, 9)
        victim.resume()
        return [victim]

    def pause_long(self):
        """A machine is paused until it counts as dead; resumed, it must reset itself."""
        victim = self.victim()
        self.audit.stop(victim)  # what fence = self does not cover is not held against it
        victim.pause()
        others = [guest for guest in self.guests if guest is not victim]
        for lockspace in LOCKSPACES:
            agent.wait_members(self.bed, lockspace, others, agent.DEAD_BY)
        victim.may_end = True
        mark = victim.console.mark()
        resumed = time.time()
        victim.resume()
        told, _ = victim.wait_console(r"lockstep: resetting this node: an evict record names this boot", 30, mark)
        self.note = f", resets itself {told - resumed:.2f} s after its resumption"
        victim.wait_end(10)
        return [victim]

    def cut_network(self):
        """A machine, or all, lose the network, for less than O2CB takes to notice."""
        victims = self.draw.choice((self.guests, [self.victim()]))
        for guest in victims:
            guest.set_link(False)
        self.pass_time(1, 20)
        for guest in victims:
            guest.set_link(True)
        return victims

    def cut_one_link(self):
        """Two machines lose sight of each other."""
        pair = self.draw.sample(self.guests, 2)
        cut_link(*pair)
        self.pass_time(1, 20)
        heal_link(*pair)
        return pair

    def stall_disk(self):
        """A region stalls for one machine, briefly."""
        victim, region = self.victim(), self.draw.choice(("region-a", "region-b"))
        victim.stall_disk(region)
        self.pass_time(1, 8)
        victim.let_disk_go(region)
        return [victim]

    def lose_disk(self):
        """A region stalls for one machine until it resets itself."""
        victim = self.victim()
        victim.may_end = True
        victim.stall_disk(self.draw.choice(("region-a", "region-b")))
        victim.wait_end(agent.DEAD_BY + 10)
        return [victim]

    def stall_disk_of_all(self):
        """A region stalls for all."""
        region = self.draw.choice(("region-a", "region-b"))
        for guest in self.guests:
            guest.stall_disk(region)
        self.pass_time(5, 40)
        for guest in self.guests:
            guest.let_disk_go(region)
        return self.guests

    def overwrite_board(self):
        """Random bytes over one block of the board, or all."""
        region, noise = self.draw.choice(("region-a", "region-b")), random.Random(self.draw.random())
        numbers = self.draw.choice(((1, 2, 3), (self.victim().number,)))
        for number in numbers:
            overwrite_block(self.bed, number, noise, region)
        return [self.bed[number] for number in numbers]

    def step_clock(self):
        """A wall clock is set wrong, and right again."""
        victim = self.victim()
        victim.set_clock(self.draw.choice((-90000, -7, 7, 90000)))
        self.pass_time(1, 15)
        victim.set_clock()
        return [victim]

    def leave_and_join(self):
        """A node leaves and joins again, another lockspace comes and goes."""
        victim = self.victim()
        self.audit.stop(victim)
        jobs = [
            victim.spawn(f"/bed/lockspace release {name} force && exec /bed/lockspace create {name}") for name in LOCKSPACES
        ]  # fmt: skip
        extra = [guest.spawn("/bed/lockspace create a-extra && exec /bed/lockspace release a-extra force") for guest in self.guests]
        for job in (*jobs, *extra):
            agent.finish(job, 90)
        self.audit.start(victim)
        return [victim]

    FAULTS = (
        kill_agent, stop_agent, reset_machine, cut_power, pause_briefly, pause_long, cut_network, cut_one_link, stall_disk,
        lose_disk, stall_disk_of_all, overwrite_board, step_clock, leave_and_join)  # fmt: skip

    def victim(self):
        return self.draw.choice(self.guests)

    def pass_time(self, least, most):
        self.bed.sleep(self.draw.uniform(least, most))

    # Around them

    def begin(self):
        """Both lockspaces on all, and a new audit."""
        for lockspace in LOCKSPACES:
            agent.join(self.bed, lockspace, *self.bed)
        self.new_audit()

    def new_audit(self):
        self.audit = Auditors(self.bed, LOCKSPACES[0])
        self.audit.start(*self.guests)
        self.audit.wait_rounds(*self.guests, more=5)

    def apply(self, fault):
        """One fault; tells whom it hit and how long it lasted."""
        before = time.monotonic()
        self.note = ""
        victims = fault(self)
        return f" of {' '.join(guest.name for guest in victims)}, {time.monotonic() - before:.0f} s{self.note}"

    def judge(self):
        """Waits until all is well again. Raises Failed, or returns the reasons for which a lockspace stands still."""
        frozen = self.wait_settled()
        if frozen:
            return frozen
        gone = [guest for guest in self.guests if not guest.running()]
        self.come_back(gone)
        for lockspace in LOCKSPACES:
            for job in [agent.ask_to_join(guest, lockspace) for guest in gone]:
                agent.finish(job, 120)
        frozen = self.wait_settled()
        if frozen:
            return frozen
        for lockspace in LOCKSPACES:
            tools = [LockTool(guest, lockspace) for guest in self.guests]
            check_no_double_ex(tools)
            for tool in tools:
                tool.close()
        self.audit.start(*gone)
        self.audit.wait_rounds(*self.guests, more=3)
        self.audit.check(least=3)
        for guest in self.guests:
            check(not guest.agent.ended.is_set(), f"the agent of {guest.name} ended with {guest.agent.code}")
        return ""

    def come_back(self, gone):
        for guest in gone:
            guest.start()
        for guest in gone:
            guest.wait_ready()
            agent.configure(guest)
            agent.start(guest)
        agent.wait_up(self.bed, self.guests, timeout=150)

    def wait_settled(self):
        """Every live machine that has a lockspace is in one view of it; else the reasons that each of the others gives."""
        live = self.bed.live()
        deadline = time.monotonic() + SETTLED_BY * self.bed.patience
        while True:
            open_lockspaces = [name for name in LOCKSPACES if not self.in_one_view(name, live)]
            if not open_lockspaces:
                return ""
            self.bed.check_health()
            if time.monotonic() > deadline:
                return self.why(open_lockspaces, live)
            time.sleep(0.5)

    @staticmethod
    def in_one_view(lockspace, live):
        holders = [guest for guest in live if lockspace in kernel.lockspaces(guest)]
        return agent.has_members(lockspace, holders)

    @staticmethod
    def why(names, live):
        told = []
        for name in names:
            for guest in live:
                reasons = agent.reasons(guest, name)
                running = agent.has_members(name, [guest])
                if reasons or not running:
                    check(reasons, f"{name} stands still on {guest.name} without a reason")
                    told.append(f"{name} on {guest.name}: {reasons}")
        check(told, f"{names} are in no one view, yet nobody has a reason")
        return "; ".join(told)


def run(bed, snapshots, words):
    """Returns how many cycles failed."""
    parser = argparse.ArgumentParser(prog="run cycles")
    parser.add_argument("--count", type=int, default=50)
    parser.add_argument("--seed", type=int, default=random.randrange(1 << 32))
    options = parser.parse_args(words)
    began = time.monotonic()
    snapshots.take()
    print(f"seed {options.seed}; machines booted and saved {time.monotonic() - began:.0f} s", flush=True)
    passed = frozen = failed = 0
    mix = None
    for cycle in range(1, options.count + 1):
        cycle_began = time.monotonic()
        what = "?"
        try:
            if mix is None:
                snapshots.restore("running")
                mix = Mix(bed, None)
                mix.begin()
            else:
                mix.new_audit()
            mix.draw = random.Random(f"{options.seed} {cycle}")
            fault = mix.draw.choice(Mix.FAULTS)
            what = fault.__name__
            what += mix.apply(fault)
            reasons = mix.judge()
            outcome = "ok    " if not reasons else "FROZEN"
        except (Failed, BedError) as failure:
            reasons, outcome = f"{type(failure).__name__}: {failure}", "FAIL  "
        except Exception:
            reasons, outcome = traceback.format_exc(), "FAIL  "
        print(f"{outcome} {cycle:3} {time.monotonic() - cycle_began:6.1f} s  {what}", flush=True)
        if reasons:
            print(f"       {reasons}", flush=True)
            bed.keep_logs(f"cycle-{cycle}")
            mix = None  # the next one begins with other machines
        passed += outcome == "ok    "
        frozen += outcome == "FROZEN"
        failed += outcome == "FAIL  "
    print(f"total {time.monotonic() - began:.0f} s, seed {options.seed}")
    print(f"{passed} in one view again, {frozen} stopped with a reason, {failed} failed", flush=True)
    return failed
