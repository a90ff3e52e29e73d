# SPDX-License-Identifier: Apache-2.0
"""What a guest's kernel itself says: fs/dlm's configfs, sysfs, debugfs and log, and O2CB's heartbeat."""

import re

CLUSTER = "/sys/kernel/config/dlm/cluster"
SYSFS = "/sys/kernel/dlm"


def lockspaces(guest):
    return set(guest.out(f"ls {SYSFS} 2>/dev/null", check=False).split())


def members(guest, lockspace):
    """Node ids that configfs lists for a lockspace: what the next start uses, and with a settled one what runs."""
    text = guest.out(f"cat '{CLUSTER}/spaces/{lockspace}'/nodes/*/nodeid 2>/dev/null", check=False)
    return sorted(int(word) for word in text.split())


def comms(guest):
    return sorted(int(name) for name in guest.out(f"ls {CLUSTER}/comms 2>/dev/null", check=False).split())


def comm_stamp(guest, nodeid):
    """Changes when comms/<nodeid> is made anew: configfs gives each directory a new inode.

    Its times say nothing, they change when a file in it is first looked at.
    """
    return guest.out(f"stat -c %i {CLUSTER}/comms/{nodeid} 2>/dev/null", check=False)


def recover_status(guest, lockspace):
    text = guest.out(f"cat '{SYSFS}/{lockspace}/recover_status' 2>/dev/null", check=False)
    return int(text, 16) if text else None


def settled(guest, lockspace):
    """The last recovery is over: the lowest node shows ff, the others 55."""
    return recover_status(guest, lockspace) in (0xFF, 0x55)


def live_nodes(guest, region=None):
    """O2CB's live set, over all regions or of one."""
    path = f"/sys/kernel/debug/o2hb/{region}/livenodes" if region else "/sys/kernel/debug/o2hb/livenodes"
    return sorted(int(word) for word in guest.out(f"cat {path} 2>/dev/null", check=False).split())


def recoveries(guest, lockspace, mark=0):
    """Finished recoveries as (host time, generation) in the order of the log."""
    pattern = rf"dlm: {re.escape(lockspace)}: dlm_recover \d+ generation (\d+) done"
    found = []
    for when, line in guest.console.since(mark):
        match = re.search(pattern, line)
        if match:
            found.append((when, int(match[1])))
    return found


def recovery_starts(guest, lockspace, mark=0):
    pattern = rf"dlm: {re.escape(lockspace)}: dlm_recover \d+$"
    return [when for when, line in guest.console.since(mark) if re.search(pattern, line)]


def sleepers(guest):
    """Stacks of all programs that sleep inside fs/dlm: joins and leaves that wait for an answer, stops that hang."""
    # The kernel's own threads have no command line.
    return guest.out(r"""for t in /proc/[0-9]*/task/[0-9]*; do
            grep -q '\[dlm\]' $t/stack 2>/dev/null || continue
            command=$(tr '\0' ' ' < $t/cmdline)
            [ -z "$command" ] || { echo "$command sleeps in:"; grep '\[dlm\]' $t/stack; }
        done; true""")
