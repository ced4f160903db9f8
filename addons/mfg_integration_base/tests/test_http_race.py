# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
import threading

from psycopg2 import errors

from odoo import SUPERUSER_ID, api
from odoo.tests import tagged

from ..engine import envelope
from ..models.mfg_inbox import Received
from .common import TESTED
from .race_common import RaceCase


@tagged("post_install", "-at_install")
class TestInsertRace(RaceCase):
    def accept(self, cr, id_="race-1", text="x"):
        endpoint = api.Environment(cr, SUPERUSER_ID, {})["mfg.endpoint"]
        event = envelope.Event(id_, "urn:test:race", TESTED, data={"text": text})
        received = Received("{}", event, id=event.id, source=event.source)
        endpoint = endpoint.browse(self.ids[0])
        [answer] = endpoint.env["mfg.inbox"]._store(endpoint, [received])[0]
        return answer["status"]

    def count(self):
        with self.registry._db.cursor() as cr:
            cr.execute(
                "SELECT count(*) FROM mfg_message WHERE endpoint_id = %s",
                [self.ids[0]],
            )
            return cr.fetchone()[0]

    def test_an_older_snapshot_is_told_to_come_again(self):
        with self.registry._db.cursor() as late, self.registry._db.cursor() as early:
            late.execute("SELECT 1")  # its snapshot does not see what follows
            self.assertEqual(self.accept(early), "accepted")
            early.commit()
            with self.assertRaises(errors.SerializationFailure):
                self.accept(late)
            late.rollback()
            self.assertEqual(self.accept(late), "duplicate")
            self.assertEqual(self.accept(late, text="y"), "conflict")
            late.rollback()
        self.assertEqual(self.count(), 1)

    def test_a_waiting_insert_yields_to_the_winner(self):
        outcome = []

        def second():
            with self.registry._db.cursor() as cr:
                try:
                    outcome.append(self.accept(cr))
                except errors.SerializationFailure as error:
                    outcome.append(type(error))
                cr.rollback()

        with self.registry._db.cursor() as first:
            self.assertEqual(self.accept(first), "accepted")
            thread = threading.Thread(target=second)
            thread.start()
            thread.join(0.5)
            self.assertTrue(thread.is_alive(), "it waits for the first to decide")
            first.commit()
            thread.join(10)
        self.assertEqual(outcome, [errors.SerializationFailure])

    def test_a_loser_that_rolls_back_leaves_the_way_free(self):
        with self.registry._db.cursor() as first:
            self.accept(first)
            first.rollback()
        with self.registry._db.cursor() as second:
            self.assertEqual(self.accept(second), "accepted")
            second.rollback()
