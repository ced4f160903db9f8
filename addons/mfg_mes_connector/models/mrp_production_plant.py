# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from markupsafe import escape

from odoo import SUPERUSER_ID, api, fields, models

from .mrp_production import CHANGED, OPEN_STATES, RELEASED

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
        help="The newest version that the plant accepted; of several plants the one "
        "that is furthest behind counts. 0: one of them accepted none.",
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

    def _mfg_present_version(self):
        """The present version; kept from now on where no plant was told of it. Of two
        that come for it at once the second starts over, and finds it."""
        self.env["mfg.drain"]._touch(self)
        versions = self._mfg_versions()
        present = versions.filtered(lambda v: v.number == self.mfg_version)
        return present or self._mfg_keep_version()

    def _mfg_keep_version(self):
        kind = "released" if self.mfg_version == 1 else "changed"
        if not self._mfg_family().filtered(lambda o: o.state in OPEN_STATES):
            kind = "cancelled"
        nobody = self.env["mfg.message"]
        return self._mfg_write_version(
            kind, nobody
        ).sudo()  # sudo: lean rows of its own

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
            return self.env["mfg.joborder.version"]
        version = self._mfg_write_version(kind, messages)
        state = version.sudo()._plant_state()  # sudo: lean rows of its own
        self._mfg_family().write({"mfg_plant_state": state})
        return version

    def _mfg_write_version(self, kind, messages):
        cancelled = kind == "cancelled"
        # sudo: plans are compared whoever is the first to ask for one
        plan = {} if cancelled else self.env["mfg.joborder"].sudo()._plan(self.sudo())
        versions = self.env["mfg.joborder.version"]
        return versions._note(self, kind, plan, [], messages)

    def _mfg_hear(self, version, endpoint, state):
        """A plant answered a version.

        An answer to an older one says by which the plant works, and no more.
        """
        family = self._mfg_family()
        values = {"mfg_plant_state": version._plant_state()}
        if version.number != self.mfg_version:
            values = {}
        accepted = self._mfg_accepted_version()
        if accepted != self.mfg_plant_version:
            values["mfg_plant_version"] = accepted
        if values:
            family.write(values)
        if version.number == self.mfg_version:
            self._mfg_tell_refusal(version, endpoint, state)

    def _mfg_accepted_version(self):
        """The newest version that all plants work by; 0: there is none."""
        versions = self._mfg_versions()
        asked = versions[:1]._asked_answers().endpoint_id
        accepted = [versions._accepted_by(endpoint).number for endpoint in asked]
        return min(accepted, default=0)

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
            note=escape(answer._words()),
            user_id=self._mfg_planner(version, endpoint).id,
        )

    def _mfg_planner(self, version, endpoint):
        """Who hears of a refusal; of what a scheduler made, who owns the interface."""
        person = self.user_id or version.create_uid
        if person.id != SUPERUSER_ID:
            return person
        interfaces = endpoint.interface_ids.filtered(
            lambda i: i.type in (CHANGED, RELEASED) and i.direction == "out"
        )
        return interfaces.sorted("type").owner_id[:1] or person
