# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import fields, models

from .mfg_outbox_filter import Subscriber

TESTED = "mfg.connection.tested.v1"


class MfgMessage(models.Model):
    """A message that is pushed: woken, held back and told as such."""

    _inherit = "mfg.message"

    # what may hold back others of its key
    _push_index = models.Index(
        "(endpoint_id, key, id) WHERE direction = 'out'"
        " AND state IN ('retrying', 'parked')"
    )

    def _wake(self):
        result = super()._wake()
        outbound = self.filtered(lambda m: m.direction == "out")
        self.env["mfg.push"]._announce(set(outbound.endpoint_id.ids))
        return result

    def _is_pushed(self):
        return self.direction == "out" and self.endpoint_id.delivery == "push"

    def _sentence_queued(self):
        if not self._is_pushed():
            return super()._sentence_queued()
        told = {
            "paused": self.env._("Stored. Delivery is paused; it goes out afterwards."),
            "gone": self.env._("Stored. The plant has ended the delivery."),
        }
        if self.endpoint_id.state == "paused":
            return super()._sentence_queued()
        if self.endpoint_id.push_state in told:
            return told[self.endpoint_id.push_state]
        if ahead := self._ahead():
            return self.env._(
                "Goes out after “%(message)s” of %(time)s, which has not arrived.",
                message=ahead.type_title,
                time=ahead._when("received_at"),
            )
        return self.env._("Goes out in a moment.")

    def _sentence_acknowledged(self):
        if self._is_pushed() and self.attempt_ids:
            return self.env._("Delivered: the plant's system took it.")
        return super()._sentence_acknowledged()


class MfgMessageAttempt(models.Model):
    """What the plant's system answered to a delivery."""

    _inherit = "mfg.message.attempt"

    outcome = fields.Selection(
        selection_add=[("acknowledged", "Delivered"), ("refused", "Refused")],
        ondelete={"acknowledged": "cascade", "refused": "cascade"},
    )
    http_status = fields.Integer(string="HTTP Status", readonly=True, aggregator=None)
    answer = fields.Text(readonly=True, help="The beginning of what it answered.")


class MfgOutbox(models.AbstractModel):
    """What a message looks like on its way, and a first one to try it with."""

    _inherit = "mfg.outbox"

    def _emit_test(self, endpoint):
        """An event that means nothing, to see whether deliveries arrive."""
        subscriber = Subscriber(None, "realtime", endpoint.id)
        data = {"text": self.env._("Hello from Odoo")}
        row = self._row(endpoint, subscriber, TESTED, None, data, {})
        return self._store([row])
