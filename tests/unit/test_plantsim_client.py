# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""The plant sends until it is answered; a real server on a socket misbehaves for it."""

import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from plantsim import client, mischief

EVENT = {"specversion": "1.0", "id": "1", "source": "urn:x", "type": "t", "data": {}}
# Python reads these; strict JSON and CloudEvents do not.
LENIENT = "not a number", "twice the same member", "a list as one event"
ACCEPTED = {
    "id": "1",
    "source": "urn:x",
    "status": "accepted",
    "href": "/mfg/v1/events/1",
}


class Server(HTTPServer):
    """Answers from a list; the string "drop" breaks the connection off."""

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.script, self.seen = [], []


class Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"] or 0))
        self.server.seen.append((self.path, dict(self.headers), body))
        self._answer(self.server.script.pop(0))

    def do_GET(self):
        self.server.seen.append((self.path, dict(self.headers), b""))
        self._answer(self.server.script.pop(0))

    def _answer(self, step):
        if step == "drop":
            return
        status, headers, body = step
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(json.dumps(body).encode())

    def log_message(self, *_args):
        pass


@pytest.fixture
def server():
    server = Server()
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def plant(server, monkeypatch):
    monkeypatch.setattr(client, "pause", lambda attempt, response=None: 0)
    url = f"http://127.0.0.1:{server.server_port}"
    return client.Plant(url, "secret", "urn:x", patience=5, timeout=2)


def test_one_event_is_structured_with_the_key(server, plant):
    server.script = [(202, {}, ACCEPTED)]
    assert plant.send([EVENT]) == [ACCEPTED]
    path, headers, body = server.seen[0]
    assert path == "/mfg/v1/events"
    assert headers["Authorization"] == "Bearer secret"
    assert headers["Content-Type"] == "application/cloudevents+json"
    assert json.loads(body) == EVENT


def test_many_events_are_a_batch(server, plant):
    server.script = [(207, {}, {"results": [ACCEPTED, ACCEPTED]})]
    assert plant.send([EVENT, EVENT]) == [ACCEPTED, ACCEPTED]
    assert server.seen[0][1]["Content-Type"] == "application/cloudevents-batch+json"


def test_binary_mode_has_attributes_in_headers(server, plant):
    server.script = [(202, {}, ACCEPTED)]
    plant.send_binary(EVENT | {"data": {"a": 1}})
    _path, headers, body = server.seen[0]
    assert headers["ce-id"] == "1"
    assert json.loads(body) == {"a": 1}


@pytest.mark.parametrize(
    "trouble", ["drop", (503, {}, {}), (429, {}, {}), (500, {}, {})]
)
def test_it_sends_the_same_bytes_until_answered(server, plant, trouble):
    server.script = [trouble, trouble, (200, {}, ACCEPTED | {"status": "duplicate"})]
    assert plant.send([EVENT])[0]["status"] == "duplicate"
    assert len({body for _path, _headers, body in server.seen}) == 1
    assert plant.counts["repeated requests"] == 2


def test_a_refusal_is_an_answer(server, plant):
    server.script = [(409, {}, ACCEPTED | {"status": "conflict"})]
    assert plant.send([EVENT])[0]["status"] == "conflict"


def test_a_wrong_key_is_no_answer(server, plant):
    server.script = [(401, {}, {"title": "Unauthorized"})]
    with pytest.raises(client.PlantError, match="401"):
        plant.send([EVENT])


def test_patience_ends(server, plant):
    plant.patience = -1
    server.script = [(503, {}, {})]
    with pytest.raises(client.PlantError, match="503"):
        plant.send([EVENT])


def test_pull_and_acknowledge(server, plant):
    delivery = {"deliveryId": "7", "event": EVENT}
    server.script = [
        (200, {}, {"deliveries": [delivery], "more": False}),
        (200, {}, {"acknowledged": ["7"]}),
    ]
    assert plant.pull(limit=5, wait=1) == ([delivery], False)
    plant.ack(["7"])
    assert server.seen[0][0] == "/mfg/v1/outbox?limit=5&wait=1"
    assert json.loads(server.seen[1][2]) == {"acknowledged": ["7"], "refused": []}


class Response:
    def __init__(self, **headers):
        self.headers = {name.replace("_", "-"): v for name, v in headers.items()}


def test_retry_after_is_honoured_within_reason():
    assert client.pause(1, Response(Retry_After="3")) == 3
    assert client.pause(1, Response(Retry_After="86400")) == client.LONGEST_PAUSE
    assert client.pause(1, Response(Retry_After="-5")) == 0.1
    past = "Wed, 21 Oct 2015 07:28:00 GMT"
    assert client.pause(1, Response(Retry_After=past)) == 0.1
    assert client.pause(1, Response(Retry_After="soon")) == 1.0
    assert 0 < client.pause(50) <= 8


def test_depths_count_incoming_messages_by_state():
    text = """# TYPE mfg_messages gauge
mfg_messages{endpoint="mes",direction="in",type="a",state="queued"} 3
mfg_messages{endpoint="mes",direction="in",type="b",state="queued"} 4
mfg_messages{endpoint="mes",direction="out",type="c",state="queued"} 9
"""
    assert client.depths(text) == {"queued": 7}


def test_broken_bodies_are_broken():
    for what, body, _content_type, _statuses in mischief.raw():
        try:
            found = json.loads(body)
        except (ValueError, RecursionError):
            continue
        assert what in LENIENT, found
