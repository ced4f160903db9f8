# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
import json

from odoo import api, fields, models

KINDS = [("released", "Released"), ("changed", "Changed"), ("cancelled", "Cancelled")]


class MfgJoborderVersion(models.Model):
    """A version of a job order as the plants were told it, and what they answered.

    It stays as it was: what a plant reports is matched to the version it works by,
    and a planner can go back to it.
    """

    _name = "mfg.joborder.version"
    _inherit = "mfg.lean"
    _description = "Job Order Version"
    _order = "company_id, job_order, number desc"
    _rec_name = "number"

    company_id = fields.Many2one("res.company", required=True, readonly=True)
    job_order = fields.Char(required=True, readonly=True)
    production_id = fields.Many2one(
        "mrp.production",
        string="Manufacturing Order",
        readonly=True,
        ondelete="cascade",
        index=True,
    )
    number = fields.Integer(
        string="Version", required=True, readonly=True, aggregator=None
    )
    kind = fields.Selection(KINDS, string="What Happened", readonly=True)
    plan = fields.Json(readonly=True)
    changes = fields.Json(readonly=True)
    create_date = fields.Datetime(string="Told on")
    create_uid = fields.Many2one("res.users", string="By")
    answer_ids = fields.One2many("mfg.joborder.answer", "version_id", readonly=True)

    _number_unique = models.UniqueIndex(
        "(company_id, job_order, number)", "A job order has each version once."
    )

    @api.model
    def _note(self, order, kind, plan, changes, messages, consent=()):
        """Keep a version, and whose answer it waits for.

        :param messages: by which it was told, one per plant
        :param consent: endpoints without whose consent it does not count
        """
        version = self._insert(
            [
                {
                    "company_id": order.company_id.id,
                    "job_order": order.mfg_job_order_id,
                    "production_id": order.id,
                    "number": order.mfg_version,
                    "kind": kind,
                    "plan": json.dumps(plan),
                    "changes": json.dumps(changes),
                }
            ]
        )
        version._expect(messages.endpoint_id, consent)
        return version

    def _expect(self, endpoints, consent=(), left=False):
        """These were told the version."""
        self.env["mfg.joborder.answer"]._expect(self, endpoints, consent, left)
        self.invalidate_recordset(["answer_ids"])

    @api.model
    def _of(self, order):
        """The versions of an order's job order, the newest first."""
        # sudo: lean rows of the order at hand, which the caller found by its rights
        return self.sudo().search(
            [
                ("company_id", "=", order.company_id.id),
                ("job_order", "=", order.mfg_job_order_id),
            ]
        )

    def _segment(self, code):
        """What the version said about a segment, or None."""
        segments = (self.plan or {}).get("segments", ())
        return next((s for s in segments if s["operationsSegmentId"] == code), None)

    def _followed(self, segment):
        """Whether others came after a segment in this version."""
        segments = self.plan["segments"]
        code, place = segment["operationsSegmentId"], segment["sequence"]
        if any(s["dependsOn"] for s in segments):
            return any(code in s["dependsOn"] for s in segments)
        return any(s["sequence"] > place for s in segments)

    def _asked(self, product):
        """The lines by which the version asked for a component."""
        return [
            line
            for line in (self.plan or {}).get("materialRequirements", ())
            if line["materialDefinitionId"]["product"] == product.id
            and line["materialUse"] == "Consumed"
        ]

    def _answer_of(self, endpoint):
        return self.answer_ids.filtered(lambda a: a.endpoint_id == endpoint)

    def _accepted_by(self, endpoint):
        """The newest of these versions that a plant accepted."""
        accepted = self.answer_ids.filtered(
            lambda a: a.endpoint_id == endpoint and a.state == "accepted"
        )
        return accepted.version_id.sorted("number")[-1:]

    def _asked_answers(self):
        """Of those that go by the order and can answer."""
        return self.answer_ids.filtered(lambda a: a.state != "told" and not a.left)

    def _plant_state(self):
        """What all its plants say together, and False where none is asked."""
        asked = self._asked_answers()
        states = set(asked.mapped("state"))
        waiting = asked.filtered(lambda a: a.state == "waiting")
        if "refused" in states:
            return "refused"
        if waiting:
            return "consent" if any(waiting.mapped("consent")) else "waiting"
        return "accepted" if states else False
