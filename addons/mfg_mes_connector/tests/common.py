# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
import itertools
from datetime import datetime

from odoo import Command

from odoo.addons.mfg_integration_base.tests.common import PlantCase

STARTED = "mfg.jobresponse.started.v1"
PAUSED = "mfg.jobresponse.paused.v1"
RESUMED = "mfg.jobresponse.resumed.v1"
COMPLETED = "mfg.jobresponse.completed.v1"
CONSUMED = "mfg.material.consumed.v1"
REPORTED = "mfg.production.reported.v1"
SCRAPPED = "mfg.production.scrapped.v1"
RELEASED = "mfg.joborder.released.v1"
CANCELLED = "mfg.joborder.cancelled.v1"
_numbers = itertools.count(1)


def at(hour, minute=0, day=10):
    """A time of the contract, in a month that is over."""
    return f"2026-01-{day:02}T{hour:02}:{minute:02}:00Z"


def moment(hour, minute=0, day=10):
    """The same time as Odoo keeps it."""
    return datetime(2026, 1, day, hour, minute)


def amount(value, unit="C62"):
    return {"value": str(value), "unitCode": unit}


class MesCase(PlantCase):
    """A plant with a table of a board (by piece), glue (by weight, kept by hand)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.warehouse = cls.env["stock.warehouse"].search(
            [("company_id", "=", cls.env.company.id)], limit=1
        )
        cls.stock = cls.warehouse.lot_stock_id
        cls.unit = cls.env.ref("uom.product_uom_unit")
        cls.kilo = cls.env.ref("uom.product_uom_kgm")
        cls.table = cls.make_product("TABLE")
        cls.board = cls.make_product("BOARD", stock=100)
        cls.glue = cls.make_product("GLUE", uom=cls.kilo, stock=50)
        cls.saw = cls.make_workcenter("SAW")
        cls.bench = cls.make_workcenter("BENCH")
        cls.employee = cls.env["hr.employee"].create({"name": "Ann", "barcode": "A1"})
        cls.bom = cls.make_bom(cls.table)

    @classmethod
    def make_product(cls, code, uom=None, stock=0, tracking="none", **values):
        product = cls.env["product.product"].create(
            {
                "name": code.capitalize(),
                "default_code": code,
                "is_storable": True,
                "uom_id": (uom or cls.unit).id,
                "tracking": tracking,
                **values,
            }
        )
        if stock:
            cls.lay_in(product, stock)
        return product

    @classmethod
    def lay_in(cls, product, quantity, lot=None, location=None):
        cls.env["stock.quant"]._update_available_quantity(
            product, location or cls.stock, quantity, lot_id=lot
        )

    @classmethod
    def make_workcenter(cls, code, **values):
        return cls.env["mrp.workcenter"].create(
            {"name": f"{code} centre", "code": code, "costs_hour": 60, **values}
        )

    @classmethod
    def make_bom(cls, product, lines=None, operations=("Cut", "Glue"), **values):
        """1 board by backflush and 0.5 kg of glue by hand, per piece."""
        centres = itertools.cycle((cls.saw, cls.bench))
        bom = cls.env["mrp.bom"].create(
            {
                "product_tmpl_id": product.product_tmpl_id.id,
                "operation_ids": [
                    Command.create(
                        {
                            "name": name,
                            "workcenter_id": next(centres).id,
                            "time_mode": "manual",
                            "time_cycle_manual": 6,
                            "sequence": number,
                        }
                    )
                    for number, name in enumerate(operations, 1)
                ],
                **values,
            }
        )
        by_hand = bom.operation_ids[-1:].id
        lines = lines or [(cls.board, 1, False), (cls.glue, 0.5, by_hand)]
        bom.bom_line_ids = [
            Command.create(
                {
                    "product_id": component.id,
                    "product_qty": quantity,
                    "operation_id": operation,
                }
            )
            for component, quantity, operation in lines
        ]
        return bom

    def make_order(self, quantity=10, bom=None, confirm=True, **values):
        bom = bom or self.bom
        order = self.env["mrp.production"].create(
            {
                "product_id": bom.product_tmpl_id.product_variant_id.id,
                "product_qty": quantity,
                "bom_id": bom.id,
                **values,
            }
        )
        if confirm:
            order.action_confirm()
        return order

    def change_quantity(self, order, quantity):
        wizard = order.env["change.production.qty"].create(
            {"mo_id": order.id, "product_qty": quantity}
        )
        wizard.change_prod_qty()

    def tell(self, event_type, order, endpoint=None, **data):
        """The plant sends one event about an order; the message after the drain."""
        code = order if isinstance(order, str) else order.mfg_job_order_id
        message = self.post(
            event_type,
            {"jobOrderId": code, **data},
            subject=f"{code}/{next(_numbers)}",
            endpoint=endpoint,
        )
        if not isinstance(order, str):
            order.invalidate_recordset()
        return message

    def report(self, order, quantity, unit="C62", **data):
        data.setdefault("time", at(10))
        return self.tell(REPORTED, order, quantity=amount(quantity, unit), **data)

    def consume(self, order, product, quantity, unit, **material):
        line = {
            "materialDefinitionId": product.default_code,
            "quantity": amount(quantity, unit),
            **material,
        }
        return self.tell(CONSUMED, order, materials=[line], time=at(9))

    def on_hand(self, product, location=None, lot=None):
        quants = self.env["stock.quant"]._gather(product, location or self.stock)
        if lot:
            quants = quants.filtered(lambda q: q.lot_id == lot)
        return round(sum(quants.mapped("quantity")), 6)

    @classmethod
    def map_code(cls, kind, code, record, endpoint=None):
        """A planner says what a plant's code means."""
        cls.env["mfg.mapping"].create(
            {
                "endpoint_id": (endpoint or cls.endpoint).id,
                "kind": kind,
                "code": code,
                "record": f"{record._name},{record.id}",
            }
        )

    def assertPosted(self, *messages):
        for message in messages:
            self.assertEqual(
                message.state, "posted", (message.error_code, message.error_detail)
            )
