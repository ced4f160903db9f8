# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""Lots and serial numbers: which went into which, how much of them, at what cost."""

import random

import pytest
from factory import (
    CONSUMED,
    REPORTED,
    Story,
    ago,
    amount,
    lots,
    pieces,
)

RAW, GOODS = "raw_material_production_id", "production_id"


@pytest.fixture(scope="module")
def cask(factory):
    """A cask of two staves and half a kilo of resin, at average cost; lots R1, R2."""
    valued = factory.create(
        "product.category", name="Average", property_cost_method="average"
    )
    stave = factory.product("STAVE", factory.piece, categ_id=valued, standard_price=3)
    resin = factory.product(
        "RESIN", factory.kilo, tracking="lot", categ_id=valued, standard_price=10
    )
    factory.lay_in(stave, 100)
    factory.lay_in_lot(resin, "R1", 10)
    factory.lay_in_lot(resin, "R2", 10)
    product = factory.product("CASK", factory.piece, tracking="lot", categ_id=valued)
    return factory.bill(product, {stave: 2, resin: 0.5})


def product(factory, code):
    """Id of a product by its short code."""
    code = factory.code(code)
    return factory.odoo.ids("product.product", "default_code", [code])[code]


def test_what_went_into_which(world, endpoint, factory, cask):
    """Two lots of resin, two new lots of casks, shuffled by the network and resent."""
    order, name = factory.order(10, recipe=cask)
    story = Story(factory, endpoint, name)
    used = factory.used("RESIN", 2000, "GRM", lots=lots("R1"))
    story.add(CONSUMED, materials=[used], time=ago(50))
    story.add(REPORTED, quantity=pieces(4), lots=lots("C1"), time=ago(40))
    mixed = lots(R1=amount(1, "KGM"), R2=amount("1.5", "KGM"))
    used = factory.used("RESIN", "2.5", "KGM", lots=mixed)
    story.add(CONSUMED, materials=[used], time=ago(30))
    story.add(REPORTED, quantity=pieces(6), lots=lots("C2"), final=True, time=ago(20))
    shuffled = random.Random(4).sample(story.events, 4)
    assert endpoint.deliver(*shuffled) == ["posted"] * 4
    assert factory.state(order) == "done"
    goods, staves, resin = map(factory.code, ("CASK", "STAVE", "RESIN"))
    assert factory.genealogy(order) == {
        (goods, "C1", staves, None): 8,
        (goods, "C1", resin, "R1"): 2,
        (goods, "C2", staves, None): 12,
        (goods, "C2", resin, "R1"): 1,
        (goods, "C2", resin, "R2"): 1.5,
    }
    assert factory.lots_on_hand(cask.product) == {"C1": 4, "C2": 6}
    assert factory.value(order, GOODS) == pytest.approx(20 * 3 + 4.5 * 10)
    assert factory.value(order, RAW) == pytest.approx(factory.value(order, GOODS))
    assert {a["status"] for a in endpoint.plant.send(story.events)} == {"duplicate"}
    world.wait_quiet(30)
    assert factory.lots_on_hand(product(factory, "RESIN")) == {"R1": 7, "R2": 8.5}
    assert world.invariants(endpoint, story.ids) == 4


def test_fifty_serial_numbers(world, endpoint, factory):
    """Made in one report, used in another order; each of them once in its life."""
    pump = factory.product("PUMP", factory.piece, tracking="serial")
    order, name = factory.order(60, recipe=factory.bill(pump, {factory.plank: 1}))
    station = factory.bill(factory.product("STATION", factory.piece), {pump: 2})
    serials = [f"P{number:02}" for number in range(50)]
    endpoint.configure(REPORTED, CONSUMED, order_policy="continue")
    story = Story(factory, endpoint, name)
    story.make(50, lots=lots(*serials))
    story.make(1, lots=lots("P07"))
    story.make(2, lots=lots("P50", "P50"))
    story.make(2, lots=lots("P51"))
    story.make(1, lots=lots("P52"), final=True)
    assert endpoint.deliver(*story.events) == [
        "posted",
        "serial-duplicate",
        "serial-duplicate",
        "lot-mismatch",
        "posted",
    ]
    assert factory.state(order) == "done"
    assert factory.lots_on_hand(pump) == dict.fromkeys([*serials, "P52"], 1)
    order, name = factory.order(3, recipe=station)
    story = Story(factory, endpoint, name)
    story.use("PUMP", 2, lots=lots("P00", "P01"))
    story.make(1)
    story.use("PUMP", 1, lots=lots("P01"))
    story.use("PUMP", 2, lots=lots("P02", "P03"))
    story.make(1, time="13:00", final=True)
    assert endpoint.deliver(*story.events) == [
        "posted",
        "posted",
        "serial-duplicate",
        "posted",
        "posted",
    ]
    goods = factory.code("STATION"), None, factory.code("PUMP")
    assert factory.genealogy(order) == {(*goods, f"P0{n}"): 1 for n in range(4)}
    assert len(factory.lots_on_hand(pump)) == 47


def test_each_lot_that_does_not_fit(world, endpoint, factory, cask):
    """Refused with its code, and nothing of it posted; what a person mends goes on."""
    factory.order(20, recipe=cask)  # reserves all of R1
    order, name = factory.order(10, recipe=cask)
    old = factory.lay_in_lot(product(factory, "RESIN"), "OLD", 5)
    expired = {"expiration_date": "2026-01-30 00:00:00"}
    world.odoo.call("stock.lot", "write", [old], expired)
    endpoint.configure(REPORTED, CONSUMED, order_policy="continue")
    endpoint.configure(CONSUMED, reserved_lots="park")
    kilo, glue = amount(1, "KGM"), f"L-{factory.tag}"
    story = Story(factory, endpoint, name)
    cases = [
        ("lot-required", story.use("RESIN", 1, "KGM")),
        ("lot-mismatch", story.use("RESIN", 2, "KGM", lots=lots("R2", R2=kilo))),
        ("lot-mismatch", story.use("RESIN", 1, "KGM", lots=lots(glue))),
        ("lot-mismatch", story.use("STAVE", 1, lots=lots("R2"))),
        ("lot-expired", story.use("RESIN", 1, "KGM", lots=lots("OLD"))),
        ("lot-held", story.use("RESIN", 1, "KGM", lots=lots("R1"))),
        ("shortage", story.use("STAVE", 999)),
        ("lot-required", story.make(2)),
        ("lot-mismatch", story.make(2, lots=lots(A=pieces(1), B=pieces(2)))),
        ("unknown-lot", story.use("RESIN", 1, "KGM", lots=lots("R-9"))),
    ]
    assert endpoint.deliver(*story.events) == [code for code, _event in cases]
    assert factory.moved(order, RAW, product(factory, "RESIN")) == 0
    assert factory.moved(order, GOODS, cask.product) == 0
    assert not {"A", "B"} & set(factory.lots_on_hand(cask.product))
    [second] = world.odoo.ids("stock.lot", "name", ["R2"]).values()
    endpoint.map("lot", "R-9", "stock.lot", second)
    world.wait_quiet(30)
    assert endpoint.outcome(story.events[-1]) == "posted"
    assert factory.moved(order, RAW, product(factory, "RESIN")) == 1


def test_another_lot_than_the_order_reserved(world, endpoint, factory, cask):
    """What was used is a fact; the reservation gives way."""
    order, name = factory.order(2, recipe=cask)
    resin = product(factory, "RESIN")
    planned = "SELECT l.name FROM stock_move_line m JOIN stock_move r ON r.id ="
    planned += " m.move_id JOIN stock_lot l ON l.id = m.lot_id WHERE m.product_id = %s"
    planned += " AND r.raw_material_production_id = %s AND m.state = 'assigned'"
    assert world.rows(planned, resin, order)
    factory.lay_in_lot(resin, "R3", 1)
    story = Story(factory, endpoint, name)
    story.use("RESIN", 1, "KGM", lots=lots("R3"))
    assert endpoint.deliver(*story.events) == ["posted"]
    assert "R3" not in factory.lots_on_hand(resin)
    assert world.rows(planned, resin, order) == []
