# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
import json
from dataclasses import dataclass
from datetime import timezone

from odoo import api, fields, models
from odoo.exceptions import ConcurrencyError
from odoo.tools import SQL

from ..engine import catalogue, fingerprint
from ..engine.envelope import Event
from ..engine.failure import Failure, FieldError

HREF = "/mfg/v1/events/%s"
REFUSED_TEXT = 64 * 1024  # characters kept of what could not be accepted
COLUMNS = (
    "direction",
    "endpoint_id",
    "company_id",
    "interface_id",
    "lane",
    "shard",
    "key",
    "event_id",
    "source",
    "type",
    "subject",
    "event_time",
    "sequence",
    "correlation_id",
    "causation_id",
    "traceparent",
    "expiry_time",
    "payload",
    "fingerprint",
    "state",
    "error_code",
    "error_detail",
    "error_fields",
    "attempts",
    "tries",
    "received_at",
    "create_uid",
    "write_uid",
    "create_date",
    "write_date",
)


@dataclass
class Received:
    """One event as it arrived: read well (`event`) or refused already (`failure`).

    `id` and `source` are what could be made out of it, for the answer; `text` is
    the event as it came, for the log.
    """

    text: str
    event: Event | None = None
    failure: Failure | None = None
    id: str | None = None
    source: str | None = None

    @property
    def identity(self):
        return self.source, self.id


@dataclass(eq=False)
class Verdict:
    """What becomes of one event, before its message has an id."""

    status: str
    failure: Failure | None = None
    earlier: object = None  # the message, or the verdict of this batch, that it repeats
    mark: str | None = None
    own: int = -1  # position of its row among the rows inserted

    def ref(self, ids):
        if isinstance(self.earlier, Verdict):
            return ids[self.earlier.own]
        return self.earlier or ids[self.own]

    def answer(self, item, ids):
        answer = {
            "id": item.id,
            "source": item.source,
            "status": self.status,
            "href": HREF % self.ref(ids),
        }
        if self.failure:
            answer["error"] = self.failure.as_dict()
        return answer


class MfgInbox(models.AbstractModel):
    """Takes events in: three statements for a batch, however large.

    One to read what the endpoint may send, one to find what it sent before, one to
    write the rest, the refused ones included. Nothing is posted here.
    """

    _name = "mfg.inbox"
    _description = "Plant Inbox"

    @api.private
    @api.model
    def accept(self, endpoint, received):
        """Store what arrived and wake the drain once it is committed.

        An event is known by (endpoint, source, id): the same again is a duplicate,
        with other content a conflict. What is refused is kept as well, beside the
        id, so that it can be sent again corrected.

        :param received: list of :class:`Received`
        :return: one answer per event, in order (design.md section 3)
        :raise psycopg2.errors.SerializationFailure: another transaction is storing
            the same event; repeat in a new one, which then sees it
        """
        answers, slots = self._store(endpoint, received)
        self.env["mfg.drain"]._wake_after_commit(slots)
        return answers

    def _store(self, endpoint, received):
        """Store without waking: returns the answers and the (lane, shard) to wake."""
        interfaces = self._interfaces(endpoint)
        judged = [
            (r, r.failure or self._refusal(r.event, interfaces)) for r in received
        ]
        known = self._known(endpoint, [r for r, refusal in judged if not refusal])
        rows, verdicts = [], []
        for item, refusal in judged:
            verdict = self._judge(item, refusal, known)
            verdicts.append((item, verdict))
            if verdict.failure:
                rows.append(self._refused_row(endpoint, item, verdict.failure))
            elif verdict.status == "accepted":
                interface = interfaces[item.event.type]
                rows.append(self._accepted_row(endpoint, interface, item, verdict))
            verdict.own = len(rows) - 1
        ids = self._insert(rows)
        slots = {(row["lane"], row["shard"]) for row in rows if row["lane"]}
        return [verdict.answer(item, ids) for item, verdict in verdicts], slots

    # -- deciding --------------------------------------------------------------------

    def _interfaces(self, endpoint):
        """Type -> (interface id, lane) of what the endpoint may send now."""
        self.env["mfg.interface"].flush_model()
        rows = self.env.execute_query(
            SQL(
                "SELECT type, id, lane FROM mfg_interface"
                " WHERE endpoint_id = %s AND direction = 'in' AND active",
                endpoint.id,
            )
        )
        return {event_type: (id_, lane) for event_type, id_, lane in rows}

    def _refusal(self, event, interfaces):
        """Why an event that reads well may not come in, or None."""
        if event.type not in self.env["mfg.handler"]._registry():
            return self._type_failure("schema", event.type, "is not a known event type")
        if event.type not in interfaces:
            text = "is not enabled for this endpoint"
            return self._type_failure("not-permitted", event.type, text)
        errors = self.env["mfg.contract"]._errors(event.type, event.data)
        if errors:
            detail = f"The data of the event does not follow the schema {event.type}."
            return Failure("schema", detail, errors)
        return None

    def _type_failure(self, code, event_type, text):
        detail = f"{event_type} {text}"
        return Failure(code, detail + ".", [FieldError("/type", detail)])

    def _known(self, endpoint, received):
        """(source, id) -> (message id, fingerprint) of what was accepted before."""
        if not received:
            return {}
        self.env["mfg.message"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT m.source, m.event_id, m.id, m.fingerprint
                  FROM unnest(%s::varchar[], %s::varchar[]) AS sent (source, event_id)
                  JOIN mfg_message m ON m.endpoint_id = %s AND m.direction = 'in'
                   AND m.source = sent.source AND m.event_id = sent.event_id
                   AND m.state <> 'rejected'
                """,
                [r.event.source for r in received],
                [r.event.id for r in received],
                endpoint.id,
            )
        )
        return {(source, id_): (ref, mark) for source, id_, ref, mark in rows}

    def _judge(self, item, refusal, known):
        """Decide on one event; accepted ones count for those after them."""
        if refusal:
            return Verdict("rejected", failure=refusal)
        mark = fingerprint.fingerprint(item.event)
        verdict = Verdict("accepted", mark=mark)
        earlier, its_mark = known.setdefault(item.identity, (verdict, mark))
        if earlier is verdict:
            return verdict
        if its_mark == mark:
            return Verdict("duplicate", earlier=earlier)
        return Verdict("conflict", earlier=earlier, failure=self._conflict())

    def _conflict(self):
        detail = "An event with this source and id but other content came before."
        return Failure("conflict", detail, [FieldError("/id", detail)])

    # -- writing ---------------------------------------------------------------------

    def _base_row(self, endpoint):
        now = fields.Datetime.now()
        row = dict.fromkeys(COLUMNS)
        row.update(
            direction="in",
            endpoint_id=endpoint.id,
            company_id=endpoint.company_id.id,
            attempts=0,
            tries=0,
            received_at=now,
            create_date=now,
            write_date=now,
            create_uid=self.env.uid,
            write_uid=self.env.uid,
        )
        return row

    def _accepted_row(self, endpoint, interface, item, verdict):
        event = item.event
        interface_id, lane = interface
        return {
            **self._base_row(endpoint),
            **self._envelope_columns(event),
            "interface_id": interface_id,
            "lane": lane,
            "shard": self.env["mfg.outbox"]._shard(endpoint, event.key),
            "payload": item.text,
            "fingerprint": verdict.mark,
            "state": "queued",
        }

    def _envelope_columns(self, event):
        return {
            "key": event.key,
            "event_id": event.id,
            "source": event.source,
            "type": event.type,
            "subject": event.subject,
            "event_time": _naive(event.time),
            "sequence": event.sequence,
            "correlation_id": event.correlationid,
            "causation_id": event.causationid,
            "traceparent": event.traceparent,
            "expiry_time": _naive(event.expirytime),
        }

    def _refused_row(self, endpoint, item, failure):
        envelope = self._envelope_columns(item.event) if item.event else {}
        return {
            **self._base_row(endpoint),
            "event_id": item.id,
            "source": item.source,
            **envelope,
            "payload": item.text.replace("\x00", "\ufffd")[:REFUSED_TEXT],
            "state": "rejected",
            "error_code": failure.code,
            "error_detail": failure.detail,
            "error_fields": json.dumps([e.as_dict() for e in failure.errors]),
        }

    def _insert(self, rows):
        """Insert all rows in one statement; returns their ids in the order of rows.

        ON CONFLICT, because a UniqueViolation could not be told from a real defect:
        with it, a row that another transaction committed meanwhile is reported by
        PostgreSQL as a serialization failure, which is the truth.
        """
        if not rows:
            return []
        values = [SQL("%s", tuple(row[name] for name in COLUMNS)) for row in rows]
        inserted = self.env.execute_query(
            SQL(
                "INSERT INTO mfg_message (%s) VALUES %s"
                " ON CONFLICT DO NOTHING RETURNING id",
                SQL(", ").join(map(SQL.identifier, COLUMNS)),
                SQL(", ").join(values),
            )
        )
        if len(inserted) < len(rows):
            raise ConcurrencyError("The same event is being stored by another request")
        return [id_ for (id_,) in inserted]

    # -- dry run ---------------------------------------------------------------------

    @api.private
    @api.model
    def rehearse(self, endpoint, item):
        """What accepting and posting one event would do; nothing of it stays.

        :return: the answer, with `result` (state, records, error) when it would come in
        """
        with self.env.cr.savepoint() as savepoint:
            [answer], _slots = self._store(endpoint, [item])
            if answer["status"] == "accepted":
                ref = int(answer["href"].rpartition("/")[2])
                answer["result"] = self._explained(endpoint, ref)
            savepoint.rollback()
        self.env.invalidate_all(flush=False)
        if answer["status"] in ("accepted", "rejected"):
            del answer["href"]  # there will be nothing at it
        return answer

    def _explained(self, endpoint, ref):
        message = endpoint._service_env()["mfg.message"].browse(ref)
        handler = message.env["mfg.handler"]._for_type(message.sudo().type)
        try:
            with self.env.cr.savepoint():
                records = handler._explain(message)
        except Exception as error:  # classified as in the drain: it is the answer
            failure = self.env["mfg.drain"]._failure(error)
            passing = failure.failure_class == catalogue.PASSING
            state = "retrying" if passing else "parked"
            return {"state": state, "records": [], "error": failure.as_dict()}
        return {"state": "posted", "records": records}


def _naive(moment):
    """Odoo stores UTC without saying so."""
    return moment and moment.astimezone(timezone.utc).replace(tzinfo=None)
