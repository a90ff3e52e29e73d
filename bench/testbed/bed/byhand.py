# SPDX-License-Identifier: Apache-2.0
"""O2CB and fs/dlm driven by hand, so that the bed can be proved without the software it is meant to test."""

import zlib

from . import kernel
from .testbed import NODES, check

HEARTBEAT = "/sys/kernel/config/cluster/byhand"


def start_heartbeat(bed, device, region, threshold=8):
    """Kernel heartbeat on a raw region, on all guests at once. Writing dev returns when the region is steady."""
    nodes = "\n".join(
        f"mkdir node/n{n}; echo 7777 > node/n{n}/ipv4_port; echo 10.77.0.{n} > node/n{n}/ipv4_address; echo {n} > node/n{n}/num"
        for n in NODES
    )
    bed.on_all(f"""set -e
        modprobe ocfs2_nodemanager
        mkdir -p {HEARTBEAT}; cd {HEARTBEAT}
        {nodes}
        echo 1 > node/{{name}}/local
        echo {threshold} > heartbeat/dead_threshold
        mkdir heartbeat/{region}; cd heartbeat/{region}
        echo 512 > block_bytes; echo 2048 > start_block; echo 255 > blocks
        exec 9<>{device}; echo 9 > dev""")


def start_dlm(bed):
    """Settings and comms for all nodes; the own comm's local comes last."""
    comms = "\n".join(
        f"mkdir comms/{n}; echo {n} > comms/{n}/nodeid; "
        f"(printf '\\002\\000\\000\\000\\012\\115\\000\\{n:03o}'; head -c 120 /dev/zero) | dd bs=128 iflag=fullblock of=comms/{n}/addr 2>/dev/null"
        for n in NODES
    )
    bed.on_all(f"""set -e
        modprobe dlm
        udevadm settle || true
        mkdir {kernel.CLUSTER}; cd {kernel.CLUSTER}
        printf byhand > cluster_name; echo 1 > recover_callbacks
        {comms}
        echo 1 > comms/{{number}}/local""")


def join_all(bed, lockspace):
    """All guests join a new lockspace at once: everybody is stopped, so everybody may start."""
    jobs = [guest.spawn(f"exec /bed/lockspace create {lockspace}") for guest in bed]
    for guest in bed:
        bed.wait(f"{guest.name} asks to join", lambda: lockspace in kernel.lockspaces(guest))
    nodes = "\n".join(f"mkdir nodes/{n}; echo {n} > nodes/{n}/nodeid; echo 1 > nodes/{n}/weight" for n in NODES)
    identity = zlib.crc32(f"dlm:ls:{lockspace}\0".encode())
    bed.on_all(f"""set -e
        sys={kernel.SYSFS}/{lockspace}
        echo {identity} > $sys/id
        mkdir {kernel.CLUSTER}/spaces/{lockspace}; cd {kernel.CLUSTER}/spaces/{lockspace}
        {nodes}
        echo 1 > $sys/control; echo 0 > $sys/event_done""")
    for job in jobs:
        check(job.wait(30) == 0, f"{job.guest.name}: join: {job.text()}")


def stop(guests, bed, lockspace):
    bed.on_all(f"echo 0 > {kernel.SYSFS}/{lockspace}/control", guests)


def start(guests, bed, lockspace):
    bed.on_all(f"echo 1 > {kernel.SYSFS}/{lockspace}/control", guests)
