# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""The plant reads a messy log without losing or inventing anything."""

from collections import Counter
from decimal import Decimal

import pytest

from plantsim import generate, log
from plantsim.source import REAL

HEAD = (
    "Case ID",
    "Activity",
    "Resource",
    "Start Timestamp",
    "Complete Timestamp",
    "Span",
    "Work Order Qty",
    "Part Desc.",
    "Worker ID",
    "Report Type",
    "Qty Completed",
    "Qty Rejected",
    "Qty for MRB",
    "Rework",
)


def record(activity="Turning", start="08:00", end="09:00", **more):
    values = ("C 1", activity, "Machine 4 - Turning", start, end, "999:00", "10")
    values += ("Cable Head", "ID1", "D", "5", "1", "0", "")
    found = dict(zip(HEAD, values, strict=True)) | more
    for name in ("Start Timestamp", "Complete Timestamp"):
        if len(found[name]) == 5:
            found[name] = f"2012/01/30 {found[name]}:00.000"
    return found


def only_row(**more):
    return log.parse([record(**more)]).rows[0]


@pytest.mark.skipif(not REAL.exists(), reason="the real log is not here")
def test_the_real_log_is_read_whole():
    real = log.read(REAL)
    assert len(real.orders) == 75
    assert len(real.rows) == 1643
    assert sum(row.completed for row in real.rows) == 35023
    assert sum(row.rejected for row in real.rows) == 232
    assert sum(row.review for row in real.rows) == 90
    assert sum(order.produced for order in real.orders) == 4985
    assert sum(row.minutes for row in real.rows) == 311038
    kinds = Counter(row.kind for row in real.rows)
    assert kinds == {"D": 1372, "S": 255, "B": 16}
    assert sum(order.stood("S") for order in real.orders) == 53541
    assert sum(order.stood("B") for order in real.orders) == 1614
    assert sum(row.rework for row in real.rows) == 13


def test_times_are_the_truth_not_the_span():
    assert only_row().minutes == 60


def test_a_row_with_one_time_is_an_instant():
    assert only_row(**{"Complete Timestamp": ""}).minutes == 0


def test_a_row_read_the_other_way_round_is_noted():
    found = log.parse([record(start="09:00", end="08:00")])
    assert found.rows[0].minutes == 60
    assert "other way round" in found.notes[0]


def test_rows_without_any_time_or_order_are_left_out_and_noted():
    rows = [record(), record(**{"Case ID": ""}), record(start="", end="")]
    found = log.parse(rows)
    assert len(found.rows) == 1
    assert found.notes == ["2 row(s) left out: no order or no time"]


@pytest.mark.parametrize("text", ["", "many", "NaN", "-3"])
def test_unusable_quantities_are_nothing(text):
    assert only_row(**{"Qty Completed": text}).completed == 0


def test_missing_machine_and_worker_stay_missing():
    row = only_row(Resource="", **{"Worker ID": ""})
    assert (row.machine, row.worker) == (None, None)


def test_identical_rows_are_two_facts():
    found = log.parse([record(), record()])
    assert found.orders[0].produced == 10
    assert found.orders[0].sum("minutes") == 120


def test_the_route_follows_first_completions_with_packing_last():
    order = log.parse(
        [
            record("Packing", "07:00", "07:10"),
            record("Lapping", "08:00", "10:00"),
            record("Turning", "08:30", "09:00"),
            record("Turning", "10:00", "11:00"),
        ]
    ).orders[0]
    assert [part.name for part in order.segments] == ["Turning", "Lapping", "Packing"]
    assert order.segments[0].minutes == 90
    assert order.ends


def test_without_a_known_end_the_last_completion_closes_and_the_order_stays_open():
    rows = [record("Lapping", end="12:00"), record("Turning", end="11:00")]
    order = log.parse(rows).orders[0]
    assert order.closing == "Lapping"
    assert not order.ends


def test_an_order_that_packed_nothing_stays_open():
    order = log.parse([record("Packing", **{"Qty Completed": "0"})]).orders[0]
    assert not order.ends


def kind_of(word):
    return only_row(**{"Report Type": word}).kind


def test_a_report_type_nobody_knows_is_production():
    kinds = [kind_of(word) for word in ("S", "b", "D", "", "X")]
    assert kinds == ["S", "B", "D", "D", "D"]


def test_a_machine_stands_once_at_a_time_whatever_the_order():
    """Of three that say so the longest is taken; the fourth is another machine's."""
    other = {"Resource": "Machine 5 - Turning"}
    rows = [
        record("Turning", end="08:30", **{"Report Type": "S"}),
        record("Milling", end="09:00", **{"Report Type": "S", "Case ID": "C 2"}),
        record("Lapping", end="08:20", **{"Report Type": "B"}),
        record("Turning", end="08:10", **{"Report Type": "S"}, **other),
        record("Turning", end="08:00", **{"Report Type": "S"}, **other),
        record("Turning", end="09:30"),
    ]
    first, second = log.parse(rows).orders
    assert (first.stops, second.stops) == ({4}, {2})
    assert (first.stood("S"), second.stood("S")) == (10, 60)


def test_rework_is_a_place_of_its_own_where_pieces_are_known():
    flagged = {"Rework": "Y"}
    order = log.parse(
        [
            record("Turning"),
            record("Turning", **flagged),
            record("Lapping", **flagged, **{"Qty Completed": "", "Qty Rejected": ""}),
        ]
    ).orders[0]
    assert order.rework == {"Turning": 6}
    places = [order.place(row) for row in order.rows]
    assert places == ["Turning", "Turning (rework)", "Lapping"]


def test_machine_codes():
    assert log.machine_code("Machine 7- Laser Marking") == "M7"
    assert log.machine_code("Quality Check 1") == "QUALITY-CHECK-1"


def test_another_table_is_refused():
    with pytest.raises(log.LogError, match="case"):
        log.parse([{"a": "b"}])


def test_the_generated_plant_repeats_itself_and_is_as_messy():
    found = generate.plant(40, seed=3)
    assert found.orders == generate.plant(40, seed=3).orders
    assert found.orders != generate.plant(40, seed=4).orders
    assert len(found.orders) == 40
    assert any(row.worker is None for row in found.rows)
    assert any(row.review for row in found.rows)
    assert {row.kind for row in found.rows} == {"D", "S", "B"}
    assert any(order.rework for order in found.orders)
    assert any(len(order.rows) == 1 for order in found.orders)
    assert all(order.produced <= order.quantity for order in found.orders)
    facts = [(o.case, r.activity, r.start, r.end) for o in found.orders for r in o.rows]
    assert len(set(facts)) < len(facts)


def test_the_first_orders_bring_their_machines_only():
    found = generate.plant(40).first(1)
    assert set(found.machines) == {row.machine for row in found.rows}
    assert found.orders[0].quantity >= Decimal(1)
