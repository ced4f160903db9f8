# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""Shortages: what waits goes on by itself, and two never take the same last piece."""

import time

import pytest
from factory import CONSUMED, REPORTED, Factory, Story

SECONDS = 15


@pytest.fixture(scope="module")
def factory(world):
    return Factory(world)


def use(factory, endpoint, name, number, product="PLANK"):
    story = Story(factory, endpoint, name)
    material = factory.used(product, number, "C62")
    return story.add(CONSUMED, materials=[material], time="2026-01-31T09:00:00+01:00")


def count(factory, product, amount):
    """A person counts stock, as the screen does; the seconds until all rests."""
    started = time.monotonic()
    factory.lay_in(product, amount)
    factory.world.wait_quiet(SECONDS)
    return time.monotonic() - started


def test_a_parked_shortage_goes_on_when_stock_is_counted(
    world, endpoint, factory, tell
):
    _order, name = factory.order(1)
    event = use(factory, endpoint, name, 1200)
    assert endpoint.post(event).status_code == 202
    world.wait_quiet(60)
    assert endpoint.state(event["id"]) == ("parked", "shortage")
    took = count(factory, factory.plank, 1500)
    tell("seconds from the count to the posting", took)
    assert endpoint.state(event["id"])[0] == "posted"
    assert factory.on_hand(factory.plank) == 300
    assert world.invariants(endpoint, [event["id"]]) == 1


def test_goods_now_components_when_stock_is_counted(world, endpoint, factory):
    order, name = factory.order(200)
    endpoint.configure(CONSUMED, REPORTED, shortage="wait")
    story = Story(factory, endpoint, name)
    event = story.report(100, "10:00", final=True)
    event["data"]["backflush"] = "never"
    event["data"]["materials"] = [factory.used("PLANK", 400, "C62")]
    assert endpoint.post(event).status_code == 202
    world.wait_quiet(60)
    assert endpoint.state(event["id"])[0] == "posted"
    raw = "raw_material_production_id"
    assert factory.moved(order, raw, factory.plank) == 300
    assert factory.state(order) == "done"
    count(factory, factory.plank, 250)
    assert factory.moved(order, raw, factory.plank) == 400
    assert factory.on_hand(factory.plank) == 150


def test_negative_stock_is_a_choice(world, endpoint, factory):
    """Posted at once where the interface allows it; not where another does not."""
    bolt = factory.product("BOLT", factory.piece)
    factory.lay_in(bolt, 3)
    crate = factory.bill(factory.product("CRATE", factory.piece), {bolt: 4})
    endpoint.configure(CONSUMED, REPORTED, shortage="allow")
    order, name = factory.order(10, recipe=crate)
    story = Story(factory, endpoint, name)
    derived = story.make(2, "10:00")
    reported = story.use("BOLT", 5, time="11:00")
    story.make(1, "12:00", final=True)
    assert endpoint.deliver(*story.events) == ["posted"] * 3
    raw = "raw_material_production_id"
    assert factory.state(order) == "done"
    assert factory.moved(order, raw, bolt) == 2 * 4 + 5
    assert factory.moved(order, "production_id", crate.product) == 3
    assert factory.on_hand(bolt) == 3 - 13
    goods = factory.code("CRATE"), None, factory.code("BOLT"), None
    assert factory.genealogy(order) == {goods: 13}
    careful = world.endpoint()
    other = Story(factory, careful, factory.order(10, recipe=crate)[1])
    assert careful.deliver(other.use("BOLT", 4)) == ["shortage"]
    assert factory.on_hand(bolt) == -10
    assert endpoint.deliver(story.reverse(reported)) == ["posted"]
    assert factory.on_hand(bolt) == -5
    assert endpoint.deliver(story.reverse(derived)) == ["posted"]
    assert factory.on_hand(bolt) == 3
    assert careful.outcome(other.events[0]) == "shortage"
    count(factory, bolt, 6)
    assert careful.outcome(other.events[0]) == "posted"
    assert factory.on_hand(bolt) == 2
    assert world.invariants(endpoint, story.ids) == 5


def test_the_last_pieces_are_taken_once(world, endpoint, factory):
    """Many orders at once want more than there is: what is posted was there."""
    screw = factory.product("SCREW", factory.piece)
    factory.lay_in(screw, 20)
    events = []
    for _order in range(12):
        event = use(factory, endpoint, factory.order(1)[1], 3, "SCREW")
        event["partitionkey"] = event["id"]
        event.pop("sequence", None)
        events.append(event)
    for event in events:
        assert endpoint.post(event).status_code == 202
    world.wait_quiet(120)
    states = [endpoint.state(event["id"]) for event in events]
    assert states.count(("posted", None)) == 6
    assert states.count(("parked", "shortage")) == 6
    assert factory.on_hand(screw) == 2
    negative = "SELECT count(*) FROM stock_quant q JOIN stock_location l"
    negative += " ON l.id = q.location_id WHERE l.usage = 'internal'"
    negative += " AND q.product_id = %s AND q.quantity < 0"
    assert world.value(negative, screw) == 0
