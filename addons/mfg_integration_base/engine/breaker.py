# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""Circuit breaker: a receiver that does not work is asked now and then, not always.

closed: everything is sent · open: nothing is sent for a while · half_open: one message
is sent to find out; its end closes or opens the breaker. A plain value, so that it can
be kept anywhere: ours is in the database and outlives every server.
"""

from dataclasses import dataclass, replace

CLOSED, OPEN, HALF_OPEN = STATES = ("closed", "open", "half_open")
WINDOW = 300.0  # seconds over which failures are counted
FEWEST = 10  # requests in the window before it may open
SHARE = 0.7  # of them failed
PAUSE = 30.0  # seconds it stays open before one is tried


@dataclass(frozen=True)
class Breaker:
    """Times are Unix times."""

    state: str = CLOSED
    since: float = 0.0  # when the window, or the present state, began
    requests: int = 0
    failures: int = 0


def allowed(breaker, now):
    """How many may be under way: None for any number, else 0 or 1."""
    if breaker.state == CLOSED:
        return None
    return 1 if ready(breaker, now) else 0


def ready(breaker, now):
    """Whether it is time to find out; a clock that was set back does not delay it."""
    waited = now - breaker.since
    return breaker.state == HALF_OPEN or waited >= PAUSE or waited < 0


def probing(breaker, now):
    """The breaker when something is sent."""
    if breaker.state == OPEN and ready(breaker, now):
        return Breaker(HALF_OPEN, now)
    return breaker


def after(breaker, healthy, now):
    """The breaker after the end of a request."""
    if healthy is None:
        return breaker
    if breaker.state == CLOSED:
        return _counted(breaker, healthy, now)
    if healthy:
        return Breaker(CLOSED, now)
    # what was under way when it opened says nothing new
    return Breaker(OPEN, now) if breaker.state == HALF_OPEN else breaker


def _counted(breaker, healthy, now):
    if not 0 <= now - breaker.since < WINDOW:
        breaker = Breaker(CLOSED, now)
    counted = replace(
        breaker,
        requests=breaker.requests + 1,
        failures=breaker.failures + (not healthy),
    )
    if healthy or counted.requests < FEWEST:
        return counted
    broken = counted.failures >= SHARE * counted.requests
    return Breaker(OPEN, now) if broken else counted
