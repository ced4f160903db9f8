# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from datetime import timedelta

from odoo import fields

from .common import MesCase

STATE = "mfg.equipment.statechanged.v1"
DOWNTIME = "mfg.equipment.downtime.v1"
TELEMETRY = "mfg.equipment.telemetry.v1"
OEE = "mfg.equipment.oee.v1"
REVERSED = "mfg.event.reversed.v1"


def ago(minutes):
    """A time of the contract, so many minutes ago."""
    moment = fields.Datetime.now() - timedelta(minutes=minutes)
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


class EquipmentCase(MesCase):
    """Machines of a saw centre, and the reasons why they stand."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.failure = cls.env.ref("mrp.block_reason1")
        cls.starved = cls.env.ref("mrp.block_reason0")
        cls.slow = cls.env.ref("mrp.block_reason4")
        cls.productive = cls.env.ref("mrp.block_reason7")
        cls.map_code("loss", "Held", cls.failure)
        cls.map_code("loss", "E1", cls.failure)
        cls.map_code("loss", "E2", cls.starved)

    @classmethod
    def machine(cls, code, workcenter):
        cls.env["mfg.workcenter.crosswalk"].create(
            {
                "endpoint_id": cls.endpoint.id,
                "code": code,
                "workcenter_id": workcenter.id,
            }
        )

    @classmethod
    def make_shared(cls, code):
        """A work centre of no company, and so of all."""
        return cls.make_workcenter(code, company_id=False, resource_calendar_id=False)

    def about(self, event_type, machine, endpoint=None, **data):
        """The plant sends one event about a machine; the message after the drain."""
        message = self.post(
            event_type,
            {"equipmentId": machine, **data},
            endpoint=endpoint,
            subject=machine,
        )
        self.env.invalidate_all()
        return message

    def say(self, state, start, machine="SAW", **data):
        return self.about(STATE, machine, state=state, startTime=start, **data)

    def stop(self, start, end=None, machine="SAW", reason="E1", **data):
        if end:
            data["endTime"] = end
        return self.about(DOWNTIME, machine, startTime=start, reasonCode=reason, **data)

    def take_back(self, message):
        return self.post(
            REVERSED,
            {"eventId": message.event_id, "reason": "It was a test"},
            subject=message.subject,
        )

    def losses(self, workcenter=None):
        return self.env["mrp.workcenter.productivity"].search(
            [
                ("workcenter_id", "=", (workcenter or self.saw).id),
                ("mfg_equipment", "!=", False),
            ],
            order="date_start, id",
        )

    def assertLosses(self, *expected, workcenter=None):
        """Each (from, until or None, minutes that count)."""
        found = [
            (loss.date_start, loss.date_end or None, loss.duration)
            for loss in self.losses(workcenter)
        ]
        self.assertEqual(found, list(expected))
