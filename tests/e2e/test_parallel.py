# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""The same event from many sides at once, conflicts, and bad events among good ones."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from world import problem

THREADS = 50
BATCH = 500


def at_once(endpoint, events):
    """Send all of them at the same moment, each in a thread of its own."""
    barrier = Barrier(len(events))

    def send(event):
        barrier.wait(timeout=30)
        return endpoint.post(event, timeout=60)

    with ThreadPoolExecutor(len(events)) as pool:
        return list(pool.map(send, events))


def test_same_event_fifty_times_at_once(world, endpoint):
    event = endpoint.event()
    answers = at_once(endpoint, [event] * THREADS)
    statuses = Counter(answer.status_code for answer in answers)
    assert statuses == {202: 1, 200: THREADS - 1}
    words = Counter(answer.json()["status"] for answer in answers)
    assert words == {"accepted": 1, "duplicate": THREADS - 1}
    assert len({answer.json()["href"] for answer in answers}) == 1
    world.wait_quiet()
    assert endpoint.state(event["id"]) == ("posted", None)
    assert world.invariants(endpoint, [event["id"]]) == 1


def test_same_id_with_two_bodies_at_once(world, endpoint):
    """Whichever comes first is the event; the other one is a conflict, always."""
    one = endpoint.event({"text": "one"})
    other = {**one, "data": {"text": "other"}}
    answers = at_once(endpoint, [one, other] * 10)
    statuses = Counter(answer.status_code for answer in answers)
    assert statuses == {202: 1, 200: 9, 409: 10}
    world.wait_quiet()
    assert world.invariants(endpoint, [one["id"]]) == 1


def test_same_id_with_another_body_is_a_conflict(world, endpoint):
    event = endpoint.event({"text": "first"})
    assert endpoint.post(event).status_code == 202
    answer = endpoint.post({**event, "data": {"text": "second"}})
    assert answer.status_code == 409
    body = problem(answer)
    assert (body["status"], body["code"]) == ("conflict", "conflict")
    assert (body["id"], body["error"]["code"]) == (event["id"], "conflict")
    payload, state = endpoint.row(event["id"], "payload, state")
    assert "first" in payload and "second" not in payload
    world.wait_quiet()
    world.invariants(endpoint, [event["id"]])


def test_reordered_members_are_the_same_event(endpoint):
    event = endpoint.event({"text": "x"}, subject="s", time="2026-01-01T00:00:00Z")
    assert endpoint.post(event).status_code == 202
    assert endpoint.post(dict(reversed(event.items()))).status_code == 200


def test_same_id_of_another_endpoint_is_another_event(world, endpoint):
    other = world.endpoint("Other")
    event = endpoint.event()
    assert endpoint.post(event).status_code == 202
    assert other.post(event).status_code == 202
    world.wait_quiet()
    world.invariants(endpoint, [event["id"]])
    world.invariants(other, [event["id"]])


def test_batch_of_500_with_3_bad(world, endpoint):
    events = endpoint.events(BATCH, keys=25)
    bad = {
        7: ("/data/text", {"data": {"text": 7}}),
        250: ("/data/colour", {"data": {"text": "x", "colour": "red"}}),
        499: ("/time", {"time": "yesterday"}),
    }
    for number, (_pointer, change) in bad.items():
        events[number] |= change
        events[number]["subject"] = f"bad {number}"  # nobody waits for it
        del events[number]["sequence"]
    _close_gaps(events, bad)
    answer = endpoint.post(events, timeout=60)
    assert answer.status_code == 207
    results = answer.json()["results"]
    assert [result["id"] for result in results] == [event["id"] for event in events]
    good = _judge(results, bad, "accepted")
    counts = dict(
        world.rows(
            "SELECT state = 'rejected', count(*) FROM mfg_message"
            " WHERE endpoint_id = %s AND direction = 'in' GROUP BY 1",
            endpoint.id,
        )
    )
    assert counts == {False: BATCH - 3, True: 3}
    _judge(endpoint.post(events, timeout=60).json()["results"], bad, "duplicate")
    world.wait_quiet(90)
    assert world.invariants(endpoint, good) == BATCH - 3


def _close_gaps(events, bad):
    """The good ones count on without the bad ones: no number is missing."""
    seen = Counter()
    for number, event in enumerate(events):
        if number not in bad:
            seen[event["subject"]] += 1
            event["sequence"] = str(seen[event["subject"]])


def _judge(results, bad, word):
    """Check each answer of the batch; the ids of the good ones."""
    for number, result in enumerate(results):
        if number in bad:
            assert result["status"] == "rejected", result
            error = result["error"]
            assert error["code"] == "schema" and error["nextAction"]
            assert bad[number][0] in [e["pointer"] for e in error["errors"]], error
        else:
            assert result["status"] == word, result
    return [r["id"] for n, r in enumerate(results) if n not in bad]
