# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""By-products, substitutes, components nobody planned, and what comes back."""

import pytest
from factory import CONSUMED, REPORTED, RETURNED, Story, at

RAW = "raw_material_production_id"


@pytest.fixture(scope="module")
def shelf(factory):
    """A shelf of two planks; shavings and a panel fall off."""
    for name, unit in (("CHIPS", factory.kilo), ("PANEL", factory.piece)):
        setattr(factory, name.lower(), factory.product(name, unit))
    factory.steel = factory.product("STEEL", factory.piece)
    factory.lay_in(factory.steel, 100)
    chips = {"product_id": factory.chips, "product_qty": 0.5}
    panel = {"product_id": factory.panel, "product_qty": 1}
    return factory.bill(
        factory.product("SHELF", factory.piece),
        {factory.plank: 2},
        byproduct_ids=[(0, 0, chips), (0, 0, panel)],
    )


def used(factory, order):
    """(planks, steel) that an order used."""
    return tuple(factory.moved(order, RAW, p) for p in (factory.plank, factory.steel))


def test_by_products_and_co_products(world, endpoint, factory, shelf):
    """Planned or not, in any unit; one that is planned and not reported is not made."""
    order, name = factory.order(10, recipe=shelf)
    story = Story(factory, endpoint, name)
    chips = factory.used("CHIPS", 1500, "GRM")
    story.make(4, byProducts=[chips])
    story.make(6, byProducts=[chips, factory.used("STEEL", 1)], final=True)
    assert endpoint.deliver(*reversed(story.events)) == ["posted"] * 2
    assert factory.state(order) == "done"
    assert factory.on_hand(shelf.product) == 10
    assert factory.on_hand(factory.chips) == 3
    assert factory.on_hand(factory.panel) == 0
    assert factory.on_hand(factory.steel) == 101
    assert used(factory, order) == (20, 0)
    assert world.invariants(endpoint, story.ids) == 2


def test_substitutes_and_extra_components(world, endpoint, factory, shelf):
    """Accepted, they are lines of the order, and what they stand for is not used."""
    order, name = factory.order(10, recipe=shelf)
    story = Story(factory, endpoint, name)
    instead = {"materialDefinitionId": factory.code("PLANK")}
    story.use("STEEL", 6, substitutes=instead)
    story.make(5, "10:00")
    story.use("STEEL", 1, time="10:30")
    story.make(5, "11:00", final=True)
    assert endpoint.deliver(*story.events) == ["posted"] * 4
    assert factory.state(order) == "done"
    assert used(factory, order) == (14, 7)


def test_components_nobody_planned_are_refused(world, endpoint, factory, shelf):
    """The interface says so; the order goes on when its planner adds the component."""
    endpoint.configure(CONSUMED, REPORTED, beyond_bom="refuse")
    order, name = factory.order(10, recipe=shelf)
    story = Story(factory, endpoint, name)
    extra = story.use("STEEL", 1)
    story.make(2)
    other_order, other = factory.order(10, recipe=shelf)
    report = Story(factory, endpoint, other).make(
        2, materials=[factory.used("STEEL", 1)]
    )
    expected = ["beyond-bom", "waiting", "beyond-bom"]
    assert endpoint.deliver(*story.events, report) == expected
    assert used(factory, order) == used(factory, other_order) == (0, 0)
    assert factory.moved(other_order, "production_id", shelf.product) == 0
    line = {"product_id": factory.steel, "product_uom_qty": 1}
    added = {"move_raw_ids": [(0, 0, line)]}
    world.odoo.call("mrp.production", "write", [order], added)
    endpoint.decide("retry", extra, reason="It is a component now")
    world.wait_quiet(30)
    assert [endpoint.outcome(event) for event in story.events] == ["posted"] * 2
    assert used(factory, order) == (4, 1)


def test_what_was_not_used_comes_back(world, endpoint, factory):
    """While the order runs and after its end, to the lot it was of; never more."""
    order, name = factory.order(10)
    lot, before = f"L-{factory.tag}", factory.on_hand(factory.glue)
    endpoint.configure(RETURNED, order_policy="continue")
    story = Story(factory, endpoint, name)

    def back(kilos, time):
        material = factory.used("GLUE", kilos, "KGM")
        return story.add(RETURNED, materials=[material], time=at(time))

    story.use("GLUE", 5, "KGM")
    back("1.5", "10:00")
    back(9, "10:30")
    story.make(10, "11:00", final=True)
    back(2, "11:30")
    assert endpoint.deliver(*story.events) == [
        "posted",
        "posted",
        "quantity-invalid",
        "posted",
        "posted",
    ]
    assert factory.state(order) == "done"
    assert factory.moved(order, RAW, factory.glue) == pytest.approx(1.5)
    assert factory.on_hand(factory.glue) == pytest.approx(before - 1.5)
    glue = factory.code("TABLE"), None, factory.code("GLUE"), lot
    assert factory.genealogy(order)[glue] == pytest.approx(1.5)
    consumption = endpoint.reversal(story.events[0])
    assert endpoint.deliver(consumption) == ["posted"]
    assert factory.on_hand(factory.glue) == pytest.approx(before)
    assert world.invariants(endpoint, story.ids) == 5
