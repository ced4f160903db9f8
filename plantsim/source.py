# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""Chooses the log to play: a named one, the real one if it is there, a made-up one."""

from pathlib import Path

from . import generate, log

ROOT = Path(__file__).resolve().parent.parent
REAL = ROOT.parent / "shared" / "data" / "production_log.csv"


def choose(path=None, orders=None, seed=0, generated=False):
    """The log, cut to its first orders when a number is given."""
    if path is None and REAL.exists() and not generated:
        path = REAL
    found = log.read(path) if path else generate.plant(75, seed)
    return found.first(orders) if orders else found
