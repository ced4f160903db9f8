# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""A job is only a wake-up: losing every one of them costs time, never a message."""

import random
import time
from contextlib import contextmanager

import psycopg2
from invariants import runner_backends
from world import wait_for

from tests.chaos.faults import Faults

SWEPT = 75  # seconds: the sweeper comes every minute
EVENTS = 40
LOSE = """
CREATE FUNCTION mfg_e2e_lose() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN DELETE FROM queue_job WHERE id = NEW.id; RETURN NULL; END $$;
CREATE CONSTRAINT TRIGGER mfg_e2e_lose AFTER INSERT ON queue_job
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION mfg_e2e_lose();
"""
KEEP = "DROP FUNCTION IF EXISTS mfg_e2e_lose() CASCADE"


@contextmanager
def losing_jobs(world):
    """Every job vanishes at the very commit that makes it."""
    world.rows(LOSE)
    try:
        yield
    finally:
        world.rows(KEEP)


def delete_jobs(world):
    """As an administrator does, again when a running job is in the way."""

    def deleted():
        try:
            world.rows("DELETE FROM queue_job")
        except psycopg2.errors.DeadlockDetected:
            return False
        return True

    wait_for(deleted, 20, "the jobs can be deleted")


def states(world, endpoint):
    return dict(
        world.rows(
            "SELECT state, count(*) FROM mfg_message WHERE endpoint_id = %s"
            " AND direction = 'in' GROUP BY 1",
            endpoint.id,
        )
    )


def send(endpoint, count=EVENTS):
    events = endpoint.events(count, keys=8)
    answers = endpoint.plant.send(events)
    assert {answer["status"] for answer in answers} == {"accepted"}
    return [event["id"] for event in events]


def no_jobs(world):
    """Whether the runner has nothing left to wake us with."""
    return not world.value("SELECT count(*) FROM queue_job WHERE state <> 'done'")


def test_sweeper_posts_what_has_no_job(world, endpoint, tell):
    """Jobs that were never made, and jobs that an administrator clears away."""
    sent = send(endpoint)
    delete_jobs(world)
    wait_for(lambda: no_jobs(world), 30, "the job runner has nothing to do")
    with losing_jobs(world):
        sent += send(endpoint)
        time.sleep(2)
        # All wake-ups are gone, so nothing can have happened but by the sweeper.
        assert states(world, endpoint)["queued"] >= EVENTS
        assert no_jobs(world)
    tell("seconds until the sweeper had posted all", world.wait_quiet(SWEPT))
    assert world.invariants(endpoint, sent) == 2 * EVENTS


def test_start_wakes_what_a_dead_server_left(world, endpoint, tell):
    with losing_jobs(world):
        sent = send(endpoint)
        world.stack.kill9()
    delete_jobs(world)
    world.stack.start()
    world.stack.wait_ready()
    tell("seconds until a new start had posted all", world.wait_quiet(30))
    assert world.invariants(endpoint, sent) == EVENTS


def test_job_runner_killed(world, endpoint):
    faults = Faults(world, random.Random())
    runner = wait_for(lambda: faults.by_role("runner"), 30, "the job runner listens")
    assert faults.kill(runner)
    sent = send(endpoint)
    world.wait_quiet(SWEPT)
    assert world.invariants(endpoint, sent) == EVENTS


def test_job_runner_loses_its_connection(world, endpoint):
    """A NOTIFY that nobody hears: the message is there all the same."""
    backends = wait_for(lambda: runner_backends(world), 30, "the job runner listens")
    for pid, _port in backends:
        world.rows("SELECT pg_terminate_backend(%s)", pid)
    sent = send(endpoint)
    world.wait_quiet(SWEPT)
    assert world.invariants(endpoint, sent) == EVENTS
    # and it is woken by jobs again, not by the sweeper alone
    wait_for(lambda: runner_backends(world), 30, "the job runner listens again")
