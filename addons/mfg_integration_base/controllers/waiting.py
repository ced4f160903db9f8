# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""Waiting inside a request without keeping a snapshot, a lock or all the workers.

Every poll is a transaction of its own on the request's connection: between polls the
connection is idle, so that a long poll holds back neither VACUUM nor anybody's row.
"""

import logging
import time
from contextlib import contextmanager

from psycopg2 import errors

from odoo.tools import SQL, config

from ..tools.parameters import whole_number

_logger = logging.getLogger(__name__)

LOCK_CLASS = 0x6D6667  # "mfg": name space of our advisory locks
SLOTS_PARAMETER = "mfg_integration_base.max_long_polls"
DEFAULT_SLOTS = 2
PAUSES = (0.05, 0.1, 0.2)  # seconds before the first polls; the last one repeats
TRIES = 10


def slots(env):
    """How many requests may wait at once; one worker is always left to the others."""
    number = max(whole_number(env, SLOTS_PARAMETER, DEFAULT_SLOTS), 0)
    return min(number, config["workers"] - 1) if config["workers"] else number


@contextmanager
def slot(cr, number):
    """Take one of `number` waiting places of this server; yields whether there was one.

    A session lock of PostgreSQL: it is counted over all worker processes and cannot
    outlive a killed one.
    """
    taken = next((i for i in range(number) if _try_lock(cr, i)), None)
    try:
        yield taken is not None
    finally:
        if taken is not None:
            _unlock(cr, taken)


def _try_lock(cr, place):
    cr.execute(SQL("SELECT pg_try_advisory_lock(%s, %s)", LOCK_CLASS, place))
    return cr.fetchone()[0]


def _unlock(cr, place):
    cr.rollback()
    cr.execute(SQL("SELECT pg_advisory_unlock(%s, %s)", LOCK_CLASS, place))
    cr.rollback()


def until(cr, check, seconds, number):
    """Call `check()` in fresh snapshots until it is true or the time is over.

    The caller's transaction is rolled back: it must have nothing to lose.

    :return: what the last `check()` returned; None at once if no place is free
    """
    deadline = time.monotonic() + seconds
    with slot(cr, number) as free:
        cr.rollback()
        result, tries = check() if free else None, 0
        while free and not result and time.monotonic() < deadline:
            cr.rollback()
            pause(PAUSES[min(tries, len(PAUSES) - 1)])
            result, tries = check(), tries + 1
    return result


def pause(seconds):
    time.sleep(seconds)


def again_at_once(env, function):
    """Call `function()` again in a new transaction when another one was faster.

    Odoo repeats such a request too, but sleeps up to seconds before; here the winner
    has committed by the time the loser hears of it, so that waiting is of no use.
    The transaction is rolled back: `function` must be the first to write in it.
    """
    for _try in range(TRIES - 1):
        try:
            return function()
        except (errors.SerializationFailure, errors.DeadlockDetected) as error:
            _logger.debug("Again at once: %s", error)
            env.cr.rollback()
            env.transaction.clear()
    return function()
