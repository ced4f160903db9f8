# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from dataclasses import dataclass

from odoo import models
from odoo.exceptions import UserError

from .mrp_production import CANCELLED, CHANGED, OPEN_STATES, RELEASED


@dataclass
class Audience:
    """The subscribers that hear of a change, by what it is to them."""

    changed: list  # they go on with the order
    released: list  # it is theirs from now on
    cancelled: list  # it is another plant's from now on


class MrpProduction(models.Model):
    """Which plants hear of an order: those that choose it, and who was told of it once
    is told what becomes of it, whatever is chosen since."""

    _inherit = "mrp.production"

    def _mfg_known_by(self):
        """Endpoint id -> whether the order was taken from it again."""
        versions = self._mfg_versions().sorted("number")
        return {
            answer.endpoint_id.id: answer.left
            for version in versions
            for answer in version.answer_ids
        }

    def _mfg_takers(self, event_type, facts=None):
        facts = self._mfg_facts() if facts is None else facts
        return self.env["mfg.outbox"]._takers(event_type, self.company_id, facts)

    def _mfg_subscribed(self, event_type):
        return self.env["mfg.outbox"]._subscribers(event_type, self.company_id.id)

    def _mfg_holders(self):
        """(endpoint ids that go by the order, those it was taken from)."""
        known = self._mfg_known_by()
        gone = {id_ for id_, left in known.items() if left}
        return known.keys() - gone, gone

    def _mfg_change_audience(self, moved):
        """:param moved: whether the order is made in another warehouse now"""
        holders, gone = self._mfg_holders()
        joined = [
            taker
            for taker in self._mfg_takers(RELEASED)
            if taker.endpoint_id not in holders
        ]
        left = self._mfg_leavers(holders) if moved else []
        others = gone | {taker.endpoint_id for taker in (*joined, *left)}
        stayed = self._mfg_still_told(CHANGED, holders)
        changed = [taker for taker in stayed if taker.endpoint_id not in others]
        return Audience(changed, joined, left)

    def _mfg_still_told(self, event_type, holders):
        """Who takes an event of the order, and who was told of it before."""
        takers = set(self._mfg_takers(event_type))
        return [
            subscriber
            for subscriber in self._mfg_subscribed(event_type)
            if subscriber in takers or subscriber.endpoint_id in holders
        ]

    def _mfg_leavers(self, holders):
        """Who hears that the order is no longer made in its warehouse."""
        here = {"warehouse": self._mfg_facts()["warehouse"]}
        staying = {taker.endpoint_id for taker in self._mfg_takers(RELEASED, here)}
        released = {s.endpoint_id for s in self._mfg_subscribed(RELEASED)}
        leaving = (holders & released) - staying
        return [s for s in self._mfg_subscribed(CANCELLED) if s.endpoint_id in leaving]

    def _mfg_check_move(self, left, family):
        """:raise UserError: a plant that has begun would lose the order"""
        if not (left and any(o.mfg_plant_open or o.mfg_started_at for o in family)):
            return
        endpoint = self.env["mfg.endpoint"].sudo().browse(left[0].endpoint_id)
        raise UserError(
            self.env._(
                "%(order)s: %(plant)s has started, so the order cannot be moved to "
                "another warehouse any more. Let the plant end it short, and plan the "
                "rest as a new order there.",
                order=self.name,
                plant=endpoint.name,  # sudo: its name, no more
            )
        )

    def _mfg_cancel_audience(self):
        holders, gone = self._mfg_holders()
        stayed = self._mfg_still_told(CANCELLED, holders)
        return [taker for taker in stayed if taker.endpoint_id not in gone]

    # -- plants that come later --------------------------------------------------------

    def action_mfg_release(self):
        """Release orders confirmed before there was a plant to take them."""
        released = self.browse()
        for order in self.filtered(lambda o: o.state in OPEN_STATES):
            if order._mfg_release_late():
                released |= order
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success" if released else "warning",
                "message": self.env._(
                    "%(released)s of %(selected)s orders were released. The others are "
                    "known to their plants already, have none, or are not open.",
                    released=len(released),
                    selected=len(self),
                ),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def _mfg_release_late(self):
        """Whether there was a plant that had not been told."""
        if not self.mfg_job_order_id:
            self._mfg_release()
            return bool(self._mfg_known_by())
        holders, _gone = self._mfg_holders()
        takers = self._mfg_takers(RELEASED)
        new = [taker for taker in takers if taker.endpoint_id not in holders]
        messages = self._mfg_tell(RELEASED, self._mfg_released_data, new)
        if messages:
            version = self._mfg_present_version()
            version._expect(messages.endpoint_id)
            self._mfg_family().write({"mfg_plant_state": version._plant_state()})
        return bool(messages)
