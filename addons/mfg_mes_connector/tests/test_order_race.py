# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
import itertools
from threading import Event
from unittest.mock import patch

from odoo import Command
from odoo.tests import tagged

from odoo.addons.mfg_integration_base.tests.race_common import Meeting, RaceCase

from ..models.mrp_workcenter_productivity import MrpWorkcenterProductivity
from ..models.stock_move import StockMove
from .common import CONSUMED, REPORTED, STARTED, amount, at
from .reversal_common import REVERSED

LABOR = "mfg.labor.reported.v1"
_numbers = itertools.count(1)


class OrderRaceCase(RaceCase):
    """Two orders of one bill, for which plants report at the same moment."""

    types = (CONSUMED, LABOR, STARTED, REPORTED, REVERSED)

    def setUp(self):
        super().setUp()
        with self.transaction() as env:
            self.make(env)

    def make(self, env):
        number = next(_numbers)
        products = [
            {"name": code, "default_code": f"{code}{number}", "is_storable": True}
            for code in ("RACER", "WHEEL")
        ]
        racer, wheel = env["product.product"].create(products)
        centre = env["mrp.workcenter"].create({"name": "Pit"})
        stop = {"name": "Stop", "workcenter_id": centre.id}
        bom = env["mrp.bom"].create(
            {
                "product_tmpl_id": racer.product_tmpl_id.id,
                "operation_ids": [Command.create(stop)],
                "bom_line_ids": [
                    Command.create({"product_id": wheel.id, "product_qty": 4})
                ],
            }
        )
        values = {"product_id": racer.id, "product_qty": 5, "bom_id": bom.id}
        orders = env["mrp.production"].create([values, {**values}])
        orders.action_confirm()
        driver = env["hr.employee"].create({"name": "Driver", "barcode": f"D{number}"})
        self.names, self.badge = orders.mapped("mfg_job_order_id"), driver.barcode
        self.wheel, self.code, self.racer = wheel.id, wheel.default_code, racer.id
        self.made = [orders, bom, racer, wheel, centre, driver]

    def remove(self, env):
        """What is posted cannot be deleted by right."""
        orders, *others = [records.with_env(env) for records in self.made]
        products = [self.wheel, orders.product_id.id]
        for table in ("stock_move_line", "stock_move", "stock_quant"):
            env.cr.execute(
                f"DELETE FROM {table} WHERE product_id IN %s", [(*products,)]
            )
        orders.workorder_ids.time_ids.unlink()
        env.cr.execute(
            "UPDATE mrp_production SET state = 'cancel' WHERE id IN %s", [orders._ids]
        )
        env.invalidate_all()
        orders.unlink()
        for records in others:
            records.unlink()
        return super().remove(env)

    def quants(self, product=None):
        with self.transaction() as env:
            quants = env["stock.quant"].search(
                [
                    ("product_id", "=", product or self.wheel),
                    ("location_id.usage", "=", "internal"),
                ]
            )
            return quants.mapped("quantity")

    def stock(self, env, quantity, product=None):
        warehouse = env["stock.warehouse"].search(
            [("company_id", "=", env.company.id)], limit=1
        )
        env["stock.quant"]._update_available_quantity(
            env["product.product"].browse(product or self.wheel),
            warehouse.lot_stock_id,
            quantity,
        )
        env.flush_all()

    def outcomes(self, ids):
        rows = [self.seen(id_, "state", "error_code") for id_ in ids]
        return sorted((row["state"], row["error_code"] or "") for row in rows)

    def tell(self, name, event_type, **data):
        return self.send(name, event_type, {"jobOrderId": name, **data})


@tagged("post_install", "-at_install")
class TestStockRace(OrderRaceCase):
    """Nobody finds stock that another one is just taking."""

    def use(self, name, quantity=1):
        wheels = {"materialDefinitionId": self.code, "quantity": amount(quantity)}
        return self.tell(name, CONSUMED, materials=[wheels], time=at(9))

    def test_two_orders_and_stock_for_both(self):
        with self.transaction() as env:
            self.stock(env, 1000)
        ids = [self.use(name) for name in self.names]
        meeting = Meeting()
        post = meeting.before(StockMove._mfg_post)
        with patch.object(StockMove, "_mfg_post", post):
            self.at_once(*(lambda id_=id_: self.drain(id_) for id_ in ids))
        self.assertEqual(self.outcomes(ids), [("posted", "")] * 2)
        self.assertEqual(self.quants(), [998], "one quant, and nothing negative")
        attempts = [self.seen(id_, "attempts")["attempts"] for id_ in ids]
        self.assertEqual(attempts, [1, 1])

    def test_stock_for_one_of_two(self):
        with self.transaction() as env:
            self.stock(env, 20)
        ids = [self.use(name, 15) for name in self.names]
        post = Meeting().before(StockMove._mfg_post)
        with patch.object(StockMove, "_mfg_post", post):
            self.at_once(*(lambda id_=id_: self.drain(id_) for id_ in ids))
        self.assertEqual(self.outcomes(ids), [("parked", "shortage"), ("posted", "")])
        self.assertEqual(self.quants(), [5])

    def test_a_delivery_takes_all_at_the_same_moment(self):
        """Odoo's own takers do not stand in line: their quants are waited for."""
        with self.transaction() as env:
            self.stock(env, 20)
        id_ = self.use(self.names[0])
        self.delivered_meanwhile(id_, 20, self.wheel)
        self.assertEqual(self.outcomes([id_]), [("parked", "shortage")])
        self.assertEqual(sum(self.quants()), 0)

    def test_what_is_set_aside_is_delivered_at_the_same_moment(self):
        with self.transaction() as env:
            self.stock(env, 20)
            interfaces = env["mfg.endpoint"].browse(self.ids[0]).interface_ids
            interfaces.consumption = "staged"
        self.drain(self.use(self.names[0], 20))
        data = {"jobOrderId": self.names[0], "quantity": amount(5), "time": at(10)}
        made = self.send(self.names[0], REPORTED, {**data, "backflush": "never"})
        self.delivered_meanwhile(made, 20, self.wheel)
        self.assertEqual(self.outcomes([made]), [("parked", "shortage")])
        self.assertEqual(sum(self.quants()), 0)

    def delivered_meanwhile(self, id_, quantity, product):
        """A message is posted while a transfer, not committed yet, takes stock."""
        taken, posted = Event(), Event()

        def deliver():
            with self.transaction() as env:
                self.stock(env, -quantity, product)
                taken.set()
                posted.wait(3)  # it does not come: it waits for this commit

        def drain():
            taken.wait(10)
            self.drain(id_)
            posted.set()

        self.at_once(deliver, drain)

    def test_goods_are_delivered_while_they_are_taken_back(self):
        name, id_ = self.names[0], f"made-{next(_numbers)}"
        data = {"jobOrderId": name, "quantity": amount(5), "backflush": "never"}
        made = self.send(name, REPORTED, {**data, "time": at(9)}, id_)
        self.drain(made)
        data = {"eventId": id_, "source": "urn:test:race", "reason": "Miscounted"}
        reversal = self.send(name, REVERSED, data)
        self.delivered_meanwhile(reversal, 5, self.racer)
        self.assertEqual(
            self.outcomes([made, reversal]),
            [("parked", "not-reversible"), ("posted", "")],
        )
        self.assertEqual(sum(self.quants(self.racer)), 0)


@tagged("post_install", "-at_install")
class TestLabourRace(OrderRaceCase):
    def overlap(self, policy):
        with self.transaction() as env:
            endpoint = env["mfg.endpoint"].browse(self.ids[0])
            endpoint.interface_ids.labor_overlap = policy

    def labour(self, policy):
        """One person at two operations at once, reported at the same moment."""
        self.overlap(policy)
        times = {"startTime": at(8), "endTime": at(9)}
        return [
            self.tell(name, LABOR, personId=self.badge, **times) for name in self.names
        ]

    def test_one_of_two_that_begin_is_parked(self):
        self.overlap("park")
        job = {"personId": self.badge, "operationsSegmentId": "Stop", "time": at(10)}
        ids = [self.tell(name, STARTED, **job) for name in self.names]
        outcomes = self.posted_at_once(ids)
        self.assertEqual(outcomes, [("parked", "time-overlap"), ("posted", "")])

    def posted_at_once(self, ids):
        values = Meeting().before(MrpWorkcenterProductivity._mfg_values)
        with patch.object(MrpWorkcenterProductivity, "_mfg_values", values):
            self.at_once(*(lambda id_=id_: self.drain(id_) for id_ in ids))
        return self.outcomes(ids)

    def test_one_of_two_is_parked(self):
        outcomes = self.posted_at_once(self.labour("park"))
        self.assertEqual(outcomes, [("parked", "time-overlap"), ("posted", "")])

    def test_people_who_tend_two_machines(self):
        outcomes = self.posted_at_once(self.labour("accept"))
        self.assertEqual(outcomes, [("posted", "")] * 2)
