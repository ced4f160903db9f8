# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""Push: the schedule, what Retry-After means, what an answer means."""

import random
from datetime import UTC, datetime
from email.utils import format_datetime, formatdate

import pytest
from engine import catalogue, delivery
from engine import delivery_codes as codes
from engine.delivery import Answer
from hypothesis import given
from hypothesis import strategies as st

NOW = 1_800_000_000.0
HOUR = 3600


def test_ten_attempts_over_75_hours():
    pauses = [delivery.pause(attempt) for attempt in range(1, 12)]
    assert pauses.index(None) == 9  # after the tenth there is none
    assert pauses[9:] == [None, None]
    assert 65 * HOUR < sum(pauses[:9]) < 85 * HOUR
    assert 75 * HOUR < sum(delivery.PAUSES) < 76 * HOUR


@given(st.integers(1, 9), st.integers())
def test_pauses_are_jittered_around_the_plan(attempt, seed):
    planned = delivery.PAUSES[attempt - 1]
    got = delivery.pause(attempt, random.Random(seed))
    assert 0.9 * planned <= got <= 1.1 * planned


def test_what_failed_together_comes_back_apart():
    assert len({delivery.pause(3) for _time in range(100)}) > 90


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("0", 0),
        ("7", 7),
        (" 120 ", 120),
        ("3600", HOUR),
        ("99999999999999999999999", HOUR),
        ("9" * 5000, HOUR),
        (formatdate(NOW + 90, usegmt=True), 90),
        (formatdate(NOW - 90, usegmt=True), 0),
        ("Fri, 31 Dec 9999 23:59:59 GMT", HOUR),
        ("Sun Nov  6 08:49:37 1994", 0),  # asctime, as old servers write
        ("", None),
        (None, None),
        ("soon", None),
        ("-5", None),
        ("1.5", None),
        ("１２", None),  # digits, but not ASCII ones
        ("Fri, 99 Foo 2026 99:99:99 GMT", None),
    ],
)
def test_retry_after(text, seconds):
    assert delivery.retry_after(text, NOW) == seconds


@given(st.text())
def test_retry_after_never_fails_and_never_lasts(text):
    seconds = delivery.retry_after(text, NOW)
    assert seconds is None or 0 <= seconds <= HOUR


@given(st.datetimes(datetime(1990, 1, 1), datetime(2200, 1, 1)))
def test_retry_after_dates(moment):
    moment = moment.replace(microsecond=0, tzinfo=UTC)
    left = moment.timestamp() - NOW
    got = delivery.retry_after(format_datetime(moment, usegmt=True), NOW)
    assert got == min(max(left, 0), HOUR)


@pytest.mark.parametrize(
    ("status", "outcome", "code", "healthy"),
    [
        (200, "acknowledged", None, True),
        (202, "acknowledged", None, True),
        (204, "acknowledged", None, True),
        (299, "acknowledged", None, True),
        (101, "retrying", codes.FAILED, False),
        (301, "retrying", codes.REDIRECTED, False),
        (307, "retrying", codes.REDIRECTED, False),
        (400, "refused", codes.REFUSED, False),  # to a signature or a time, often
        (401, "retrying", codes.MISDIRECTED, False),
        (403, "retrying", codes.MISDIRECTED, False),
        (404, "retrying", codes.MISDIRECTED, False),
        (405, "retrying", codes.MISDIRECTED, False),
        (407, "retrying", codes.MISDIRECTED, False),
        (408, "retrying", codes.FAILED, False),
        (409, "refused", codes.REFUSED, True),
        (410, "gone", codes.GONE, None),
        (413, "refused", codes.REFUSED, True),
        (421, "retrying", codes.MISDIRECTED, False),
        (422, "refused", codes.REFUSED, True),
        (425, "retrying", codes.FAILED, False),
        (429, "retrying", codes.BUSY, None),
        (500, "retrying", codes.FAILED, False),
        (503, "retrying", codes.BUSY, False),
        (599, "retrying", codes.FAILED, False),
        (999, "retrying", codes.FAILED, False),
    ],
)
def test_what_an_answer_means(status, outcome, code, healthy):
    verdict = delivery.judge(Answer(status), NOW)
    assert (verdict.outcome, verdict.code, verdict.healthy) == (outcome, code, healthy)


def test_no_answer_is_tried_again_under_its_code():
    verdict = delivery.judge(Answer(error=codes.ADDRESS), NOW)
    assert (verdict.outcome, verdict.code) == ("retrying", codes.ADDRESS)


@pytest.mark.parametrize("status", [429, 503, 500])
def test_retry_after_gives_the_receiver_a_rest(status):
    verdict = delivery.judge(Answer(status, retry_after="17"), NOW)
    assert verdict.rest == 17


@pytest.mark.parametrize(
    ("status", "text", "rest"),
    [
        (429, None, delivery.REST),
        (429, "soon", delivery.REST),
        (429, "0", delivery.SHORTEST_REST),
        (429, "2", 2),
        (503, None, None),  # it does not work: that is the breaker's business
        (503, "0", delivery.SHORTEST_REST),
        (503, "2", 2),
    ],
)
def test_a_receiver_that_is_busy_is_never_asked_at_once(status, text, rest):
    verdict = delivery.judge(Answer(status, retry_after=text), NOW)
    assert verdict.rest == rest
    assert 10 <= delivery.REST <= 30
    # put off, but not for ever; what only failed goes by the schedule
    assert verdict.put_off(0) is verdict.put_off(99) is (rest is not None)
    assert not verdict.put_off(100)


def test_what_fails_is_not_put_off():
    assert not delivery.judge(Answer(500, retry_after="2"), NOW).put_off(0)


@given(st.integers(100, 999))
def test_every_status_ends_in_a_code_of_the_catalogue(status):
    verdict = delivery.judge(Answer(status), NOW)
    assert verdict.code is None or catalogue.entry(verdict.code).next_action
