# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo.tests import HttpCase, new_test_user, tagged

from .common import CONSUMED
from .equipment_common import REVERSED, TELEMETRY, EquipmentCase, ago

PLANNER = "mfg_integration_base.group_mfg_auditor"


@tagged("post_install", "-at_install")
class TestLogTour(HttpCase, EquipmentCase):
    """What a planner, who changes nothing, finds in the browser."""

    def setUp(self):
        super().setUp()
        self.planner = new_test_user(self.env, "eve", groups=PLANNER, name="Eve")

    def look(self, path, tour):
        self.start_tour(path, tour, login=self.planner.login)

    def test_from_a_reversed_message_to_its_reversal_and_back(self):
        order = self.make_order()
        message = self.report(order, 4)
        data = {"eventId": message.event_id, "reason": "Wrong order"}
        self.assertPosted(self.post(REVERSED, data, subject=message.subject))
        self.look("/odoo/plant-inbox", "mfg_follow_a_reversal")

    def test_what_waits_for_stock(self):
        self.interface(CONSUMED).shortage = "wait"
        self.lay_in(self.board, -97)
        message = self.consume(self.make_order(), self.board, 5, "C62")
        self.assertPosted(message)
        self.assertEqual(
            message.rest_ids.issue_id.cause_text,
            f"{self.board.display_name} in {self.stock.display_name}",
        )
        self.look("/odoo/plant-inbox", "mfg_see_what_waits")

    def test_readings(self):
        reading = {"name": "Temperature", "unitCode": "CEL", "count": 3}
        self.assertPosted(
            self.about(
                TELEMETRY,
                "SAW",
                windowStart=ago(20),
                windowEnd=ago(10),
                readings=[{**reading, "min": "61", "max": "64", "mean": "62.5"}],
            )
        )
        self.look("/odoo/plant-readings", "mfg_readings_as_a_graph")
