# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""The circuit breaker: open after many failures, half-open after a while."""

from engine import breaker
from engine.breaker import CLOSED, HALF_OPEN, OPEN, Breaker
from hypothesis import given
from hypothesis import strategies as st

NOW = 1_800_000_000.0


def after(kept, *ends, now=NOW):
    for healthy in ends:
        kept = breaker.after(kept, healthy, now)
    return kept


def test_opens_after_ten_of_which_seven_failed():
    kept = after(Breaker(), *[True] * 3, *[False] * 6)
    assert (kept.state, kept.requests) == (CLOSED, 9)
    assert after(kept, False).state == OPEN
    assert after(kept, True).state == CLOSED


def test_a_few_failures_alone_do_not_open_it():
    assert after(Breaker(), *[False] * 9).state == CLOSED


def test_failures_long_ago_do_not_count():
    kept = after(Breaker(), *[False] * 9)
    assert after(kept, *[False] * 9, now=NOW + breaker.WINDOW).state == CLOSED


def test_nothing_goes_out_while_open_and_one_after_thirty_seconds():
    kept = after(Breaker(), *[False] * 10)
    assert breaker.allowed(kept, NOW + 29) == 0
    assert breaker.probing(kept, NOW + 29) == kept
    assert breaker.allowed(kept, NOW + 30) == 1
    tried = breaker.probing(kept, NOW + 30)
    assert (tried.state, breaker.allowed(tried, NOW + 30)) == (HALF_OPEN, 1)


def test_the_one_decides():
    tried = Breaker(HALF_OPEN, NOW)
    assert after(tried, True) == Breaker(CLOSED, NOW)
    assert after(tried, False, now=NOW + 5) == Breaker(OPEN, NOW + 5)


def test_stragglers_of_an_open_breaker_do_not_keep_it_open():
    kept = Breaker(OPEN, NOW)
    assert after(kept, False, now=NOW + 20) == kept


def test_an_answer_that_says_nothing_about_it_changes_nothing():
    for kept in (Breaker(), Breaker(OPEN, NOW), Breaker(HALF_OPEN, NOW)):
        assert after(kept, None) == kept


def test_a_clock_that_was_set_back_locks_nobody_out():
    assert breaker.allowed(Breaker(OPEN, NOW), NOW - 86400) == 1
    assert after(Breaker(CLOSED, NOW, 9, 9), False, now=NOW - 86400).state == CLOSED


@given(st.lists(st.sampled_from([True, False, None]), max_size=60))
def test_it_is_always_in_a_state_and_always_comes_back(ends):
    kept = after(Breaker(), *ends)
    assert kept.state in breaker.STATES
    tried = breaker.probing(kept, NOW + breaker.PAUSE)
    assert breaker.allowed(tried, NOW + breaker.PAUSE) in (None, 1)
    assert after(tried, True, now=NOW + breaker.PAUSE).state == CLOSED
