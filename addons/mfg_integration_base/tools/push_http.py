# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""One HTTP request to a plant, bounded in every direction.

The connection goes to an address that was checked (``engine/guard.py``). A watchdog
cuts it when the time is up, wherever it hangs: in the handshake, between two letters of
a header, in a body without end. No redirect is followed, no proxy asked, no content
decoded, and of the answer only the beginning is read.
"""

import http.client
import socket
import ssl
import threading
import time
from contextlib import suppress
from functools import lru_cache
from typing import NamedTuple

from ..engine import delivery_codes, guard
from ..engine.delivery import Answer

CONNECT_SECONDS = 5.0
READ_SECONDS = 10.0  # without a single byte
TOTAL_SECONDS = 20.0
ANSWER_BYTES = 4096  # as much of an answer as people may want to read
AGENT = "Odoo-Plant-Integration/1"


class Address(NamedTuple):
    """Where a connection may go to."""

    scheme: str
    host: str
    port: int
    networks: tuple = ()  # that an administrator opened


class Limits(NamedTuple):
    """Seconds; tests have less patience."""

    connect: float = CONNECT_SECONDS
    read: float = READ_SECONDS
    total: float = TOTAL_SECONDS


class Lifeline:
    """Ends whatever hangs on a line, from another thread.

    It is the line's and not the connection's: that one lets go of its socket as soon as
    it has read the headers of an answer that closes it, while the body still comes.
    """

    def __init__(self):
        self._lock, self._socket, self._ended = threading.Lock(), None, False

    def begin(self):
        """A request begins."""
        with self._lock:
            self._ended = False

    def tie(self, sock):
        """Hang on to another connection; TimeoutError if the time was up before it."""
        with self._lock:
            self._let_go()
            if self._ended:  # while the name was looked for
                raise TimeoutError
            self._socket = sock.dup()

    def cut(self):
        with self._lock:
            self._ended = True
            if self._socket:
                with suppress(OSError):  # the other side was quicker
                    self._socket.shutdown(socket.SHUT_RDWR)

    def drop(self):
        with self._lock:
            self._let_go()

    def _let_go(self):
        if self._socket:
            self._socket.close()
            self._socket = None


class _Guarded:
    """Connects to an allowed address, and ties the line's lifeline to it."""

    def guard(self, address, limits, lifeline):
        self.address, self.limits, self.lifeline = address, limits, lifeline
        return self

    def reach(self):
        """A socket to the first of the host's addresses that answers."""
        address, error = self.address, OSError("The name has no address.")
        until = time.monotonic() + self.limits.connect
        plain = address.scheme == "http"
        found = guard.resolve(address.host, address.port, address.networks, plain)
        for family, kind, protocol, _name, where in found:
            sock = socket.socket(family, kind, protocol)
            try:
                sock.settimeout(max(until - time.monotonic(), 0.1))
                sock.connect(where)
            except OSError as failed:
                sock.close()
                error = failed
                continue
            sock.settimeout(self.limits.read)
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self.lifeline.tie(sock)
            return sock
        raise error


class _Plain(_Guarded, http.client.HTTPConnection):
    def connect(self):
        self.sock = self.reach()


class _Secure(_Guarded, http.client.HTTPConnection):
    default_port = http.client.HTTPS_PORT

    def connect(self):
        self.sock = self.reach()
        self.sock = _trust().wrap_socket(self.sock, server_hostname=self.host)


@lru_cache(maxsize=1)
def _trust():
    """Certificates are checked against the system's authorities, always."""
    return ssl.create_default_context()


class Line:
    """A connection to one address, kept open between requests."""

    def __init__(self, address, limits=None):
        self.address, self.limits = address, limits or Limits()
        self.connection, self.lifeline = None, Lifeline()

    def post(self, target, headers, body):
        """Send one request; always an Answer, never an exception.

        A connection that was kept open may have been closed by the other side in the
        meantime: then the request goes out once more, on a new one, in the same time.
        """
        late, kept = threading.Event(), self.connection is not None
        self.lifeline.begin()
        watchdog = threading.Timer(self.limits.total, self._too_late, [late])
        watchdog.daemon = True
        watchdog.start()
        try:
            answer = self._post(target, headers, body, late)
            if kept and answer.status is None and answer.text == CLOSED:
                answer = self._post(target, headers, body, late)
            return answer
        finally:
            watchdog.cancel()

    def _post(self, target, headers, body, late):
        try:
            return self._exchange(target, headers, body, late)
        except Exception as error:  # whatever a peer may do to us
            self.close()
            return self._failed(error, late)

    def _too_late(self, late):
        late.set()
        self.lifeline.cut()

    def _exchange(self, target, headers, body, late):
        if self.connection is None:
            self.connection = self._new()
        self.connection.request("POST", target, body, {"user-agent": AGENT, **headers})
        response = self.connection.getresponse()
        if late.is_set():  # cut while its headers came: http.client takes that for all
            raise TimeoutError
        text, whole = self._beginning(response)
        response.close()
        if not whole or late.is_set():
            self.close()
        return Answer(
            response.status,
            _readable(text),
            response.getheader("retry-after"),
        )

    def _beginning(self, response):
        """The first part of an answer, and whether there is nothing more of it.

        The status is the answer; a body that does not come changes nothing about it.
        """
        try:
            text = response.read(ANSWER_BYTES)
        except (OSError, http.client.HTTPException, ValueError):
            return b"", False
        return text, response.isclosed() and not response.will_close

    def _new(self):
        kind = _Plain if self.address.scheme == "http" else _Secure
        made = kind(self.address.host, self.address.port)
        return made.guard(self.address, self.limits, self.lifeline)

    def _failed(self, error, late):
        if isinstance(error, guard.Forbidden):
            return Answer(error=delivery_codes.ADDRESS, text=str(error))
        return Answer(error=delivery_codes.UNREACHABLE, text=_why(error, late.is_set()))

    def close(self):
        if self.connection is not None:
            self.connection.close()
            self.connection = None
        self.lifeline.drop()


CLOSED = "The connection was closed before there was an answer."


def _why(error, late):
    """What went wrong, for people: nothing of the request is repeated in it."""
    if late or isinstance(error, TimeoutError):
        return "No answer in time."
    if isinstance(error, socket.gaierror):
        return "The host's name is not known."
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"The host's certificate is not valid: {error.verify_message}."
    if isinstance(error, ssl.SSLError):
        return f"No secure connection: {error.reason or 'TLS failed'}."
    if isinstance(error, ConnectionRefusedError):
        return "The connection was refused."
    if isinstance(error, ConnectionError | http.client.BadStatusLine):
        return CLOSED
    if isinstance(error, OSError):
        return f"The network failed: {error.strerror or type(error).__name__}."
    return f"The answer is no HTTP: {type(error).__name__}."


def _readable(data):
    """Bytes of a stranger as text that can be stored and shown."""
    text = data.decode("utf-8", "replace")
    return "".join(c if c.isprintable() or c in "\n\t" else "·" for c in text).strip()
