# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import fields, models

from odoo.addons.mfg_integration_base.engine.times import parse_time

from .order import CLOCK_SKEW


class MfgHandlerEquipment(models.AbstractModel):
    """What every report on a machine has in common: the machine and a span of time.

    Books that are closed do not matter: none of it is stock or cost.
    """

    _name = "mfg.handler.equipment"
    _inherit = "mfg.handler.order"
    _description = "Report on Equipment"

    _mfg_span = ("startTime", "endTime")  # members of the data

    def _check(self, message):
        """A span a clock can have shown.

        :raise Failure: time-invalid
        """
        start, end = (self._moment(message, name) for name in self._mfg_span)
        if end and end < start:
            detail = self.env._(
                "It ends at %(end)s, before it began at %(start)s (UTC).",
                end=fields.Datetime.to_string(end),
                start=fields.Datetime.to_string(start),
            )
            raise self._refusal("time-invalid", detail, f"/data/{self._mfg_span[1]}")
        latest = fields.Datetime.now() + CLOCK_SKEW
        for name, moment in zip(self._mfg_span, (start, end), strict=True):
            if moment and moment > latest:
                detail = self.env._("%(time)s is in the future.", time=moment)
                raise self._refusal("time-invalid", detail, f"/data/{name}")

    def _moment(self, message, name):
        """A time of the data (UTC, whole seconds), or None."""
        text = message._event_data().get(name)
        return text and parse_time(text).replace(tzinfo=None, microsecond=0)

    def _machine_row(self, message):
        """The columns of every equipment record.

        :raise Failure: unknown-equipment
        """
        workcenter = self._resolved(
            message, "equipment", "equipmentId", "mrp.workcenter"
        )
        start, end = (self._moment(message, name) for name in self._mfg_span)
        return {
            "endpoint_id": message.endpoint_id.id,
            "company_id": message.company_id.id,
            "workcenter_id": workcenter.id,
            "equipment": message._event_data()["equipmentId"],
            "date_start": start,
            "date_end": end,
        }

    def _made_by(self, original, model):
        """The records of a model that a message made and that are still there."""
        links = original.link_ids.filtered(
            lambda link: link.res_model == model and link.role == "created"
        )
        return self.env[model].browse(links.mapped("res_id")).exists()
