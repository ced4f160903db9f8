# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
import uuid
import zlib
from datetime import UTC, datetime

from odoo import api, fields, models

from ..engine import envelope, fingerprint, strict_json
from .mfg_message import SHARDS


class MfgOutbox(models.AbstractModel):
    """What Odoo tells plants, written in the transaction of the business change.

    Either both are there after the commit or neither; delivery comes later and never
    inside a posting.
    """

    _name = "mfg.outbox"
    _description = "Plant Outbox"

    @api.model
    def emit(self, event_type, subject, data, company, **options):
        """Write one event for every endpoint that takes this type.

        :param data: the event's ``data``, quantities as decimal strings; or a
            function of the endpoint, when codes differ from plant to plant
        :param options: ``warehouse`` narrows to endpoints of it, ``endpoint`` to one;
            ``correlationid`` and ``causationid`` go into the envelope
        :return: the outgoing messages
        """
        interfaces = self._subscribers(event_type, company, **options)
        rows = [
            self._row(interface, event_type, subject, data, options)
            for interface in interfaces
        ]
        return self.env["mfg.message"].sudo()._insert(rows)

    def _subscribers(self, event_type, company, **options):
        """The interfaces that take a type."""
        # sudo: the outbox is written for whoever confirms an order, by the engine
        interfaces = self.env["mfg.interface"].sudo()
        return interfaces.search(self._domain(event_type, company, **options))

    def _domain(self, event_type, company, warehouse=None, endpoint=None, **_options):
        domain = [
            ("type", "=", event_type),
            ("direction", "=", "out"),
            ("company_id", "=", company.id),
            ("endpoint_id.active", "=", True),
        ]
        if endpoint:
            domain.append(("endpoint_id", "=", endpoint.id))
        if warehouse:
            domain.append(("endpoint_id.warehouse_id", "in", (warehouse.id, False)))
        return domain

    def _row(self, interface, event_type, subject, data, options):
        endpoint = interface.endpoint_id
        event = envelope.Event(
            id=str(uuid.uuid4()),
            source=self._source(),
            type=event_type,
            subject=subject,
            time=datetime.now(UTC),
            partitionkey=subject,
            correlationid=options.get("correlationid"),
            causationid=options.get("causationid"),
            data=data(endpoint) if callable(data) else data,
        )
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
            "event_time": fields.Datetime.now(),
            "received_at": fields.Datetime.now(),
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
        self._answer(
            messages,
            "mfg.event.posted.v1",
            lambda message: {"records": message.link_ids._records()},
        )

    @api.model
    def _answer_parked(self, message):
        if message.state == "parked":
            error = message._failure().as_dict()
            del error["errors"]
            self._answer(message, "mfg.event.parked.v1", lambda _m: {"error": error})

    def _answer(self, messages, event_type, facts):
        """Answer the sender of messages, which are of one endpoint."""
        endpoint = messages.endpoint_id
        company = endpoint.company_id
        interface = self._subscribers(event_type, company, endpoint=endpoint)
        rows = [
            self._row(
                interface,
                event_type,
                message.subject or message.key,
                {**self._about(message), **facts(message)},
                {
                    "correlationid": message.correlation_id or message.event_id,
                    "causationid": message.event_id,
                },
            )
            for message in messages
            if interface
        ]
        self.env["mfg.message"].sudo()._insert(rows)

    def _about(self, message):
        return {
            "eventId": message.event_id,
            "source": message.source,
            "type": message.type,
        }
