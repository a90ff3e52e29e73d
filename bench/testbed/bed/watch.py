# SPDX-License-Identifier: Apache-2.0
"""The order in which a node's kernel was driven."""

import shlex

from . import kernel


class Watch:
    """Records the operations on one lockspace's files, and on the comms, of one guest."""

    def __init__(self, guest, lockspace):
        self.guest, self.lockspace = guest, lockspace
        self.control = f"{kernel.SYSFS}/{lockspace}/control"
        self.nodes = f"{kernel.CLUSTER}/spaces/{lockspace}/nodes"
        self.comms = f"{kernel.CLUSTER}/comms"
        paths = " ".join(shlex.quote(path) for path in (self.control, self.nodes, self.comms))
        self.job = guest.spawn(f"exec /bed/watcher {paths}")
        self.job.expect("^ready", 10)

    def operations(self):
        """Such as ['control', 'rmdir comms/3', 'rmdir nodes/3', 'control'], in the order in which they happened."""
        found = []
        for _, line in self.job.output.since():
            words = line.split(" ", 2)
            if len(words) != 3:
                continue
            _, what, path = words
            if path == self.control:
                found.append("control")
            elif what != "wrote":
                found.append(f"{what} {'comms' if path.startswith(self.comms) else 'nodes'}/{path.rsplit('/', 1)[1]}")
        return found

    def close(self):
        self.job.kill()
