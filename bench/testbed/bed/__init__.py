# SPDX-License-Identifier: Apache-2.0
"""Harness of the real-kernel test bed: guests, cluster set-up, checks and scenarios. Standard library only."""
