# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""Pieces that are worked over, and who worked when."""

import pytest
from factory import (
    COMPLETED,
    LABOR,
    RELEASED,
    REPORTED,
    REWORKED,
    STARTED,
    Story,
    ago,
    amount,
    at,
    pieces,
)
from world import at_once

RATE = 60  # of an hour at the bench
MINUTES = """
    SELECT w.name, p.date_start::time::text, p.date_end::time::text, e.barcode
      FROM mrp_workcenter_productivity p JOIN mrp_workorder w ON w.id = p.workorder_id
      LEFT JOIN hr_employee e ON e.id = p.mfg_employee_id
     WHERE w.production_id = %s AND p.duration > 0 ORDER BY p.date_start, p.id
"""


def reworked(story, time, **data):
    data |= {"quantity": pieces(2), "reasonCode": "REJECT", "time": at(time)}
    return story.add(REWORKED, **data)


def test_rework_in_process_and_out_of_stock(world, endpoint, factory):
    (order, name), tables = factory.order(), factory.on_hand(factory.table)
    story = Story(factory, endpoint, name)
    glue = {"materials": [factory.used("GLUE", 1, "KGM")]}
    story.make(8, "10:00", **glue)
    again = {"operationsSegmentId": "Cut", "name": "Polish"}
    reworked(story, "10:30", segments=[again])
    story.respond(STARTED, "Polish", "11:00")
    story.respond(COMPLETED, "Polish", "11:20")
    story.make(2, "11:30", final=True)
    reworked(story, "12:00", segments=[again])
    assert endpoint.deliver(*story.events) == ["posted"] * 6
    assert factory.state(order) == "done"
    assert factory.operations(order)["Polish"][-1] == 20
    linked = "SELECT id, name, state FROM mrp_production WHERE mfg_rework_of_id = %s"
    [(rework, its_name, _state)] = world.rows(linked, order)
    assert factory.on_hand(factory.table) == tables + 8  # two are worked over again
    count = world.odoo.read("mrp.production", [("id", "=", order)], "mfg_rework_count")
    assert count[0]["mfg_rework_count"] == 2
    told = {
        e["subject"]: e["data"]
        for e in endpoint.drain_outbox()
        if e["type"] == RELEASED
    }
    assert told[its_name]["origin"] == name
    assert told[its_name]["quantity"] == pieces(2)
    work = Story(factory, endpoint, its_name)
    work.make(2, "13:00", final=True)
    assert endpoint.deliver(*work.events) == ["posted"]
    assert factory.state(rework) == "done"
    assert factory.on_hand(factory.table) == tables + 10
    assert world.invariants(endpoint, [*story.ids, *work.ids]) == 7


def test_labour_of_a_shift(world, endpoint, factory):
    """Several persons and operations over midnight in one event; cost as Odoo's."""
    valued = factory.create(
        "product.category", name="Average", property_cost_method="average"
    )
    bench = factory.create("mrp.workcenter", name="Bench", costs_hour=RATE)
    lamp = factory.product("LAMP", factory.piece, categ_id=valued)
    lamp = factory.bill(lamp, {factory.plank: 1}, [("Solder", bench, 5)])
    factory.create("hr.employee", name="Lee", barcode=f"LEE{factory.tag}")
    kim, lee = f"KIM{factory.tag}", f"LEE{factory.tag}"
    order, name = factory.order(recipe=lamp)
    story = Story(factory, endpoint, name)
    night = {"startTime": ago(180), "endTime": ago(60)}
    lines = [
        {"personId": kim, **night},
        {"personId": lee, "startTime": ago(120), "duration": amount("0.5", "HUR")},
    ]
    shift = story.add(LABOR, operationsSegmentId="Solder", labor=lines, time=ago(50))
    twice = story.add(LABOR, operationsSegmentId="Solder", personId=kim, **night)
    story.add(REPORTED, quantity=pieces(10), final=True, time=ago(40))
    assert endpoint.deliver(*story.events) == ["posted", "time-overlap", "waiting"]
    endpoint.decide("cancel", twice, "The same time card")
    world.wait_quiet(30)
    assert endpoint.outcome(story.events[-1]) == "posted"
    [operation] = factory.operations(order).values()
    assert operation[-1] == 150  # minutes of two people
    # Odoo charges a minute of the work centre once
    assert factory.value(order, "production_id") == pytest.approx(2 * RATE, abs=0.1)
    assert endpoint.deliver(endpoint.reversal(shift)) == ["not-reversible"]  # ended


def test_midnight_and_late_labour(world, endpoint, factory):
    """A planner closes the order, Odoo makes up time, the real time replaces it."""
    order, name = factory.order()
    button = {"skip_backorder": True, "skip_consumption": True}
    planner = world.user("Paula", "mrp.group_mrp_user")
    planner.call("mrp.production", "button_mark_done", [order], context=button)
    assert factory.state(order) == "done"
    assert factory.operations(order)["Cut"][-1] == 50  # five minutes a piece, made up
    story = Story(factory, endpoint, name)
    kim = {"operationsSegmentId": "Cut", "personId": f"KIM{factory.tag}"}
    night = {"startTime": "2026-01-30T23:30:00Z", "endTime": "2026-01-31T00:15:00Z"}
    late = story.add(LABOR, **kim, **night)
    assert endpoint.deliver(late) == ["posted"]
    operations = factory.operations(order)
    assert operations["Cut"][-1] == 45 and operations["Pack"][-1] == 20
    cut = [row for row in world.rows(MINUTES, order) if row[0] == "Cut"]
    assert cut == [("Cut", "23:30:00", "00:15:00", kim["personId"])]
    assert endpoint.deliver(endpoint.reversal(late)) == ["posted"]
    assert factory.operations(order)["Cut"][-1] == 50
    assert world.invariants(endpoint, [late["id"]]) == 2


def test_one_person_at_two_orders_at_once(world, endpoint, factory):
    """Where the interface says that nobody can be, one of two is for a person."""
    endpoint.configure(LABOR, labor_overlap="park")
    factory.create("hr.employee", name="Max", barcode=f"MAX{factory.tag}")
    time = {"startTime": at("06:00"), "endTime": at("07:00")}
    data = {"operationsSegmentId": "Cut", "personId": f"MAX{factory.tag}", **time}
    stories = [Story(factory, endpoint, factory.order()[1]) for _order in range(6)]
    events = [story.add(LABOR, **data) for story in stories]
    answers = at_once(endpoint.post, events)
    assert {answer.status_code for answer in answers} == {202}
    world.wait_quiet(60)
    outcomes = sorted(endpoint.outcome(event) for event in events)
    assert outcomes == ["posted"] + ["time-overlap"] * 5
    hours = "SELECT count(*) FROM mrp_workcenter_productivity p JOIN hr_employee e"
    hours += " ON e.id = p.mfg_employee_id WHERE e.barcode = %s"
    assert world.value(hours, f"MAX{factory.tag}") == 1
