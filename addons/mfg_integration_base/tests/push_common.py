# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
import json
import socket
import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from standardwebhooks.webhooks import Webhook

from odoo import fields

from ..models.mfg_push import PUSH_SECONDS
from ..models.mfg_worker import IN_TRANSACTION
from ..tools.push_http import Limits
from .common import PlantCase

OUT = "mfg.event.posted.v1"
HERE = "127.0.0.0/8"
QUICK = Limits(connect=1.0, read=1.0, total=2.0)
CHUNKED = {"transfer-encoding": "chunked"}
DATA = {"eventId": "e", "source": "s", "type": "t", "records": []}


def push_now(env, limits=None):
    """Send everything due in this very transaction, committing nothing."""
    env.flush_all()
    push = env["mfg.push"].with_context(**{IN_TRANSACTION: True}).sudo()
    push._push_all(PUSH_SECONDS, 0.0, limits)
    env.invalidate_all()


class Received:
    """One request as the plant's system saw it."""

    def __init__(self, path, headers, body):
        self.path, self.body = path, body
        self.headers = {name.lower(): value for name, value in headers.items()}
        self.at = time.monotonic()

    @property
    def id(self):
        return self.headers["webhook-id"]

    @property
    def event(self):
        return json.loads(self.body)

    def verify(self, secret):
        """By the library of Standard Webhooks; the event."""
        return Webhook(secret).verify(self.body.decode(), self.headers)


class Receiver:
    """A plant's system with a real HTTP server that can fail in every way.

    ``plan`` holds what it does with the next requests: a status, (status, headers), or
    a function of the request's handler; when it is used up: ``always``.
    """

    def __init__(self, always=204, tls=None):
        self.requests, self.plan, self.always = [], [], always
        self.lock = threading.Lock()
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                length = int(self.headers["content-length"])
                body = self.rfile.read(length)
                with receiver.lock:
                    seen = Received(self.path, self.headers, body)
                    receiver.requests.append(seen)
                    plan = receiver.plan
                    step = plan.pop(0) if plan else receiver.always
                receiver.act(self, step)

            def log_message(self, *_args):
                """Quietly."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.scheme = "https" if tls else "http"
        if tls:
            listening = self.server.socket
            self.server.socket = tls.wrap_socket(listening, server_side=True)
        self.server.daemon_threads = True
        self.server.handle_error = lambda *_args: None
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        self.thread.start()

    def act(self, handler, step):
        if callable(step):
            step(handler)
            return
        status, headers = step if isinstance(step, tuple) else (step, {})
        text = b"" if status == 204 else b"told you <b>so</b>"
        handler.send_response(status)
        for name, value in headers.items():
            handler.send_header(name, value)
        if status != 204:
            handler.send_header("content-length", str(len(text)))
        handler.end_headers()
        handler.wfile.write(text)

    @property
    def url(self):
        return f"{self.scheme}://127.0.0.1:{self.server.server_address[1]}/hook"

    @property
    def ids(self):
        return [request.id for request in self.requests]

    def close(self):
        self.server.shutdown()
        self.server.server_close()


# -- ways to fail ------------------------------------------------------------------


def hang(handler):
    """Take the request and say nothing."""
    time.sleep(4)
    handler.close_connection = True


def reset(handler):
    """Break the connection off."""
    linger = b"\x01\x00\x00\x00\x00\x00\x00\x00"
    handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
    handler.connection.close()
    handler.close_connection = True


def slow_headers(handler):
    """A status, then a letter now and then, for ever."""
    handler.close_connection = True
    handler.connection.sendall(b"HTTP/1.1 200 OK\r\n")
    for letter in b"x-" + b"y" * 200:
        handler.connection.sendall(bytes([letter]))
        time.sleep(0.2)


def slow_body(status):
    """A status, then a body that comes letter by letter."""
    return _slow(status, {"content-length": "1000"})


def slow_body_to_the_end(status):
    """The same by a server that closes the connection after its answer."""
    return _slow(status, {"content-length": "1000", "connection": "close"})


def slow_body_of_old(status):
    """The same by HTTP/1.0: the end of the body is the end of the connection."""
    return _slow(status, {}, version="HTTP/1.0")


def slow_body_in_chunks(status):
    return _slow(status, CHUNKED, b"1\r\nx\r\n")


def slow_body_in_last_chunks(status):
    """In chunks, by a server that closes the connection after its answer."""
    return _slow(status, {**CHUNKED, "connection": "close"}, b"1\r\nx\r\n")


def _slow(status, headers, piece=b"x", version="HTTP/1.1"):
    def act(handler):
        _begin(handler, status, headers, version)
        for _piece in range(100):
            handler.wfile.write(piece)
            time.sleep(0.2)

    return act


def endless_body(status):
    return _endless(status, {}, b"x" * 65536)


def endless_body_in_chunks(status):
    return _endless(status, CHUNKED, b"10\r\n" + b"x" * 16 + b"\r\n")


def endless_trailers(status):
    """A body that ends, and after it lines that do not."""

    def act(handler):
        _begin(handler, status, CHUNKED)
        handler.wfile.write(b"1\r\nx\r\n0\r\n")
        while True:
            handler.wfile.write(b"x-more: of it\r\n")
            time.sleep(0.2)

    return act


def _endless(status, headers, piece):
    def act(handler):
        _begin(handler, status, headers)
        while True:
            handler.wfile.write(piece)

    return act


def _begin(handler, status, headers, version="HTTP/1.1"):
    handler.close_connection = True
    handler.protocol_version = version
    handler.send_response(status)
    for name, value in headers.items():
        handler.send_header(name, value)
    handler.end_headers()


WAYS_OF_A_BODY = (
    slow_body,
    slow_body_to_the_end,
    slow_body_of_old,
    slow_body_in_chunks,
    slow_body_in_last_chunks,
    endless_body,
    endless_body_in_chunks,
    endless_trailers,
)


def no_http(handler):
    handler.close_connection = True
    handler.connection.sendall(b"SSH-2.0-OpenSSH_9.9\r\n\r\n")


class PushCase(PlantCase):
    """An endpoint that takes its messages by push, and a plant that listens."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.receiver = Receiver()
        cls.addClassCleanup(cls.receiver.close)
        cls.endpoint, cls.secret = cls.pushed("Pushed", cls.receiver.url)

    @classmethod
    def pushed(cls, name, url, **values):
        values = {"push_networks": HERE, **values}
        endpoint = cls.make_endpoint(
            name, cls.env.company, delivery="push", push_url=url, **values
        )
        return endpoint, endpoint._rotate_push_secret()

    def setUp(self):
        super().setUp()
        self.receiver.requests.clear()
        self.receiver.plan.clear()
        self.receiver.always = 204

    def emit(self, subject="order-1", endpoint=None):
        endpoint = endpoint or self.endpoint
        company = endpoint.company_id
        outbox = self.env["mfg.outbox"]
        return outbox.emit(OUT, subject, DATA, company, endpoint=endpoint)

    def push(self, limits=QUICK):
        push_now(self.env, limits)

    def deliver(self, *plan, subject="order-1"):
        """Emit one message, let the plant do what is planned, push; the message."""
        self.receiver.plan[:] = plan
        message = self.emit(subject)
        self.push()
        return message

    def health(self, endpoint=None):
        endpoint = endpoint or self.endpoint
        return self.env["mfg.push.health"]._of(endpoint)[endpoint.id]

    @contextmanager
    def later(self, **delta):
        """As if so much time had passed for what waits in the database."""
        messages = self.env["mfg.message"].search([("next_try_at", "!=", False)])
        for message in messages:
            message.next_try_at = fields.Datetime.subtract(message.next_try_at, **delta)
        for health in self.env["mfg.push.health"].search([]):
            health.since = fields.Datetime.subtract(health.since, **delta)
            if health.rests_until:
                health.rests_until = fields.Datetime.subtract(
                    health.rests_until, **delta
                )
        yield

    def after(self, **delta):
        with self.later(**delta):
            self.push()
