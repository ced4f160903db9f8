# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""Contenders that are an Odoo server: three HTTP workers, a job runner, a plant.

Every server has the same settings; only how many postings may run side by side differs.
The clock of a run goes from the plant's first request until the last effect.
"""

import os
import time
from contextlib import contextmanager
from functools import partial

import requests
from stack import OdooStack

from plantsim.client import Plant

from .. import rivals_env
from ..door import WORKERS
from ..events import SOURCE, batches

PATIENCE = 120  # seconds without any progress: given up
LOOK_SECONDS = 0.05
CHANNELS = "ODOO_QUEUE_JOB_CHANNELS"


class Stuck(Exception):
    """Events that never took effect."""


class Served:
    """A server on the database; ``post`` is the contender's own."""

    drains = 2

    def __init__(self, name):
        self.name = name

    @contextmanager
    def at_work(self, databases, database, world):
        self.databases, self.database, self.world = databases, database, world
        self.prepare()
        options = {"workers": WORKERS, "drains": self.drains, **rivals_env.options()}
        stack = OdooStack(databases.server, database, **options)
        self._start(stack)
        try:
            stack.wait_ready()
            yield partial(self.post, stack.url)
        finally:
            stack.kill9()  # its database is dropped
            stack.pid_file.unlink(missing_ok=True)

    def _start(self, stack):
        rivals_env.set_channels(self.drains)
        try:
            stack.start()
        finally:
            os.environ.pop(CHANNELS)

    def prepare(self):
        """Settings to make in the database before the server starts."""

    def sql(self, query, *values):
        with self.databases.cursor(self.database) as cursor:
            cursor.execute(query, values)
            return cursor.fetchall() if cursor.description else None

    def wait(self, query, wanted):
        """Until the query counts as many as wanted; raise when nothing moves."""
        with self.databases.cursor(self.database) as cursor:
            count, moved = None, time.monotonic()
            while count != wanted:
                time.sleep(LOOK_SECONDS)
                cursor.execute(query)
                [(found,)] = cursor.fetchall()
                if found != count:
                    count, moved = found, time.monotonic()
                if time.monotonic() > moved + PATIENCE:
                    raise Stuck(f"{self.name}: {count} of {wanted} took effect")


class Ours(Served):
    """The suite: batches over HTTP, posted by its drains."""

    POSTED = """SELECT count(*) AS bench_look FROM mfg_message
                WHERE direction = 'in' AND state = 'posted'"""

    def __init__(self, name, drains, join):
        super().__init__(name)
        self.drains, self.join = drains, join

    def prepare(self):
        self.sql('UPDATE mfg_interface SET "join" = %s', self.join)
        self.sent = 0

    def post(self, url, events):
        plant = Plant(url, self.world["ours_key"], SOURCE)
        for batch in batches(events):
            answers = plant.send(batch)
            refused = [a for a in answers if a["status"] != "accepted"]
            if refused:
                raise RuntimeError(f"not accepted: {refused[0]}")
        self.sent += len(events)
        self.wait(self.POSTED, self.sent)


class HttpRival(Served):
    """A rival with a door for one event at a time and jobs behind it."""

    def __init__(self, name, path, done):
        """:param done: query that counts the events that took effect"""
        super().__init__(name)
        self.path, self.done = path, done

    def prepare(self):
        self.sent = 0

    def post(self, url, events):
        with requests.Session() as session:
            session.trust_env = False
            session.headers["Authorization"] = f"Bearer {self.world['rpc_key']}"
            for event in events:
                answer = session.post(url + self.path, json=event, timeout=60)
                answer.raise_for_status()
        self.sent += len(events)
        self.wait(self.done, self.sent)
