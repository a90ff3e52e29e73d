# SPDX-License-Identifier: Apache-2.0
"""Virtual machines: the switch between them, their disks, and one guest with its command port, console and monitor."""

import json
import os
import queue
import re
import signal
import socket
import subprocess
import threading
import time


class BedError(Exception):
    """The bed itself, not the software under test, is broken."""


class Failed(Exception):
    """A check of a scenario did not hold."""


def start_process(arguments, **options):
    # The kernel kills the child when this process goes away, however it goes away: nothing outlives the harness.
    return subprocess.Popen(["setpriv", "--pdeathsig", "KILL", *arguments], **options)


class Switch:
    """A vde_switch: the guests' network. It has no port to the outside, so nothing can leave it."""

    def __init__(self, directory):
        self.path = os.path.join(directory, "switch")
        self.process = start_process(
            ["vde_switch", "-s", self.path], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        deadline = time.monotonic() + 10
        while not os.path.exists(os.path.join(self.path, "ctl")):
            if time.monotonic() > deadline or self.process.poll() is not None:
                raise BedError("vde_switch did not start")
            time.sleep(0.01)

    def close(self):
        self.process.kill()
        self.process.wait()


class Lines:
    """Lines that arrive over time, each with the host's clock, for readers that wait for one."""

    def __init__(self, log_path=None):
        self.entries = []  # (host time, text)
        self.changed = threading.Condition()
        self.partial = b""
        self.log = open(log_path, "ab", buffering=0) if log_path else None

    def feed(self, data):
        now = time.time()
        if self.log:
            self.log.write(data)
        *complete, self.partial = (self.partial + data).split(b"\n")
        if complete:
            with self.changed:
                self.entries.extend((now, line.decode("utf-8", "replace").rstrip("\r")) for line in complete)
                self.changed.notify_all()

    def mark(self):
        return len(self.entries)

    def since(self, mark=0, pattern=None):
        entries = self.entries[mark:]
        return [e for e in entries if re.search(pattern, e[1])] if pattern else entries


class Job:
    """A command that runs in a guest. Its output arrives while it runs."""

    def __init__(self, guest, number, script, log=None):
        """log: a file of the host that its output also goes to."""
        self.guest, self.number, self.script, self.log = guest, number, script, log
        self.output = Lines(log)
        self.raw = bytearray()
        self.code = None
        self.ended = threading.Event()

    def send(self, text):
        self.guest._send("IN", self.number, text.encode())

    def close_input(self):
        self.guest._send("EOF", self.number)

    def kill(self, number=signal.SIGKILL):
        self.guest._send("KILL", self.number, b"%d" % number)

    def text(self):
        return bytes(self.raw).decode("utf-8", "replace")

    def wait(self, timeout=30):
        """Waits for the end; None if it is not over by then (the job is left running)."""
        deadline = time.monotonic() + timeout * self.guest.bed.patience
        while not self.ended.wait(0.2):
            self.guest.bed.check_health()
            if time.monotonic() > deadline:
                return None
        return self.code

    def expect(self, pattern, timeout=30, mark=0):
        """Waits for an output line that matches and returns (host time, match)."""
        deadline = time.monotonic() + timeout * self.guest.bed.patience
        while True:
            with self.output.changed:
                for when, line in self.output.entries[mark:]:
                    match = re.search(pattern, line)
                    if match:
                        return when, match
                if not self.ended.is_set() and time.monotonic() < deadline:
                    self.output.changed.wait(0.2)
                    continue
            self.guest.bed.check_health()
            raise Failed(f"{self.guest.name}: no output like /{pattern}/ within {timeout} s from: {self.script}\n{self.text()}")

    def _finish(self, code):
        if self.ended.is_set():
            return
        self.code = code
        self.ended.set()
        with self.output.changed:
            self.output.changed.notify_all()


class Result:
    def __init__(self, code, text):
        self.code, self.text = code, text


class Guest:
    """One node. A guest object lives through several lives of its machine: start, power_off, start again."""

    FAULTS = re.compile(
        r"Kernel panic|\bBUG:|kernel BUG|DLM: Assertion failed|\bOops\b|general protection|WARNING: |blocked for more than"
    )
    # 6.1 reports these by itself, whatever drives it.
    HARMLESS = re.compile(r"field-spanning write|dlm_add_requestqueue")

    def __init__(self, bed, number):
        self.bed, self.number = bed, number
        self.name = f"n{number}"
        self.address = f"10.77.0.{number}"
        self.lives = 0
        self.process = None
        self.may_end = False  # a scenario that wants the machine to reset says so
        self.disks = {}  # shared disks that are another file for this guest
        self.console = None
        self.fault_mark = 0
        self.boot_id = None
        self.started = self.hello_after = None
        self.jobs = {}
        self.agent = None  # the job of the software under test
        self.next_job = 1
        self.send_lock = threading.Lock()
        self.port = self.monitor = self.fence_port = None
        self.folder = os.path.join(bed.run_dir, self.name)
        self.own_disk = os.path.join(self.folder, "own.disk")
        self.console_log = os.path.join(self.folder, "console.log")
        self.agent_log = os.path.join(self.folder, "agent.log")
        os.makedirs(self.folder, exist_ok=True)

    # Life and death

    def start(self, memory=None, saved=None, systemd=False):
        """Starts the machine and returns at once; wait_ready waits until it takes commands.

        memory: a file for its memory, which then can be saved. saved: a SavedMachine to go on with; the machine stays
        stopped until resume. systemd: it boots as systemd would have it, the agent's unit enabled.
        """
        if self.process and self.process.poll() is None:
            raise BedError(f"{self.name} already runs")
        self._close_sockets()
        self.lives += 1
        self.may_end = False
        self.ready = threading.Event()
        self.jobs = {}
        if saved:
            self.jobs = {job.number: Job(self, job.number, job.script, job.log) for job in saved.jobs}
            self.next_job, self.boot_id = saved.next_job, saved.boot_id
            self.ready.set()
        self.monitor_replies = queue.Queue()
        self.monitor_events = Lines(os.path.join(self.folder, "monitor.log"))
        old = self.console
        self.console = Lines(self.console_log)
        if old:  # marks taken before a reboot stay valid
            self.console.entries = old.entries
        self.fault_mark = self.console.mark()
        sockets = {}
        for name in ("port", "console", "monitor", "fence"):
            path = os.path.join(self.bed.socket_dir, f"{self.name}.{name}")
            if os.path.exists(path):
                os.unlink(path)
            listener = socket.socket(socket.AF_UNIX)
            listener.bind(path)
            listener.listen(1)
            listener.settimeout(20)
            sockets[name] = (path, listener)
        self.started = time.monotonic()
        self.process = start_process(
            self._command({name: path for name, (path, _) in sockets.items()}, memory, saved, systemd),
            stdin=subprocess.DEVNULL,
            stdout=open(os.path.join(self.folder, "qemu.log"), "ab"),
            stderr=subprocess.STDOUT,
        )
        try:
            self.port, console, self.monitor, self.fence_port = (listener.accept()[0] for _, listener in sockets.values())
        except socket.timeout:
            raise BedError(f"QEMU of {self.name} did not start, see {self.folder}/qemu.log") from None
        finally:
            for _, listener in sockets.values():
                listener.close()
        for target, connection in (
            (self._read_port, self.port), (self._read_console, console), (self._read_monitor, self.monitor),
            (self._read_fence, self.fence_port),
        ):  # fmt: skip
            threading.Thread(target=target, args=(connection, self.console, self.jobs), daemon=True).start()
        self._monitor_send({"execute": "qmp_capabilities"})

    def _command(self, sockets, memory, saved, systemd):
        bed = self.bed
        disks = []
        machine = "pc,usb=off,vmport=off"
        life = []
        if memory or saved:
            # What is saved stays as it is: whoever goes on with it gets copies of the pages that he changes.
            share = "off" if saved else "on"
            machine += ",memory-backend=ram"
            life = ["-object", f"memory-backend-file,id=ram,size={bed.memory}M,mem-path={saved.memory if saved else memory},share={share}"]
        if saved:
            life += ["-S", "-incoming", "defer"]
        for index, (path, read_only) in enumerate(bed.disks(self)):
            disks += ["-drive", f"file={path},if=none,id=d{index},format=raw,file.locking=off,cache=unsafe"
                      + (",readonly=on" if read_only else "")]
            disks += ["-device", f"virtio-blk-pci,drive=d{index},id=disk{index},addr={0x10 + index:#x}"]
        return [
            # A machine that gets no processor for 14 s has to reset itself, and would be right to.
            "nice", "-n", "-10", "qemu-system-x86_64", "-name", self.name, "-nodefaults", "-no-user-config", "-display", "none", "-no-reboot",
            *life, "-machine", machine, "-accel", bed.accel, "-cpu", bed.cpu, "-smp", "1", "-m", str(bed.memory),
            "-kernel", f"{bed.cache}/vmlinuz", "-initrd", f"{bed.cache}/initramfs.cpio",
            # No watchdogs: a paused or starved guest is not locked up.
            "-append", "console=ttyS0 loglevel=7 panic=1 mitigations=off no_timer_check nowatchdog rcupdate.rcu_cpu_stall_suppress=1 "
            f"random.trust_cpu=on net.ifnames=0 bed.name={self.name} bed.ip={self.address}" + (" bed.systemd" if systemd else ""),
            *disks,
            "-netdev", f"vde,id=net,sock={bed.switch.path}",
            "-device", f"virtio-net-pci,netdev=net,id=nic,mac=52:54:00:77:00:{self.number:02x},romfile=",
            "-object", "rng-random,filename=/dev/urandom,id=rng", "-device", "virtio-rng-pci,rng=rng",
            "-device", "virtio-serial-pci", "-chardev", f"socket,id=port,path={sockets['port']}",
            "-device", "virtserialport,chardev=port,name=bed",
            "-chardev", f"socket,id=fence,path={sockets['fence']}", "-device", "virtserialport,chardev=fence,name=fence",
            "-chardev", f"socket,id=console,path={sockets['console']}", "-serial", "chardev:console",
            "-chardev", f"socket,id=monitor,path={sockets['monitor']}", "-mon", "chardev=monitor,mode=control",
        ]  # fmt: skip

    def wait_ready(self, timeout=120):
        deadline = time.monotonic() + timeout
        while not self.ready.wait(0.1):
            self.bed.check_health()
            if time.monotonic() > deadline:
                raise BedError(f"{self.name} did not come up within {timeout} s, see {self.folder}/console.log")
        # The emulated clock chip has whole seconds only.
        self.set_clock()

    def set_clock(self, offset_seconds=0):
        self.run(f"date -s @{time.time() + 0.01 + offset_seconds:.3f} >/dev/null")

    def make_own_disk(self):
        with open(self.own_disk, "wb") as file:
            file.truncate(64 << 20)
        subprocess.run(["mke2fs", "-q", "-F", "-t", "ext4", self.own_disk], check=True)

    def running(self):
        return self.process is not None and self.process.poll() is None

    def power_off(self):
        """A power cut: what the guest had handed to its disks is there, nothing else."""
        self.may_end = True
        if self.process:
            self.process.kill()
            self.process.wait()
        for job in list(self.jobs.values()):
            job._finish(None)

    def wait_end(self, timeout):
        """Waits until the machine has reset itself (QEMU runs with -no-reboot, so a reset ends it)."""
        deadline = time.monotonic() + timeout * self.bed.patience
        while self.running():
            self.bed.check_health()
            if time.monotonic() > deadline:
                raise Failed(f"{self.name} did not reset itself within {timeout} s")
            time.sleep(0.1)
        for job in list(self.jobs.values()):
            job._finish(None)

    def pause(self):
        self.monitor_command("stop")

    def resume(self):
        self.monitor_command("cont")

    def save_devices(self, path):
        """Writes everything but the memory of a stopped machine to a file. The machine can go on afterwards."""
        self._keep_memory_out()
        self.monitor_command("migrate", uri=f"exec:cat > '{path}'")
        deadline = time.monotonic() + 60
        while (status := self.monitor_command("query-migrate").get("status")) != "completed":
            if status == "failed" or time.monotonic() > deadline:
                raise BedError(f"{self.name} could not be saved: {status}")
            time.sleep(0.02)

    def load_devices(self, path):
        """Starts to read such a file, in a machine that was started with saved; wait_loaded waits for the end."""
        self._keep_memory_out()
        self.monitor_command("migrate-incoming", uri=f"exec:cat '{path}'")

    def wait_loaded(self):
        deadline = time.monotonic() + 60
        while (status := self.monitor_command("query-status")["status"]) == "inmigrate":
            if not self.running() or time.monotonic() > deadline:
                raise BedError(f"{self.name} does not go on, see {self.folder}/qemu.log")
            time.sleep(0.02)
        if status not in ("paused", "postmigrate", "prelaunch"):
            raise BedError(f"{self.name} is {status}")

    def _keep_memory_out(self):
        capability = {"capability": "x-ignore-shared", "state": True}
        self.monitor_command("migrate-set-capabilities", capabilities=[capability])

    def set_link(self, up):
        self.monitor_command("set_link", name="nic", up=up)

    def stall_disk(self, name):
        """From the second request on, none completes before it is let go. A shared one, or "state" or "program"."""
        self._limit_disk(name, 1)

    def let_disk_go(self, name):
        self._limit_disk(name, 0)

    def _limit_disk(self, name, bytes_per_second):
        index = [None, *self.bed.shared, "state", "program"].index(name)
        limits = {"bps": bytes_per_second, "bps_rd": 0, "bps_wr": 0, "iops": 0, "iops_rd": 0, "iops_wr": 0}
        self.monitor_command("block_set_io_throttle", id=f"/machine/peripheral/disk{index}/virtio-backend", **limits)

    def remove_disk(self, name):
        self.monitor_command("device_del", id=name)

    # Commands

    def spawn(self, script, log=None):
        """Starts a shell script and returns its Job at once; its output also goes to the log, a file of the host."""
        number = self.next_job
        self.next_job += 1
        job = self.jobs[number] = Job(self, number, script, log)
        self._send("RUN", number, script.encode())
        return job

    def run(self, script, timeout=30, check=True):
        """Runs a shell script to its end."""
        job = self.spawn(script)
        job.close_input()
        code = job.wait(timeout)
        if code is None:
            job.kill()
            raise Failed(f"{self.name}: not over within {timeout} s: {script}\n{job.text()}")
        if check and code != 0:
            raise Failed(f"{self.name}: exit code {code} from: {script}\n{job.text()}")
        return Result(code, job.text())

    def out(self, script, timeout=30, check=True):
        return self.run(script, timeout, check).text.strip()

    def monitor_command(self, command, **arguments):
        self._monitor_send({"execute": command, "arguments": arguments})
        reply = self.monitor_replies.get(timeout=20)
        if "error" in reply:
            raise BedError(f"{self.name}: monitor {command}: {reply['error']}")
        return reply["return"]

    # Console

    def wait_console(self, pattern, timeout, mark=0):
        """Waits for a kernel line after the mark and returns (host time, match)."""
        deadline = time.monotonic() + timeout * self.bed.patience
        while True:
            for when, line in self.console.since(mark):
                match = re.search(pattern, line)
                if match:
                    return when, match
            self.bed.check_health()
            if time.monotonic() > deadline:
                raise Failed(f"{self.name}: no kernel line like /{pattern}/ within {timeout} s")
            with self.console.changed:
                self.console.changed.wait(0.1)

    def faults(self):
        """What the kernel complained of since the bed was last asked for it, apart from what it always says."""
        entries = self.console.since(self.fault_mark) if self.console else []
        self.fault_mark += len(entries)
        return [line for _, line in entries if self.FAULTS.search(line) and not self.HARMLESS.search(line)]

    # Wire

    def _send(self, verb, number, payload=b""):
        with self.send_lock:
            try:
                self.port.sendall(b"%s %d %d\n" % (verb.encode(), number, len(payload)) + payload)
            except OSError:
                pass  # the machine is gone; whoever waits for the answer finds out

    def _monitor_send(self, message):
        self.monitor.sendall(json.dumps(message).encode() + b"\n")

    def _read_port(self, connection, _console, jobs):
        stream = connection.makefile("rb")
        try:
            while True:
                head = stream.readline()
                if not head:
                    return
                verb, number, length = head.split()
                payload = stream.read(int(length))
                job = jobs.get(int(number))
                if verb == b"HELLO":
                    self.boot_id = payload.decode()
                    self.hello_after = time.monotonic() - self.started
                    self.ready.set()
                elif job and verb == b"OUT":
                    job.raw += payload
                    job.output.feed(payload)
                elif job and verb == b"EXIT":
                    job._finish(int(payload))
        except (OSError, ValueError):
            return

    def _read_console(self, connection, console, _jobs):
        try:
            while data := connection.recv(65536):
                console.feed(data)
        except OSError:
            return

    def _read_monitor(self, connection, _console, _jobs):
        first = True
        try:
            for line in connection.makefile("rb"):
                message = json.loads(line)
                if "event" in message:
                    self.monitor_events.feed(line)
                elif "return" in message or "error" in message:
                    if first:  # the answer to qmp_capabilities
                        first = False
                    else:
                        self.monitor_replies.put(message)
        except (OSError, ValueError):
            return

    def _read_fence(self, connection, _console, _jobs):
        """Switches off whom the guest's fence command names."""
        try:
            for line in connection.makefile("r"):
                number = int(line)
                self.bed.fence(self, number)
                connection.sendall(b"off %d\n" % number)
        except (OSError, ValueError, KeyError):
            return

    def _close_sockets(self):
        for connection in (self.port, self.monitor, self.fence_port):
            if connection:
                connection.close()
