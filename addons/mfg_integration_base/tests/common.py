# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
import itertools

from odoo.tests import TransactionCase

from ..engine import envelope, strict_json
from ..models.mfg_inbox import Received
from ..models.mfg_worker import IN_TRANSACTION

TESTED = "mfg.connection.tested.v1"
_numbers = itertools.count(1)


def drain_now(env):
    """Post everything due in this very transaction, committing nothing."""
    env.flush_all()
    drain = env["mfg.drain"].with_context(**{IN_TRANSACTION: True}).sudo()
    for lane, shard in drain._due_slots():
        drain._drain_lane(lane, shard)


class PlantCase(TransactionCase):
    """A plant that sends events through the inbox, as the routes do."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.endpoint = cls.make_endpoint("MES", cls.env.company)

    @classmethod
    def make_endpoint(cls, name, company, types=None, **values):
        """An endpoint with interfaces for the given types (default: all there are)."""
        ways = [
            (event_type, direction)
            for event_type, direction in cls.env["mfg.handler"]._ways()
            if not types or event_type in types
        ]
        return cls.env["mfg.endpoint"].create(
            {
                "name": name,
                "code": f"{name.lower()}-{next(_numbers)}",
                "source": f"urn:test:{name.lower()}",
                "company_id": company.id,
                "interface_ids": [
                    (0, 0, {"type": event_type, "direction": direction})
                    for event_type, direction in ways
                ],
                **values,
            }
        )

    def interface(self, event_type=TESTED, endpoint=None):
        interfaces = (endpoint or self.endpoint).interface_ids
        return interfaces.filtered(lambda i: i.type == event_type)

    def event(self, event_type=TESTED, data=None, endpoint=None, **attributes):
        """A CloudEvents dict with a fresh id."""
        return {
            "specversion": "1.0",
            "id": f"event-{next(_numbers)}",
            "source": (endpoint or self.endpoint).source,
            "type": event_type,
            "data": {"text": "hello"} if data is None else data,
            **attributes,
        }

    def accept(self, *events, endpoint=None):
        """Hand events to the inbox as the door does; returns its answers."""
        received = []
        for event in events:
            text = strict_json.dumps(event)
            parsed = envelope.from_dict(strict_json.loads(text.encode()))
            received.append(
                Received(text=text, event=parsed, id=parsed.id, source=parsed.source)
            )
        endpoint = endpoint or self.endpoint
        return self.env["mfg.inbox"].accept(endpoint, received)

    def send(self, event_type=TESTED, data=None, endpoint=None, **attributes):
        """Send one event and return its message."""
        event = self.event(event_type, data, endpoint, **attributes)
        [answer] = self.accept(event, endpoint=endpoint)
        return self.env["mfg.message"].browse(int(answer["href"].rpartition("/")[2]))

    def drain(self):
        drain_now(self.env)

    def post(self, event_type=TESTED, data=None, **attributes):
        """Send one event, drain, and return its message."""
        message = self.send(event_type, data, **attributes)
        self.drain()
        return message

    def outgoing(self, event_type, endpoint=None):
        return self.env["mfg.message"].search(
            [
                ("direction", "=", "out"),
                ("endpoint_id", "=", (endpoint or self.endpoint).id),
                ("type", "=", event_type),
            ]
        )

    def assertParked(self, message, code):
        self.assertEqual((message.state, message.error_code), ("parked", code))
        self.assertTrue(message.error_detail)
