# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""Deliveries over real transactions: crashes, restarts, many at once, rotation."""

import time
from contextlib import contextmanager
from unittest.mock import patch

from odoo.tests import tagged

from ..tools.push_crew import Crew
from . import push_common as ways
from .push_common import DATA, OUT
from .push_race_common import PushRaceCase


class Crash(BaseException):
    """The process dies: nothing after it runs, no error handler either."""


@tagged("post_install", "-at_install")
class TestPushRace(PushRaceCase):
    # -- crashes -----------------------------------------------------------------------

    def test_crash_between_the_answer_and_marking_it_sent(self):
        """The plant has said 200, Odoo has not written it down: sent once more, under
        the same id, by which the plant knows it."""
        [id_] = self.emit()

        def die(*_args):
            raise Crash

        push = type(self.env["mfg.push"])
        with patch.object(push, "_settle", die), self.assertRaises(Crash):
            self.push()
        self.assertEqual(self.receiver.ids, self.names([id_]))
        self.assertEqual(self.states(), {"queued": 1})
        self.assertTrue(self.push())
        self.assertEqual(self.receiver.ids, self.names([id_]) * 2)
        first, second = self.receiver.requests
        self.assertEqual(first.body, second.body)
        self.assertEqual(self.states(), {"acknowledged": 1})
        self.push()
        self.assertEqual(len(self.receiver.requests), 2)

    def test_rollback_of_the_business_change(self):
        """What is not committed is never sent, and nobody is woken for it."""
        self.woken.clear()
        with self.registry._db.cursor() as cr:
            env = self.env(cr=cr)
            endpoint = self.endpoint(env)
            env["mfg.outbox"].emit(OUT, "order-1", DATA, endpoint.company_id)
            env.flush_all()
            self.push()
            cr.rollback()
        self.push()
        self.assertFalse(self.receiver.requests)
        self.assertEqual((self.states(), self.woken), ({}, []))

    def test_a_commit_wakes_and_an_idle_sweep_does_not(self):
        self.woken.clear()
        self.emit()
        self.assertEqual(self.woken, [()])
        self.woken.clear()
        with self.transaction() as env:
            env["mfg.push"]._sweep()
        self.assertEqual(self.woken, [("again",)])
        self.push()
        self.woken.clear()
        with self.transaction() as env:
            env["mfg.push"]._sweep()
        self.assertEqual(self.woken, [])

    def test_a_retry_that_is_due_soon_has_a_job_and_not_only_the_sweep(self):
        self.receiver.always = 500
        self.emit()
        self.push()
        self.woken.clear()
        with self.transaction() as env:
            env["mfg.push"]._wake_when_due()
        [(cause, moment)] = self.woken
        self.assertTrue(cause and moment)

    def test_one_at_a_time(self):
        """Who is being sent to is not sent to by another job beside it."""
        [id_] = self.emit()
        self.receiver.always = ways.slow_body(200)

        def second():
            time.sleep(0.5)
            return self.push()

        outcomes = self.at_once(self.push, second)
        self.assertEqual(outcomes, [True, False])
        self.assertEqual(self.receiver.ids, self.names([id_]))

    def test_nobody_is_woken_while_somebody_sends(self):
        with self.transaction() as env, env["mfg.push"]._alone() as alone:
            self.assertTrue(alone)
            self.woken.clear()
            self.emit()
            self.assertEqual(self.woken, [])
        with self.transaction() as env:
            env["mfg.push"]._wake_when_due()  # as the job does after it let go
        self.assertEqual(self.woken, [("again",)])

    def test_cancelled_while_it_was_under_way(self):
        [id_] = self.emit()

        def cancel(handler):
            with self.transaction() as env:
                env["mfg.message"].browse(id_)._cancel("Too late")
            self.receiver.act(handler, 200)

        self.receiver.plan.append(cancel)
        self.push()
        self.assertEqual(self.states(), {"cancelled": 1})
        with self.transaction() as env:
            attempt = env["mfg.message"].browse(id_).attempt_ids
            shown = attempt.number, attempt.outcome, attempt.http_status
            self.assertEqual(shown, (1, "acknowledged", 200))
        self.push()
        self.assertEqual(len(self.receiver.requests), 1)

    # -- the breaker -------------------------------------------------------------------

    @contextmanager
    def after(self, seconds):
        with self.transaction() as env:
            env.cr.execute(
                "UPDATE mfg_push_health SET since = since - %s * interval '1 second'",
                [seconds],
            )
            env.cr.execute(
                "UPDATE mfg_message SET next_try_at = next_try_at"
                " - %s * interval '1 second' WHERE endpoint_id = %s",
                [seconds, self.ids[0]],
            )
        yield

    def test_breaker_survives_a_restart(self):
        """Its state is in the database: another process goes on where one stopped."""
        self.receiver.always = 503
        self.emit(12)
        self.push()
        self.assertEqual(self.breaker(), "open")
        requests = len(self.receiver.requests)
        self.registry.clear_cache()
        self.push()  # another cursor, another crew: as after a restart
        self.assertEqual(len(self.receiver.requests), requests)

        def die(*_args):
            raise Crash

        push = type(self.env["mfg.push"])
        with self.after(31), patch.object(push, "_settle", die):
            with self.assertRaises(Crash):
                self.push()
        self.assertEqual(self.breaker(), "half_open")  # it died while it found out
        self.assertEqual(len(self.receiver.requests), requests + 1)
        self.receiver.always = 204
        with self.after(31):
            self.push()
        self.assertEqual(self.breaker(), "closed")
        with self.after(600):
            self.push()
        self.assertEqual(self.states(), {"acknowledged": 12})

    # -- many --------------------------------------------------------------------------

    def make(self, count, keys, state="queued", due="NULL"):
        """Messages in plain SQL, as many as one likes."""
        with self.transaction() as env:
            endpoint = self.endpoint(env)
            env.cr.execute(
                f"""
                INSERT INTO mfg_message (direction, endpoint_id, company_id, lane, key,
                    shard, event_id, source, type, subject, payload, state,
                    received_at, next_try_at, attempts, tries)
                SELECT 'out', %s, %s, 'standard', 'order-' || n %% %s, 0, 'e-' || n,
                    'urn:odoo:test', %s, 'order-' || n %% %s,
                    '{{"n": ' || n || '}}', %s, now() AT TIME ZONE 'utc',
                    {due}, 0, 0
                FROM generate_series(1, %s) AS n
                """,  # noqa: S608 of this test's own words
                [endpoint.id, endpoint.company_id.id, keys, OUT, keys, state, count],
            )

    def test_ten_thousand_due_at_once(self):
        """All of them retries that come due together; each goes out once, and a look
        at what is due costs the same at the first as at the last."""
        self.make(10000, 2500, "retrying", "now() AT TIME ZONE 'utc' - interval '1 s'")
        begun = time.monotonic()
        while self.states().get("retrying"):
            self.assertTrue(self.push(seconds=60))
            self.assertLess(time.monotonic() - begun, 240)
        self.assertEqual(self.states(), {"acknowledged": 10000})
        self.assertEqual(len(set(self.receiver.ids)), 10000)
        self.assertEqual(len(self.receiver.ids), 10000)
        last = {}
        for request in self.receiver.requests:
            number = request.event["n"]
            self.assertLess(last.get(number % 2500, 0), number)
            last[number % 2500] = number

    def test_a_look_at_ten_thousand_that_are_not_due_is_quick(self):
        """Neither those that wait for their time nor their followers are in the way."""
        later = "now() AT TIME ZONE 'utc' + interval '1 hour'"
        self.make(5000, 5000, "retrying", later)
        with self.transaction() as env:
            env.cr.execute(
                "UPDATE mfg_message SET event_id = 'first-' || event_id"
                " WHERE endpoint_id = %s",
                [self.ids[0]],
            )
        self.make(5000, 5000)  # each behind one that waits
        [id_] = self.emit(subject="other")
        with self.transaction() as env:
            env.cr.execute("ANALYZE mfg_message")
            push = env["mfg.push"]
            begun = time.monotonic()
            [(_target, runs)], _called_off, _paced = push._due({})
            self.assertLess(time.monotonic() - begun, 2.0)
            self.assertEqual([letter.id for [letter] in runs], [id_])

    def test_secret_rotated_under_load(self):
        """Every delivery is valid for the secret the plant holds at that moment."""
        self.make(300, 300)
        secrets = [self.secret]

        def rotate():
            for _time in range(3):
                time.sleep(0.15)
                with self.transaction() as env:
                    endpoint = self.endpoint(env)
                    secrets.append(endpoint._rotate_push_secret(overlap_hours=24))
            return True

        begun = len(self.receiver.requests)
        outcomes = self.at_once(self.push, rotate)
        self.assertEqual(outcomes, [True, True])
        self.emit()
        self.push()
        requests = self.receiver.requests[begun:]
        self.assertEqual(len(requests), 301)
        for request in requests:
            self.assertTrue(request.verify(self.secret))  # not over yet: valid for all
        self.assertTrue(requests[-1].verify(secrets[-1]))

    def test_time_is_up_while_one_does_not_answer(self):
        """The job ends in bounded time, and what is left is another job's."""
        self.make(40, 40)
        self.receiver.always = ways.hang
        begun = time.monotonic()
        self.push(seconds=0.5)
        self.assertLess(time.monotonic() - begun, 8)
        self.assertLess(len(self.receiver.requests), 40)

    def test_a_thread_that_fails_is_no_lost_message(self):
        [id_] = self.emit()

        def broken(*_args):
            raise RuntimeError("a setting nobody thought of")

        with patch.object(Crew, "_post", broken):
            self.push()
        self.assertEqual(self.states(), {"retrying": 1})
        with self.after(60):
            self.push()
        self.assertEqual(self.receiver.ids, self.names([id_]))
