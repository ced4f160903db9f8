# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import api, fields, models

PLANT_STATES = [
    ("waiting", "No answer yet"),
    ("consent", "Waits for consent"),
    ("accepted", "Accepted"),
    ("refused", "Refused"),
]
REFUSAL = "mfg_mes_connector.mail_activity_refused"


class MrpProduction(models.Model):
    """What the plants say to the present version of an order."""

    _inherit = "mrp.production"

    mfg_plant_state = fields.Selection(
        PLANT_STATES,
        string="Plant's Answer",
        readonly=True,
        copy=False,
        help="What the plant answered to the present version of the order. Empty where "
        "no plant is asked.",
    )
    mfg_plant_version = fields.Integer(
        string="Accepted Version",
        readonly=True,
        copy=False,
        help="The newest version that the plant accepted.",
    )

    mfg_version_count = fields.Integer(compute="_compute_mfg_versions")
    mfg_answer_text = fields.Text(compute="_compute_mfg_versions")

    @api.depends("mfg_job_order_id", "mfg_version", "mfg_plant_state")
    def _compute_mfg_versions(self):
        for order in self:
            versions = order.mfg_job_order_id and order._mfg_versions()
            order.mfg_version_count = len(versions or ())
            order.mfg_answer_text = versions and versions[:1].answer_text

    def _mfg_versions(self):
        return self.env["mfg.joborder.version"]._of(self)

    def _mfg_told_workcenters(self):
        """Ids of those that older versions named: who was told of an order is told
        what becomes of it."""
        if self.mfg_version <= 1:
            return set()
        plans = [version.plan or {} for version in self._mfg_versions()]
        segments = [s for plan in plans for s in plan.get("segments", ())]
        return {segment["equipmentId"]["workcenter"] for segment in segments}

    def action_mfg_versions(self):
        """What was told of this order, when and by whom, and the plant's answers."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Versions of %(order)s", order=self.mfg_job_order_id),
            "res_model": "mfg.joborder.version",
            "view_mode": "list,form",
            "domain": [("id", "in", self._mfg_versions().ids)],
        }

    def _mfg_identity_of_rest(self):
        return {
            **super()._mfg_identity_of_rest(),
            "mfg_plant_state": self.mfg_plant_state,
            "mfg_plant_version": self.mfg_plant_version,
        }

    def _mfg_note_version(self, kind, messages):
        """Keep the present version as it was told; none where no plant was."""
        if not messages:
            return
        cancelled = kind == "cancelled"
        plan = {} if cancelled else self.env["mfg.joborder"]._plan(self)
        versions = self.env["mfg.joborder.version"]
        version = versions._note(self, kind, plan, [], messages)
        state = version.sudo()._plant_state()  # sudo: lean rows of its own
        self._mfg_family().write({"mfg_plant_state": state})

    def _mfg_hear(self, version, endpoint, state):
        """A plant answered a version.

        An answer to an older one says by which the plant works, and no more.
        """
        family = self._mfg_family()
        values = {"mfg_plant_state": version._plant_state()}
        if version.number != self.mfg_version:
            values = {}
        if state == "accepted" and version.number > self.mfg_plant_version:
            values["mfg_plant_version"] = version.number
        if values:
            family.write(values)
        if version.number == self.mfg_version:
            self._mfg_tell_refusal(version, endpoint, state)

    def _mfg_tell_refusal(self, version, endpoint, state):
        """Its planner hears of a refusal until it is settled."""
        if state == "accepted":
            if version._plant_state() == "accepted":
                self.activity_unlink([REFUSAL])
            return
        answer = version._answer_of(endpoint)
        self.activity_schedule(
            REFUSAL,
            summary=self.env._(
                "%(plant)s refused version %(number)s",
                plant=endpoint.name,
                number=version.number,
            ),
            note=answer._words(),
            user_id=(self.user_id or version.create_uid).id,
        )
