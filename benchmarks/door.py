# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""A plant at the door that costs nearly nothing itself: client and server share cores.

Requests are bytes before the clock starts; each goes out on a connection of its own,
as Odoo closes every one anyway.
"""

import json
import re
import socket
import statistics
import threading
import time
import uuid
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timezone

from stack import OdooStack

from plantsim.client import MANY, ONE
from plantsim.cloudevent import envelope

from . import rivals_env
from .events import PIECE, SOURCE

WORKERS = 3
LENGTH = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)
EVENTS = "/mfg/v1/events"


@contextmanager
def serving(databases, name, **options):
    """A server with its job runner on a database, as a plant finds it."""
    options.setdefault("workers", WORKERS)
    options = {**rivals_env.options(), **options}
    stack = OdooStack(databases.server, name, **options)
    stack.start()
    try:
        stack.wait_ready()
        yield stack
    finally:
        stack.stop()


# -- events ----------------------------------------------------------------------------


def event(name, subject, data, source=SOURCE):
    """One event nobody has sent before."""
    now = datetime.now(timezone.utc)
    return envelope(source, subject, name, str(uuid.uuid4()), now, data)


def tested(subject):
    """An event that the whole machinery handles and no business record."""
    return event("connection.tested", subject, {"text": "benchmark"})


def reported(order):
    """One piece of an order is finished."""
    quantity = {"value": "1", "unitCode": PIECE}
    data = {"jobOrderId": order, "quantity": quantity, "backflush": "auto"}
    return event("production.reported", order, {**data, "final": False})


# -- requests --------------------------------------------------------------------------


@dataclass
class Door:
    """One route of one server, and who knocks."""

    stack: OdooStack
    key: str
    path: str = EVENTS
    media_type: str = ONE
    expected: int = 202

    def request(self, body):
        """A body as the bytes of a request."""
        content = json.dumps(body).encode()
        return self._head("POST", self.path, len(content)) + content

    def get(self, path):
        return self._head("GET", path, 0)

    def _head(self, method, path, length):
        lines = (
            f"{method} {path} HTTP/1.1",
            f"Host: 127.0.0.1:{self.stack.http_port}",
            f"Authorization: Bearer {self.key}",
            f"Content-Type: {self.media_type}",
            f"Content-Length: {length}",
            "Connection: close",
        )
        return "\r\n".join((*lines, "", "")).encode()

    def call(self, request):
        """Send a request; the status and the body of the answer."""
        address = "127.0.0.1", self.stack.http_port
        with socket.create_connection(address, timeout=60) as connection:
            connection.sendall(request)
            head, body = _answer(connection)
        return int(head.split(None, 2)[1]), body

    def knock(self, request):
        """Send a request; the seconds until it was answered as expected."""
        started = time.perf_counter()
        status, body = self.call(request)
        seconds = time.perf_counter() - started
        if status != self.expected:
            raise AssertionError(f"{self.path} answered {status}: {body[:300]}")
        return seconds


def _answer(connection):
    """Head and body, no byte more, as HTTP clients read: the server waits a hundredth
    of a second before it closes, in case more of the request comes."""
    received = b""
    while b"\r\n\r\n" not in received:
        received += connection.recv(65536)
    head, _gap, body = received.partition(b"\r\n\r\n")
    length = int(LENGTH.search(head)[1])
    while len(body) < length:
        body += connection.recv(65536)
    return head, body


def single(stack, key):
    return Door(stack, key)


def batch(stack, key):
    return Door(stack, key, media_type=MANY)


# -- load ------------------------------------------------------------------------------


@dataclass
class Load:
    """What came of sending requests side by side."""

    seconds: float
    latencies: list = field(default_factory=list)

    @property
    def per_second(self):
        return len(self.latencies) / self.seconds

    def percentile(self, percent):
        if len(self.latencies) < 2:
            return self.latencies[0]
        cuts = statistics.quantiles(self.latencies, n=100, method="inclusive")
        return cuts[percent - 1]


def load(door, requests, clients=1):
    """Send all requests by so many clients, each one after another."""
    latencies, failures = [], []
    shares = [requests[number::clients] for number in range(clients)]
    start = threading.Barrier(clients + 1)

    def send(share):
        start.wait()
        try:
            latencies.extend([door.knock(request) for request in share])
        except Exception as error:  # raised again below, where it is seen
            failures.append(error)

    threads = [threading.Thread(target=send, args=[share]) for share in shares]
    for thread in threads:
        thread.start()
    start.wait()
    started = time.perf_counter()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]
    return Load(time.perf_counter() - started, latencies)


def wait_none(databases, name, query, patience=300):
    """Until the query counts or finds nothing; raise when that takes too long."""
    deadline = time.monotonic() + patience
    with databases.cursor(name) as cr:
        while True:
            cr.execute(query)
            [(left,)] = cr.fetchall()
            if not left:
                return
            if time.monotonic() > deadline:
                raise AssertionError(f"{left} left after {patience} s: {query}")
            time.sleep(0.05)
