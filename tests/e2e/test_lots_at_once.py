# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""One new lot, reported for many orders at the same moment: Odoo makes one lot."""

import pytest
from factory import REPORTED, Factory, at, pieces
from world import at_once

ORDERS, REPORTS = 6, 4


@pytest.fixture(scope="module")
def factory(world):
    return Factory(world)


@pytest.fixture
def cask(factory):
    """A product that is tracked by lots."""
    product = factory.product("CASK", factory.piece, tracking="lot")
    return factory.bill(product, {factory.plank: 1})


def report(endpoint, name, number, lot):
    data = {
        "jobOrderId": name,
        "quantity": pieces(1),
        "lots": [{"materialLotId": lot}],
        "time": at(f"12:{number:02}"),
    }
    return endpoint.event(data, REPORTED, subject=name, sequence=str(number + 1))


@pytest.mark.parametrize("join", [True, False])
def test_one_new_lot_of_many_orders(world, endpoint, factory, cask, join):
    endpoint.configure(REPORTED, join=join)
    lots = [f"NEW{n}-{factory.tag}{join}" for n in range(REPORTS)]
    names = [factory.order(recipe=cask)[1] for _n in range(ORDERS)]
    batches = [
        [report(endpoint, name, n, lot) for n, lot in enumerate(lots)] for name in names
    ]
    answers = at_once(endpoint.post, batches)
    assert {answer.status_code for answer in answers} == {202}
    world.wait_quiet(120)
    ids = [event["id"] for events in batches for event in events]
    assert {endpoint.state(id_) for id_ in ids} == {("posted", None)}
    assert factory.lots_on_hand(cask.product) == dict.fromkeys(lots, ORDERS)
    assert world.invariants(endpoint, ids) == len(ids)
