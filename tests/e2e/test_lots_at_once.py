# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""One new lot, reported for many orders at the same moment: Odoo makes one lot."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from factory import REPORTED, Factory, at, pieces

ORDERS, REPORTS = 6, 4


@pytest.fixture(scope="module")
def factory(world):
    return Factory(world)


class Lotted:
    """A product that is tracked by lots, and orders of it."""

    def __init__(self, factory):
        self.factory, self.world = factory, factory.world
        piece = factory.odoo.xmlid("uom.product_uom_unit")
        self.product = factory._product("CASK", piece, tracking="lot")
        template = factory.odoo.read(
            "product.product", [("id", "=", self.product)], "product_tmpl_id"
        )[0]["product_tmpl_id"][0]
        line = {"product_id": factory.plank, "product_qty": 1}
        self.bom = factory._create(
            "mrp.bom", product_tmpl_id=template, bom_line_ids=[(0, 0, line)]
        )

    def order(self):
        values = {"product_id": self.product, "product_qty": 10, "bom_id": self.bom}
        id_ = self.factory._create("mrp.production", **values)
        self.factory.odoo.call("mrp.production", "action_confirm", [id_])
        return self.world.value("SELECT name FROM mrp_production WHERE id = %s", id_)

    def lots(self):
        return self.world.rows(
            "SELECT l.name, sum(q.quantity)::int FROM stock_lot l"
            " JOIN stock_quant q ON q.lot_id = l.id"
            " JOIN stock_location p ON p.id = q.location_id AND p.usage = 'internal'"
            " WHERE l.product_id = %s GROUP BY l.id ORDER BY 1",
            self.product,
        )


def report(endpoint, name, number, lot):
    data = {
        "jobOrderId": name,
        "quantity": pieces(1),
        "lots": [{"materialLotId": lot}],
        "time": at(f"12:{number:02}"),
    }
    return endpoint.event(data, REPORTED, subject=name, sequence=str(number + 1))


@pytest.mark.parametrize("join", [True, False])
def test_one_new_lot_of_many_orders(world, endpoint, factory, join):
    interface = endpoint.interface(REPORTED)
    world.odoo.call("mfg.interface", "write", [interface], {"join": join})
    cask = Lotted(factory)
    lots = [f"NEW{n}-{factory.tag}{join}" for n in range(REPORTS)]
    names = [cask.order() for _n in range(ORDERS)]
    batches = [
        [report(endpoint, name, n, lot) for n, lot in enumerate(lots)] for name in names
    ]
    barrier = Barrier(ORDERS)

    def send(events):
        barrier.wait(timeout=30)
        return endpoint.post(events, timeout=60).status_code

    with ThreadPoolExecutor(ORDERS) as pool:
        assert set(pool.map(send, batches)) == {202}
    world.wait_quiet(120)
    ids = [event["id"] for events in batches for event in events]
    assert {endpoint.state(id_) for id_ in ids} == {("posted", None)}
    assert cask.lots() == [(lot, ORDERS) for lot in sorted(lots)]
    assert world.invariants(endpoint, ids) == len(ids)
