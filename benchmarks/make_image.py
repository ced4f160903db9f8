# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""Fills the benchmark's database: run in an Odoo process, by image.py.

    python -m benchmarks.make_image CONFIG DATABASE

Master data, stock, released orders, the plant's endpoint as the set-up wizard makes it,
and a person with manufacturing rights and an API key, as whom the rivals work. What the
benchmark must know of it is kept in the system parameter ``bench.world``.
"""

import json
import sys
from datetime import datetime, timedelta
from functools import cached_property

from odoo.fields import Command

from . import plan
from .events import SOURCE
from .inside import environment

PARAMETER = "bench.world"
LOGIN = "bench-mes"


class Maker:
    """Makes the factory of plan.py in a database."""

    def __init__(self, env):
        self.env = env
        self.warehouse = env["stock.warehouse"].search([], limit=1)

    def make(self):
        self._people()
        products = {o.product for orders in plan.ORDERS.values() for o in orders}
        for product in sorted(products, key=lambda p: p.code):
            self._product(product)
        self.env["stock.scrap.reason.tag"].create({"name": plan.REASON})
        endpoint, key = self._endpoint()
        world = {
            "ours_key": key,
            "rpc_key": self._rpc_key(),
            "endpoint": endpoint.id,
            "orders": {name: self._orders(name) for name in plan.ORDERS},
        }
        self.env["ir.config_parameter"].set_param(PARAMETER, json.dumps(world))

    def _people(self):
        self.env["hr.employee"].create(
            [{"name": code, "barcode": code} for code in plan.WORKERS]
        )

    @cached_property
    def machines(self):
        centres = self.env["mrp.workcenter"].create(
            [{"name": f"Machine {code}", "code": code} for code in plan.MACHINES]
        )
        return dict(zip(plan.MACHINES, centres, strict=True))

    def _product(self, product):
        finished = self._goods(product.code, tracking="lot" if product.lots else "none")
        lines = []
        for code, dose in zip(product.components, product.doses, strict=True):
            by_hand = product.by_hand and code == product.components[-1]
            unit = self.env.ref("uom.product_uom_kgm") if by_hand else None
            component = self._goods(code, unit)
            values = {"product_id": component.id, "product_qty": dose}
            lines.append(Command.create(values))
        operations = [
            {"name": name, "workcenter_id": self.machines[machine].id}
            for name, machine in zip(product.operations, product.machines, strict=True)
        ]
        self.env["mrp.bom"].create(
            {
                "product_tmpl_id": finished.product_tmpl_id.id,
                "bom_line_ids": lines,
                "operation_ids": [Command.create(values) for values in operations],
            }
        )

    def _goods(self, code, unit=None, tracking="none"):
        goods = self.env["product.product"].search([("default_code", "=", code)])
        return goods or self._new_goods(code, unit, tracking)

    def _new_goods(self, code, unit, tracking):
        goods = self.env["product.product"].create(
            {
                "name": code,
                "default_code": code,
                "is_storable": True,
                "tracking": tracking,
                "uom_id": (unit or self.env.ref("uom.product_uom_unit")).id,
                "standard_price": 2.0,
            }
        )
        if "-" in code or code == plan.HOT:
            self.env["stock.quant"]._update_available_quantity(
                goods, self.warehouse.lot_stock_id, plan.FLOOR_STOCK
            )
        return goods

    def _endpoint(self):
        """By the wizard, with what it ticks for everybody."""
        wizard = self.env["mfg.endpoint.setup"].create(
            {"name": "Bench", "code": "bench", "source": SOURCE}
        )
        shown = wizard.action_create()["context"]
        endpoint = self.env["mfg.endpoint"].browse(shown["default_endpoint_id"])
        return endpoint, shown["default_key"]

    def _rpc_key(self):
        groups = self.env.ref("mrp.group_mrp_manager") | self.env.ref(
            "stock.group_stock_manager"
        )
        user = self.env["res.users"].create(
            {"name": LOGIN, "login": LOGIN, "group_ids": [Command.link(groups[0].id)]}
        )
        user.group_ids |= groups
        keys = self.env["res.users.apikeys"].with_user(user).sudo()
        return keys._generate("rpc", "bench", datetime.now() + timedelta(days=90))

    def _orders(self, workload):
        """Released orders of a workload: their names, as the plant knows them."""
        wanted = plan.ORDERS[workload]
        orders = self.env["mrp.production"].create(
            [
                {
                    "product_id": self._goods(order.product.code).id,
                    "product_qty": order.quantity,
                }
                for order in wanted
            ]
        )
        orders.action_confirm()
        return orders.mapped("mfg_job_order_id")


if __name__ == "__main__":
    with environment(*sys.argv[1:]) as env:
        Maker(env).make()
