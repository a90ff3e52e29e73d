# SPDX-License-Identifier: Apache-2.0
"""Machines kept at rest, to go on from as often as wanted: a boot and a JVM's start take long on an emulated processor."""

import os
import subprocess

from .testbed import NODES


class MemoryFile:
    """A machine's memory in a file without a name, which is gone with this process however that ends."""

    def __init__(self, name, mib):
        self.descriptor = os.memfd_create(name)
        os.truncate(self.descriptor, mib << 20)
        self.path = f"/proc/{os.getpid()}/fd/{self.descriptor}"

    def copy_from(self, other):
        # With holes: most of a machine's memory has never been written.
        subprocess.run(["cp", "--sparse=auto", "--no-preserve=all", other.path, self.path], check=True)

    def close(self):
        os.close(self.descriptor)


class SavedMachine:
    """What Guest.start needs to go on: the memory, the devices' state, and what the harness knew of it."""

    def __init__(self, guest, memory, state):
        self.memory_file, self.memory, self.state = memory, memory.path, state
        self.jobs = [job for job in guest.jobs.values() if not job.ended.is_set()]
        self.next_job, self.boot_id = guest.next_job, guest.boot_id
        self.agent = guest.agent.number if guest.agent else None


class Snapshot:
    """All machines of a bed at one moment, with their disks.

    The machines share nothing but disks and a network without memory, and are stopped and go on together: to them, no
    time has passed but on the wall clock, which is set anew. Heartbeats, timeouts and connections go on where they were.
    """

    def __init__(self, bed, name, memory):
        """Stops the machines for as long as it takes. memory: the file of each one's memory, by number."""
        self.folder = os.path.join(bed.run_dir, name)
        os.makedirs(self.folder)
        self.machines = {}
        for guest in bed:
            guest.pause()
        for guest in bed:
            state = os.path.join(self.folder, f"{guest.name}.state")
            guest.save_devices(state)
            copy = MemoryFile(guest.name, bed.memory)
            copy.copy_from(memory[guest.number])
            self.machines[guest.number] = SavedMachine(guest, copy, state)
        for disk, kept in self._disks(bed):
            copy_sparse(disk, kept)

    def restore(self, bed):
        """Puts the machines of the moment in the place of those of now, and lets them go on."""
        bed.clear()
        for disk, kept in self._disks(bed):
            copy_sparse(kept, disk)
        for guest in bed:
            saved = self.machines[guest.number]
            guest.start(saved=saved)
            guest.agent = guest.jobs.get(saved.agent)
            guest.load_devices(saved.state)
        for guest in bed:
            guest.wait_loaded()
        go_on(bed)
        for guest in bed:
            guest.set_clock()

    def _disks(self, bed):
        for path in (*bed.shared.values(), *(guest.own_disk for guest in bed)):
            yield path, os.path.join(self.folder, os.path.relpath(path, bed.run_dir).replace("/", "-"))


def copy_sparse(source, target):
    subprocess.run(["cp", "--sparse=auto", source, target], check=True)


class Snapshots:
    """Those of a run: of booted machines, and of running agents."""

    def __init__(self, bed, set_up):
        """set_up(bed) brings booted machines to where the second snapshot is taken."""
        self.bed, self.set_up = bed, set_up
        self.saved = {}
        self.originals = False  # whether the machines that were booted still run, at where the second was taken

    def take(self):
        bed = self.bed
        memory = {number: MemoryFile(f"n{number}", bed.memory) for number in NODES}
        bed.fresh(memory)
        self.saved["booted"] = Snapshot(bed, "booted", memory)
        go_on(bed)
        self.set_up(bed)
        self.saved["running"] = Snapshot(bed, "running", memory)
        go_on(bed)
        self.originals = True
        for file in memory.values():
            file.close()

    def restore(self, name):
        self.originals = False
        self.saved[name].restore(self.bed)

    def cold(self):
        """Machines that are no copies: those that were booted, or others."""
        if not self.originals:
            self.bed.fresh()
            self.set_up(self.bed)
        self.originals = False


def go_on(bed):
    for guest in bed:
        guest.resume()
