# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""A receiver that fails in many ways, and the real server that goes on with it."""

import socket
import struct
import time
from email.utils import formatdate

import pytest
from pushing import attempts, breaker, connect, press, rotate, wait_delivered
from world import wait_for

NOTHING_WAITS = struct.pack("ii", 1, 0)


def broken_off(handler, _delivery):
    handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, NOTHING_WAITS)
    handler.connection.close()
    handler.close_connection = True


def letter_by_letter(handler, _delivery):
    """A header that does not end."""
    handler.close_connection = True
    for letter in b"HTTP/1.1 200 OK\r\nx-" + b"y" * 600:
        handler.connection.sendall(bytes([letter]))
        time.sleep(0.1)


def without_end(handler, _delivery):
    """It took the message, and does not stop to say so."""
    handler.close_connection = True
    handler.send_response(200)
    handler.end_headers()
    while True:
        handler.wfile.write(b"x" * 65536)


def asks_for_time(status, header):
    def answer(handler, _delivery):
        handler.send_response(status)
        handler.send_header("retry-after", header)
        handler.send_header("content-length", "0")
        handler.end_headers()

    return answer


def in_turn(*answers):
    """One way after the other, then all is well."""
    left = list(answers)
    return lambda *args: left.pop(0)(*args) if left else 204


def test_answers_that_break_off_or_do_not_end(world, receiver):
    """Each ends in its time, the message comes again under its id, and only once more
    than it was believed."""
    receiver.answer = in_turn(broken_off, letter_by_letter, without_end)
    endpoint = connect(world, receiver)
    press(endpoint, "action_push_test")
    wait_for(lambda: len(attempts(endpoint)) == 2, 60, "both are given up")
    press(endpoint, "action_push_now")
    wait_delivered(endpoint, 30)
    assert attempts(endpoint) == [
        (None, "push-unreachable"),
        (None, "push-unreachable"),
        (200, None),
    ]
    assert len(receiver.ids) == 3 and len(set(receiver.ids)) == 1


@pytest.mark.parametrize("status", [429, 503])
def test_retry_after(world, receiver, status):
    """In seconds, as a date, and absurd: asked again when it said, an hour at most."""
    day = formatdate(time.time() + 3, usegmt=True)
    receiver.answer = in_turn(
        asks_for_time(status, "2"),
        asks_for_time(status, day),
        asks_for_time(status, "9" * 30),
    )
    endpoint = connect(world, receiver)
    press(endpoint, "action_push_test")
    wait_for(lambda: len(receiver.deliveries) == 3, 40, "it is asked again")
    first, second, _third = (delivery["at"] for delivery in receiver.deliveries)
    assert second - first >= 2
    query = (
        "SELECT extract(epoch FROM next_try_at - now() AT TIME ZONE 'utc')"
        " FROM mfg_message WHERE endpoint_id = %s AND state = 'retrying'"
    )
    rest = wait_for(lambda: world.value(query, endpoint.id), 10, "it is put off")
    assert 3500 < rest <= 3601  # the database keeps whole seconds
    press(endpoint, "action_push_now")
    wait_delivered(endpoint, 20)
    assert len(set(receiver.ids)) == 1


def test_breaker_outlives_a_restart(world, receiver):
    """Open before and after it; then one finds out, and all the others follow."""
    receiver.answer = lambda *_args: 500
    endpoint = connect(world, receiver)
    events = endpoint.events(24, keys=24)
    assert endpoint.post(events, timeout=60).status_code == 202
    wait_for(lambda: breaker(endpoint) == "open", 60, "the breaker opens")
    world.stack.kill9()
    receiver.answer = lambda *_args: 204
    known = len(receiver.deliveries)
    world.stack.start()
    world.stack.wait_ready()
    assert (breaker(endpoint), len(receiver.deliveries)) == ("open", known)
    wait_for(lambda: breaker(endpoint) == "closed", 150, "one finds out")
    press(endpoint, "action_push_now")
    wait_delivered(endpoint, 60)
    answered = {event["data"]["eventId"] for event in receiver.events}
    assert answered == {event["id"] for event in events}


def test_secret_rotated_under_load(world, receiver):
    """What a plant holds at any moment verifies what comes, the old as the new."""
    receiver.answer = lambda *_args: time.sleep(0.02) or 204
    endpoint = connect(world, receiver)
    assert endpoint.post(endpoint.events(200, keys=50), timeout=60).status_code == 202
    wait_for(lambda: len(receiver.deliveries) > 20, 60, "deliveries are under way")
    new = rotate(endpoint, overlap_hours=24)
    world.wait_quiet(60)
    wait_delivered(endpoint, 60)
    press(endpoint, "action_push_test")
    wait_for(lambda: len(receiver.deliveries) == 201, 20, "the last one")
    assert receiver.verify(endpoint.secret) == 201
    assert receiver.verify(new, receiver.deliveries[-1:]) == 1
