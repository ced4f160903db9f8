# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import models

from ..engine import ordering
from ..engine.failure import Failure, FieldError
from ..engine.texts import marker

_lt = marker(__name__)

POINTER = "/data/eventId"


class MfgHandlerEventReversed(models.AbstractModel):
    """An event was wrong: what it did is taken back, as if it had never come.

    What taking back means is known to the handler of the original. An original that
    has not taken effect (waiting, parked) is cancelled, and never will.
    """

    _name = "mfg.handler.event.reversed"
    _inherit = "mfg.handler"
    _description = "Event Reversed"
    _mfg_type = ordering.REVERSAL
    _mfg_title = _lt("Event reversed")

    def _original(self, reversal):
        """The message of the event that a reversal names, or none."""
        data = reversal._event_data()
        source = data.get("source") or reversal.source
        return reversal._sent(reversal.endpoint_id, source, data["eventId"])

    def _resolve(self, reversal):
        original = self._original(reversal)
        if not original:
            raise self._missing(reversal)
        if original.reversed_by_id:
            detail = self.env._(
                "It was reversed before, by event “%(event)s”.",
                event=original.reversed_by_id.event_id,
            )
            raise self._refusal("already-reversed", detail)
        return original

    def _post_one(self, reversal, original):
        if original.state == "posted":
            self._take_back(reversal, original)
        elif original.state != "cancelled":
            original._transition("cancelled", next_try_at=None)
            original._wake()
        # sudo: only the engine writes messages, and this is the engine's part
        reversal.sudo().write({"reverses_id": original.id})
        original.write({"reversed_by_id": reversal.id})

    def _take_back(self, reversal, original):
        """Have the original's handler do it; what it refuses is this event's error."""
        handler = self.env["mfg.handler"]._for_type(original.type)
        mine = reversal.browse(original.id)  # with the rights of the service user
        try:
            handler._reverse(mine, reversal)
        except Failure as failure:
            raise self._refusal(failure.code, failure.detail) from failure

    def _missing(self, reversal):
        data = reversal._event_data()
        source = data.get("source") or reversal.source
        detail = self.env._(
            "%(endpoint)s has sent no event “%(event)s” of %(sender)s so far.",
            endpoint=reversal.endpoint_id.name,
            event=data["eventId"],
            sender=source,
        )
        wanted = ("event", reversal._identity_code(source, data["eventId"]))
        return self._refusal("original-missing", detail, wanted)

    def _refusal(self, code, detail, wanted=None):
        return Failure(code, detail, [FieldError(POINTER, detail)], wanted)
