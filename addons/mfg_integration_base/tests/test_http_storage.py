# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from unittest.mock import patch

import psycopg2

from odoo.sql_db import PoolError
from odoo.tests import BaseCase, tagged, test_cursor
from odoo.tools import mute_logger

from ..engine.failure import Failure, FieldError
from ..hooks import _later_without_database
from ..models.mfg_inbox import MfgInbox
from .http_common import DoorCase


@tagged("post_install", "-at_install")
class TestDryRun(DoorCase):
    def count(self):
        self.env.cr.execute(
            "SELECT (SELECT count(*) FROM mfg_message),"
            " (SELECT count(*) FROM mfg_message_link),"
            " (SELECT count(*) FROM mfg_message_attempt)"
        )
        return self.env.cr.fetchone()

    def test_nothing_is_written(self):
        before = self.count()
        answer = self.post_event(path="/events?dryRun=1")
        self.assertEqual(answer.status_code, 200)
        body = answer.json()
        self.assertEqual(body["status"], "accepted")
        self.assertNotIn("href", body)
        self.assertEqual(body["result"]["state"], "posted")
        record = body["result"]["records"][0]
        self.assertEqual(
            (record["model"], record["id"]), ("mfg.endpoint", self.endpoint.id)
        )
        self.assertEqual(self.count(), before)

    def test_failure_is_told_and_undone(self):
        failure = Failure("shortage", "Too little.", [FieldError("/data/text", "why")])
        handler = type(self.env["mfg.handler.connection.tested"])
        before = self.count()
        with patch.object(handler, "_post_one", side_effect=failure):
            body = self.post_event(path="/events?dryRun=1").json()
        self.assertEqual(body["result"]["state"], "parked")
        self.assertEqual(body["result"]["error"]["code"], "shortage")
        self.assertEqual(self.count(), before)

    def test_refused_duplicate_and_batch(self):
        event = self.event()
        self.post_event(event)
        before = self.count()
        bad = self.event(data={})
        answer = self.post_batch([event, bad, self.event()], "/events?dryRun=true")
        self.assertEqual(answer.status_code, 200)
        results = answer.json()["results"]
        self.assertEqual(
            [r["status"] for r in results], ["duplicate", "rejected", "accepted"]
        )
        self.assertEqual(self.count(), before)


@tagged("post_install", "-at_install")
class TestStorage(DoorCase):
    """202 is said only after the commit; what cannot be stored now is 503."""

    def assertUnavailable(self, answer):
        self.assertProblem(answer, 503, "unavailable")
        self.assertGreater(int(answer.headers["Retry-After"]), 0)

    @mute_logger("odoo.http", "odoo.addons.mfg_integration_base.controllers.problem")
    def test_failing_commit_is_no_acknowledgement(self):
        error = psycopg2.OperationalError("server closed the connection")
        with patch.object(test_cursor.TestCursor, "commit", side_effect=error):
            answer = self.post_event()
        self.assertUnavailable(answer)
        self.assertFalse(self.messages())

    @mute_logger("odoo.http", "odoo.addons.mfg_integration_base.controllers.problem")
    def test_failing_insert(self):
        for error in (
            psycopg2.OperationalError("gone"),
            psycopg2.InterfaceError("connection already closed"),
            psycopg2.errors.ReadOnlySqlTransaction("read-only"),
        ):
            with patch.object(MfgInbox, "_insert", side_effect=error):
                self.assertUnavailable(self.post_event())

    @mute_logger("odoo.http")
    def test_no_database(self):
        for error in (
            psycopg2.OperationalError("could not connect"),
            PoolError("The Connection Pool Is Full"),
            psycopg2.InterfaceError("closed"),
        ):
            with (
                self.subTest(type(error)),
                patch("odoo.http.Registry", side_effect=error),
            ):
                self.assertUnavailable(self.post_event())
                self.assertUnavailable(self.call("/health", key=False))
                answer = self.url_open("/web/health_of_another_addon")
                self.assertNotEqual(answer.status_code, 503)

    @mute_logger("odoo.http")
    def test_defect_leaves_a_number_and_no_trace(self):
        with (
            patch.object(MfgInbox, "accept", side_effect=ZeroDivisionError("secret")),
            self.assertLogs(
                "odoo.addons.mfg_integration_base.controllers.problem", "ERROR"
            ) as logs,
        ):
            answer = self.post_event()
        body = self.assertProblem(answer, 500, "internal")
        self.assertNotIn("secret", answer.text)
        self.assertIn(body["incident"], logs.output[0])
        self.assertIn("ZeroDivisionError", logs.output[0])

    def test_race_is_run_again_at_once(self):
        tries = []
        accept = MfgInbox.accept

        def losing_twice(self, endpoint, received):
            tries.append(1)
            if len(tries) < 3:
                raise psycopg2.errors.SerializationFailure("faster one")
            return accept(self, endpoint, received)

        with patch.object(MfgInbox, "accept", losing_twice):
            answer = self.post_event()
        self.assertEqual(answer.status_code, 202)
        self.assertLess(answer.elapsed.total_seconds(), 1)
        self.assertEqual(len(self.messages()), 1)


class TestMasterProcess(BaseCase):
    """Odoo's master must outlive its database, or nobody is left to say 503."""

    def spawn(self, error, workers):
        def spawn(server):
            raise error

        server = type("Server", (), {"workers_http": workers})()
        with patch("odoo.addons.mfg_integration_base.hooks.time.sleep") as sleep:
            _later_without_database(spawn)(server)
        return sleep.called

    def test_it_stays_without_database(self):
        error = psycopg2.OperationalError("gone")
        with self.assertLogs("odoo.addons.mfg_integration_base.hooks", "WARNING"):
            self.assertTrue(self.spawn(error, {1: object()}))

    def test_it_ends_as_ever_at_start_and_for_other_errors(self):
        with self.assertRaises(psycopg2.OperationalError):
            self.spawn(psycopg2.OperationalError("wrong password"), {})
        with self.assertRaises(ZeroDivisionError):
            self.spawn(ZeroDivisionError(), {1: object()})
