# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import models
from odoo.exceptions import UserError

from ..tools import joborder_diff as diff
from .mrp_production import CANCELLED, CHANGED, RELEASED

MOST = 1000  # changes a message lists, as its schema says


class MrpProduction(models.Model):
    """A new version of a job order: what a plant allows, and telling it."""

    _inherit = "mrp.production"

    def _mfg_family_or_none(self):
        return self._mfg_family() if self else self

    def _mfg_change(self, family, changes, plan):
        """Tell the plants of a changed plan.

        :return: the version, the messages
        :raise UserError: a plant's interface locks what was changed, or the plant that
            has begun would lose the order
        """
        audience = self._mfg_change_audience(diff.is_moved(changes))
        # sudo: policies are configuration, which the planner may not read
        interfaces = self.env["mfg.interface"].sudo()
        interfaces = interfaces.browse([taker.id for taker in audience.changed])
        self._mfg_check_move(audience.cancelled, family)
        found = diff.aspects(changes)
        agreed = self._mfg_agreed(interfaces.endpoint_id, plan)
        bound = interfaces.filtered(lambda i: i.endpoint_id not in agreed)
        self._mfg_check_locks(bound, family, found)
        consent = bound.filtered(lambda i: i._mfg_asks_consent(found)).endpoint_id
        number = self.mfg_version + 1
        family.write({"mfg_version": number})
        plan = {**plan, "version": number}
        told = self._mfg_told(plan, changes, consent)
        messages = self._mfg_tell(CHANGED, told, audience.changed)
        messages |= self._mfg_tell(RELEASED, self._mfg_told(plan), audience.released)
        versions = self.env["mfg.joborder.version"]
        version = versions._note(self, "changed", plan, changes, messages, consent)
        moved = self._mfg_tell(CANCELLED, self._mfg_moved_data(), audience.cancelled)
        version._expect(moved.endpoint_id, left=True)
        family.write({"mfg_plant_state": version._plant_state()})
        return version, messages | moved

    def _mfg_moved_data(self):
        words = self.env._(
            "Moved to %(plant)s in Odoo by %(user)s",
            plant=self.env["mfg.joborder"]._plant(self),
            user=self.env.user.name,
        )
        return self._mfg_cancelled_data(words)

    def _mfg_told(self, plan, changes=None, consent=()):
        """``data`` of mfg.joborder.changed.v1, as a function of the endpoint; without
        changes that of mfg.joborder.released.v1."""
        joborder = self.env["mfg.joborder"]

        def data(endpoint):
            if changes is None:
                return joborder._encoded(endpoint, plan)
            told = joborder._encoded(endpoint, {**plan, "changes": changes[:MOST]})
            return {**told, "consentRequired": endpoint in consent}

        return data

    def _mfg_agreed(self, endpoints, plan):
        """Plants that accepted exactly this before: going back to it needs no leave."""
        versions = self.env["mfg.joborder.version"]._of(self)
        agreed = endpoints.browse()
        for endpoint in endpoints:
            accepted = versions._accepted_by(endpoint)
            if accepted.plan and diff.alike(accepted.plan, plan):
                agreed |= endpoint
        return agreed

    def _mfg_check_locks(self, interfaces, family, found):
        """:raise UserError: what is locked from the start on was changed after it"""
        if not any(o.mfg_plant_open or o.mfg_started_at for o in family):
            return
        for interface in interfaces:
            locked = interface._mfg_locks(found)
            if locked:
                raise UserError(
                    self.env._(
                        "%(order)s: the plant has started, so the %(what)s cannot be "
                        "changed any more.\n\n%(plant)s locks this once work has begun "
                        "(see its interface “Job order changed”). Agree with the "
                        "plant: let it end the order short, and plan the rest as a new "
                        "one.",
                        order=self.name,
                        what=", ".join(locked),
                        plant=interface.endpoint_id.name,
                    )
                )

    def _mfg_former_segment(self, then):
        """Work at an operation that was taken out before the plant knew: it happened.

        The operation comes back beside the flow: nothing waits for it.
        """
        code = then["operationsSegmentId"]
        former = self.workorder_ids.filtered(lambda w: w.mfg_former == code)
        if former:
            return former
        with self._mfg_keeping_dates():
            return self.env["mrp.workorder"].create(
                {
                    "production_id": self.id,
                    "name": then["name"],
                    "workcenter_id": then["equipmentId"]["workcenter"],
                    "duration_expected": float(then["duration"]["value"]),
                    "sequence": max(self.workorder_ids.mapped("sequence"), default=0)
                    + 1,
                    "mfg_former": code,
                }
            )
