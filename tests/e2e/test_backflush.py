# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""What the plant does not report is derived as it says, and never used twice."""

import xmlrpc.client

import pytest
from factory import Story

RAW = "raw_material_production_id"
BUTTON = {"skip_backorder": True, "skip_consumption": True}


@pytest.fixture(scope="module")
def crate(factory):
    """A crate of a plank, which Odoo derives, and of two nails, counted by hand."""
    factory.nail = factory.product("NAIL", factory.piece)
    factory.lay_in(factory.nail, 500)
    components = {factory.plank: 1, factory.nail: 2}
    operations = [("Nail", factory.desk, 1)]
    product = factory.product("CRATE", factory.piece)
    recipe = factory.bill(product, components, operations)
    odoo, of_bom = factory.odoo, [("bom_id", "=", recipe.bom)]
    [operation] = odoo.call("mrp.routing.workcenter", "search", of_bom)
    nails = [*of_bom, ("product_id", "=", factory.nail)]
    line = odoo.call("mrp.bom.line", "search", nails)
    odoo.call("mrp.bom.line", "write", line, {"operation_id": operation})
    return recipe


@pytest.fixture(scope="module")
def planner(world):
    return world.user("Paula", "mrp.group_mrp_user")


def used(factory, order):
    """(planks, nails) that an order used."""
    return tuple(factory.moved(order, RAW, p) for p in (factory.plank, factory.nail))


def mark_as_done(planner, order):
    """Odoo's own button."""
    planner.call("mrp.production", "button_mark_done", [order], context=BUTTON)


def test_as_each_message_says(world, endpoint, factory, crate, planner):
    order, name = factory.order(10, recipe=crate)
    story = Story(factory, endpoint, name)
    story.make(2, "10:00")
    story.make(2, "11:00", backflush="always")
    story.make(2, "12:00", backflush="never")
    assert endpoint.deliver(*story.events) == ["posted"] * 3
    assert used(factory, order) == (4, 4)
    late = story.use("NAIL", 3, time="09:00")
    assert endpoint.deliver(late) == ["posted"]
    assert used(factory, order) == (4, 4)  # these three were derived before
    more = [story.use("NAIL", 3, time="13:00"), story.make(2, backflush="always")]
    assert endpoint.deliver(*more) == ["posted"] * 2
    assert used(factory, order) == (6, 7)
    mark_as_done(planner, order)
    assert factory.state(order) == "done"
    assert used(factory, order) == (10, 20)  # the plan, and nothing of it again
    assert factory.moved(order, "production_id", crate.product) == 10


def test_never_again_by_odoos_buttons(world, endpoint, factory, crate, planner):
    """The button prepares all components; reports replace what it guessed."""
    order, name = factory.order(10, recipe=crate)
    [operation] = planner.call(
        "mrp.workorder", "search", [("production_id", "=", order)]
    )
    with pytest.raises(xmlrpc.client.Fault, match="cannot marshal None"):
        planner.call("mrp.workorder", "button_start", [operation])  # answers nothing
    [(state, *_times)] = factory.operations(order).values()
    assert state == "progress"
    story = Story(factory, endpoint, name)
    story.use("NAIL", 15)
    story.use("PLANK", 8)
    story.make(10)
    assert endpoint.deliver(*story.events) == ["posted"] * 3
    assert used(factory, order) == (8, 15)
    mark_as_done(planner, order)
    assert factory.state(order) == "done"
    assert used(factory, order) == (8, 15)
    assert {a["status"] for a in endpoint.plant.send(story.events)} == {"duplicate"}
    assert world.invariants(endpoint, story.ids) == 3
