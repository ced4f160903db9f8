# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import api, fields, models

from .mfg_reconciler import CORRECTION_SOURCE
from .mfg_reconciliation import CAUSES

WHAT = [
    ("produced", "Produced"),
    ("scrapped", "Scrapped"),
    ("consumed", "Consumed"),
    ("labour", "Labour"),
    ("state", "State"),
    ("messages", "Messages"),
]
KEPT = ("posting", "corrected", "accepted")


class MfgReconciliationLine(models.Model):
    """One figure in which the plant and Odoo differ, why, and what became of it."""

    _name = "mfg.reconciliation.line"
    _description = "Plant Difference"
    _order = "reconciliation_id desc, id"
    _rec_name = "figure"

    reconciliation_id = fields.Many2one(
        "mfg.reconciliation",
        required=True,
        readonly=True,
        ondelete="cascade",
        index=True,
    )
    company_id = fields.Many2one(related="reconciliation_id.company_id", store=True)
    endpoint_id = fields.Many2one(related="reconciliation_id.endpoint_id", store=True)
    warehouse_id = fields.Many2one(related="reconciliation_id.warehouse_id", store=True)
    order_id = fields.Many2one(related="reconciliation_id.order_id", store=True)
    day = fields.Date(related="reconciliation_id.day", store=True)
    what = fields.Selection(WHAT, required=True, readonly=True)
    product_id = fields.Many2one("product.product", readonly=True)
    lot_id = fields.Many2one("stock.lot", readonly=True)
    segment = fields.Char(string="Operation", readonly=True)
    plant_value = fields.Float(
        string="Plant (Number)", digits=(16, 4), readonly=True, aggregator=None
    )
    odoo_value = fields.Float(
        string="Odoo (Number)", digits=(16, 4), readonly=True, aggregator=None
    )
    difference = fields.Float(
        digits=(16, 4),
        readonly=True,
        help="What Odoo lacks; negative: what it has too much.",
    )
    plant_text = fields.Char(readonly=True)
    odoo_text = fields.Char(readonly=True)
    cause = fields.Selection(
        CAUSES,
        required=True,
        readonly=True,
        help="Missing: the plant counted it and no message came. Doubled: posted more "
        "often than it happened. Changed: edited after the plant had sent it. Late: "
        "the next snapshot counts it. Parked message, not posted yet: it settles by "
        "itself once that is. Out of tolerance: no message accounts for it.",
    )
    explanation = fields.Text(readonly=True)
    message_ids = fields.Many2many(
        "mfg.message",
        "mfg_reconciliation_line_message_rel",
        "line_id",
        "message_id",
        string="Proving Messages",
        readonly=True,
    )
    message_count = fields.Integer(string="Proofs", readonly=True)
    correctable = fields.Float(
        string="To Correct",
        digits=(16, 4),
        readonly=True,
        aggregator=None,
        help="What new messages would post; what is doubled is taken back besides.",
    )
    plan = fields.Json(readonly=True)
    state = fields.Selection(
        [
            ("open", "Open"),
            ("posting", "Being corrected"),
            ("corrected", "Corrected"),
            ("accepted", "Accepted"),
        ],
        required=True,
        readonly=True,
        default="open",
    )
    correction_ids = fields.Many2many(
        "mfg.message",
        "mfg_reconciliation_line_correction_rel",
        "line_id",
        "message_id",
        string="Corrections",
        readonly=True,
    )
    decided_by_id = fields.Many2one("res.users", readonly=True)
    decided_at = fields.Datetime(readonly=True)
    reason = fields.Text(readonly=True)

    # -- comparing again -----------------------------------------------------------

    def _renew(self, reconciliation, findings, before=None):
        """Put what was found into the place of what was open.

        What is being corrected, was, or was accepted stays; of what was accepted the
        same difference is not shown again, nor what a correction on its way accounts
        for.

        :param before: mark -> difference that was accepted when compared before
        """
        kept = self.filtered(lambda line: line.state in KEPT and not line._is_dropped())
        own = set(kept.filtered(lambda x: x.state == "posting").correction_ids.ids)
        accepted = {line._mark() for line in kept if line.state == "accepted"}
        (self - kept).unlink()
        rows = []
        for finding in findings:
            if own and own & set(finding.messages):
                continue
            values = self._values(finding)
            mark = self._mark_of(values)
            if mark not in accepted:
                values["reconciliation_id"] = reconciliation.id
                if before and mark in before:
                    values |= before[mark]._decision()
                rows.append(values)
        self.create(rows)
        reconciliation.invalidate_recordset(["line_ids"])

    def _decision(self):
        """That it was accepted, by whom and why: another comparison takes it over."""
        values = {name: self[name] for name in ("state", "reason", "decided_at")}
        return {**values, "decided_by_id": self.decided_by_id.id}

    def _is_dropped(self):
        """A person cancelled its correction: it is open again."""
        states = self.correction_ids.mapped("state")
        return self.state == "posting" and "cancelled" in states

    def _mark(self):
        return self._mark_of(self._seen_values())

    def _seen_values(self):
        """As ``_values`` has them."""
        names = ("what", "segment", "difference", "plant_text", "odoo_text")
        own = {name: self[name] for name in (*names, "correctable", "plan")}
        return {**own, "product_id": self.product_id.id, "lot_id": self.lot_id.id}

    def _mark_of(self, values):
        return (
            values["what"],
            values["product_id"] or False,
            values["lot_id"] or False,
            values["segment"] or False,
            round(values["difference"], 4),
            values["plant_text"] if values["what"] == "state" else False,
        )

    @api.model
    def _values(self, finding):
        key = finding.key
        return {
            "what": key.what,
            "product_id": key.product or False,
            "lot_id": key.lot or False,
            "segment": key.segment,
            "plant_value": float(finding.plant),
            "odoo_value": float(finding.odoo),
            "difference": float(finding.difference),
            "plant_text": finding.plant_text,
            "odoo_text": finding.odoo_text,
            "cause": finding.cause,
            "explanation": "\n".join(dict.fromkeys(finding.texts)),
            "message_ids": [(6, 0, list(dict.fromkeys(finding.messages)))],
            "message_count": len(set(finding.messages)),
            "correctable": float(finding.correctable),
            "plan": {
                "doubled": list(dict.fromkeys(finding.doubled)),
                "follows": finding.follows,
                "taken": float(finding.taken_back),
            },
        }

    # -- corrections that were posted, or taken back -------------------------------

    @api.model
    def _settle(self, messages):
        """Messages are being posted: what waits for them is corrected.

        Called within their transaction, by every handler: corrections are told by
        their source, so that others cost nothing.
        """
        self._follow(messages, "posting", "corrected")

    @api.model
    def _unsettle(self, original, reversal):
        """A correction was taken back: the difference is there again.

        Not where another correction did it: then what it stood for is there.
        """
        if not (reversal.source or "").endswith(CORRECTION_SOURCE):
            self._follow(original, "corrected", "open")

    def _follow(self, messages, before, after):
        mine = {m.id for m in messages if (m.source or "").endswith(CORRECTION_SOURCE)}
        if not mine:
            return
        # sudo: posting is the service user's, the reconciliation is the engine's
        lines = self.sudo().search(
            [("correction_ids", "in", list(mine)), ("state", "=", before)]
        )
        if after == "corrected":
            lines = lines.filtered(
                lambda x: all(
                    m.id in mine or m._has_taken_effect() for m in x.correction_ids
                )
            )
        lines.write({"state": after})
        lines.reconciliation_id._settle()
