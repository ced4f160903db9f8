# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""Order per key: the cases of design.md section 4 (3) and reliability.md "Order"."""

from datetime import datetime, timedelta

import pytest
from engine.ordering import REVERSAL, Item, Policy, arranged, decide, together
from hypothesis import given
from hypothesis import strategies as st

NOW = datetime(2026, 1, 1, 12)
CONTINUE = Policy(hold=False)


def item(id_, sequence=None, state="queued", **values):
    values.setdefault("received_at", NOW)
    values.setdefault("type", "a")
    return Item(id=id_, state=state, sequence=sequence, **values)


def run(items, last=None, now=NOW, **options):
    return [i.id for i in decide(items, last, now, **options).run]


def test_arrival_order_without_numbers():
    assert run([item(3), item(1), item(2)]) == [1, 2, 3]


def test_sequence_beats_arrival():
    assert run([item(1, 2), item(2, 1)]) == [2, 1]


def test_numbered_and_plain_merge_by_arrival():
    items = [item(1, 2), item(2), item(3, 1), item(4)]
    assert [i.id for i in arranged(items)] == [2, 3, 1, 4]


def test_run_goes_on_where_the_type_changes():
    assert run([item(1), item(2), item(3, type="b"), item(4)]) == [1, 2, 3, 4]


def test_mark_is_what_comes_after_the_run_or_ends_it():
    items = [item(1), item(2), item(3, state="parked", out_of_turn=True), item(4)]
    assert decide(items, None, NOW).mark.id == 4
    assert decide(items[:3], None, NOW).mark.id == 2


def test_run_is_limited():
    assert run([item(i) for i in range(50)], limit=7) == list(range(7))


def test_gap_waits_its_time_and_holds_the_followers():
    decision = decide([item(1, 4), item(2, 5)], 2, NOW)
    assert decision.run == []
    assert decision.wait_until == NOW + timedelta(seconds=30)
    assert [i.id for i in decision.wait] == [1, 2]


def test_gap_that_never_closes_is_parked_and_holds():
    decision = decide([item(1, 4), item(2, 5)], 2, NOW + timedelta(seconds=31))
    assert [(i.id, code) for i, code in decision.park] == [(1, "sequence-gap")]
    assert decision.run == []
    assert [i.id for i in decision.wait] == [2]


def test_gap_policy_continue_goes_on_and_alerts():
    policy = Policy(gap_parks=False)
    items = [item(1, 4, policy=policy), item(2, 5, policy=policy)]
    decision = decide(items, 2, NOW + timedelta(seconds=31))
    assert [i.id for i in decision.run] == [1, 2]
    assert decision.gap.id == 1


def test_the_missing_one_arrives_and_all_go():
    items = [item(3, 4, state="waiting"), item(4, 3)]
    assert run(items, last=2) == [4, 3]


def test_parked_for_a_gap_heals_when_it_closes():
    parked = item(3, 4, state="parked", code="sequence-gap")
    assert [i.id for i in decide([parked, item(4, 3)], 2, NOW).run] == [4]
    assert decide([parked], 3, NOW).heal == [parked]


@pytest.mark.parametrize("first", [0, 1])
def test_senders_count_from_zero_or_one(first):
    assert run([item(1, first), item(2, first + 1)]) == [1, 2]


def test_first_number_above_one_is_a_gap():
    assert decide([item(1, 2)], None, NOW).wait_until


def test_rising_numbers_with_holes_make_no_gap():
    policy = Policy(counted=False)
    assert run([item(1, 17, policy=policy), item(2, 90, policy=policy)]) == [1, 2]


def test_overtaken_is_parked_but_holds_nobody():
    decision = decide([item(9, 3), item(10, 6)], 5, NOW)
    assert [(i.id, code) for i, code in decision.park] == [(9, "overtaken")]
    assert [i.id for i in decision.run] == [10]


def test_overtaken_goes_when_a_person_lets_it():
    assert run([item(9, 3, out_of_turn=True)], last=5) == [9]


def test_what_others_passed_goes_on_where_the_interface_continues():
    """Parked for a code nobody had mapped, mapped when later ones had posted."""
    assert run([item(9, 3, policy=CONTINUE), item(10, 6)], last=5) == [9, 10]


def test_parked_head_holds_its_followers():
    decision = decide([item(1, state="parked"), item(2), item(3)], None, NOW)
    assert decision.run == []
    assert [i.id for i in decision.wait] == [2, 3]


def test_parked_head_lets_go_when_the_interface_continues():
    assert run([item(1, state="parked", policy=CONTINUE), item(2)]) == [2]


def test_parked_head_lets_go_when_a_person_skips_it():
    assert run([item(1, state="parked", out_of_turn=True), item(2)]) == [2]


def test_skipped_number_counts_as_passed():
    items = [item(1, 1, state="parked", out_of_turn=True), item(2, 2)]
    assert run(items) == [2]


def test_retry_later_holds_its_followers_until_then():
    later = NOW + timedelta(seconds=5)
    decision = decide(
        [item(1, state="retrying", next_try_at=later), item(2)], None, NOW
    )
    assert (decision.run, decision.wait_until) == ([], later)
    assert run([item(1, state="retrying", next_try_at=later)], now=later) == [1]


def test_expired_is_parked():
    decision = decide([item(1, expiry=NOW)], None, NOW)
    assert [(i.id, code) for i, code in decision.park] == [(1, "expired")]


def test_what_crashed_is_posted_alone():
    assert run([item(1, crashed=True), item(2)]) == [1]
    assert run([item(1), item(2, crashed=True)]) == [1]


@given(st.permutations(range(1, 25)))
def test_any_shuffle_takes_effect_in_order(order):
    """Whatever the order of arrival, effects follow the numbers without a hole."""
    arrived, done = [], []
    for id_, sequence in enumerate(order):
        arrived.append(item(id_, sequence))
        while batch := decide(arrived, max(done, default=None), NOW).run:
            done += [i.sequence for i in batch]
            arrived = [i for i in arrived if i not in batch]
    assert done == sorted(order)


@pytest.mark.parametrize(
    ("keys", "groups"),
    [
        ("", []),
        ("aab", ["aa", "b"]),
        ("aba", ["a", "b", "a"]),
        ("a--a", ["a", "-", "-", "a"]),
    ],
)
def test_together_are_neighbours_with_one_key(keys, groups):
    found = together(keys, lambda key: None if key == "-" else key)
    assert ["".join(group) for group in found] == groups


def reversal(id_, sequence=None, **values):
    return item(id_, sequence, type=REVERSAL, **values)


def test_a_reversal_begins_a_run():
    assert run([item(1), reversal(2), item(3)]) == [1]
    assert run([reversal(2), item(3), reversal(4)]) == [2, 3]


def test_a_parked_item_whose_reversal_has_come_holds_nobody():
    parked = item(1, state="parked", code="shortage", revoked=True)
    assert run([parked, item(2), reversal(3)]) == [2]
    assert run([parked, reversal(3)]) == [3]


def test_numbers_are_kept_when_a_parked_item_is_passed():
    parked = item(1, 1, state="parked", code="shortage", revoked=True)
    assert run([parked, item(2, 2), reversal(3, 3)], last=None) == [2]
    decision = decide([parked, reversal(3, 3)], None, NOW)
    assert decision.wait_until, "the number between is missing"


def test_an_earlier_parked_item_holds_both():
    items = [
        item(1, state="parked", code="shortage"),
        item(2, state="parked", code="shortage", revoked=True),
        reversal(3),
    ]
    assert run(items) == []


@pytest.mark.parametrize("code", ["original-missing", "already-reversed"])
def test_a_reversal_that_has_nothing_to_do_holds_nobody(code):
    assert run([reversal(1, state="parked", code=code), item(2)]) == [2]
