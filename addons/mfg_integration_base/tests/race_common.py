# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
import itertools
import os
import threading
from contextlib import contextmanager
from unittest.mock import patch

from odoo import SUPERUSER_ID, api
from odoo.tests import HttpCase

from ..engine import envelope, strict_json
from ..models.mfg_inbox import Received
from .common import TESTED

_numbers = itertools.count(1)
PATIENCE = 3.0  # seconds; who is blocked by the other never comes


class Meeting:
    """Where transactions wait for each other before they go on, once."""

    def __init__(self, parties=2):
        self.barrier = threading.Barrier(parties)
        self.begun = threading.Event()  # the first has come

    def attend(self):
        self.begun.set()
        try:
            self.barrier.wait(PATIENCE)
        except threading.BrokenBarrierError:
            return

    def before(self, function):
        def met(*args, **kwargs):
            self.attend()
            return function(*args, **kwargs)

        return met


class RaceCase(HttpCase):
    """Real transactions side by side: what a test cursor cannot show.

    What a test commits it removes: see :meth:`remove`.
    """

    registry_test_mode = False
    types = (TESTED,)

    def setUp(self):
        super().setUp()
        # a job runner that serves this database, too, would drain beside the test
        drain = type(self.env["mfg.drain"])
        self.startPatcher(patch.object(drain, "_wake", lambda *_args, **_kwargs: None))
        with self.transaction() as env:
            endpoint = env["mfg.endpoint"].create(
                {
                    "name": "Race",
                    "code": f"race-{os.getpid()}-{next(_numbers)}",
                    "source": "urn:test:race",
                    "company_id": env.company.id,
                    "interface_ids": [(0, 0, {"type": type_}) for type_ in self.types],
                }
            )
            self.ids = endpoint.id, endpoint.user_id.id
        self.addCleanup(self.clean)

    def clean(self):
        with self.transaction() as env:
            self.remove(env)

    def remove(self, env):
        endpoint_id, user_id = self.ids
        env.cr.execute("DELETE FROM mfg_message WHERE endpoint_id = %s", [endpoint_id])
        env.cr.execute("DELETE FROM queue_job WHERE model_name = 'mfg.drain'")
        env["mfg.endpoint"].browse(endpoint_id).unlink()
        env["res.users"].browse(user_id).unlink()

    @contextmanager
    def transaction(self):
        """An environment of its own, committed at the end."""
        with self.registry._db.cursor() as cr:
            yield api.Environment(cr, SUPERUSER_ID, {})
            cr.commit()  # pylint: disable=invalid-commit

    def at_once(self, *steps):
        """Take steps in a thread each; returns what they returned or raised."""
        outcomes = [None] * len(steps)

        def take(place, step):
            try:
                outcomes[place] = step()
            except Exception as error:
                outcomes[place] = error

        threads = [
            threading.Thread(target=take, args=args) for args in enumerate(steps)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
            self.assertFalse(thread.is_alive(), "it hangs")
        return outcomes

    # -- messages ----------------------------------------------------------------------

    def send(self, subject, event_type=TESTED, data=None, id_=None):
        """The plant sends an event, stored for good; the id of its message."""
        event = envelope.Event(
            id_ or f"race-{next(_numbers)}",
            "urn:test:race",
            event_type,
            subject=subject,
            data=data or {"text": "x"},
        )
        text = strict_json.dumps(event.to_dict())
        received = Received(text, event, id=event.id, source=event.source)
        with self.transaction() as env:
            endpoint = env["mfg.endpoint"].browse(self.ids[0])
            [answer] = env["mfg.inbox"]._store(endpoint, [received])[0]
        self.assertEqual(answer["status"], "accepted")
        return int(answer["href"].rpartition("/")[2])

    def drain(self, id_):
        """The job that a message wakes."""
        with self.transaction() as env:
            message = env["mfg.message"].browse(id_)
            lane, shard = message.lane, message.shard
            env.cr.commit()  # pylint: disable=invalid-commit
            env["mfg.drain"]._drain(lane, shard)

    def seen(self, id_, *names):
        """Fields of a message, as they are by now."""
        with self.transaction() as env:
            return env["mfg.message"].browse(id_).read(names, load=None)[0]
