# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from dataclasses import dataclass
from decimal import Decimal

from odoo import Command, api, fields, models

from .mrp_production_consumption import Use
from .mrp_production_ledger import rounded


@dataclass
class Rework:
    """Pieces that have to be worked over."""

    quantity: Decimal  # in the product's unit
    reason: object  # stock.scrap.reason.tag
    operations: list  # values of the work orders it takes

    def workorders(self, after=0):
        """Values of its work orders, in their order behind sequence ``after``.

        None has an operation of the BoM: Odoo would hand components over to it.
        """
        return [
            {
                **values,
                "sequence": after + number,
                "mfg_rework_quantity": float(self.quantity),
                "mfg_rework_reason_id": self.reason.id,
            }
            for number, values in enumerate(self.operations, 1)
        ]


class MrpProduction(models.Model):
    """Pieces that are worked over, beside the flow of the order or after its end.

    In process they are no good stock yet: the open order gets operations more. Out of
    stock they go into an order that makes the product of itself: Odoo's own way for
    serial numbers too, which it lets out of an order that took them in.
    """

    _inherit = "mrp.production"

    mfg_rework_of_id = fields.Many2one(
        "mrp.production",
        string="Rework of",
        readonly=True,
        copy=False,
        index="btree_not_null",
        check_company=True,
    )
    mfg_rework_order_ids = fields.One2many(
        "mrp.production", "mfg_rework_of_id", string="Rework Orders"
    )
    mfg_rework_count = fields.Integer(
        string="Reworks", compute="_compute_mfg_rework_count"
    )

    def _mfg_flow(self):
        """The operations every piece passes: rework is not among them, unless the
        order is for nothing else, nor what an older version asked for."""
        live = self.workorder_ids.filtered(
            lambda w: w.state != "cancel" and not w.mfg_former
        )
        return live.filtered(lambda w: not w.mfg_rework_quantity) or live

    # -- in process ----------------------------------------------------------------

    def _mfg_add_rework(self, rework):
        """Add operations to an open order.

        Made beside the order's own write(), which would plan all operations anew.
        """
        last = max(self.workorder_ids.mapped("sequence"), default=0)
        values = [
            {**values, "production_id": self.id} for values in rework.workorders(last)
        ]
        with self._mfg_keeping_dates():
            return self.env["mrp.workorder"].create(values)

    def _link_workorders_and_moves(self):
        """Rework waits for no operation: its pieces come from wherever they failed."""
        result = super()._link_workorders_and_moves()
        beside = self.workorder_ids - self._mfg_flow()
        beside = beside.filtered(lambda w: w.mfg_rework_quantity or w.mfg_former)
        beside.blocked_by_workorder_ids = [Command.clear()]
        return result

    # -- out of stock ----------------------------------------------------------------

    def _mfg_make_rework_order(self, rework, location, time):
        """An order that makes the product of itself, released like any other."""
        order = self.create(
            {
                "product_id": self.product_id.id,
                "product_qty": float(rounded(self.product_id.uom_id, rework.quantity)),
                "product_uom_id": self.product_id.uom_id.id,
                "bom_id": False,
                "picking_type_id": self.picking_type_id.id,
                "company_id": self.company_id.id,
                "user_id": self.user_id.id,
                "location_src_id": location.id,
                "location_dest_id": self.location_dest_id.id,
                "origin": self.mfg_job_order_id or self.name,
                "date_start": time,
                "mfg_rework_of_id": self.id,
                "workorder_ids": [Command.create(v) for v in rework.workorders()],
            }
        )
        order.action_confirm()
        return order

    def _mfg_take_in(self, location, lots, quantity, report, time):
        """Take the pieces out of stock at once, whatever becomes of them.

        The plant is told of no component: it has the pieces in its hands.

        :return: list of :class:`~.mrp_production_consumption.Share`
        :raise Failure: shortage
        """
        self._mfg_begin(time)
        product = self.product_id
        amount = float(rounded(product.uom_id, quantity))
        values = self._get_move_raw_values(product, amount, product.uom_id)
        move = self.env["stock.move"].create(
            {**values, "manual_consumption": True, "mfg_explicit": True}
        )
        move._action_confirm(merge=False)
        self.invalidate_recordset(["move_raw_ids"])
        use = Use(
            product,
            quantity,
            lots=lots,
            location=location,
            pointer="/data/quantity",
            move=move,
            report=report,
        )
        return self._mfg_consume([use], time)

    def _mfg_cancel_rework(self):
        """Nothing was reworked after all; the plant is told."""
        # sudo: with accounting, cancelling reads analytic lines, which are not for
        # production; the order is the plant's own
        self.sudo().action_cancel()

    # -- screens ---------------------------------------------------------------------

    @api.depends(
        "workorder_ids.mfg_rework_quantity",
        "mfg_rework_order_ids.workorder_ids.mfg_rework_quantity",
    )
    def _compute_mfg_rework_count(self):
        for order in self:
            order.mfg_rework_count = len(order._mfg_reworks())

    def _mfg_reworks(self):
        """Work orders of rework, in this order and in those made of its pieces."""
        operations = (self | self.mfg_rework_order_ids).workorder_ids
        return operations.filtered("mfg_rework_quantity")

    def action_mfg_rework(self):
        self.ensure_one()
        listed = self.env.ref("mfg_mes_connector.mrp_workorder_view_list_rework")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Rework of %s", self.name),
            "res_model": "mrp.workorder",
            "views": [(listed.id, "list"), (False, "form")],
            "domain": [("id", "in", self._mfg_reworks().ids)],
        }
