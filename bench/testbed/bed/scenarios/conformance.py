# SPDX-License-Identifier: Apache-2.0
"""The simulated kernel against the real one."""

import io
import os
import subprocess
import threading
import zipfile

from ..scenario import BOOTED, scenario
from ..testbed import DATA, BedError, check
from ..vm import start_process

PACKAGE = "dev.lockstep.bench.conformance"
CLASSES = os.path.normpath(os.path.join(os.path.dirname(__file__), "..", "..", "..", "target", "classes"))
LONGEST = 240


@scenario(start=BOOTED)
def conformance(bed):
    """Every case of sysfs, configfs and uevent behaviour shows the same on this kernel and on the simulated one."""
    if not os.path.isdir(os.path.join(CLASSES, *PACKAGE.split("."))):
        raise BedError("bench/target/classes lacks the suite: mvn -q -DskipTests package")
    guests = [bed[1], bed[2]]
    bed[3].power_off()  # not needed, and its processor is
    jar = pack(CLASSES)
    with open(bed.shared["data"], "r+b") as disk:
        disk.write(jar)
    bed.on_all(f"modprobe dlm && udevadm settle && head -c {len(jar)} {DATA} > /tmp/conformance.jar", guests)
    servers = [
        guest.spawn(
            "exec java -Xmx48m -Xss512k -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Xshare:auto"
            f" -cp '/tmp/conformance.jar:/opt/lockstep/lib/*' {PACKAGE}.GuestServer"
        )
        for guest in guests
    ]
    suite = start_process(
        ["java", "-Xmx128m", "-XX:+UseSerialGC", "-cp", f"{CLASSES}:{bed.installed}/lib/*", f"{PACKAGE}.Conformance"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1)  # fmt: skip
    sending = threading.Lock()
    for number, server in enumerate(servers, 1):
        threading.Thread(target=carry, args=(server, number, suite, sending), daemon=True).start()
    timer = threading.Timer(LONGEST * bed.patience, suite.kill)
    timer.start()
    try:
        for line in suite.stdout:
            where, _, text = line.rstrip("\n").partition(" ")
            if where == "#":
                print(f"       {text}", flush=True)
            else:
                servers[int(where) - 1].send(text + "\n")
            bed.check_health()
        code = suite.wait()
    finally:
        timer.cancel()
        suite.kill()
    for server in servers:
        server.close_input()
    check(code == 0, "the kernels differ" if code == 1 else f"the suite ended with {code}")


def pack(classes):
    """What the guests need of the suite, as a jar; it reaches them on the data disk."""
    directory = os.path.join(classes, *PACKAGE.split("."))
    jar = io.BytesIO()
    with zipfile.ZipFile(jar, "w") as archive:
        for name in sorted(os.listdir(directory)):
            archive.write(os.path.join(directory, name), f"{PACKAGE.replace('.', '/')}/{name}")
    return jar.getvalue()


def carry(server, number, suite, sending):
    """Lines of a guest's server to the suite; whatever else it says is for people."""
    at = 0
    while not server.ended.is_set():
        with server.output.changed:
            if len(server.output.entries) == at:
                server.output.changed.wait(0.2)
            fresh = server.output.entries[at:]
        at += len(fresh)
        for _, line in fresh:
            if not line.startswith("= "):
                print(f"       n{number}: {line}", flush=True)
                continue
            try:
                with sending:
                    suite.stdin.write(f"{number} {line[2:]}\n")
                    suite.stdin.flush()
            except OSError:
                return
