# SPDX-License-Identifier: Apache-2.0
"""The scenarios, in the order in which `all` runs them."""

from . import bed_itself, conformance, membership, restart, units, bad_input, regions, many, faults, filesystems  # noqa: F401, I001
