# SPDX-License-Identifier: Apache-2.0
"""The agent under test: its configuration, start, stop and questions to it."""


def set_up(bed):
    raise NotImplementedError


def expect_idle(bed):
    raise NotImplementedError


def explain(guest):
    return []
