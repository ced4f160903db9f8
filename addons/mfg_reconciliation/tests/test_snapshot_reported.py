# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
import json

from odoo.tests import tagged

from odoo.addons.mfg_integration_base.tests.version_common import VersionMixin

from .common import CONSUMED, REPORTED, ReconcileCase, amount, at


@tagged("post_install", "-at_install")
class TestSnapshotReported(VersionMixin, ReconcileCase):
    """What the plant counted, compared: every cause is found and named."""

    def test_what_is_the_same_matches(self):
        self.makes(4)
        self.uses(self.glue, 2)
        self.scraps(1)
        self.works(30)
        message = self.counts(
            4,
            scrapped=amount(1),
            consumed=[
                self.used(self.glue, 2000, "GRM"),
                self.used(self.board, 4, "C62"),
            ],
            labour=[{"operationsSegmentId": "Cut", "duration": amount(0.5, "HUR")}],
            listed=True,
        )
        self.assertPosted(message)
        self.assertMatched()
        self.assertEqual(self.found.figure_count, 5)
        models = message.link_ids.mapped("res_model")
        self.assertEqual(sorted(models), ["mfg.reconciliation", "mfg.snapshot"])

    def test_missing(self):
        self.makes(4)
        self.makes(3, lost=True)
        self.uses(self.glue, 2, lost=True)
        self.scraps(1, lost=True)
        self.works(30, lost=True)
        self.counts(
            7,
            scrapped=amount(1),
            consumed=[self.used(self.glue, 2)],
            labour=[{"operationsSegmentId": "Cut", "duration": amount(30, "MIN")}],
            listed=True,
        )
        self.assertDiffers(
            ("produced", "TABLE", 3.0, "missing"),
            ("scrapped", "TABLE", 1.0, "missing"),
            ("consumed", "GLUE", 2.0, "missing"),
            ("labour", None, 30.0, "missing"),
        )
        self.assertIn(self.sent[1]["id"], self.line("produced").explanation)

    def test_doubled(self):
        first = self.makes(4)
        second = self.again()
        self.counts(4, listed=True)
        self.assertDiffers(("produced", "TABLE", -4.0, "doubled"))
        self.assertEqual(self.line("produced").message_ids, second)
        self.assertNotEqual(first, second)

    def test_doubled_without_a_list(self):
        self.makes(4)
        second = self.again()
        self.makes(1, hour=11)
        self.counts(5)
        self.assertDiffers(("produced", "TABLE", -4.0, "doubled"))
        self.assertEqual(self.line("produced").message_ids, second)

    def test_changed_by_a_correction(self):
        message = self.plant_sends(
            "mfg.production.reported.v1",
            quantity=amount(4, "NO-UNIT"),
            time=at(10),
        )
        self.assertParked(message, "unknown-unit")
        data = {**message._event_data(), "quantity": amount(3)}
        message._edit(json.dumps(data), "A typo")
        self.drain()
        self.map_unit("NO-UNIT")
        self.counts(4, listed=True)
        self.assertDiffers(("produced", "TABLE", 1.0, "changed"))
        self.assertEqual(self.line("produced").message_ids, message)

    def map_unit(self, code):
        self.env["mfg.uom.crosswalk"].create(
            {"endpoint_id": self.endpoint.id, "code": code, "uom_id": self.unit.id}
        )

    def test_changed_in_odoo(self):
        message = self.uses(self.glue, 2)
        line = self.order.move_raw_ids.move_line_ids.filtered(
            lambda x: x.product_id == self.glue and x.state == "done"
        )
        line.quantity = 1.5
        self.counts(0, consumed=[self.used(self.glue, 2)], listed=True)
        self.assertDiffers(("consumed", "GLUE", 0.5, "changed"))
        self.assertEqual(self.line("consumed").message_ids, message)

    def test_posted_by_hand(self):
        self.uses(self.glue, 2)
        move = self.env["stock.move"].create(
            {
                "raw_material_production_id": self.order.id,
                "product_id": self.glue.id,
                "product_uom": self.kilo.id,
                "product_uom_qty": 1,
                "quantity": 1,
                "picked": True,
                "location_id": self.stock.id,
                "location_dest_id": self.order.production_location_id.id,
            }
        )
        move._action_done()
        move.date = "2026-01-10 11:00:00"
        move.move_line_ids.date = "2026-01-10 11:00:00"
        self.counts(0, consumed=[self.used(self.glue, 2)], listed=True)
        self.assertDiffers(("consumed", "GLUE", -1.0, "by_hand"))

    def test_parked_and_not_posted_yet(self):
        parked = self.makes(40)  # beyond the order
        self.assertEqual(parked.error_code, "over-tolerance")
        held = self.uses(self.glue, 2)
        self.assertEqual(held.state, "waiting")
        self.counts(40, consumed=[self.used(self.glue, 2)], listed=True)
        self.assertDiffers(
            ("produced", "TABLE", 40.0, "parked"),
            ("consumed", "GLUE", 2.0, "waiting"),
        )
        self.assertEqual(self.line("produced").message_ids, parked)
        self.assertEqual(self.line("consumed").message_ids, held)

    def test_what_waits_for_stock(self):
        """A part of what the plant sent, and not one it did not send."""
        self.interface(CONSUMED).shortage = "wait"
        message = self.uses(self.glue, 60)  # there are 50
        told = {"consumed": [self.used(self.glue, 60)], "listed": True}
        self.counts(0, **told)
        self.assertDiffers(("consumed", "GLUE", 10.0, "parked"))
        self.assertEqual(self.line("consumed").message_ids, message.rest_ids)
        self.lay_in(self.glue, 10)
        message.rest_ids._retry("Stock has come")
        self.drain()
        self.counts(0, hour=13, **told)
        self.assertMatched()

    def test_a_later_version_of_a_report(self):
        """It tells what its first version tells."""
        self.release_next(REPORTED)
        following = REPORTED.replace(".v1", ".v2")
        interface = self.env["mfg.interface"].create(
            {"endpoint_id": self.endpoint.id, "type": following}
        )
        interface._approve("Agreed with the plant")
        self.plant_sends(following, quantity=amount(4), time=at(10))
        self.counts(3)
        self.heal()
        self.assertEqual(self.made(), 3)
        parked = self.plant_sends(following, quantity=amount(40), time=at(11))
        self.assertParked(parked, "over-tolerance")
        self.counts(43, hour=13)
        self.assertDiffers(("produced", "TABLE", 40.0, "parked"))

    def test_late(self):
        self.makes(4)
        late = self.makes(2, hour=13)
        self.counts(6)  # as of 12:00, the plant's clock is not Odoo's
        self.assertDiffers(("produced", "TABLE", 2.0, "late"))
        self.assertEqual(self.line("produced").message_ids, late)

    def test_out_of_tolerance(self):
        self.makes(4)
        self.counts(5, listed=True)
        self.assertDiffers(("produced", "TABLE", 1.0, "tolerance"))
        self.interface("mfg.snapshot.reported.v1").reconcile_tolerance_percent = 20
        self.found.action_compare()
        self.assertMatched()

    def test_state(self):
        self.makes(10)
        self.counts(10, state="Completed")
        self.assertDiffers(("state", None, 0.0, "missing"))
        line = self.line("state")
        self.assertEqual((line.plant_shown, line.odoo_shown), ("Completed", "Running"))
