# SPDX-License-Identifier: Apache-2.0
"""The bed proves itself: heartbeat and lock manager driven by hand, and checks that must find what is planted."""

from .. import byhand, kernel
from ..hold import HeldStop
from ..locks import Auditors, HeldSet, LockTool, check_both_ways, check_no_double_ex
from ..scenario import BOOTED, scenario
from ..testbed import REGION_A, Failed, check

REGION = "0123456789ABCDEF0123456789ABCDEF"


@scenario(start=BOOTED, ci=True)
def bed_by_hand(bed):
    """Heartbeat, lockspace, locks and audit without the agent; an audit without locks and a split must be found out."""
    byhand.start_heartbeat(bed, REGION_A, REGION)
    bed.wait("all see all heartbeat", lambda: all(kernel.live_nodes(g, REGION) == [1, 2, 3] for g in bed), 20)
    check(len({guest.boot_id for guest in bed}) == 3, "machines share a boot id")

    byhand.start_dlm(bed)
    byhand.join_all(bed, "hand")
    for guest in bed:
        check(kernel.members(guest, "hand") == [1, 2, 3], f"members on {guest.name}")
        guest.wait_console(r"dlm: hand: dlm_recover \d+ generation \d+ done", 10)
    bed.wait("recovery is over everywhere", lambda: all(kernel.settled(g, "hand") for g in bed))
    check(kernel.recover_status(bed[1], "hand") == 0xFF, "the lowest node does not show ff")

    tools = [LockTool(guest, "hand") for guest in bed]
    check_both_ways(tools, "both-ways")
    check_no_double_ex(tools)

    audit = Auditors(bed, "hand")
    audit.start(*bed)
    bed.wait("audited rounds", lambda: min(audit.rounds(guest) for guest in bed) > 40, 60)
    # A stop, a barrier and a start in the middle: locks wait, nobody is cheated.
    byhand.stop(bed, bed, "hand")
    byhand.start(bed, bed, "hand")
    before = audit.rounds(bed[2])
    bed.wait("rounds go on", lambda: audit.rounds(bed[2]) > before + 10, 30)

    held = HeldStop(bed[3], "held", lambda: byhand.join_all(bed, "held"))
    held.hold()
    stop = bed[3].spawn(f"echo 0 > {kernel.SYSFS}/held/control")
    bed.wait("the stop blocks", held.blocks)
    stop.kill()
    before = audit.rounds(bed[3])
    bed.wait("the other lockspace goes on", lambda: audit.rounds(bed[3]) > before + 5)
    check(held.blocks() and not stop.ended.is_set(), "the blocked stop could be killed")
    held.release()
    check(stop.wait(10) is not None, "the stop did not end after its release")
    audit.check()

    planted = Auditors(bed, "hand", locking=False)
    planted.start(*bed)
    bed.wait("rounds without locks", lambda: min(planted.rounds(guest) for guest in bed) > 40, 30)
    planted.stop()
    check(planted.problems(), "auditors without locks were not found out")

    # The mistake that nothing in the kernel notices: one node starts while the others still run.
    kept = HeldSet(tools[0])
    kept.check_kept(*tools[1:])
    byhand.stop([bed[2]], bed, "hand")
    byhand.start([bed[2]], bed, "hand")
    bed.wait("n2 believes that it has recovered", lambda: kernel.settled(bed[2], "hand"))
    try:
        kept.check_kept(tools[1])
    except Failed as found:
        check("holds EX" in str(found), f"the split was found out by chance: {found}")
    else:
        raise Failed("two holders of one lock were not found out")
