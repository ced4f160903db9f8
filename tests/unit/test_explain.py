# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""What accounts for a difference."""

import importlib.util
from decimal import Decimal
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

PATH = Path(__file__).parents[2] / "addons/mfg_reconciliation/engine/explain.py"
SPEC = importlib.util.spec_from_file_location("explain", PATH)
explain = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(explain)


def fact(amount, cause="parked"):
    return explain.Evidence(cause, Decimal(amount), (1,))


def guess(amount, cause="late"):
    return explain.Evidence(cause, Decimal(amount), (2,), False)


def test_one_that_fits_alone():
    chosen, rest = explain.explained(Decimal(3), [fact(3), guess(-2)])
    assert (chosen, rest) == ([fact(3)], 0)


def test_facts_before_guesses():
    chosen, rest = explain.explained(Decimal(3), [guess(3), fact(3)])
    assert (chosen, rest) == ([fact(3)], 0)


def test_a_fact_that_the_plant_did_not_count():
    chosen, rest = explain.explained(Decimal(3), [fact(3), fact(-5, "by_hand")])
    assert (chosen, rest) == ([fact(3)], 0)


def test_nothing_fits_all_facts_and_a_rest():
    chosen, rest = explain.explained(Decimal(2), [fact(-3, "by_hand"), guess(7)])
    assert (chosen, rest) == ([fact(-3, "by_hand")], 5)


def test_rounding():
    chosen, rest = explain.explained(Decimal("3.004"), [fact(3)], Decimal("0.005"))
    assert (len(chosen), rest) == (1, Decimal("0.004"))


AMOUNTS = st.decimals(-50, 50, places=2)


@given(st.lists(st.tuples(AMOUNTS, st.booleans()), max_size=8), st.data())
def test_a_sum_of_the_evidence_leaves_nothing(parts, data):
    evidence = [explain.Evidence("x", a, (n,), f) for n, (a, f) in enumerate(parts)]
    some = data.draw(
        st.lists(st.sampled_from(evidence), unique=True) if parts else st.just([])
    )
    difference = sum((item.amount for item in some), Decimal())
    chosen, rest = explain.explained(difference, evidence)
    assert rest == 0
    assert sum((item.amount for item in chosen), Decimal()) == difference


def test_a_hundred_of_them_take_no_time():
    evidence = [guess(Decimal(n) / 7) for n in range(1, 101)]
    chosen, rest = explain.explained(Decimal("0.5"), evidence)
    assert (chosen, rest) == ([], Decimal("0.5"))


def test_the_larger_of_percent_and_quantity():
    ten, one = Decimal(10), Decimal(1)
    assert not explain.beyond(Decimal(9), Decimal(100), ten, one)
    assert explain.beyond(Decimal(11), Decimal(100), ten, one)
    assert not explain.beyond(Decimal(1), Decimal(0), ten, one)
    assert explain.beyond(Decimal(-2), Decimal(0), ten, one)


@given(*[st.decimals(-9, 9, places=1)] * 2)
def test_what_makes_up_for_peoples_changes_is_not_the_plants_word(amount, by_hand):
    """Corrected and changed alike it is; against each other only what is more."""
    told = explain.beside(amount, by_hand)
    assert abs(told) <= abs(amount) and told * amount >= 0
    if amount * by_hand >= 0:
        assert told == amount
    else:
        assert abs(told) == max(abs(amount) - abs(by_hand), 0)
