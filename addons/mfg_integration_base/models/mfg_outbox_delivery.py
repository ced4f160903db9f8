# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
import logging
import traceback

import psycopg2

from odoo import api, fields, models
from odoo.tools import SQL

from ..engine import delivery_codes as codes
from ..engine import envelope, states, strict_json
from ..engine.failure import Failure

_logger = logging.getLogger(__name__)

STRUCTURED = "application/cloudevents+json"
ONE_MORE = SQL("coalesce(attempts, 0) + 1")


class MfgOutboxDelivery(models.AbstractModel):
    """Handing out what waits for a plant that may only dial out, until it says so.

    Always the oldest first and everything that is not acknowledged again: a plant
    that died with deliveries in its hands gets them once more, in their order.
    """

    _inherit = "mfg.outbox"

    @api.private
    @api.model
    def pull(self, endpoint, limit):
        """Hand out up to `limit` messages; they stay due until acknowledged.

        :return: (list of (message, text of its event), whether there are more). They
            are `sent` from the commit of this transaction on.
        """
        if endpoint.state != "active" or endpoint.delivery != "pull":
            # paused: nothing is delivered; pushed: not in two ways at once
            return [], False
        rows = self.env.execute_query(self._sql_pending(endpoint, limit + 1))
        # sudo: the outbox is no model of the service user; endpoint is the filter
        messages = self.env["mfg.message"].sudo().browse([id_ for (id_,) in rows])
        deliveries = self._written(messages[:limit], self._enveloped)
        self._note_sent(messages.browse([message.id for message, _text in deliveries]))
        return deliveries, len(messages) > limit

    def _sql_pending(self, endpoint, limit):
        return SQL(
            "SELECT m.id FROM mfg_message m"
            " WHERE m.endpoint_id = %s AND m.direction = 'out'"
            " AND m.state IN ('queued', 'retrying', 'sent') AND NOT %s"
            " ORDER BY m.id LIMIT %s",
            endpoint.id,
            self._sql_held_back(),
            limit,
        )

    def _sql_held_back(self):
        """Whether message m follows a parked one of its key, which a person decides."""
        return SQL(
            """
            EXISTS (
                SELECT 1 FROM mfg_message b
                WHERE b.endpoint_id = m.endpoint_id AND b.key = m.key AND b.id < m.id
                  AND b.direction = 'out' AND b.state = 'parked'
                  AND NOT coalesce(b.out_of_turn, FALSE) AND %s)
            """,
            self.env["mfg.push"]._sql_holds(),
        )

    @api.model
    def _written(self, messages, write):
        """What `write` makes of each message, as (message, that).

        One that cannot be written is parked, for nobody would ever get past it; here it
        holds back no more than its key.
        """
        written, stuck = [], set()
        for message in messages:
            if message.key in stuck:
                continue
            try:
                written.append((message, write(message)))
            except psycopg2.Error:
                raise  # the transaction is over: to be tried again as a whole
            except Exception as error:  # whatever an addon's format runs into
                self._park_unwritten(message, error)
                stuck.add(message.key)
        return written

    def _park_unwritten(self, message, error):
        detail = error.detail if isinstance(error, Failure) else str(error)
        failure = Failure(codes.NOT_WRITABLE, detail or type(error).__name__)
        _logger.warning("Message %s cannot be written: %s", message.id, failure.detail)
        message._transition("retrying", attempts=ONE_MORE)
        message._park(failure.code, failure.detail)
        trace = traceback.format_exc()
        self.env["mfg.drain"]._note_attempts(message, "parked", None, failure, trace)

    @api.model
    def _rendered(self, message):
        """What a message is in the form its plant reads: the event as it was written.

        A hook for addons that speak another language than JSON: another media type
        is of the event's data alone. Pushed, the envelope is then in the headers
        (binary mode); pulled, the text is the ``data`` of the event.

        :return: (media type, text)
        """
        return STRUCTURED, message.payload_edited or message.payload

    @api.model
    def _enveloped(self, message):
        """The text of a delivery's event: always a CloudEvent in JSON.

        Where the plant reads another form, that text is the event's data.
        """
        media_type, text = self._rendered(message)
        if media_type == STRUCTURED:
            return text  # byte for byte as it was written
        form = {"datacontenttype": media_type, "data": text}
        return strict_json.dumps({**message._event(), **form})

    @api.model
    def _headers(self, message, media_type):
        """The envelope of what is pushed, where the body does not hold it."""
        if media_type == STRUCTURED:
            return ()
        return tuple(envelope.to_headers(message._event()))

    def _note_sent(self, messages):
        if not messages:
            return
        messages._transition("sent", next_try_at=None, attempts=ONE_MORE)

    @api.private
    @api.model
    def has_pending(self, endpoint):
        """Whether a pull would hand out anything: the cheap question of a long poll."""
        if endpoint.delivery != "pull":
            return False
        return bool(self.env.execute_query(self._sql_pending(endpoint, 1)))

    @api.private
    @api.model
    def ack(self, endpoint, acknowledged, refused):
        """Settle deliveries; saying it again changes nothing.

        :param acknowledged: list of delivery ids
        :param refused: list of (delivery id, code, detail)
        :return: set of the ids that this endpoint was never given
        """
        ids = [*acknowledged, *(id_ for id_, _code, _detail in refused)]
        messages = self._deliveries(endpoint, ids)
        pending = messages.filtered(lambda m: m.state in states.UNDELIVERED)
        by_ref = {str(message.id): message for message in pending}
        done = pending.filtered(lambda m: str(m.id) in set(acknowledged))
        done._transition("acknowledged", posted_at=fields.Datetime.now())
        for id_, code, detail in refused:
            if id_ in by_ref:
                values = {"error_code": code, "error_detail": detail}
                by_ref[id_]._transition("refused", **values)
        return set(ids) - {str(message.id) for message in messages}

    def _deliveries(self, endpoint, ids):
        numbers = [int(id_) for id_ in ids if id_.isdigit() and int(id_) < 2**31]
        # sudo: see pull
        return (
            self.env["mfg.message"]
            .sudo()
            .search(
                [
                    ("id", "in", numbers),
                    ("endpoint_id", "=", endpoint.id),
                    ("direction", "=", "out"),
                ],
                order="id",
            )
        )
