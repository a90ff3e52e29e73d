# SPDX-License-Identifier: Apache-2.0
"""How a scenario is declared and what it starts from."""

import inspect

ALL = {}

BOOTED = "booted"  # new machines with blank disks, nothing set up
RUNNING = "running"  # agents run and no lockspace is left; machines of an earlier scenario will do
FRESH = "fresh"  # as running, but on new machines with blank disks


def scenario(start=RUNNING, leaves_clean=True, not_yet=""):
    """Registers a scenario under its function's name.

    start: what it needs. leaves_clean: whether the next one may go on with its machines if it passes. not_yet: what is
    missing for it to pass; "all" then only tells so, by name it still runs.
    """

    def register(function):
        function.start, function.leaves_clean, function.not_yet = start, leaves_clean, not_yet
        ALL[function.__name__] = function
        return function

    return register


def summary(function):
    text = (inspect.getdoc(function) or "").split("\n", 1)[0]
    return f"NOT YET ({function.not_yet}): {text}" if function.not_yet else text


def select(words):
    """Names in the order of their declaration; raises KeyError with a word that fits none."""
    if words == ["all"]:
        return [name for name, function in ALL.items() if not function.not_yet]
    chosen = []
    for word in words:
        names = [name for name in ALL if name.startswith(word)]
        if not names:
            raise KeyError(word)
        chosen += [name for name in names if name not in chosen]
    return chosen
