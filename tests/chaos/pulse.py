# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""Watches whether work goes on: the longest time with something due and none done."""

import threading
import time
from contextlib import contextmanager

import psycopg2

RESUME = 60  # seconds in which work has to go on after a fault: the one limit
BEAT = 0.25
PROGRESS = """
    SELECT count(*) FILTER (WHERE state IN ('posted', 'parked', 'cancelled')),
           count(*) FILTER (WHERE state = 'queued'
               OR (state IN ('retrying', 'waiting') AND next_try_at <= now()
                   AT TIME ZONE 'utc'))
    FROM mfg_message WHERE direction = 'in' AND endpoint_id = %s
"""


class Pulse(threading.Thread):
    """Counts from the last effect, whatever faults came since: they excuse nothing.

    Only a fault that lasts, such as PostgreSQL being down, is left out of the count.
    """

    def __init__(self, world, endpoint):
        super().__init__(daemon=True)
        self.world, self.endpoint = world, endpoint
        self.longest, self.done = 0.0, None
        self.since = time.monotonic()
        self.paused, self.stopped = False, threading.Event()

    def run(self):
        while not self.stopped.wait(BEAT):
            if not self.paused:
                self._look()

    def _look(self):
        try:
            [(done, due)] = self.world.rows(PROGRESS, self.endpoint.id)
        except psycopg2.Error:
            return  # a fault; the clock goes on
        now = time.monotonic()
        if done != self.done or not due:
            self.done, self.since = done, now
        self.longest = max(self.longest, now - self.since)

    @contextmanager
    def excused(self):
        """A fault that lasts: the count begins at its end."""
        self.paused = True
        try:
            yield
        finally:
            self.since = time.monotonic()
            self.paused = False

    def stop(self):
        self.stopped.set()
        self.join()
