# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
import json
from dataclasses import dataclass
from datetime import UTC, datetime, timezone

from odoo import api, fields, models, tools
from odoo.exceptions import ConcurrencyError
from odoo.tools import SQL

from ..engine import catalogue, fingerprint
from ..engine.envelope import Event
from ..engine.failure import Failure, FieldError

HREF = "/mfg/v1/events/%s"
REFUSED_TEXT = 64 * 1024  # characters kept of what could not be accepted
CONFLICT = "An event with this source and id but other content came before."
FREE = SQL("ON CONFLICT DO NOTHING")
# rows of one INSERT have the same columns, whatever is known of their events
NOTHING = dict.fromkeys(
    (
        "interface_id",
        "lane",
        "shard",
        "key",
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
        "error_code",
        "error_detail",
        "error_fields",
    )
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
    """What becomes of one event."""

    item: Received
    status: str = "accepted"
    failure: Failure | None = None  # why it is refused
    mark: str | None = None  # its fingerprint
    known_mark: str | None = None  # that of the message under its id
    earlier: object = None  # the verdict of this batch that has its id
    ref: int | None = None  # the message it became, or repeats

    def repeats(self, ref, known_mark):
        """It came before: the same again, or something else under the same id."""
        self.ref, self.known_mark = ref, known_mark
        self.status = "duplicate" if known_mark == self.mark else "conflict"
        if self.status == "conflict":
            self.failure = Failure("conflict", CONFLICT, [FieldError("/id", CONFLICT)])

    def answer(self):
        answer = {
            "id": self.item.id,
            "source": self.item.source,
            "status": self.status,
            "href": HREF % self.ref,
        }
        if self.failure:
            answer["error"] = self.failure.as_dict()
        return answer


class MfgInbox(models.AbstractModel):
    """Takes events in: one statement for a batch, however large.

    A second one finds what was sent before, when something was; a third keeps what
    contradicts it. Nothing is posted here.
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
        if endpoint.state == "active":  # resuming wakes what waits
            self.env["mfg.drain"]._wake_after_commit(slots)
        return answers

    def _store(self, endpoint, received):
        """Store without waking: returns the answers and the (lane, shard) to wake."""
        interfaces = self._interfaces(endpoint.id)
        verdicts = [self._judge(item, interfaces) for item in received]
        rows = self._keep(endpoint, self._first_of_each(verdicts), interfaces)
        for verdict in verdicts:
            if verdict.earlier:
                verdict.repeats(verdict.earlier.ref, verdict.earlier.known_mark)
        contradicting = [v for v in verdicts if v.status == "conflict"]
        self._insert([self._refused_row(endpoint, v) for v in contradicting])
        slots = {(row["lane"], row["shard"]) for row in rows if row["lane"]}
        return [verdict.answer() for verdict in verdicts], slots

    # -- deciding --------------------------------------------------------------------

    @tools.ormcache("endpoint_id")
    def _interfaces(self, endpoint_id):
        """Type -> (interface id, lane) of what the endpoint may send now."""
        # sudo: the service user does not read the configuration; its code does
        interfaces = self.env["mfg.interface"].sudo()
        found = interfaces.search(
            [("endpoint_id", "=", endpoint_id), ("direction", "=", "in")]
        )
        return {i.type: (i.id, i.lane) for i in found}

    def _judge(self, item, interfaces):
        failure = item.failure or self._refusal(item.event, interfaces)
        if failure:
            return Verdict(item, status="rejected", failure=failure)
        mark = fingerprint.fingerprint(item.event)
        return Verdict(item, mark=mark, known_mark=mark)

    def _refusal(self, event, interfaces):
        """Why an event that reads well may not come in, or None."""
        if event.type not in self.env["mfg.handler"]._registry():
            return self._type_failure("schema", event.type, "is not a known event type")
        if event.type not in interfaces:
            text = "is not enabled for this endpoint"
            return self._type_failure("not-permitted", event.type, text)
        if self._is_over(event.type, interfaces[event.type][0]):
            return self._version_failure(event.type)
        errors = self.env["mfg.contract"]._errors(event.type, event.data)
        if errors:
            detail = f"The data of the event does not follow the schema {event.type}."
            return Failure("schema", detail, errors)
        return None

    def _is_over(self, event_type, interface_id):
        """Whether a version has ended, and nobody gave this plant more time.

        Asks the database for a version that has ended only.
        """
        ending = self.env["mfg.contract"]._ending(event_type)
        if not ending or not ending.is_over(datetime.now(UTC)):
            return False
        # sudo: see _interfaces
        interface = self.env["mfg.interface"].sudo().browse(interface_id)
        until = interface.accept_until
        return not until or until < fields.Date.today()

    def _version_failure(self, event_type):
        ending = self.env["mfg.contract"]._ending(event_type)
        text = f"ended on {ending.sunset_at:%Y-%m-%d}"
        if ending.successor:
            text += f", {ending.successor} follows it"
        return self._type_failure("version-ended", event_type, text)

    def _type_failure(self, code, event_type, text):
        detail = f"{event_type} {text}"
        return Failure(code, detail + ".", [FieldError("/type", detail)])

    def _first_of_each(self, verdicts):
        """Those to store; of one identity the first, the others are told to follow."""
        firsts = {}
        for verdict in verdicts:
            identity = id(verdict) if verdict.failure else verdict.item.identity
            earlier = firsts.setdefault(identity, verdict)
            verdict.earlier = earlier if earlier is not verdict else None
        return list(firsts.values())

    def _known(self, endpoint, verdicts):
        """(source, id) -> (message id, fingerprint) of what is accepted."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT m.source, m.event_id, m.id, m.fingerprint
                  FROM unnest(%s::varchar[], %s::varchar[]) AS sent (source, event_id)
                  JOIN mfg_message m ON m.endpoint_id = %s AND m.direction = 'in'
                   AND m.source = sent.source AND m.event_id = sent.event_id
                   AND m.state <> 'rejected'
                """,
                [verdict.item.source for verdict in verdicts],
                [verdict.item.id for verdict in verdicts],
                endpoint.id,
            )
        )
        return {(source, id_): (ref, mark) for source, id_, ref, mark in rows}

    # -- writing ---------------------------------------------------------------------

    def _keep(self, endpoint, verdicts, interfaces):
        """Store what is new, tell each verdict its message; the rows that were stored.

        PostgreSQL decides what is new: it knows of events that come in beside this
        one, too.
        """
        rows = [self._row(endpoint, verdict, interfaces) for verdict in verdicts]
        ids = self._insert(rows)
        if len(ids) < len(rows):
            return self._keep_repeated(endpoint, verdicts, rows, ids)
        for verdict, ref in zip(verdicts, ids, strict=True):
            verdict.ref = ref
        return rows

    def _keep_repeated(self, endpoint, verdicts, rows, ids):
        """Tell apart what was stored and what PostgreSQL had before."""
        accepted = [verdict for verdict in verdicts if not verdict.failure]
        known = self._known(endpoint, accepted)
        refs = {ref for ref, _mark in known.values()}
        refused = iter(id_ for id_ in ids if id_ not in refs)
        new, stored = set(ids), []
        for verdict, row in zip(verdicts, rows, strict=True):
            ref, mark = known.get(verdict.item.identity, (None, None))
            verdict.ref = next(refused) if verdict.failure else ref
            if verdict.ref is None:
                raise ConcurrencyError("Another request is storing the same event")
            if verdict.ref in new:
                stored.append(row)
            else:
                verdict.repeats(ref, mark)
        return stored

    def _insert(self, rows):
        """Insert what is not there yet; returns the ids of what was.

        A row that another transaction committed meanwhile is reported by PostgreSQL
        as a serialization failure, which is the truth.
        """
        return self.env["mfg.message"]._insert(rows, FREE).ids

    def _row(self, endpoint, verdict, interfaces):
        if verdict.failure:
            return self._refused_row(endpoint, verdict)
        event = verdict.item.event
        interface_id, lane = interfaces[event.type]
        return {
            **self._base_row(endpoint, verdict),
            "interface_id": interface_id,
            "lane": lane,
            "shard": self.env["mfg.outbox"]._shard(endpoint, event.key),
            "payload": verdict.item.text,
            "fingerprint": verdict.mark,
            "state": "queued",
        }

    def _refused_row(self, endpoint, verdict):
        failure = verdict.failure
        return {
            **self._base_row(endpoint, verdict),
            "payload": verdict.item.text.replace("\x00", "\ufffd")[:REFUSED_TEXT],
            "state": "rejected",
            "error_code": failure.code,
            "error_detail": failure.detail,
            "error_fields": json.dumps([e.as_dict() for e in failure.errors]),
        }

    def _base_row(self, endpoint, verdict):
        item = verdict.item
        return {
            **NOTHING,
            "direction": "in",
            "endpoint_id": endpoint.id,
            "company_id": endpoint.company_id.id,
            "attempts": 0,
            "tries": 0,
            "received_at": fields.Datetime.now(),
            "event_id": item.id,
            "source": item.source,
            **(self._envelope_columns(item.event) if item.event else {}),
        }

    def _envelope_columns(self, event):
        return {
            "key": event.key,
            "type": event.type,
            "subject": event.subject,
            "event_time": _naive(event.time),
            "sequence": event.sequence,
            "correlation_id": event.correlationid,
            "causation_id": event.causationid,
            "traceparent": event.traceparent,
            "expiry_time": _naive(event.expirytime),
        }

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
            ends = {catalogue.PASSING: "retrying", catalogue.MOOT: "cancelled"}
            state = ends.get(failure.failure_class, "parked")
            return {"state": state, "records": [], "error": failure.as_dict()}
        return {"state": "posted", "records": records}


def _naive(moment):
    """Odoo stores UTC without saying so."""
    return moment and moment.astimezone(timezone.utc).replace(tzinfo=None)
