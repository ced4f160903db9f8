# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""The plant's events say exactly what the log says, in an order Odoo can post."""

from collections import defaultdict
from decimal import Decimal

import pytest

from plantsim import generate, log, play, recipe
from plantsim.reconcile import Totals, totals
from plantsim.source import REAL

SOURCE = "urn:plantsim:mes"
LOGS = [pytest.param(lambda: generate.plant(75, 1), id="generated")]
LOGS.append(
    pytest.param(
        lambda: log.read(REAL),
        id="real",
        marks=pytest.mark.skipif(not REAL.exists(), reason="the real log is not here"),
    )
)


def job(order):
    return play.Job(order, f"WH/MO/{order.case}", {})


def played(orders):
    return {o.case: play.order_events(job(o), SOURCE, 7) for o in orders}


def of_type(events, word):
    return [event for event in events if event["type"] == f"mfg.{word}.v1"]


@pytest.mark.parametrize("make", LOGS)
def test_events_sum_to_the_log_per_order(make):
    found = make()
    for order in found.orders:
        events = played([order])[order.case]
        came = totals(events, order.closing)
        assert came.produced == order.produced
        for name in ("completed", "review", "minutes"):
            assert getattr(came, name) == order.sum(name)
        assert came.scrapped == order.sum("rejected")
        assert came.rework == sum(order.rework.values())
        assert came.setup == order.stood("S")
        assert came.downtime == order.stood("B")
        dose = recipe.dose(order)
        assert dict(came.consumed) == {dose.component: dose.stocked}


@pytest.mark.parametrize("make", LOGS)
def test_sequence_has_no_holes_and_ids_repeat(make):
    orders = make().orders
    first, second = played(orders), played(orders)
    assert first == second
    ids = [event["id"] for events in first.values() for event in events]
    assert len(set(ids)) == len(ids)
    for events in first.values():
        numbered = [e for e in events if e["type"] != "mfg.equipment.downtime.v1"]
        counts = [event["sequence"] for event in numbered]
        assert counts == [str(number) for number in range(1, len(numbered) + 1)]
        assert len({event["subject"] for event in numbered}) == 1


@pytest.mark.parametrize("make", LOGS)
def test_nothing_ends_before_it_began_and_completed_is_a_segments_last_word(make):
    for order in make().orders:
        balance, over = defaultdict(int), set()
        for event in played([order])[order.case]:
            word, data = event["type"].split(".")[2], event["data"]
            if ".jobresponse." not in event["type"]:
                continue
            segment = data["operationsSegmentId"]
            assert segment not in over
            worker = segment, data.get("equipmentId"), data.get("personId")
            if word in ("started", "resumed"):
                balance[worker] += 1
            elif word == "paused" or balance[worker]:
                balance[worker] -= 1
            assert balance[worker] >= 0
            if word == "completed":
                over.add(segment)
        assert not any(balance.values())
        assert over == {order.place(row) for row in order.rows}


@pytest.mark.parametrize("make", LOGS)
def test_only_the_last_report_of_an_ended_order_is_final(make):
    for order in make().orders:
        events = played([order])[order.case]
        final = [event for event in events if event["data"].get("final")]
        assert final == (events[-1:] if order.ends else [])
        if final:
            assert final[0]["data"]["operationsSegmentId"] == order.closing


def test_segment_ids_are_those_of_the_release():
    order = generate.plant(3).orders[0]
    name = order.segments[0].name
    release = {
        "jobOrderId": "WH/MO/1",
        "segments": [{"operationsSegmentId": f"{name} (2)", "name": name}],
    }
    events = play.order_events(play.Job.of_release(order, release), SOURCE)
    segments = {e["data"].get("operationsSegmentId") for e in events}
    assert f"{name} (2)" in segments
    assert name not in segments


def test_shuffling_keeps_the_order_of_each_order():
    queues = [[(queue, number) for number in range(20)] for queue in range(9)]
    mixed = play.shuffled(queues, seed=5)
    assert mixed != sorted(mixed)
    assert sorted(mixed) == [item for queue in queues for item in queue]
    for queue in queues:
        assert [item for item in mixed if item[0] == queue[0][0]] == queue


def test_batches_hold_everything_once():
    events = list(range(777))
    cut = list(play.batches(events, seed=2))
    assert [event for batch in cut for event in batch] == events
    assert {len(batch) for batch in cut[:-1]} <= set(range(50, 101))


def test_differences_name_what_differs():
    one, other = Totals(produced=Decimal(5)), Totals(produced=Decimal(4))
    one.consumed["OIL"] += Decimal("0.25")
    assert one.differences(other) == ["produced", "OIL"]
    assert one.differences(one) == []
