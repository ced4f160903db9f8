# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""The main job: an order released, made and closed, over HTTP, to the last gram."""

import random
import xmlrpc.client

import pytest
from factory import (
    COMPLETED,
    PAUSED,
    RELEASED,
    RESUMED,
    STARTED,
    Factory,
    Story,
    pieces,
)

from plantsim import reasons

EVENT_PARKED, EVENT_POSTED = "mfg.event.parked.v1", "mfg.event.posted.v1"


@pytest.fixture(scope="module")
def factory(world):
    reason = {reasons.REJECT: {"color": 1}}
    world.odoo.ensure("stock.scrap.reason.tag", "name", reason)
    return Factory(world)


def post_all(endpoint, events):
    for event in events:
        answer = endpoint.post(event)
        assert answer.status_code == 202, answer.text


def prove_whole(factory, order, before):
    """What the whole story comes to, in Odoo's own tables."""
    plank, glue, table = before
    assert factory.state(order) == "done"
    assert factory.moved(order, "production_id", factory.table) == 9
    assert factory.scrapped(order) == 1
    raw = "raw_material_production_id"
    assert factory.moved(order, raw, factory.plank) == pytest.approx(36)
    assert factory.moved(order, raw, factory.glue) == pytest.approx(0.9)
    assert factory.on_hand(factory.table) == table + 9
    assert factory.on_hand(factory.plank) == pytest.approx(plank - 36)
    assert factory.on_hand(factory.glue) == pytest.approx(glue - 0.9)
    assert factory.operations(order) == {
        "Cut": ("done", "2026-01-31 07:00:00", "2026-01-31 08:00:00", 0.0, 50.0),
        "Pack": ("done", "2026-01-31 08:00:00", "2026-01-31 09:00:00", 9.0, 60.0),
    }


def levels(factory):
    return [factory.on_hand(p) for p in (factory.plank, factory.glue, factory.table)]


def released(endpoint, name):
    """Pull until the release of this order comes; acknowledge; its data."""
    deliveries, _more = endpoint.plant.pull(100, wait=10)
    found = [d for d in deliveries if d["event"].get("subject") == name]
    assert [d["event"]["type"] for d in found] == [RELEASED], deliveries
    again = endpoint.plant.pull(100)[0]  # not acknowledged: it comes again
    assert [d["deliveryId"] for d in again] == [d["deliveryId"] for d in deliveries]
    endpoint.plant.ack([d["deliveryId"] for d in deliveries])
    assert endpoint.plant.pull(100) == ([], False)
    return found[0]["event"]["data"]


def test_from_release_to_done(world, endpoint, factory):
    order, name = factory.order()
    data = released(endpoint, name)
    assert data["jobOrderId"] == name and data["quantity"] == pieces(10)
    assert data["material"]["materialDefinitionId"] == factory.code("TABLE")
    segments = [s["operationsSegmentId"] for s in data["segments"]]
    assert segments == ["Cut", "Pack"]
    assert {m["materialDefinitionId"] for m in data["materialRequirements"]} == {
        factory.code("PLANK"),
        factory.code("GLUE"),
    }
    before = levels(factory)
    story = Story(factory, endpoint, name)
    story.whole()
    post_all(endpoint, story.events)
    world.wait_quiet(60)
    told = _answers(endpoint, story)
    assert set(told) == set(story.ids)
    assert {answer["type"] for answer in told.values()} == {EVENT_POSTED}, told
    prove_whole(factory, order, before)
    _prove_answers(world, endpoint, story, told, name)
    # everything again, one by one and as a batch: nothing happens
    assert [endpoint.post(e).status_code for e in story.events] == [200] * 10
    answers = endpoint.plant.send(story.events)
    assert {a["status"] for a in answers} == {"duplicate"}
    world.wait_quiet(30)
    prove_whole(factory, order, before)
    assert endpoint.drain_outbox() == []
    assert world.invariants(endpoint, story.ids) == 10


def _answers(endpoint, story):
    return {
        event["causationid"]: event
        for event in endpoint.drain_outbox()
        if event["type"] in (EVENT_POSTED, EVENT_PARKED)
    }


def _prove_answers(world, endpoint, story, told, name):
    for event in story.events:
        answer = told[event["id"]]
        assert answer["subject"] == name
        assert answer["data"]["eventId"] == event["id"]
        assert answer["data"]["type"] == event["type"]
        assert answer["data"]["records"], answer
        ref = endpoint.row(event["id"], "id")[0]
        seen = endpoint.get(f"/mfg/v1/events/{ref}").json()
        assert (seen["state"], seen["id"]) == ("posted", event["id"])
        assert seen["records"] and seen["attempts"] == 1 and "error" not in seen


@pytest.mark.parametrize("seed", [1, 2])
def test_shuffled_by_the_network(world, endpoint, factory, seed):
    """Each event on its own, in any order: the sequence decides."""
    order, name = factory.order()
    before = levels(factory)
    story = Story(factory, endpoint, name)
    shuffled = list(story.whole())
    random.Random(seed).shuffle(shuffled)
    post_all(endpoint, shuffled)
    world.wait_quiet(75)
    prove_whole(factory, order, before)
    assert world.invariants(endpoint, story.ids) == 10
    rows = [endpoint.row(id_, "sequence, posted_at") for id_ in story.ids]
    times = [posted for _sequence, posted in rows]
    assert times == sorted(times)


def test_missing_number_alerts_and_heals(world, endpoint, factory):
    """1, 2, 4 and never 3: parked after the gap time, and posted when 3 comes."""
    order, name = factory.order()
    interface = [endpoint.interface(COMPLETED)]
    world.odoo.call("mfg.interface", "write", interface, {"gap_seconds": 2})
    story = Story(factory, endpoint, name)
    story.respond(STARTED, "Cut", "08:00")
    story.respond(PAUSED, "Cut", "08:10")
    story.respond(RESUMED, "Cut", "08:20")
    story.respond(COMPLETED, "Cut", "08:30")
    first, second, third, fourth = story.events
    endpoint.drain_outbox()
    post_all(endpoint, [first, second, fourth])
    world.wait_quiet(75)
    assert endpoint.state(fourth["id"]) == ("parked", "sequence-gap")
    parked = [e for e in endpoint.drain_outbox() if e["type"] == EVENT_PARKED]
    assert [e["data"]["eventId"] for e in parked] == [fourth["id"]]
    assert parked[0]["data"]["error"]["nextAction"]
    post_all(endpoint, [third])
    world.wait_quiet(60)
    assert [endpoint.state(id_)[0] for id_ in story.ids] == ["posted"] * 4
    start, end = "2026-01-31 07:00:00", "2026-01-31 07:30:00"
    assert factory.operations(order)["Cut"] == ("done", start, end, 0.0, 20.0)


def test_event_before_its_release_heals_by_confirming(world, endpoint, factory):
    order, name = factory.order(confirm=False)
    story = Story(factory, endpoint, name)
    early = story.respond(STARTED, "Cut", "08:00")
    post_all(endpoint, [early])
    world.wait_quiet(60)
    assert endpoint.state(early["id"]) == ("parked", "unknown-order")
    world.odoo.call("mrp.production", "action_confirm", [order])
    world.wait_quiet(30)
    assert endpoint.state(early["id"]) == ("posted", None)


@pytest.mark.parametrize(
    ("code", "change"),
    [
        ("unknown-order", {"jobOrderId": "NO/SUCH/1"}),
        ("unknown-segment", {"operationsSegmentId": "Paint"}),
        ("unknown-unit", {"quantity": {"value": "1", "unitCode": "XYZ"}}),
        ("unit-mismatch", {"quantity": {"value": "1", "unitCode": "KGM"}}),
        ("over-tolerance", {"quantity": {"value": "11", "unitCode": "C62"}}),
    ],
)
def test_refusals_are_parked_with_their_code(world, endpoint, factory, code, change):
    order, name = factory.order()
    before = levels(factory)
    event = Story(factory, endpoint, name).report(1, "09:00")
    del event["sequence"]
    event["data"] |= change
    href = endpoint.post(event).json()["href"]
    world.wait_quiet(60)
    seen = endpoint.get(href).json()
    assert seen["state"] == "parked" and seen["records"] == []
    error = seen["error"]
    assert error["code"] == code
    assert error["title"] and error["detail"] and error["nextAction"]
    assert levels(factory) == before
    assert factory.moved(order, "production_id", factory.table) == 0


def test_nothing_is_half_posted(world, endpoint, factory):
    """The second material is unknown: the first one has not been taken either."""
    _order, name = factory.order()
    before = levels(factory)
    story = Story(factory, endpoint, name)
    event = story.glue(100)
    other = {**event["data"]["materials"][0], "materialDefinitionId": "NO-SUCH"}
    event["data"]["materials"].append(other)
    post_all(endpoint, [event])
    world.wait_quiet(60)
    assert endpoint.state(event["id"]) == ("parked", "unknown-material")
    assert levels(factory) == before


def test_cancelled_order_is_announced(world, endpoint, factory):
    order, name = factory.order()
    endpoint.drain_outbox()
    world.odoo.call("mrp.production", "action_cancel", [order])
    told = [(e["type"], e["data"]["jobOrderId"]) for e in endpoint.drain_outbox()]
    assert told == [("mfg.joborder.cancelled.v1", name)]


def test_rolled_back_confirmation_releases_nothing(world, endpoint, factory):
    """An outgoing message and its business change exist together or not at all."""
    order, name = factory.order(confirm=False)
    world.rows(
        "CREATE FUNCTION mfg_e2e_no() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        " RAISE EXCEPTION 'no'; END $$;"
        " CREATE CONSTRAINT TRIGGER mfg_e2e_no AFTER UPDATE ON mrp_production"
        " DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION mfg_e2e_no()"
    )
    try:
        with pytest.raises(xmlrpc.client.Fault):
            world.odoo.call("mrp.production", "action_confirm", [order])
    finally:
        world.rows("DROP FUNCTION mfg_e2e_no() CASCADE")
    assert factory.state(order) == "draft"
    assert endpoint.drain_outbox() == []
    world.odoo.call("mrp.production", "action_confirm", [order])
    told = [(e["type"], e["subject"]) for e in endpoint.drain_outbox()]
    assert told == [(RELEASED, name)]
