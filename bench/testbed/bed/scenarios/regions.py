# SPDX-License-Identifier: Apache-2.0
"""Two regions: what happens in one does not concern the lockspaces that the other guards."""

import time

from .. import agent, kernel
from ..locks import LockTool, check_no_double_ex
from ..scenario import scenario
from ..testbed import REGION_A, check
from .membership import come_back

HEARTBEAT = "/sys/kernel/config/cluster/lockstep/heartbeat"


@scenario(leaves_clean=False)
def one_region_left(bed):
    """A node gives up one region, its lockspaces there left before: nobody's lockspaces are touched in either."""
    one, two, three = bed
    agent.join(bed, "a-stays", *bed)
    agent.join(bed, "b-left", *bed)
    agent.leave(bed, "b-left", three)
    agent.wait_members(bed, "b-left", [one, two])
    tools = [LockTool(guest, "a-stays") for guest in bed]
    check(tools[2].lock("keep", "kept") == "granted EX", "n3 gets no lock")
    epochs = agent.epoch(bed, "a-stays", bed), agent.epoch(bed, "b-left", [one, two], "region-b")
    marks = bed.marks()

    agent.kill(three)
    three.agent.wait(10)
    three.run(f"rmdir {HEARTBEAT}/{agent.UUID_B}")
    agent.configure(three, regions=(REGION_A,))
    agent.start(three)
    agent.wait_up(bed, bed, regions=(agent.UUID_A,))
    bed.wait("n3 is gone from region B", lambda: kernel.live_nodes(one, agent.UUID_B) == [1, 2], 30)
    bed.sleep(agent.DEAD_BY)

    for guest in bed:
        for lockspace in ("a-stays", "b-left"):
            check(not kernel.recovery_starts(guest, lockspace, marks[guest.number]), f"{guest.name} recovered {lockspace}")
    check(kernel.live_nodes(one, agent.UUID_A) == [1, 2, 3], "n3 is not live in region A")
    now = agent.epoch(bed, "a-stays", bed), agent.epoch(bed, "b-left", [one, two], "region-b")
    check(now == epochs, f"epochs {epochs} became {now}")
    check(tools[0].lock("keep", "kept", noqueue=True) == "eagain", "n3's lock is gone")


@scenario()
def region_taken_away(bed):
    """The guard region is taken from under a lockspace: that node resets itself, its locks wait, the others say why."""
    one, two, three = bed
    agent.join(bed, "b-taken", *bed)
    tools = [LockTool(guest, "b-taken") for guest in bed]
    check(tools[2].lock("keep", "kept") == "granted EX", "n3 gets no lock")
    waiting = tools[0].command("lock inherit kept EX")

    three.may_end = True
    mark = three.console.mark()
    three.run(f"rmdir {HEARTBEAT}/{agent.UUID_B}", timeout=20)
    three.wait_end(60)
    ended = time.time()
    check(not tools[0].answered("inherit", waiting), "n3's lock was given away before n3 was gone")
    check(three.console.since(mark, rf"lockstep: resetting this node: .* {agent.UUID_B}"), "n3 does not say why it goes")
    nodes = agent.wait_reason(bed, one, "b-taken", "UNSETTLED", "LIVES_ELSEWHERE")
    check(nodes == [3], f"the reason names {nodes}")
    shown = agent.why(one, "b-taken")
    check("reset them" in shown, f"the way out is not shown: {shown}")
    agent.wait_members(bed, "b-taken", [one, two], agent.DEAD_BY)
    granted, _ = tools[0].job.expect(" inherit granted EX", 10, waiting)
    check(granted >= ended, "n3's lock was given away before n3 was gone")
    tools[0].unlock("inherit")
    check_no_double_ex(tools[:2])
    come_back(bed, three)
    agent.finish(agent.ask_to_join(three, "b-taken"))
    agent.wait_members(bed, "b-taken", bed)
