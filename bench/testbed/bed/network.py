# SPDX-License-Identifier: Apache-2.0
"""Cuts between two machines; a machine's own link is set_link of Guest."""


def cut_link(*pair):
    """Drops what these two send each other, by an address that nobody has."""
    for guest, other in (pair, pair[::-1]):
        guest.run(f"ip neigh replace {other.address} lladdr 02:00:00:00:00:01 nud permanent dev eth0")


def heal_link(*pair):
    """A machine that is off forgets the cut by itself."""
    for guest, other in (pair, pair[::-1]):
        if guest.running():
            guest.run(f"ip neigh del {other.address} dev eth0")
