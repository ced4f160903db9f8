# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
import json
from decimal import Decimal

from odoo import models
from odoo.tools import SQL

from odoo.addons.mfg_integration_base.engine.failure import Failure

from ..models.mrp_production_consumption import Share
from ..models.mrp_production_reserved import is_report

# these tell when an order began, others only that it did
JOBS = ("mfg.jobresponse.", "mfg.labor.")


class MfgHandlerReversal(models.AbstractModel):
    """Taking back a report on an order, by the links that its posting left.

    Move lines, scraps and counts give back the report's own share. What no share can
    tell (when the order began, which component the plant reports itself) follows from
    the reports that stay, so that reversals may come in any order.
    """

    _inherit = "mfg.handler.order"

    # -- at posting ----------------------------------------------------------------

    def _post_traced(self, messages, facts):
        order = getattr(facts[0], "order", self.env["mrp.production"])
        before = order.mfg_ledger or {}
        result = super()._post_traced(messages, facts)
        self._trace_rest(order, messages, before)
        memo = self.env.context.get("mfg_memo") or {}
        traces = [(m.id, memo.pop(("undo", m.id), None)) for m in messages]
        self._keep_traces([(id_, trace) for id_, trace in traces if trace])
        return result

    def _trace_rest(self, order, messages, before):
        """Changes of the ledger that nobody traced are those of the first message."""
        after = order.mfg_ledger or {}
        for key in {*before, *after}:
            change = Decimal(after.get(key, 0)) - Decimal(before.get(key, 0))
            for message in messages:
                change -= Decimal(order._mfg_traced(message, "ledger", key) or 0)
            order._mfg_trace_ledger(messages[0], key, change)

    def _keep_traces(self, traces):
        """Add what was traced to the reports' links to their order."""
        if not traces:
            return
        self.env.execute_query(
            SQL(
                "UPDATE mfg_message_link k"
                " SET undo = coalesce(k.undo, '{}'::jsonb) || t.trace::jsonb"
                " FROM (VALUES %s) AS t (id, trace)"
                " WHERE k.message_id = t.id AND k.res_model = 'mrp.production'"
                " RETURNING k.id",
                SQL(", ").join(SQL("(%s, %s)", i, json.dumps(t)) for i, t in traces),
            )
        )
        self.env["mfg.message.link"].invalidate_model(["undo"])

    # -- at reversal ---------------------------------------------------------------

    def _take_back(self, original, reversal, ended=False):
        """Undo everything the links of ``original`` tell.

        :param ended: the original ended its order
        :raise Failure: not-reversible, period-closed, time-invalid
        """
        for message in (original, reversal):
            self._check_moment(message, self._time(message), "/data/time")
        order = self._order_of(original)
        shares = self._shares_of(original)
        ended = ended and order.state == "done"
        if ended or any(share.line.move_id.production_id for share in shares):
            order._mfg_check_no_backorder(original.received_at)
        if ended:
            order._mfg_reopen()
        order._mfg_plan_ended(self._trace_of(original))
        order._mfg_take_back(shares)
        self._uncount(original)
        self._resettle(order, original)
        reversal._link(order, "changed")
        reversal._link(self._linked(original, "mrp.workorder"), "changed")

    def _links(self, original, model):
        # sudo: links are the engine's; the records are used with the user's own rights
        links = original.sudo().link_ids
        return links.filtered(lambda link: link.res_model == model)

    def _linked(self, original, model):
        ids = {link.res_id: None for link in self._links(original, model)}
        return self.env[model].browse(ids).exists()

    def _order_of(self, original):
        links = self._links(original, "mrp.production").filtered(is_report)
        changed = links.filtered(lambda link: link.role == "changed")  # no backorder
        order = self.env["mrp.production"].browse(changed.mapped("res_id")).exists()
        order = order or self._linked(original, "mrp.workorder").production_id
        if len(order) != 1:
            detail = self.env._("The order it was posted on is not there any more.")
            raise Failure("not-reversible", detail)
        return order.with_company(order.company_id)

    def _shares_of(self, original):
        """The original's part of each move line."""
        lines = self.env["stock.move.line"]
        shares = [
            Share(
                original, lines.browse(link.res_id), Decimal(str(link.undo["quantity"]))
            )
            for link in self._links(original, "stock.move.line")
            if link.undo and link.undo.get("quantity")
        ]
        scraps = self._linked(original, "stock.scrap")
        shares += [
            Share(original, line, Decimal(repr(line.quantity)))
            for line in scraps.move_ids.move_line_ids
        ]
        if any(not share.line.exists() for share in shares):
            detail = self.env._("A posting of it was deleted in Odoo.")
            raise Failure("not-reversible", detail)
        return shares

    def _uncount(self, original):
        """Take its pieces off the operation."""
        for link in self._links(original, "mrp.workorder"):
            workorder = self.env["mrp.workorder"].browse(link.res_id).exists()
            if workorder and link.undo and link.undo.get("quantity"):
                order = workorder.production_id
                workorder._mfg_count(
                    -order.product_id.uom_id._compute_quantity(
                        float(link.undo["quantity"]), order.product_uom_id, round=False
                    )
                )

    def _resettle(self, order, original):
        """What follows from the reports that stay."""
        stay = self._staying(order, original)
        reports = stay.message_id
        traces = stay.filtered(lambda link: link.res_model == "mrp.production")
        others = [link.undo or {} for link in traces]
        order._mfg_untrace(self._trace_of(original), others)
        for workorder in self._linked(original, "mrp.workorder"):
            mine = stay.filtered(  # what made a rework operation began no work at it
                lambda link, workorder=workorder: (
                    (link.res_model, link.res_id) == ("mrp.workorder", workorder.id)
                    and link.role == "changed"
                )
            )
            workorder._mfg_settle_start(self._times(mine.message_id))
        jobs = reports.filtered(lambda m: m.type.startswith(JOBS))
        starts = self._times(reports.sorted("id")[:1] | jobs)
        order._mfg_settle_start(self._begun(original), starts, bool(jobs))

    def _trace_of(self, original):
        links = self._links(original, "mrp.production").filtered(is_report)
        return links[:1].undo or {}

    def _staying(self, order, original):
        """Links of the other reports on the order and its operations."""
        return order._mfg_report_links().filtered(lambda k: k.message_id != original)

    def _times(self, messages):
        """Since when each shows work on its order."""
        handlers = self.env["mfg.handler"]
        return [
            handlers._for_type(message.type)._begun(message) for message in messages
        ]
