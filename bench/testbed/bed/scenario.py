# SPDX-License-Identifier: Apache-2.0
"""How a scenario is declared and what it starts from."""

import inspect

ALL = {}

BOOTED = "booted"  # machines with blank disks, nothing set up; from a snapshot
RUNNING = "running"  # agents run, and there is no lockspace; from a snapshot
COLD = "cold"  # as running, on the machines that were booted instead of copies of them


def scenario(start=RUNNING, leaves_clean=None, ci=False, not_yet=""):
    """Registers a scenario under its function's name.

    start: what it needs. leaves_clean: whether a leave of everything must bring the cluster to rest when it has passed;
    by default it must where agents run from the start. ci: whether each change must pass it. not_yet: what is missing
    for it to pass; "all" then only tells so, by name it still runs.
    """

    def register(function):
        function.start, function.ci, function.not_yet = start, ci, not_yet
        function.leaves_clean = start != BOOTED if leaves_clean is None else leaves_clean
        ALL[function.__name__] = function
        return function

    return register


def summary(function):
    text = (inspect.getdoc(function) or "").split("\n", 1)[0]
    if function.not_yet:
        return f"NOT YET ({function.not_yet}): {text}"
    marks = "".join(mark for mark, holds in (("[ci] ", function.ci), ("[cold] ", function.start == COLD)) if holds)
    return marks + text


def select(words):
    """Names in the order of their declaration; raises KeyError with a word that fits none."""
    if words == ["all"]:
        return [name for name, function in ALL.items() if not function.not_yet]
    if words == ["ci"]:
        return [name for name, function in ALL.items() if function.ci]
    chosen = []
    for word in words:
        names = [name for name in ALL if name.startswith(word)]
        if not names:
            raise KeyError(word)
        chosen += [name for name in names if name not in chosen]
    return chosen
