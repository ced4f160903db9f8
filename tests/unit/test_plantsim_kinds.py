# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""Each kind of row becomes events of its own: set-up, breakdown, review, rework."""

from test_plantsim_log import record

from plantsim import log, play
from plantsim.reconcile import totals

SETUP, BREAKDOWN = {"Report Type": "S"}, {"Report Type": "B"}
NOTHING = {"Qty Completed": "0", "Qty Rejected": "0"}


def events_of(*records):
    order = log.parse(list(records)).orders[0]
    return play.order_events(play.Job(order, "WH/MO/1", {}), "urn:plantsim:mes")


def told(*records):
    """(name, data) of each event but the consumption."""
    pairs = [
        (event["type"].removeprefix("mfg.").removesuffix(".v1"), event["data"])
        for event in events_of(*records)
    ]
    return [pair for pair in pairs if pair[0] != "material.consumed"]


def names(*records):
    return [name for name, _data in told(*records)]


def at(clock):
    return f"2012-01-30T{clock}:00Z"


def test_set_up_is_a_stop_of_the_machine_and_booked_afterwards():
    stop, labor, end = told(record(**SETUP, **NOTHING))
    assert stop == (
        "equipment.downtime",
        {
            "jobOrderId": "WH/MO/1",
            "equipmentId": "M4",
            "startTime": at("08:00"),
            "endTime": at("09:00"),
            "reasonCode": "SETUP",
        },
    )
    line = {"equipmentId": "M4", "personId": "ID1"}
    line |= {"startTime": at("08:00"), "endTime": at("09:00")}
    assert labor[0] == "labor.reported"
    assert labor[1]["operationsSegmentId"] == "Turning"
    assert labor[1]["labor"] == [line]
    assert end[0] == "jobresponse.completed"


def test_set_up_of_one_day_and_operation_is_one_card():
    night = {"Complete Timestamp": "2012/01/31 01:00:00.000"}
    rows = [
        record("Turning", "07:00", "07:30", **SETUP),
        record("Lapping", "07:30", "08:00", **SETUP),
        record("Turning", "10:00", "11:00", **SETUP, **{"Worker ID": "ID2"}),
        record("Turning", "23:00", **SETUP, **night),
    ]
    cards = [data for name, data in told(*rows) if name == "labor.reported"]
    seen = [(d["operationsSegmentId"], len(d["labor"])) for d in cards]
    assert seen == [("Lapping", 1), ("Turning", 2), ("Turning", 1)]


def test_set_up_that_no_card_can_say_is_told_as_it_passes():
    """Odoo would refuse a card for time it has of this worker at this operation."""
    at_work = record("Turning", "08:30", "10:00")
    long = {"Complete Timestamp": "2012/01/31 08:01:00.000"}
    other = {"Worker ID": "ID2"}
    assert "labor.reported" not in names(record(**SETUP), at_work)
    assert "labor.reported" not in names(record(**SETUP, **long))
    assert "labor.reported" in names(record(**SETUP, **other), at_work)
    came = totals(events_of(record(**SETUP), at_work), "Turning")
    assert (came.minutes, came.setup) == (150, 60)


def test_a_breakdown_is_told_when_it_begins_and_when_it_ends():
    first, stop, again, last = told(record(**BREAKDOWN, **NOTHING))
    assert [first[0], last[0]] == ["jobresponse.started", "jobresponse.completed"]
    assert stop[0] == again[0] == "equipment.downtime"
    assert "endTime" not in stop[1]
    assert again[1] == stop[1] | {"endTime": at("09:00")}
    assert stop[1]["reasonCode"] == "BREAKDOWN"


def test_stops_go_by_the_key_of_their_machine_and_have_no_number():
    rows = [record(**BREAKDOWN), record("Lapping", "09:00", "10:00", **SETUP)]
    stops = [e for e in events_of(*rows) if e["type"] == "mfg.equipment.downtime.v1"]
    assert [event["subject"] for event in stops] == ["M4"] * 3
    assert not any("sequence" in event for event in stops)


def test_pieces_for_review_are_set_aside():
    reworked = dict(told(record(**{"Qty for MRB": "3"})))["production.reworked"]
    assert reworked["quantity"] == {"value": "3", "unitCode": "C62"}
    assert reworked["reasonCode"] == "MRB"
    assert reworked["segments"] == [
        {
            "name": "Material review",
            "operationsSegmentId": "Turning",
            "equipmentId": "M4",
        }
    ]


def test_rework_is_announced_once_worked_at_and_counted_at_its_own_operation():
    flagged = {"Rework": "Y"}
    rows = [
        record("Turning", "07:00", "08:00"),
        record("Turning", "08:00", "09:00", **flagged),
        record("Turning", "09:00", "10:00", **flagged),
        record("Packing", "11:00", "12:00"),
    ]
    found = told(*rows)
    announced = [data for name, data in found if name == "production.reworked"]
    assert [data["quantity"]["value"] for data in announced] == ["12"]
    assert announced[0]["reasonCode"] == "REWORK"
    assert announced[0]["segments"][0]["operationsSegmentId"] == "Turning"
    again = [
        name
        for name, data in found
        if data.get("operationsSegmentId") == "Turning (rework)"
    ]
    assert again == [
        "jobresponse.started",
        "production.reported",
        "jobresponse.paused",
        "jobresponse.resumed",
        "production.reported",
        "jobresponse.completed",
    ]


def test_reworked_pieces_of_the_last_activity_are_finished_goods():
    rows = [
        record("Packing", "07:00", "08:00"),
        record("Packing", "08:00", "09:00", **{"Rework": "Y"}),
    ]
    came = totals(events_of(*rows), "Packing")
    assert (came.produced, came.rework) == (10, 6)
