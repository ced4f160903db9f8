# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo.exceptions import ValidationError
from odoo.tests import Form, tagged

from odoo.addons.mfg_integration_base.tests.version_common import VersionMixin

from .common import (
    COMPLETED,
    CONSUMED,
    PAUSED,
    RELEASED,
    REPORTED,
    RESUMED,
    SCRAPPED,
    STARTED,
    MesCase,
)

MATERIAL = {"join", "shortage", "beyond_bom", "reserved_lots"}
OVER, UNDER = "limit_over_production", "limit_under_production"
USE, REST = "limit_over_consumption", "rest_of_final"
CHANGES = {
    f"change_{what}"
    for what in ("quantity", "dates", "components", "operations", "priority")
}
SHOWN = {
    CONSUMED: {*MATERIAL, "consumption", USE},
    REPORTED: {*MATERIAL, OVER, UNDER, USE, REST},
    SCRAPPED: {"shortage"},
    STARTED: {"labor_overlap"},
    RESUMED: {"labor_overlap"},
    PAUSED: {"labor_overlap"},
    COMPLETED: {"labor_overlap", "shortage", UNDER, USE, REST},
    RELEASED: set(),
    "mfg.labor.reported.v1": {"labor_overlap"},
    "mfg.equipment.telemetry.v1": {"join"},
    "mfg.equipment.oee.v1": {"join"},
    "mfg.equipment.downtime.v1": set(),
    "mfg.inventory.counted.v1": {"limit_count_difference"},
    "mfg.joborder.changed.v1": CHANGES,
    "mfg.connection.tested.v1": set(),
}
ALL = set().union(*SHOWN.values())


@tagged("post_install", "-at_install")
class TestInterfacePolicies(VersionMixin, MesCase):
    """The form shows the settings that the type's handler obeys, of any version."""

    def shown(self, interface):
        form = Form(interface)
        return {name for name in ALL if not form._get_modifier(name, "invisible")}

    def test_each_type_shows_what_it_obeys(self):
        for event_type, names in SHOWN.items():
            with self.subTest(event_type):
                interface = self.interface(event_type)[:1]
                self.assertEqual(self.shown(interface), names)

    def test_the_next_version_shows_the_same(self):
        for first in (CONSUMED, REPORTED, SCRAPPED, "mfg.joborder.changed.v1"):
            with self.subTest(first):
                self.release_next(first=first)
                following = self.env["mfg.interface"].create(
                    {"endpoint_id": self.endpoint.id, "type": first[:-1] + "2"}
                )
                self.assertEqual(self.shown(following), SHOWN[first])

    def test_the_next_version_of_scrap_has_no_rest_either(self):
        self.release_next(first=SCRAPPED)
        values = {"endpoint_id": self.endpoint.id, "type": SCRAPPED[:-1] + "2"}
        with self.assertRaisesRegex(ValidationError, "park the message"):
            self.env["mfg.interface"].create({**values, "shortage": "wait"})

    def test_a_new_interface_shows_them_as_its_type_is_chosen(self):
        form = Form(self.env["mfg.interface"])
        form.type = REPORTED
        form.over_production_percent = 5
        form.shortage = "wait"
        form.type = STARTED
        self.assertTrue(form._get_modifier("shortage", "invisible"))
