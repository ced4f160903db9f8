# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from psycopg2 import errors

from odoo import SUPERUSER_ID, api
from odoo.tests import tagged

from odoo.addons.mfg_integration_base.tests.race_common import RaceCase
from odoo.addons.mfg_mes_connector.tests.common import REPORTED

from .common import actual

BEFORE = "<Description>before</Description>"


@tagged("post_install", "-at_install")
class TestB2mmlRace(RaceCase):
    """Two documents of one id that come at the same time and contradict each other."""

    types = (REPORTED,)

    def accept(self, cr, more=""):
        env = api.Environment(cr, SUPERUSER_ID, {})
        endpoint = env["mfg.endpoint"].browse(self.ids[0])
        made = actual("Produced", "TABLE", 1)
        body = (
            "<JobResponse><ID>race</ID><JobOrderID>WH/MO/1</JobOrderID>"
            f"{more}{made}</JobResponse>"
        ).encode()
        inbox = env["mfg.b2mml.inbox"]
        found = inbox.read_document(endpoint, body)
        failure, answer = inbox.accept(endpoint, body, None, found)
        if failure:
            return failure.code
        return [result["status"] for result in answer["results"]]

    def test_the_second_sees_the_first(self):
        with self.registry._db.cursor() as late, self.registry._db.cursor() as early:
            late.execute("SELECT 1")  # its snapshot does not see what follows
            self.assertEqual(self.accept(early), ["accepted"])
            early.commit()
            with self.assertRaises(errors.SerializationFailure):
                self.accept(late, BEFORE)
            late.rollback()
            self.assertEqual(self.accept(late, BEFORE), "conflict")
            late.rollback()
            self.assertEqual(self.accept(late), ["duplicate"])
            late.rollback()
