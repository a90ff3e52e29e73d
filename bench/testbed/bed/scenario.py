# SPDX-License-Identifier: Apache-2.0
"""How a scenario is declared and what it starts from."""

import inspect

ALL = {}

BOOTED = "booted"  # new machines with blank disks, nothing set up
RUNNING = "running"  # agents run and no lockspace is left; machines of an earlier scenario will do
FRESH = "fresh"  # as running, but on new machines with blank disks


def scenario(start=RUNNING, leaves_clean=True):
    """Registers a scenario under its function's name.

    start: what it needs. leaves_clean: whether the next one may go on with its machines if it passes.
    """

    def register(function):
        function.start, function.leaves_clean = start, leaves_clean
        ALL[function.__name__.rstrip("_")] = function
        return function

    return register


def summary(function):
    return (inspect.getdoc(function) or "").split("\n", 1)[0]


def select(words):
    """Names in the order of their declaration; raises KeyError with a word that fits none."""
    if words == ["all"]:
        return list(ALL)
    chosen = []
    for word in words:
        names = [name for name in ALL if name.startswith(word)]
        if not names:
            raise KeyError(word)
        chosen += [name for name in names if name not in chosen]
    return chosen
