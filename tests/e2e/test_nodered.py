# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""A plant nobody of us wrote: Node-RED, with a flow of its own nodes only."""

from collections import Counter

import pytest
from factory import RELEASED, REPORTED, STARTED
from lossy import Lossy
from nodered import NodeRed, foreign_nodes
from world import ACKNOWLEDGED, wait_for

REFUSED = "mfg.joborder.refused.v1"
PLANKS = 4  # in one piece of what is made


@pytest.fixture
def plant(world, endpoint, tmp_path):
    """Node-RED at this endpoint, not started yet."""
    endpoint.be_the_only_plant()
    plant = NodeRed(tmp_path, world.url, endpoint.key)
    yield plant
    plant.kill()


@pytest.fixture
def recipe(factory):
    """A maker of recipes: goods of planks, sawn in one operation."""

    def made(name, **values):
        product = factory.product(name, factory.piece, **values)
        return factory.bill(product, {factory.plank: PLANKS}, [("Cut", factory.saw, 5)])

    return made


def answers(world, *orders):
    """What the plants said to orders: (answer, accepted version) -> how many."""
    query = "SELECT mfg_plant_state, mfg_plant_version FROM mrp_production"
    return Counter(world.rows(f"{query} WHERE id IN %s", orders))


def received(endpoint):
    """Type -> how many events of the plant are stored, which are all posted."""
    rows = endpoint.world.rows(
        "SELECT type, state FROM mfg_message WHERE endpoint_id = %s"
        " AND direction = 'in'",
        endpoint.id,
    )
    assert {state for _type, state in rows} <= {"posted"}, rows
    return Counter(type_ for type_, _state in rows)


def count(endpoint, condition):
    query = "SELECT count(*) FROM mfg_message WHERE endpoint_id = %s"
    return endpoint.world.value(f"{query} AND {condition}", endpoint.id)


def wait_done(endpoint, factory, orders, plant):
    """Until the orders are made, all it said is posted and all it was told is taken."""
    waits = "state NOT IN ('posted', 'acknowledged')"

    def done():
        made = {factory.state(order) for order in orders} == {"done"}
        return made and not count(endpoint, waits)

    try:
        wait_for(done, 40, "the plant makes the orders")
    except AssertionError as error:
        raise AssertionError(f"{error}\n{plant.said}") from None


def test_flow_needs_nothing_but_node_red():
    assert foreign_nodes() == set()


def test_orders_made_by_node_red(world, endpoint, factory, plant, recipe):
    """Released before it was there and while it runs; goods with lots and without."""
    plain, lots = recipe("SHELF"), recipe("LOCKER", tracking="lot")
    planks = factory.on_hand(factory.plank)
    orders = [factory.order(quantity, recipe=plain) for quantity in (3, 7)]
    plant.start()
    wait_done(endpoint, factory, [order for order, _name in orders], plant)
    orders.append(factory.order(5, recipe=lots))
    wait_done(endpoint, factory, [order for order, _name in orders], plant)
    assert [
        factory.moved(order, "production_id", product)
        for (order, _name), product in zip(
            orders, (plain.product, plain.product, lots.product), strict=True
        )
    ] == [3, 7, 5]
    assert factory.on_hand(plain.product) == 10
    assert factory.lots_on_hand(lots.product) == {orders[2][1]: 5}
    assert factory.on_hand(factory.plank) == planks - PLANKS * 15
    assert answers(world, *dict(orders)) == {("accepted", 1): 3}
    assert received(endpoint) == {ACKNOWLEDGED: 3, STARTED: 3, REPORTED: 3}
    assert endpoint.plant.pull() == ([], False)


def test_what_it_cannot_make_it_refuses(world, endpoint, factory, plant, recipe):
    """The planner sees the refusal on the order, and its reason."""
    order, _name = factory.order(2, recipe=recipe("CLOCK", tracking="serial"))
    plant.start()
    wait_for(
        lambda: answers(world, order) == {("refused", None): 1}, 40, "it is refused"
    )
    [row] = world.odoo.read("mrp.production", [("id", "=", order)], "mfg_answer_text")
    assert "This plant gives no serial numbers" in row["mfg_answer_text"]
    assert factory.state(order) == "confirmed"
    assert received(endpoint) == {REFUSED: 1}


def test_change_that_comes_too_late(world, endpoint, factory, plant, recipe):
    """It works by what was released, and says so of what came after."""
    goods = recipe("CHAIR")
    order, _name = factory.order(4, recipe=goods)
    change = {"mo_id": order, "product_qty": 5}
    wizard = world.odoo.call("change.production.qty", "create", [change])
    world.odoo.call("change.production.qty", "change_prod_qty", wizard)
    plant.start()
    wait_done(endpoint, factory, [order], plant)
    assert factory.moved(order, "production_id", goods.product) == 4
    assert answers(world, order) == {("refused", 1): 1}
    kinds = ACKNOWLEDGED, REFUSED, STARTED, REPORTED
    assert received(endpoint) == dict.fromkeys(kinds, 1)


def test_parked_is_told_in_node_red(world, endpoint, factory, plant):
    """Glue has lots, which this plant does not report: a person has to act."""
    factory.order(1)
    plant.start()
    wait_for(lambda: "lot-required" in plant.said, 40, "Node-RED hears of it")
    assert "[debug:Parked]" in plant.said
    query = "SELECT type FROM mfg_message WHERE endpoint_id = %s AND state = 'parked'"
    assert world.rows(f"{query} AND direction = 'in'", endpoint.id) == [(REPORTED,)]


def test_bad_network(world, endpoint, factory, plant, recipe):
    """It asks, reports and acknowledges again when it does not know or is put off."""
    goods = recipe("STOOL")
    order, _name = factory.order(6, recipe=goods)
    network = Lossy(world.url)
    plant.env["MFG_URL"] = network.url
    try:
        plant.start()
        wait_done(endpoint, factory, [order], plant)
    finally:
        network.close()
    for path in ("outbox", "events", "outbox/ack"):
        assert network.said[f"/mfg/v1/{path}"][:2] == ["lost", 503]
    [answer] = network.said["/mfg/v1/events"][2:]
    assert [one["status"] for one in answer["results"]] == ["duplicate"] * 3
    assert factory.moved(order, "production_id", goods.product) == 6
    assert answers(world, order) == {("accepted", 1): 1}
    assert received(endpoint) == {ACKNOWLEDGED: 1, STARTED: 1, REPORTED: 1}


def test_killed_in_the_middle(world, endpoint, factory, plant, recipe):
    """Its work half sent and nothing acknowledged: all of it is given and sent anew."""
    goods = recipe("BENCH")
    planks = factory.on_hand(factory.plank)
    quantities = list(range(1, 7))
    orders = [factory.order(quantity, recipe=goods)[0] for quantity in quantities]
    released = f"direction = 'out' AND type = '{RELEASED}'"
    plant.start()
    sent = wait_for(
        lambda: count(endpoint, "direction = 'in'"), 30, "it begins to report", 0.02
    )
    plant.kill()
    sent = max(sent, count(endpoint, "direction = 'in'"))
    assert 0 < sent < 3 * len(orders)
    assert count(endpoint, f"{released} AND state <> 'acknowledged'") == len(orders)
    world.wait_quiet()
    plant.start()
    wait_done(endpoint, factory, orders, plant)
    made = [factory.moved(order, "production_id", goods.product) for order in orders]
    assert made == quantities
    assert factory.on_hand(goods.product) == sum(quantities)
    assert factory.on_hand(factory.plank) == planks - PLANKS * sum(quantities)
    assert answers(world, *orders) == {("accepted", 1): len(orders)}
    number = len(orders)
    assert received(endpoint) == dict.fromkeys(
        (ACKNOWLEDGED, STARTED, REPORTED), number
    )
    assert endpoint.plant.pull() == ([], False)
