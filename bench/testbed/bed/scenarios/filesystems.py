# SPDX-License-Identifier: Apache-2.0
"""File systems that lock through fs/dlm, mounted on all machines, of which one dies."""

import re
import time

from .. import agent, kernel
from ..scenario import scenario
from ..testbed import DATA, check
from .membership import come_back

MOUNTED = "/mnt"

# What it says where nothing is wrong, or nothing but the sum of free blocks: what a dead node had not yet added to that
# is lost with it.
FSCK_GFS2_SAYS = (
    r"|Initializing fsck|Validating resource group index\.|Level 1 resource group check: .*|\(level 1 passed\)"
    r"|Starting \w+|\w+ completed in .*|Reconciling bitmaps\.|fsck\.gfs2 complete"
    r"|The statfs file is wrong:|(Current|Calculated) statfs values:|(blocks|free|dinodes): .*|The statfs file was not fixed\."
)


class Volume:
    """A file system on the data disk, mounted on some of the machines."""

    def __init__(self, bed, lockspace, mount):
        self.bed, self.lockspace, self.command = bed, lockspace, mount

    def mount(self, *guests):
        self.bed.on_all(f"mkdir -p {MOUNTED} && {self.command}", guests, timeout=120)
        agent.wait_members(self.bed, self.lockspace, self.bed)

    def unmount(self, *guests):
        self.bed.on_all(f"umount {MOUNTED}", guests, timeout=120)

    def write(self, name, *guests):
        """Each writes a file of its own, in one directory, and all see all of them."""
        self.bed.on_all(f"mkdir -p {MOUNTED}/{name} && echo '{name} of {{number}}' > {MOUNTED}/{name}/{{number}} && sync", guests)
        wanted = "\n".join(f"{name} of {guest.number}" for guest in guests)
        for guest in guests:
            check(self.read(guest, name) == wanted, f"{guest.name} reads {self.read(guest, name)!r}")

    def read(self, guest, name):
        return guest.out(f"cat {MOUNTED}/{name}/*")

    def hold(self, guest):
        """Holds an flock, which is a lock of the cluster."""
        job = guest.spawn(f"exec flock {MOUNTED}/lock sh -c 'echo held; exec sleep 1000'")
        job.expect("^held", 30)
        return job

    def is_free(self, guest):
        return guest.run(f"flock -n {MOUNTED}/lock true", check=False).code == 0


def one_dies(bed, volume, replayed):
    """With what it had synced there, and its lock free, once it is dead and no sooner; it returns and mounts again."""
    one, two, three = bed
    volume.mount(*bed)
    volume.write("before", *bed)
    volume.hold(three)
    check(not volume.is_free(one), "n1 gets a lock that n3 holds")

    marks = bed.marks()
    killed = time.time()
    waiting = one.spawn(f"exec flock {MOUNTED}/lock echo held")
    three.power_off()
    held, _ = waiting.expect("^held", agent.DEAD_BY + 60)
    check(held - killed >= agent.DEAD_AFTER, f"n3's lock was given away {held - killed:.1f} s after its power cut")
    agent.wait_members(bed, volume.lockspace, [one, two])
    print(f"       lock of the dead taken over after {held - killed:.1f} s", flush=True)
    bed.wait(
        "one of the others replays the journal of n3",
        lambda: any(guest.console.since(marks[guest.number], replayed) for guest in (one, two)), 60)  # fmt: skip
    check(volume.read(two, "before").count("\n") == 2, "what n3 had written is not there")
    volume.write("without", one, two)

    come_back(bed, three)
    volume.mount(three)
    volume.write("again", *bed)
    volume.unmount(*bed)
    for guest in bed:
        bed.wait(f"{guest.name} has left", lambda: volume.lockspace not in kernel.lockspaces(guest), 30)


@scenario()
def gfs2(bed):
    """GFS2 on three nodes, of which one dies: its journal is replayed, its locks go on once it is dead; it returns."""
    bed[1].run(f"mkfs.gfs2 -q -O -p lock_dlm -t lockstep:a-gfs2 -j 3 -J 8 {DATA}", timeout=120)
    one_dies(bed, Volume(bed, "a-gfs2", f"mount -t gfs2 {DATA} {MOUNTED}"), r"jid=\d: Replaying journal")
    said = bed[1].run(f"fsck.gfs2 -n {DATA} 2>&1", timeout=120, check=False)
    wrong = [line for line in said.text.splitlines() if not re.fullmatch(FSCK_GFS2_SAYS, line)]
    check("pass4 completed" in said.text and not wrong, f"fsck.gfs2 ended with {said.code}: {said.text}")


@scenario()
def ocfs2(bed):
    """OCFS2 under the user stack likewise, guarded by the heartbeat region in the volume, which starts for the mount."""
    one = bed[1]
    one.run(
        f"mkfs.ocfs2 -F -q -N 4 -J size=4M -b 4096 -C 4096 --cluster-stack=pcmk --cluster-name=lockstep {DATA} 100000",
        timeout=120)  # fmt: skip
    one.run(f"{agent.LOCKSTEP} region format {DATA}", timeout=60)
    uuid = one.out(f"mounted.ocfs2 -d {DATA} | tail -n 1 | grep -oE '[0-9A-F]{{32}}'")
    prepare = "modprobe ocfs2_stack_user && echo pcmk > /sys/fs/ocfs2/cluster_stack"
    volume = Volume(bed, uuid, f"{prepare} && mount -i -t ocfs2 -o cluster_stack=pcmk {DATA} {MOUNTED}")
    one_dies(bed, volume, "ocfs2: .*Begin replay journal")
    for guest in bed:
        bed.wait(f"{guest.name} no longer heartbeats in the volume", lambda: uuid not in regions(guest), 60)
    one.run(f"fsck.ocfs2 -fn {DATA}", timeout=120)


def regions(guest):
    return guest.out("ls /sys/kernel/config/cluster/lockstep/heartbeat").split()
