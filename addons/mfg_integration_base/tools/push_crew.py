# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""Sends for all endpoints at once, in threads that know nothing of a database.

Each endpoint has threads of its own, so that one that does not answer slows no other.
The messages of one key go out one after another in one thread, and no further than the
first that fails.
"""

import queue
import selectors
import socket
import threading
import time
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime
from typing import NamedTuple

from ..engine import delivery, delivery_codes, guard, signature
from .push_http import Address, Limits, Line

PARALLEL = 4  # requests to one endpoint at the same moment
GATHER_SECONDS = 0.02  # what lands together is written down together


class Target(NamedTuple):
    """An endpoint as its sender needs it, as it was when something was handed over."""

    id: int
    url: str
    profile: str
    secrets: tuple  # the newest first
    networks: tuple = ()


class Letter(NamedTuple):
    """A message that goes out."""

    id: int
    key: str
    name: str  # by which the plant knows it again: the event's id
    content_type: str
    body: bytes
    headers: tuple = ()  # pairs; the event's attributes where the body has only data


class Delivered(NamedTuple):
    """What became of a letter; without an answer it was not sent after all."""

    endpoint_id: int
    letter: Letter
    answer: delivery.Answer | None = None
    started: datetime | None = None
    seconds: float = 0.0


class Crew:
    """The senders of all endpoints, for as long as one job lasts."""

    def __init__(self, limits=None):
        self.limits = limits or Limits()
        self.flying = defaultdict(dict)  # endpoint id -> key under way -> since when
        self._pools, self._lines = {}, defaultdict(list)
        self._recalls = defaultdict(int)  # endpoint id -> how often it was called off
        self._results, self._stop = queue.SimpleQueue(), threading.Event()
        self._bell, self._rope = socket.socketpair()
        self._bell.setblocking(False)
        self._rope.setblocking(False)

    def send(self, target, letters):
        """Hand over letters of one key, which is not under way."""
        self.flying[target.id][letters[0].key] = time.monotonic()
        if target.id not in self._pools:
            name = f"mfg-push-{target.id}"
            self._pools[target.id] = ThreadPoolExecutor(PARALLEL, name)
        call = self._recalls[target.id]
        self._pools[target.id].submit(self._run, target, letters, call)

    def collect(self, seconds, ear=None):
        """What came back: at once, or what comes first within some seconds.

        :param ear: when it hears something, there is no waiting for the first
        :return: lists of Delivered, one for each key that has landed
        """
        landed, until = [], time.monotonic() + seconds
        while not landed or self.busy():
            run = self._next(until, None if landed else ear)
            if run is None:
                break
            self.flying[run[0].endpoint_id].pop(run[0].letter.key)
            landed.append(run)
            until = min(until, time.monotonic() + GATHER_SECONDS)
        return landed

    def _next(self, until, ear):
        """The next run that lands, None when there is no more waiting for it."""
        while True:
            with suppress(queue.Empty):
                return self._results.get_nowait()
            left = until - time.monotonic()
            if left <= 0 or (ear and ear.heard()):
                return None
            self._wait(left, ear)

    def _wait(self, seconds, ear):
        with selectors.PollSelector() as waiter:
            waiter.register(self._bell, selectors.EVENT_READ)
            if ear:
                waiter.register(ear, selectors.EVENT_READ)
            waiter.select(seconds)
        with suppress(BlockingIOError):
            self._bell.recv(4096)

    def recall(self, endpoint_ids):
        """What is in hand for these and not on its way comes back unsent."""
        for endpoint_id in endpoint_ids:
            self._recalls[endpoint_id] += 1

    def busy(self):
        """Endpoints with something under way."""
        return {id_ for id_, keys in self.flying.items() if keys}

    def slow(self, seconds):
        """Endpoints with something under way for longer than some seconds."""
        before = time.monotonic() - seconds
        return {
            id_
            for id_, keys in self.flying.items()
            if any(since < before for since in keys.values())
        }

    def close(self):
        """Send nothing more, and wait for what is being sent."""
        self._stop.set()
        for pool in self._pools.values():
            pool.shutdown(wait=True, cancel_futures=True)
        for lines in self._lines.values():
            for line in lines:
                line.close()
        self._bell.close()
        self._rope.close()

    # -- in the threads ----------------------------------------------------------------

    def _run(self, target, letters, call):
        run = []
        for letter in letters:
            run.append(self._one(target, letter, call))
            answer = run[-1].answer
            if answer is None or not 200 <= (answer.status or 0) < 300:
                break
        if answer and delivery.judge(answer, time.time()).rest:
            self.recall([target.id])  # at once: it asked to be left alone
        self._results.put(run)
        with suppress(BlockingIOError):  # it rings already
            self._rope.send(b".")

    def _one(self, target, letter, call):
        if self._stop.is_set() or call != self._recalls[target.id]:
            return Delivered(target.id, letter)
        started, begun = datetime.now(UTC), time.monotonic()
        try:
            answer = self._post(target, letter)
        except (
            Exception
        ) as error:  # a setting that nobody should have been able to save
            answer = delivery.Answer(
                error=delivery_codes.UNREACHABLE, text=f"{type(error).__name__}"
            )
        seconds = time.monotonic() - begun
        started = started.replace(microsecond=0, tzinfo=None)  # as Odoo keeps times
        return Delivered(target.id, letter, answer, started, seconds)

    def _post(self, target, letter):
        *where, path = guard.parts(target.url)
        address = Address(*where, target.networks)
        headers = {
            **dict(letter.headers),
            "content-type": letter.content_type,
            **signature.headers(
                target.profile,
                target.secrets,
                letter.name,
                time.time(),
                letter.body,
            ),
        }
        lines = self._lines[address]
        try:
            line = lines.pop()
        except IndexError:
            line = Line(address, self.limits)
        answer = line.post(path, headers, letter.body)
        lines.append(line)
        return answer
