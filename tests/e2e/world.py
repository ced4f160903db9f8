# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""A real Odoo with a real job runner, seen from outside and from below.

From outside over HTTP as plants and people see it; from below by SQL, which is the
oracle: what the addons say about themselves proves nothing.
"""

import itertools
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import requests
from invariants import Invariants
from planner import Odoo
from settings import ENV

from plantsim.client import MANY, ONE, Plant

TESTED = "mfg.connection.tested.v1"
ACKNOWLEDGED = "mfg.joborder.acknowledged.v1"
REVERSED = "mfg.event.reversed.v1"
OPEN = ("queued", "waiting", "retrying")
PASSWORD = "e2e password of a test"  # the server listens on 127.0.0.1 only
_numbers = itertools.count(1)


def wait_for(check, seconds, what, pause=0.1):
    """Return the first true answer of ``check``; fail after ``seconds``."""
    deadline = time.monotonic() + seconds
    while not (answer := check()):
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {seconds} s: {what}")
        time.sleep(pause)
    return answer


def at_once(call, arguments):
    """Call with each argument at the same moment; the answers, in their order."""
    barrier = Barrier(len(arguments))

    def one(argument):
        barrier.wait(timeout=30)
        return call(argument)

    with ThreadPoolExecutor(len(arguments)) as pool:
        return list(pool.map(one, arguments))


def problem(response):
    """The body of a problem answer, checked for what every one has."""
    assert response.headers["Content-Type"] == "application/problem+json", response.text
    body = response.json()
    assert body["code"] and body["title"] and body["type"], body
    return body


class Endpoint:
    """One plant system: its key, its client, its events."""

    def __init__(self, world, id_, key, source):
        self.world, self.id, self.key, self.source = world, id_, key, source
        self.plant = Plant(world.url, key, source, patience=120)

    def event(self, data=None, type_=TESTED, **attributes):
        return {
            "specversion": "1.0",
            "id": str(uuid.uuid4()),
            "source": self.source,
            "type": type_,
            "data": {"text": "hello"} if data is None else data,
            **attributes,
        }

    def events(self, count, keys=1):
        """Events that change nothing, numbered in their keys."""
        start = next(_numbers)
        return [
            self.event(
                {"text": f"number {number}"},
                subject=f"key {start}-{number % keys}",
                sequence=str(number // keys + 1),
            )
            for number in range(count)
        ]

    def post(self, event, timeout=30, **headers):
        """Send once; the response, whatever it is."""
        content_type = MANY if isinstance(event, list) else ONE
        return requests.post(
            f"{self.world.url}/mfg/v1/events",
            json=event,
            headers={**self.bearer, "Content-Type": content_type, **headers},
            timeout=timeout,
        )

    def deliver(self, *events, seconds=60):
        """Send a batch and wait until all is quiet; what became of each event."""
        answer = self.post(list(events), timeout=60)
        assert answer.status_code == 202, answer.text
        self.world.wait_quiet(seconds)
        return [self.outcome(event) for event in events]

    def outcome(self, event):
        """The code of what parked an event, else its state."""
        state, code = self.state(event["id"])
        return code if state == "parked" else state

    def reversal(self, event, reason="It never was"):
        """The event that takes another one back, of the same key."""
        data = {"eventId": event["id"], "reason": reason}
        return self.event(data, REVERSED, subject=event["subject"])

    def get(self, path, **options):
        options.setdefault("timeout", 40)
        return requests.get(self.world.url + path, headers=self.bearer, **options)

    @property
    def bearer(self):
        return {"Authorization": f"Bearer {self.key}"}

    def row(self, event_id, columns="*"):
        """The one row of an accepted event."""
        rows = self.world.rows(
            f"SELECT {columns} FROM mfg_message WHERE endpoint_id = %s"
            " AND direction = 'in' AND event_id = %s AND state <> 'rejected'",
            self.id,
            event_id,
        )
        assert len(rows) == 1, f"{event_id}: {len(rows)} rows"
        return rows[0]

    def state(self, event_id):
        return self.row(event_id, "state, error_code")

    def drain_outbox(self):
        """Pull and acknowledge everything; the events."""
        events, more = [], True
        while more:
            deliveries, more = self.plant.pull(500)
            events += [delivery["event"] for delivery in deliveries]
            self.plant.ack([delivery["deliveryId"] for delivery in deliveries])
        return events

    def interface(self, type_, direction=None):
        """Id of the interface of a type; its direction where it goes both ways."""
        domain = [("endpoint_id", "=", self.id), ("type", "=", type_)]
        if direction:
            domain.append(("direction", "=", direction))
        return self.world.odoo.call("mfg.interface", "search", domain)[0]

    def be_the_only_plant(self):
        """Other tests' plants never answer; an order waits for all that can."""
        others = [("type", "=", ACKNOWLEDGED), ("endpoint_id", "!=", self.id)]
        ids = self.world.odoo.call("mfg.interface", "search", others)
        self.world.odoo.call("mfg.interface", "write", ids, {"active": False})

    def configure(self, *types, **values):
        """Change the interfaces of these types."""
        ids = [self.interface(type_) for type_ in types]
        self.world.odoo.call("mfg.interface", "write", ids, values)

    def decide(self, action, event, reason="For the test", person=None):
        """What a person decides on a message, by the wizard of its buttons."""
        odoo = person or self.world.odoo
        chosen = {"active_ids": [*self.row(event["id"], "id")]}
        values = {"action": action, "reason": reason}
        wizard = odoo.call("mfg.message.decide", "create", [values], context=chosen)
        odoo.call("mfg.message.decide", "action_apply", wizard)

    def map(self, kind, code, model, id_):
        """A planner says what a code of this plant means."""
        values = {"endpoint_id": self.id, "kind": kind, "code": code}
        values["record"] = f"{model},{id_}"
        self.world.odoo.call("mfg.mapping", "create", [values])


class World:
    """A stack, its database and its administrator."""

    def __init__(self, databases, stack):
        self.databases, self.stack, self.db = databases, stack, stack.db
        self._odoo = None

    @property
    def url(self):
        return self.stack.url

    @property
    def odoo(self):
        self._odoo = self._odoo or self.person("admin", ENV["MFG_ADMIN_PASSWORD"])
        return self._odoo

    def person(self, login, password=PASSWORD):
        """Odoo's external API for somebody who can log in."""
        return Odoo(self.url, self.db, login, password)

    def rows(self, query, *values):
        with self.databases.cursor(self.db) as cr:
            cr.execute(query, values)
            return cr.fetchall() if cr.description else []

    def value(self, query, *values):
        [(value,)] = self.rows(query, *values)
        return value

    # -- making ------------------------------------------------------------------

    def endpoint(self, name="MES", company=None):
        """An endpoint as a manager makes one: by the wizard, which shows the key."""
        code = f"{name.lower()}-{next(_numbers)}-{uuid.uuid4().hex[:6]}"
        values = {"name": name, "code": code, "source": f"urn:plant:{code}"}
        if company:
            values["company_id"] = company
        wizard = self.odoo.call("mfg.endpoint.setup", "create", [values])
        shown = self.odoo.call("mfg.endpoint.setup", "action_create", wizard)["context"]
        id_, key = shown["default_endpoint_id"], shown["default_key"]
        return Endpoint(self, id_, key, values["source"])

    def user(self, name, *groups, company=None):
        """Somebody with a login and these groups (XML ids); returns their API."""
        login = f"{name}-{uuid.uuid4().hex[:6]}"
        values = {
            "name": name,
            "login": login,
            "password": PASSWORD,
            "group_ids": [(6, 0, [self.odoo.xmlid(group) for group in groups])],
        }
        if company:
            values |= {"company_id": company, "company_ids": [(6, 0, [company])]}
        self.odoo.call("res.users", "create", [values])
        return self.person(login)

    # -- waiting and proving -------------------------------------------------------

    def still_open(self):
        """Inbound messages that have not come to an end, for people to read.

        What waits behind a parked message is visible and waits for a person.
        """
        return self.rows(
            "SELECT id, type, key, state, error_code, next_try_at FROM mfg_message m"
            " WHERE direction = 'in' AND state IN %s AND NOT (state = 'waiting'"
            "  AND EXISTS (SELECT 1 FROM mfg_message p WHERE p.direction = 'in'"
            "   AND p.endpoint_id = m.endpoint_id AND p.key = m.key"
            "   AND p.state = 'parked')) ORDER BY id LIMIT 10",
            OPEN,
        )

    def wait_quiet(self, seconds=60):
        """Return the seconds until nothing was left to do."""
        started = time.monotonic()
        deadline = started + seconds
        while left := self.still_open():
            if time.monotonic() > deadline:
                raise AssertionError(f"stranded after {seconds} s: {left}")
            time.sleep(0.2)
        return time.monotonic() - started

    def invariants(self, endpoint, acknowledged):
        """Prove what has to hold after every fault; how many messages are posted."""
        found = Invariants(self, endpoint, acknowledged)
        violations = found.violations()
        assert not violations, violations
        return len(found.posted)
