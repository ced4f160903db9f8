# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
import random
import statistics

import pytest
from engine.retry import delay
from hypothesis import given
from hypothesis import strategies as st

FACTORS = st.floats(0.1, 100)
CAPS = st.floats(1, 10_000)


@given(st.integers(-5, 10**9), FACTORS, CAPS, st.randoms(use_true_random=False))
def test_the_wait_stays_between_half_and_all_of_the_ceiling(attempt, base, cap, rng):
    wait = delay(attempt, base, cap, rng)
    ceiling = min(cap, base * 2.0 ** min(max(attempt, 1) - 1, 60))
    assert ceiling / 2 <= wait <= ceiling <= cap


class Middle:
    """A random generator without surprise."""

    def uniform(self, low, high):
        return (low + high) / 2


def test_the_waits_double_until_the_cap():
    waits = [delay(attempt, 2, 100, Middle()) for attempt in range(1, 9)]
    assert waits == [1.5, 3, 6, 12, 24, 48, 75, 75]


def test_the_defaults_end_within_a_quarter_of_an_hour():
    assert delay(1) <= 2
    assert 450 <= delay(100) <= 900


def test_those_that_failed_together_come_back_apart():
    rng = random.Random(1)
    waits = [delay(8, 2.0, 900.0, rng) for _one in range(1000)]
    assert len(set(waits)) == 1000
    assert statistics.pstdev(waits) > 30


@pytest.mark.parametrize("attempt", [10**6, 10**18])
def test_no_number_of_attempts_overflows(attempt):
    assert delay(attempt, 1e9, 900.0) <= 900
