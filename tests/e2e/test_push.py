# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""Delivery by push, by the real server and its job runner, to a real receiver."""

import statistics
import time

import requests
from factory import RELEASED
from pushing import attempts, connect, press, undelivered, wait_delivered
from receiver import Receiver
from world import wait_for

from plantsim.client import ONE


def test_released_order_is_pushed_at_once(world, factory, receiver, tell):
    """Signed so that both libraries of Standard Webhooks say it is from Odoo."""
    endpoint = connect(world, receiver)
    times = []
    for _order in range(5):
        known, begun = len(receiver.deliveries), time.time()
        factory.order(5)
        wait_for(lambda: len(receiver.deliveries) > known, 20, "it comes")  # noqa: B023
        times.append(receiver.deliveries[-1]["at"] - begun)
    tell("seconds from confirming an order to its delivery", statistics.median(times))
    wait_delivered(endpoint)
    assert {event["type"] for event in receiver.events} == {RELEASED}
    assert receiver.verify(endpoint.secret) == 5
    assert len(set(receiver.ids)) == 5
    for delivery in receiver.deliveries:
        assert delivery["headers"]["content-type"] == ONE
    wrong = receiver.by_node("whsec_" + "A" * 32, receiver.deliveries)
    assert all(said is not True for said in wrong)


def test_answers_to_events_in_their_order(world, receiver):
    """Many events come in, their answers go out: per key in order, each once."""
    endpoint = connect(world, receiver)
    events = endpoint.events(120, keys=6)
    assert endpoint.post(events, timeout=60).status_code == 202
    world.wait_quiet(60)
    wait_for(lambda: len(receiver.deliveries) >= 120, 60, "all answers come")
    wait_delivered(endpoint)
    assert len(receiver.ids) == len(set(receiver.ids)) == 120
    told = {}
    for event in receiver.events:
        told.setdefault(event["subject"], []).append(event["data"]["eventId"])
    sent = {}
    for event in events:
        sent.setdefault(event["subject"], []).append(event["id"])
    assert told == sent
    assert receiver.verify(endpoint.secret) == 120


def test_dead_endpoint_beside_a_live_one(world, factory, receiver):
    """The one that never answers slows the other down by nothing."""
    dead = Receiver(lambda *_args: time.sleep(60))
    try:
        slow, quick = connect(world, dead, "Dead"), connect(world, receiver, "Live")
        factory.order(5)
        wait_for(lambda: dead.deliveries, 20, "the dead one is asked")
        for number in range(5):
            begun = time.monotonic()
            factory.order(5)
            wait_for(lambda: len(receiver.ids) >= number + 2, 15, "the live one")  # noqa: B023
            assert time.monotonic() - begun < 10
        wait_delivered(quick)
        assert undelivered(slow) == 6
    finally:
        press(slow, "action_push_pause")
        dead.close()


def test_server_killed_in_the_middle(world, receiver):
    """Whatever was on its way comes again, under the same id; nothing is lost."""
    receiver.answer = lambda *_args: time.sleep(0.05) or 204
    endpoint = connect(world, receiver)
    events = endpoint.events(200, keys=40)
    assert endpoint.post(events, timeout=60).status_code == 202
    wait_for(lambda: len(receiver.deliveries) > 20, 60, "deliveries are under way")
    world.stack.kill9()
    world.stack.start()
    world.stack.wait_ready()
    world.wait_quiet(60)
    wait_for(lambda: len(set(receiver.ids)) == 200, 90, "all answers come")
    wait_delivered(endpoint, 90)
    by_id = {}
    for delivery in receiver.deliveries:
        body = by_id.setdefault(delivery["headers"]["webhook-id"], delivery["body"])
        assert body == delivery["body"]
    answered = {event["data"]["eventId"] for event in receiver.events}
    assert answered == {event["id"] for event in events}


def test_plant_that_fails_comes_back(world, receiver):
    """5xx, then the person says try now; the log shows each attempt."""
    receiver.answer = lambda *_args: 500
    endpoint = connect(world, receiver)
    press(endpoint, "action_push_test")
    wait_for(lambda: receiver.deliveries, 20, "it is tried")
    wait_for(
        lambda: world.rows(
            "SELECT 1 FROM mfg_message WHERE endpoint_id = %s AND state = 'retrying'",
            endpoint.id,
        ),
        20,
        "it is put off",
    )
    receiver.answer = lambda *_args: 204
    press(endpoint, "action_push_now")
    wait_delivered(endpoint, 20)
    assert len(set(receiver.ids)) == 1
    assert [status for status, _code in attempts(endpoint)] == [500, 204]


def test_redirect_inside_and_gone(world, receiver):
    """A redirect to Odoo's own door is not followed; 410 ends delivery for good."""

    def redirect(handler, _delivery):
        handler.send_response(307)
        handler.send_header("location", f"{world.url}/web/login")
        handler.send_header("content-length", "0")
        handler.end_headers()

    receiver.answer = redirect
    endpoint = connect(world, receiver)
    press(endpoint, "action_push_test")
    query = "SELECT error_code FROM mfg_message WHERE endpoint_id = %s"
    wait_for(
        lambda: world.value(query, endpoint.id) == "push-redirected", 20, "it is noted"
    )
    receiver.answer = lambda *_args: 410
    press(endpoint, "action_push_now")
    state = "SELECT push_state FROM mfg_endpoint WHERE id = %s"
    wait_for(lambda: world.value(state, endpoint.id) == "gone", 20, "it has ended")
    known = len(receiver.deliveries)
    press(endpoint, "action_push_test")
    time.sleep(3)
    assert len(receiver.deliveries) == known
    receiver.answer = lambda *_args: 200
    press(endpoint, "action_push_resume")
    wait_delivered(endpoint, 20)


def test_metrics_tell_of_it(world, receiver):
    receiver.answer = lambda *_args: 503
    endpoint = connect(world, receiver)
    press(endpoint, "action_push_test")
    wait_for(lambda: receiver.deliveries, 20, "it is tried")

    def told():
        url = f"{world.url}/mfg/v1/metrics"
        text = requests.get(url, headers=endpoint.bearer, timeout=20).text
        return 'outcome="failed"} 1' in text and text

    text = wait_for(told, 20, "the failure is counted")
    assert 'mfg_push_breaker{endpoint="' in text
    assert "mfg_push_oldest_undelivered_seconds" in text
