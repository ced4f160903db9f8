# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""Delivering by push: when an attempt follows another, and what an answer means.

The schedule is the one of Standard Webhooks: ten attempts over some 75 hours, so that a
plant that is away for a long weekend misses nothing.
"""

import math
import random
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from . import delivery_codes as codes

MINUTE, HOUR = 60, 3600
# seconds after the first, the second… failed attempt; after the tenth there is none
PAUSES = (
    5,
    5 * MINUTE,
    30 * MINUTE,
    2 * HOUR,
    5 * HOUR,
    10 * HOUR,
    14 * HOUR,
    20 * HOUR,
    24 * HOUR,
)
ATTEMPTS = len(PAUSES) + 1
JITTER = 0.1  # of a pause, to both sides: what failed together comes back apart
LONGEST_RETRY_AFTER = HOUR  # whatever a receiver says, it is asked again after that
SHORTEST_REST = 1.0  # and not before that
REST = 20.0  # after a 429 that does not say how long
# Attempts of a message that its receiver may put off without using up one of the ten;
# more than a receiver can need, so that none goes on for ever.
PUT_OFF = 100

# The receiver does not know us or the address. So does a proxy while what is behind it
# is being replaced: tried again by the schedule, but people are told at once.
_MISDIRECTED = (401, 403, 404, 405, 407, 421)
_BUSY = (429, 503)
_AGAIN = (408, 425)  # 4xx that ask for a repetition
_SECONDS = re.compile(r"[0-9]+")


@dataclass(frozen=True)
class Answer:
    """What became of one request: an HTTP status, or the code of why there is none."""

    status: int | None = None
    text: str = ""  # the beginning of the answer's body, or why there is none
    retry_after: str | None = None
    error: str | None = None


@dataclass(frozen=True)
class Verdict:
    """What an answer means for its message and for its receiver.

    ``outcome``: acknowledged, retrying, refused or gone. ``healthy``: whether
    the receiver works, None when that says nothing about it. ``rest``: seconds in
    which the receiver wants to be left alone.
    """

    outcome: str
    code: str | None = None
    healthy: bool | None = True
    rest: float | None = None

    def put_off(self, attempts):
        """Whether the receiver only asks for time: no attempt of the ten.

        :param attempts: how many the message has had before this one
        """
        asked = self.code == codes.BUSY and self.rest is not None
        return asked and attempts < PUT_OFF


def pause(attempt, rng=random):
    """Seconds to wait after failed attempt number `attempt` (1, 2, …).

    None when it was the last one.
    """
    if attempt >= ATTEMPTS:
        return None
    planned = PAUSES[max(attempt, 1) - 1]
    return planned * (1 + rng.uniform(-JITTER, JITTER))


def retry_after(text, now):
    """Seconds that a Retry-After header asks for; None when it says nothing usable.

    :param text: seconds or an HTTP date
    :param now: Unix time
    """
    text = (text or "").strip()
    if _SECONDS.fullmatch(text):
        # a number of a thousand digits is as good as one of ten
        seconds = float(text[:10]) if len(text) <= 10 else math.inf
    else:
        seconds = _until(text, now)
    if seconds is None:
        return None
    return min(max(seconds, 0.0), float(LONGEST_RETRY_AFTER))


def _until(text, now):
    try:
        moment = parsedate_to_datetime(text)
        if moment.tzinfo is None:  # "-0000": a time in UTC without a place
            moment = moment.replace(tzinfo=UTC)
        return (moment - datetime.fromtimestamp(now, UTC)).total_seconds()
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def judge(answer, now):
    """Say what an answer means.

    2xx acknowledges. A redirect is never followed: a failure like any other, since
    what it points to was not checked by a person.
    """
    status = answer.status
    if status is None:
        return Verdict("retrying", answer.error or codes.UNREACHABLE, healthy=False)
    if 200 <= status < 300:
        return Verdict("acknowledged")
    if status == 410:
        return Verdict("gone", codes.GONE, healthy=None)
    if status in _BUSY:
        return _busy(status, retry_after(answer.retry_after, now))
    if 300 <= status < 400:
        return Verdict("retrying", codes.REDIRECTED, healthy=False)
    if status in _MISDIRECTED:
        return Verdict("retrying", codes.MISDIRECTED, healthy=False)
    if 400 <= status < 500 and status not in _AGAIN:
        # 400 is also what many say to a signature or a time they do not accept: if it
        # comes for most messages, it is not about the messages
        return Verdict("refused", codes.REFUSED, healthy=status != 400)
    rest = retry_after(answer.retry_after, now)
    return Verdict("retrying", codes.FAILED, healthy=False, rest=rest)


def _busy(status, rest):
    """429 says that it works but is asked too much; 503 that it does not."""
    if status == 429:
        rest = REST if rest is None else rest
        return Verdict("retrying", codes.BUSY, None, max(rest, SHORTEST_REST))
    if rest is not None:
        rest = max(rest, SHORTEST_REST)
    return Verdict("retrying", codes.BUSY, False, rest)
