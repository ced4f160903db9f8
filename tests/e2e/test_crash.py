# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""Faults of every kind while a plant sends: nothing is lost, nothing happens twice,
nothing is stranded.

The short form of `make chaos` (tests/chaos): the same scenarios, a few faults each.
MFG_CHAOS_SEED says which.
"""

import os

import pytest

from tests.chaos import report
from tests.chaos.plan import SHORT
from tests.chaos.run import run

SEED = int(os.environ.get("MFG_CHAOS_SEED") or 1)
NAMES = [scenario.__name__ for scenario, _sizes in SHORT]


@pytest.mark.parametrize("number", range(len(SHORT)), ids=NAMES)
def test_faults(bed, number, tell):
    scenario, sizes = SHORT[number]
    result = run(scenario, bed, SEED + number, **sizes)
    tell(f"chaos {result.name}", report.line(result))
    assert result.violations == []
    assert result.hits or NAMES[number] == "jobs", "nothing was hit"
