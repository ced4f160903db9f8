# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from contextlib import ExitStack

from odoo import fields, models

from odoo.addons.mfg_integration_base.engine.failure import Failure

from ..tools.posting_day import as_of, day_of
from .mrp_production_consumption import HANDS_OFF


class MrpProduction(models.Model):
    """The end of an order that a plant reported: nothing is left, nothing made up."""

    _inherit = "mrp.production"

    def _mfg_close(self, time, backorder=False):
        """Close at ``time`` with what was reported.

        Done by writing and not by Odoo's button: the button consumes what is left,
        invents labour where none was logged, and asks questions.

        :param backorder: leave what was not made to a backorder
        :return: the backorder, or none
        :raise Failure: internal when Odoo does not call the order done
        """
        self.ensure_one()
        self._mfg_post_picked(time, closing=True)
        self._mfg_settle_residues(time)
        rest = self._mfg_split_rest() if backorder else self.browse()
        self._mfg_end_operations(time)
        as_of(self, time)._mfg_bear_late()
        self._mfg_drop_leftovers()
        with self._mfg_keeping_dates():
            # while still open: on a done order this write would change stock
            self.qty_producing = self.product_id.uom_id._compute_quantity(
                float(self._mfg_produced()), self.product_uom_id, round=False
            )
            self.write(
                {
                    "mfg_plant_open": False,
                    "state": "done",
                    "date_finished": time,
                    "is_locked": True,
                    "priority": "0",
                }
            )
        self._mfg_show_serials()
        self._mfg_post_labour(time)
        if self.state != "done":
            raise Failure("internal", f"{self.name} is {self.state}, not done.")
        if rest.picking_type_id.reservation_method == "at_confirm":
            rest.action_assign()
        return rest

    def _mfg_end_operations(self, time):
        self._mfg_end_labour(time)
        for workorder in self.workorder_ids:
            workorder._mfg_finish(max(time, workorder.date_start or time))

    def _mfg_end_labour(self, time):
        """Work ends with the order, and is in the value of its last goods."""
        intervals = self.workorder_ids.time_ids.filtered("mfg_plant")
        intervals.filtered(lambda t: not t.date_end)._mfg_close(time)

    def _mfg_bear_late(self, absorbed=None):
        """What was used or worked after the last goods is in all there are.

        :param absorbed: see ``_mfg_value_late``
        """
        self._mfg_value_late(absorbed)
        self._mfg_assign_late_use()

    def _mfg_assign_late_use(self, earlier=()):
        """Components no goods were made of yet went into the goods since ``earlier``,
        or into all of them."""
        goods = self._mfg_goods()
        goods = goods.filtered(lambda line: line not in earlier) or goods
        late = self._mfg_unassigned_use()
        if goods and late:
            goods.consume_line_ids = [(4, line.id) for line in late]

    def _mfg_drop_leftovers(self):
        """End what was planned and not needed; nothing made at all is done with 0."""
        rest = (self.move_raw_ids | self.move_finished_ids).filtered(
            lambda m: m.state not in ("done", "cancel")
        )
        nothing = not self._mfg_produced()
        kept = rest.filtered(lambda m: nothing and m.product_id == self.product_id)
        (rest - kept).with_context(**HANDS_OFF)._action_cancel()
        kept._do_unreserve()
        kept.write({"state": "done", "product_uom_qty": 0.0})

    def _mfg_post_labour(self, time):
        """Where accounting values labour, it does so on closing by the button only.

        Its entry is of the day that ended the order, like those of the goods that bear
        it: each month's production account balances.
        """
        if not hasattr(self, "_post_labour"):
            return
        # sudo: journal entries are accounting's; the order was checked before
        order, day = self.sudo(), day_of(self, time)
        order._post_labour()
        entries = order.workorder_ids.time_ids.account_move_line_id.move_id
        for entry in entries.filtered(lambda e: e.date != day):
            # Odoo dates it today, whatever the context says; its number is of its month
            entry = entry.with_context(skip_readonly_check=True)
            entry.name = False
            entry.date = day

    # -- people who close it in Odoo -------------------------------------------------

    def button_mark_done(self):
        """A planner may close what the plant reported, or make the rest by hand.

        Odoo's button takes "nothing entered" as "everything is still to be made",
        also of what was posted before: it would consume negative quantities.
        """
        others = self
        for order in self.filtered(lambda o: o.mfg_plant_open and o.qty_produced):
            if order._mfg_rest_to_make():
                order._mfg_make_rest()
            else:
                order._mfg_close(fields.Datetime.now())
                others -= order
        if self and not others:
            return True
        # on no order too: the backorder wizard names its orders in the context
        return super(MrpProduction, others).button_mark_done()

    def _mfg_make_rest(self):
        """Enter what Odoo's button takes for granted on an order it posts at once.

        Also at the operations: Odoo would make what they counted, not the rest.
        """
        self.qty_producing = self.qty_producing or self.product_qty
        self._set_qty_producing()
        for workorder in self.workorder_ids:
            if workorder.state not in ("done", "cancel"):
                workorder._mfg_write(qty_produced=self.qty_producing)

    def _mfg_rest_to_make(self):
        """Whether Odoo's button shall make more than the plant reported."""
        wanted = self.qty_producing or self.product_qty
        return self.product_uom_id.compare(wanted, self.qty_produced) > 0

    def _post_inventory(self, cancel_backorder=False):
        """Whoever closes the order in Odoo ends the plant's hold on it.

        Odoo gives all finished goods the components of this last posting; what the
        plant reported keeps its own.
        """
        reported = self.filtered("mfg_plant_open")
        lines = reported.move_finished_ids.filtered(
            lambda m: m.state == "done"
        ).move_line_ids
        made_of = {line: line.consume_line_ids for line in lines}
        reported.mfg_plant_open = False
        with ExitStack() as pricing:
            for order in reported:
                pricing.enter_context(order._mfg_pricing_rest())
            result = super()._post_inventory(cancel_backorder=cancel_backorder)
        for line, used in made_of.items():
            line.consume_line_ids = [(6, 0, used.ids)]
        for order in reported:
            order._mfg_assign_late_use(lines)
        return result
