# SPDX-License-Identifier: Apache-2.0
"""The systemd units, under a systemd that booted the machine."""

import re

from .. import agent, kernel
from ..locks import HeldSet, LockTool, check_no_double_ex
from ..scenario import scenario
from ..testbed import check
from .membership import come_back

QUIET = 6  # how long nothing must happen after a restart: three heartbeats
WATCHDOG = 40  # instead of three minutes, but more than the agent's own 30 s


class Unit:
    """lockstep.service of a guest that systemd has booted."""

    def __init__(self, guest):
        self.guest = guest

    def get(self, *names):
        said = self.guest.out(f"systemctl show lockstep -p {','.join(names)}")
        found = dict(line.split("=", 1) for line in said.splitlines())
        return tuple(found[name] for name in names)

    def is_up(self):
        return self.get("ActiveState", "SubState") == ("active", "running")

    def pid(self):
        return int(self.get("MainPID")[0])

    def restarts(self):
        return int(self.get("NRestarts")[0])

    def override(self, name, *lines):
        text = "\\n".join(("[Service]", *lines))
        folder = "/run/systemd/system/lockstep.service.d"
        self.guest.run(f"mkdir -p {folder} && printf '{text}\\n' > {folder}/{name}.conf && systemctl daemon-reload")

    def journal(self, unit="lockstep"):
        return self.guest.out(f"journalctl -u {unit} -o cat --no-pager 2>&1", 60)


@scenario(leaves_clean=False)
def systemd_units(bed):
    """Booted by systemd: the agent starts, is restarted, watched and stopped for nothing; given up, its node is reset."""
    one, two, three = bed
    three.run("mkdir -p /var/lib/lockstep/next && cp /etc/lockstep/lockstep.conf /var/lib/lockstep/next/ && sync")
    three.power_off()
    three.agent = None
    three.start(systemd=True)
    three.wait_ready()
    unit = Unit(three)
    bed.wait("the unit is up", unit.is_up, 120, pause=0.5)
    agent.wait_up(bed, bed)
    failed = three.out("systemctl list-units --failed --plain --no-legend 'lockstep*' sys-kernel-config.mount")
    check(not failed, f"failed after the boot: {failed}")

    agent.join(bed, "a-unit", *bed)
    tools = [LockTool(guest, "a-unit") for guest in bed]
    kept = HeldSet(tools[2])
    marks = bed.marks()

    def check_undisturbed():
        agent.wait_up(bed, bed)
        bed.sleep(QUIET)
        for guest in bed:
            starts = kernel.recovery_starts(guest, "a-unit", marks[guest.number])
            check(not starts, f"{guest.name} recovered a-unit for nothing")
        kept.check_kept(*tools[:2])

    before = unit.restarts()
    three.run("systemctl kill -s KILL lockstep")
    bed.wait("it is started again", lambda: unit.restarts() > before and unit.is_up(), 60, pause=0.5)
    check_undisturbed()

    unit.override("watchdog", f"WatchdogSec={WATCHDOG}")
    three.run("systemctl restart lockstep", timeout=120)
    check_undisturbed()
    before, hung = unit.restarts(), unit.pid()
    three.run(f"kill -STOP {hung}")
    bed.wait("it is started again", lambda: unit.restarts() > before and unit.is_up(), WATCHDOG + 90, pause=0.5)
    check("Watchdog timeout" in unit.journal(), "it was not the watchdog that ended the agent that hung")
    check(unit.pid() != hung, "the agent that hung is still the unit's")
    check_undisturbed()

    three.run("systemctl stop lockstep", timeout=60)
    check(unit.get("ActiveState", "Result") == ("inactive", "success"), f"stopped, it is {unit.get('ActiveState', 'Result')}")
    bed.sleep(QUIET)
    three.run("systemctl start lockstep", timeout=120)
    check_undisturbed()

    three.run("echo 'nonsense = 1' >> /etc/lockstep/lockstep.conf")
    code = three.run("systemctl restart lockstep 2>&1", timeout=120, check=False).code
    check(code != 0, "it starts with a setting that does not exist")
    check(unit.get("ActiveState", "ExecMainStatus") == ("failed", "78"), f"it is {unit.get('ActiveState', 'ExecMainStatus')}")
    bed.wait("systemd asks whether to reset", lambda: re.search("Finished .*Reset this node", unit.journal("lockstep-reset")), 20)
    check(three.running(), "wrong settings have reset the node")
    three.run("sed -i '/^nonsense/d' /etc/lockstep/lockstep.conf && systemctl start lockstep", timeout=120)
    check_undisturbed()

    unit.override("broken", "ExecStart=", "ExecStart=/bin/false")
    mark = three.console.mark()
    three.may_end = True
    three.spawn("systemctl restart lockstep")
    three.wait_console("lockstep: resetting this node: its agent cannot be kept running", 120, mark)
    three.wait_end(10)
    agent.wait_members(bed, "a-unit", [one, two], agent.DEAD_BY)
    check_no_double_ex(tools[:2], "held")  # what n3 held
    come_back(bed, three)
    agent.finish(agent.ask_to_join(three, "a-unit"))
    agent.wait_members(bed, "a-unit", bed)
