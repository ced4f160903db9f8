# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
import zlib
from collections import Counter
from datetime import UTC, datetime

from odoo import api, fields, models, tools

from ..engine import envelope, fingerprint, strict_json
from ..engine.event_id import new_event_id
from .mfg_message import SHARDS

# what an answer may hold, as its schema says
MAX_RECORDS = 1000
MAX_DETAIL = 4000


class MfgOutbox(models.AbstractModel):
    """What Odoo tells plants, written in the transaction of the business change.

    Either both are there after the commit or neither; delivery comes later and never
    inside a posting.
    """

    _name = "mfg.outbox"
    _description = "Plant Outbox"

    @api.model
    def emit(self, event_type, subject, data, company, **options):
        """Write one event for every endpoint that subscribes to it.

        :param data: the event's ``data``, quantities as decimal strings; or a
            function of the endpoint, when codes differ from plant to plant
        :param options: ``endpoint`` narrows to one; ``warehouse``, ``product`` and what
            connectors add are what subscriptions choose by (``mfg_outbox_filter.py``);
            ``correlationid`` and ``causationid`` go into the envelope
        :return: the outgoing messages
        """
        takers = self._takers(event_type, company, options)
        return self._emit_to(takers, event_type, subject, data, options)

    def _emit_to(self, takers, event_type, subject, data, options):
        """Write one event for each of these subscribers; see :meth:`emit`."""
        # sudo: the outbox is written for whoever confirms an order, by the engine
        endpoints = self.env["mfg.endpoint"].sudo()
        rows = [
            self._row(
                endpoints.browse(taker.endpoint_id),
                taker,
                event_type,
                subject,
                data,
                options,
            )
            for taker in takers
        ]
        return self._store(rows)

    def _store(self, rows):
        """Write messages, and see to it that those to be pushed are."""
        messages = self.env["mfg.message"].sudo()._insert(rows)
        self.env["mfg.push"]._announce({row["endpoint_id"] for row in rows})
        return messages

    def _row(self, endpoint, interface, event_type, subject, data, options):
        """One outgoing message; of the interface only id and lane are asked."""
        event = envelope.Event(
            id=new_event_id(),
            source=self._source(),
            type=event_type,
            subject=subject,
            time=datetime.now(UTC),
            partitionkey=subject,
            correlationid=options.get("correlationid"),
            causationid=options.get("causationid"),
            data=data(endpoint) if callable(data) else data,
        )
        now = fields.Datetime.now()
        return {
            "direction": "out",
            "endpoint_id": endpoint.id,
            "interface_id": interface.id,
            "company_id": endpoint.company_id.id,
            "lane": interface.lane,
            "key": event.key,
            "shard": self._shard(endpoint, event.key),
            "event_id": event.id,
            "source": event.source,
            "type": event.type,
            "subject": subject,
            "event_time": now,
            "received_at": now,
            "correlation_id": event.correlationid,
            "causation_id": event.causationid,
            "payload": strict_json.dumps(event.to_dict()),
            "fingerprint": fingerprint.fingerprint(event),
            "state": "queued",
        }

    @api.model
    def _source(self):
        """Who speaks: this database, by the id that Odoo gave it."""
        parameters = self.env["ir.config_parameter"].sudo()  # not secret
        return f"urn:odoo:{parameters.get_param('database.uuid')}"

    @api.model
    def _shard(self, endpoint, key):
        return zlib.crc32(f"{endpoint.id}:{key}".encode()) % SHARDS

    # -- answers -------------------------------------------------------------------

    @api.model
    def _answer_posted(self, messages):
        records = self.env["mfg.message.link"]._records_of(messages)
        facts = {
            id_: {"records": self._listed(found), "recordCount": len(found)}
            for id_, found in records.items()
        }
        self._answer(messages, "mfg.event.posted.v1", facts)

    def _listed(self, records):
        """Of a message's records as many as an answer may list: the first ones of each
        model, so that a thousand serial numbers do not hide their order."""
        if len(records) <= MAX_RECORDS:
            return records
        seen, ranked = Counter(), []
        for place, record in enumerate(records):
            seen[record["model"]] += 1
            ranked.append((seen[record["model"]], place))
        listed = sorted(place for _rank, place in sorted(ranked)[:MAX_RECORDS])
        return [records[place] for place in listed]

    @api.model
    def _answer_parked(self, message):
        if message.state == "parked":
            error = message._failure().as_dict()
            del error["errors"]
            error["detail"] = error["detail"][:MAX_DETAIL]
            self._answer(message, "mfg.event.parked.v1", {message.id: {"error": error}})

    def _answer(self, messages, event_type, facts):
        """Answer the sender of messages, which are of one endpoint."""
        endpoint = messages.endpoint_id
        interface = self._answering(endpoint.id, event_type)
        rows = [
            self._row(
                endpoint,
                interface,
                event_type,
                message.subject or message.key,
                {**self._about(message), **facts[message.id]},
                {
                    "correlationid": message.correlation_id or message.event_id,
                    "causationid": message.event_id,
                },
            )
            for message in messages
            if interface
        ]
        self._store(rows)

    @tools.ormcache("endpoint_id", "event_type")
    def _answering(self, endpoint_id, event_type):
        """The interface by which an endpoint takes answers of a type, or None."""
        # sudo: see emit
        interface = self.env["mfg.interface"].sudo()
        interface = interface.search(
            [
                ("endpoint_id", "=", endpoint_id),
                ("type", "=", event_type),
                ("direction", "=", "out"),
                ("stage", "=", "live"),
            ]
        )
        return interface._subscriber() if interface else None

    def _about(self, message):
        return {
            "eventId": message.event_id,
            "source": message.source,
            "type": message.type,
        }
