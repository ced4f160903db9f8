# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""Beyond a tolerance a person decides; and how an order ends that made less."""

import xmlrpc.client

import pytest
from factory import CONSUMED, REPORTED, Story
from world import at_once

OPERATOR = "mfg_integration_base.group_mfg_operator"
AUDITOR = "mfg_integration_base.group_mfg_auditor"
WHY = "The shift counted again: it is right."
RAW, GOODS = "raw_material_production_id", "production_id"


@pytest.fixture(scope="module")
def planner(world):
    return world.user("Paula", OPERATOR, "mrp.group_mrp_user")


def story_of(factory, endpoint, quantity=10):
    order, name = factory.order(quantity)
    return order, Story(factory, endpoint, name)


def told(endpoint, event):
    """What the plant is told of an event in the end."""
    answers = endpoint.drain_outbox()
    return [a["type"] for a in answers if a.get("causationid") == event["id"]]


def test_a_person_approves_with_a_reason(world, endpoint, factory, planner):
    endpoint.configure(REPORTED, over_production_percent=10)
    order, story = story_of(factory, endpoint)
    glue = {"materials": [factory.used("GLUE", 1, "KGM")]}
    story.make(8, **glue)
    over = story.make(4)  # 12, and 11 are tolerated
    story.use("GLUE", 200, "GRM", time="13:00")
    expected = ["posted", "over-tolerance", "waiting"]
    assert endpoint.deliver(*story.events) == expected
    assert factory.moved(order, GOODS, factory.table) == 8
    [message] = endpoint.row(over["id"], "id")
    error = endpoint.get(f"/mfg/v1/events/{message}").json()["error"]
    assert "at most 11" in error["detail"] and "approve" in error["nextAction"]
    with pytest.raises(xmlrpc.client.Fault, match="not allowed|rights|may"):
        endpoint.decide("approve", over, WHY, world.user("Arthur", AUDITOR))
    endpoint.decide("approve", over, WHY, planner)
    world.wait_quiet(30)
    assert [endpoint.outcome(e) for e in story.events] == ["posted"] * 3
    assert factory.moved(order, GOODS, factory.table) == 12
    fields = "action", "user_id", "reason", "before"
    domain = [("message_id", "=", message)]
    [decision] = planner.read("mfg.message.decision", domain, *fields)
    assert (decision["action"], decision["reason"]) == ("approve", WHY)
    assert (decision["user_id"][0], decision["before"]) == (planner.uid, "parked")
    [shown] = planner.read("mfg.message", [("id", "=", message)], "approval")
    assert "Paula" in shown["approval"] and WHY in shown["approval"]
    types = ["mfg.event.parked.v1", "mfg.event.posted.v1"]
    assert told(endpoint, over) == types
    assert endpoint.deliver(story.make(1)) == ["over-tolerance"]  # measured anew
    assert world.invariants(endpoint, story.ids) == 3


def test_over_consumption(world, endpoint, factory, planner):
    """The order asks for 40 planks; two more are tolerated."""
    limit = {"limit_over_consumption": True, "over_consumption_quantity": 2}
    endpoint.configure(CONSUMED, **limit)
    order, story = story_of(factory, endpoint)
    story.use("PLANK", 42)
    over = story.use("PLANK", 1)
    assert endpoint.deliver(*story.events) == ["posted", "over-tolerance"]
    endpoint.decide("cancel", over, "Counted twice", planner)
    assert endpoint.outcome(over) == "cancelled"
    assert factory.moved(order, RAW, factory.plank) == 42


def test_a_backorder_keeps_the_job_order_id(world, endpoint, factory, planner):
    limit = {"limit_under_production": True, "under_production_percent": 10}
    endpoint.configure(REPORTED, rest_of_final="backorder", **limit)
    order, story = story_of(factory, endpoint)
    glue = {"materials": [factory.used("GLUE", 1, "KGM")]}
    short = story.make(8, final=True, **glue)
    assert endpoint.deliver(short) == ["under-tolerance"]
    assert factory.state(order) == "confirmed"
    endpoint.decide("approve", short, WHY, planner)
    world.wait_quiet(30)
    family = "SELECT id, product_qty::int, state, name FROM mrp_production"
    family += " WHERE mfg_job_order_id = %s ORDER BY id"
    (first, made, state, renamed), (rest, left, _open, _name) = world.rows(
        family, story.name
    )
    assert (first, made, state) == (order, 8, "done")
    assert left == 2 and renamed != story.name
    last = story.make(2, final=True, **glue)
    assert endpoint.deliver(last) == ["posted"]
    assert factory.state(rest) == "done"
    assert factory.moved(rest, GOODS, factory.table) == 2
    assert factory.moved(order, GOODS, factory.table) == 8
    assert factory.moved(order, RAW, factory.plank) == 32
    assert factory.moved(rest, RAW, factory.plank) == 8
    assert world.invariants(endpoint, story.ids) == 2


def test_closed_without_backorder(world, endpoint, factory):
    """Within the tolerance nothing is missing; else the interface says to close."""
    order, story = story_of(factory, endpoint)
    glue = {"materials": [factory.used("GLUE", 1, "KGM")]}
    late = [story.make(7, final=True, **glue), story.make(1)]
    assert endpoint.deliver(*late) == ["posted", "order-not-open"]
    family = "SELECT state FROM mrp_production WHERE mfg_job_order_id = %s"
    assert world.rows(family, story.name) == [("done",)]
    assert factory.moved(order, GOODS, factory.table) == 7


def test_two_persons_approve_at_once(world, endpoint, factory, planner):
    """One of them does; the other is told; it is posted once."""
    order, story = story_of(factory, endpoint)
    over = story.make(12, backflush="never")
    assert endpoint.deliver(over) == ["over-tolerance"]
    persons = [planner, world.user("Quentin", OPERATOR)]

    def approve(person):
        try:
            endpoint.decide("approve", over, WHY, person)
        except xmlrpc.client.Fault as fault:
            return fault.faultString
        return None

    answers = at_once(approve, persons)
    world.wait_quiet(30)
    assert answers.count(None) == 1
    [refusal] = filter(None, answers)
    assert "None of the chosen messages" in refusal or "parked" in refusal
    assert endpoint.outcome(over) == "posted"
    assert factory.moved(order, GOODS, factory.table) == 12
    decided = "SELECT user_id FROM mfg_message_decision WHERE message_id = %s"
    [(who,)] = world.rows(decided, *endpoint.row(over["id"], "id"))
    assert who == persons[answers.index(None)].uid
    assert world.invariants(endpoint, [over["id"]]) == 1
