# SPDX-License-Identifier: Apache-2.0
"""The bed: three guests on one switch with shared disks, and what every scenario needs of them."""

import os
import re
import shutil
import tempfile
import time

from .vm import BedError, Failed, Guest, Switch

NODES = (1, 2, 3)
REGION_A, REGION_B, DATA = "/dev/vdb", "/dev/vdc", "/dev/vdd"
MIB = 1 << 20


class Bed:
    def __init__(self, cache, run_dir, installed):
        self.cache, self.run_dir, self.installed = cache, run_dir, installed
        self.product = None  # the agent as a disk image
        self.patience = 1.0  # how much longer than usual to wait, on a slow or busy host
        self.accel = os.environ.get("TESTBED_ACCEL", "tcg")
        # An old processor: the newer instructions cost more in emulation than they save.
        self.cpu = os.environ.get("TESTBED_CPU", "Nehalem")
        self.memory = int(os.environ.get("TESTBED_MEMORY", "1024"))
        os.makedirs(run_dir, exist_ok=True)
        self.socket_dir = tempfile.mkdtemp(prefix="lockstep-bed.")  # short, for socket paths end at 107 bytes
        self.shared = {name: os.path.join(run_dir, f"{name}.disk") for name in ("region-a", "region-b", "data")}
        self.switch = None
        self.guests = {}
        self.fenced = []  # (host time, who asked, who was switched off)

    def open(self):
        self.switch = Switch(self.socket_dir)
        self.guests = {number: Guest(self, number) for number in NODES}

    def close(self):
        for guest in self.guests.values():
            guest.power_off()
        if self.switch:
            self.switch.close()
        shutil.rmtree(self.socket_dir, ignore_errors=True)

    def keep_logs(self, name):
        """What the machines of now have said, before others take their place."""
        folder = os.path.join(self.run_dir, name)
        os.makedirs(folder, exist_ok=True)
        for guest in self:
            for log in (guest.console_log, guest.agent_log):
                if os.path.exists(log):
                    shutil.copy(log, os.path.join(folder, f"{guest.name}-{os.path.basename(log)}"))

    def remove_disks(self):
        """What a run leaves behind is its logs."""
        if self.installed:
            shutil.rmtree(self.installed)
        for folder, _, files in os.walk(self.run_dir):
            for name in files:
                if name.endswith((".disk", ".state", ".squashfs")):
                    os.unlink(os.path.join(folder, name))

    def __getitem__(self, number):
        return self.guests[number]

    def __iter__(self):
        return iter(self.guests.values())

    def fence(self, by, number):
        self[number].power_off()
        self.fenced.append((time.time(), by.number, number))

    def live(self):
        return [guest for guest in self if guest.running()]

    def disks(self, guest):
        """Path and read-only flag, in the order of /dev/vda, vdb and so on."""
        own = guest.disks if guest.disks else {}
        yield os.path.join(self.cache, "root.squashfs"), True
        for name, path in self.shared.items():
            yield own.get(name, path), False
        yield guest.own_disk, False
        if self.product:
            yield self.product, True

    # Sparse. An audit's counter, history and trails take more than half of the data disk.
    SIZES = {"region-a": 64 * MIB, "region-b": 64 * MIB, "data": 1024 * MIB}

    def new_disk(self, name, size=64 * MIB):
        path = os.path.join(self.run_dir, f"{name}.disk")
        with open(path, "wb") as file:
            file.truncate(size)
        return path

    def clear(self):
        """Switches all off; what their disks and logs have is left to nobody."""
        self.fenced = []
        for guest in self:
            guest.power_off()
            guest.disks = {}
            if os.path.exists(guest.agent_log):
                os.unlink(guest.agent_log)

    def fresh(self, memory=None):
        """Three newly booted machines with blank disks. memory: a file for each one's memory, by number."""
        self.clear()
        for name in self.shared:
            self.new_disk(name, self.SIZES[name])
        for guest in self:
            guest.make_own_disk()
            guest.start(memory=memory and memory[guest.number].path)
        self.wait_ready()

    def wait_ready(self):
        for guest in self.live():
            guest.wait_ready()
            self.patience = min(6.0, max(1.0, guest.hello_after / 10))

    def check_health(self):
        """Fails as soon as a machine has gone that nobody sent away, or its kernel has complained."""
        for guest in self:
            faults = guest.faults()
            if faults:
                raise Failed(f"{guest.name}: the kernel says: {faults[0]}")
            if guest.process and not guest.may_end and guest.process.poll() is not None:
                tail = "; ".join(line for _, line in guest.console.since()[-3:])
                raise Failed(f"{guest.name} has reset or ended, which nothing called for; its last words: {tail}")

    def wait(self, what, condition, timeout=30, pause=0.05):
        """Polls until the condition holds and returns its value."""
        deadline = time.monotonic() + timeout * self.patience
        while True:
            value = condition()
            if value:
                return value
            self.check_health()
            if time.monotonic() > deadline:
                raise Failed(f"not within {timeout} s: {what}")
            time.sleep(pause)

    def marks(self):
        """Where each guest's console stands, for what comes after."""
        return {guest.number: guest.console.mark() for guest in self}

    def sleep(self, seconds):
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            self.check_health()
            time.sleep(min(left, 0.2))

    def on_all(self, script, guests=None, timeout=60):
        """Runs a script on all guests at once; the script may use {number}, {name} and {address}."""
        jobs = []
        for guest in self.live() if guests is None else guests:
            text = re.sub(r"\{(number|name|address)\}", lambda m: str(getattr(guest, m[1])), script)
            job = guest.spawn(text)
            job.close_input()
            jobs.append(job)
        outputs = []
        for job in jobs:
            code = job.wait(timeout)
            if code != 0:
                raise Failed(f"{job.guest.name}: {'not over' if code is None else f'exit code {code}'}: {job.script}\n{job.text()}")
            outputs.append(job.text().strip())
        return outputs


def check(condition, message):
    if not condition:
        raise Failed(message)


__all__ = ["BedError", "Bed", "DATA", "Failed", "NODES", "REGION_A", "REGION_B", "check"]
