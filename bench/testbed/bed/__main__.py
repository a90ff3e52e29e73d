# SPDX-License-Identifier: Apache-2.0
"""Entry point: python3 -m bed CACHE PRODUCT WORD..., called by bench/testbed/run."""

import os
import shutil
import signal
import subprocess
import sys
import time
import traceback

from . import agent, cycles, scenario, scenarios  # noqa: F401  (scenarios registers them)
from .snapshot import Snapshots
from .testbed import Bed, BedError, Failed


def take_product(product, run_dir):
    """A copy of the agent, which a build during the run does not change; None if there is none."""
    if not os.path.isdir(os.path.join(product, "lib")):
        return None
    return shutil.copytree(product, os.path.join(run_dir, "lockstep"))


def pack_product(product, run_dir):
    """The agent as a read-only disk: class loading from it is faster than over a shared folder."""
    if not product:
        return None
    image = os.path.join(run_dir, "lockstep.squashfs")
    subprocess.run(
        ["mksquashfs", product, image, "-noappend", "-no-progress", "-quiet", "-comp", "lz4", "-all-root"],
        check=True, stdout=subprocess.DEVNULL)  # fmt: skip
    return image


def tail(path, lines=15):
    if not os.path.exists(path):
        return
    with open(path, "rb") as file:
        file.seek(0, os.SEEK_END)
        file.seek(max(0, file.tell() - 16384))
        text = file.read().decode("utf-8", "replace").splitlines()[-lines:]
    print(f"  -- {path}")
    for line in text:
        print(f"     {line[:200]}")


def report_failure(bed, name):
    """What one needs to see first; the rest is in the logs, which are kept."""
    print(f"  logs: {bed.run_dir} (saved as {name})")
    for guest in bed:
        tail(guest.console_log)
        tail(guest.agent_log)
        if guest.running():
            for line in agent.explain(guest):
                print(f"     {guest.name}: {line[:300]}")
    bed.keep_logs(name)


def prepare(bed, snapshots, function):
    if function.start == scenario.COLD:
        snapshots.cold()
    else:
        snapshots.restore(function.start)
    bed.check_health()


def run_one(bed, snapshots, name):
    """Runs a scenario; returns the failure or None."""
    function = scenario.ALL[name]
    try:
        prepare(bed, snapshots, function)
        function.ready_at = time.monotonic()
        function(bed)
        bed.check_health()
        if function.leaves_clean:
            agent.expect_idle(bed)
        return None
    except (Failed, BedError) as failure:
        return f"{type(failure).__name__}: {failure}"
    except Exception:
        return traceback.format_exc()


def run_all(bed, names):
    passed, failed = 0, []
    begun = time.monotonic()
    snapshots = Snapshots(bed, agent.set_up)
    snapshots.take()
    print(f"     machines booted and saved {time.monotonic() - begun:.1f} s", flush=True)
    for name in sorted(names, key=lambda name: scenario.ALL[name].start != scenario.COLD):
        started = time.monotonic()
        scenario.ALL[name].ready_at = started
        failure = run_one(bed, snapshots, name)
        seconds = time.monotonic() - started
        setup = scenario.ALL[name].ready_at - started
        print(f"{'FAIL' if failure else 'ok  '} {name:24} {seconds:6.1f} s (set-up {setup:.1f} s)", flush=True)
        if failure:
            failed.append(name)
            print(f"  {failure}")
            report_failure(bed, name)
        else:
            passed += 1
    for name, function in scenario.ALL.items():
        if function.not_yet and name not in names:
            print(f"not yet: {name}: {function.not_yet}")
    print(f"total {time.monotonic() - begun:.0f} s" + (f"; failed: {' '.join(failed)}" if failed else ""))
    print(f"{passed} passed, {len(failed)} failed", flush=True)
    return 1 if failed else 0


def run_cycles(bed, words):
    return 1 if cycles.run(bed, Snapshots(bed, agent.set_up), words) else 0


def shell(bed, _words):
    """Commands for one guest ("2 ls /sys/kernel/dlm"), for all ("* dmesg | tail"), "agents" to start them."""
    bed.fresh()
    print('"2 COMMAND" runs it on n2, "* COMMAND" on all; "agents" starts them; end with Ctrl-D')
    while True:
        try:
            line = input("> ").strip()
            if line == "agents":
                agent.set_up(bed)
                continue
            where, _, command = line.partition(" ")
            for guest in bed:
                if where in ("*", str(guest.number)):
                    print(f"[{guest.name}]", guest.out(command, 600, check=False))
        except (EOFError, KeyboardInterrupt):
            return 0
        except (Failed, BedError) as failure:
            print(failure)


def end(number, _frame):
    """A signal ends the run through main's finally, so that the machines go first; a second one must not cut that short."""
    for each in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(each, signal.SIG_IGN)
    sys.exit(128 + number)


COMMANDS = {"cycles": run_cycles, "shell": shell}
KEPT_RUNS = 20


def forget_old(runs):
    """Their names begin with the time, so the oldest come first."""
    for name in sorted(os.listdir(runs))[:-KEPT_RUNS]:
        shutil.rmtree(os.path.join(runs, name), ignore_errors=True)


def main(arguments):
    cache, product, *words = arguments
    if words == ["list"]:
        for name, function in scenario.ALL.items():
            print(f"{name:26} {scenario.summary(function)}")
        return 0
    known = words[1:] if words[0] == "known" else words
    try:
        names = [] if known[0] in COMMANDS else scenario.select(known)
    except KeyError as word:
        print(f"testbed: no scenario {word}; try: list", file=sys.stderr)
        return 64
    if known is not words:
        return 0
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, end)
    run_dir = os.path.join(cache, "runs", f"{time.strftime('%Y%m%d-%H%M%S')}-{os.getpid()}")
    os.makedirs(run_dir)
    forget_old(os.path.dirname(run_dir))
    installed = take_product(product, run_dir)
    bed = Bed(cache, run_dir, installed)
    try:
        bed.product = pack_product(installed, run_dir)
        bed.open()
        if words[0] in COMMANDS:
            return COMMANDS[words[0]](bed, words[1:])
        return run_all(bed, names)
    except (BedError, Failed) as error:
        print(f"testbed: {error}\n0 passed, {len(names)} failed")
        return 1
    finally:
        bed.close()
        bed.remove_disks()


sys.exit(main(sys.argv[1:]))
