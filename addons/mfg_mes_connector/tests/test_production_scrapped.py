# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from lxml import etree

from odoo.exceptions import ValidationError
from odoo.tests import Form, tagged
from odoo.tools.safe_eval import safe_eval

from .common import REPORTED, SCRAPPED, MesCase, amount, at, moment


@tagged("post_install", "-at_install")
class TestProductionScrapped(MesCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.reason = cls.env["stock.scrap.reason.tag"].create({"name": "SCRATCH"})

    def setUp(self):
        super().setUp()
        self.order = self.make_order()

    def scrap(self, quantity, unit="C62", reason="SCRATCH", order=None, **data):
        return self.tell(
            SCRAPPED,
            order or self.order,
            quantity=amount(quantity, unit),
            reasonCode=reason,
            time=at(11),
            **data,
        )

    def scraps(self):
        return self.env["stock.scrap"].search([("production_id", "=", self.order.id)])

    def test_work_in_progress(self):
        self.report(self.order, 4)
        self.assertPosted(self.scrap(2))
        scrap = self.scraps()
        self.assertEqual((scrap.state, scrap.scrap_qty), ("done", 2))
        self.assertEqual(scrap.scrap_reason_tag_ids, self.reason)
        self.assertEqual(scrap.date_done, moment(11))
        self.assertEqual(scrap.move_ids.date, moment(11))
        self.assertEqual(scrap.location_id, self.order.production_location_id)
        self.assertEqual(self.on_hand(self.table), 4, "good stock is untouched")
        self.assertEqual(self.order.qty_produced, 4)
        self.assertPosted(self.report(self.order, 6, final=True, time=at(12)))
        self.assertEqual((self.order.state, self.on_hand(self.table)), ("done", 10))

    def test_component(self):
        self.order.action_assign()
        self.assertPosted(self.scrap(500, "GRM", materialDefinitionId="GLUE"))
        self.assertEqual(self.on_hand(self.glue), 49.5)
        self.assertEqual(self.scraps().location_id, self.stock)
        short = self.scrap(50, "KGM", materialDefinitionId="GLUE")
        self.assertParked(short, "shortage")

    def test_two_of_one_transaction_keep_their_quantities(self):
        code = self.order.mfg_job_order_id
        data = {"jobOrderId": code, "reasonCode": "SCRATCH", "time": at(11)}
        for quantity in (2, 3):
            data = {**data, "quantity": amount(quantity)}
            self.send(SCRAPPED, data, subject=code)
        self.drain()
        self.env.invalidate_all()
        self.assertEqual(sorted(self.scraps().mapped("scrap_qty")), [2, 3])

    def test_after_done_from_stock(self):
        self.report(self.order, 10, final=True)
        self.assertPosted(self.scrap(3))
        self.assertEqual(self.on_hand(self.table), 7)
        self.assertParked(self.scrap(8), "shortage")

    def test_shortage_policies_are_those_that_scrap_has(self):
        """Of scrap nothing waits: the form does not offer it, nobody can set it."""
        interface = self.interface(SCRAPPED)
        with self.assertRaisesRegex(ValidationError, "park the message"):
            interface.shortage = "wait"
        view = interface.get_view(view_type="form")
        [field] = etree.fromstring(view["arch"]).findall(".//field[@name='shortage']")
        offered = safe_eval(field.get("options"))["whitelist_fname"]
        self.assertEqual(interface[offered], ["park", "allow"])
        self.assertIn("wait", self.interface(REPORTED)[offered])
        with Form(interface) as form:
            form.shortage = "allow"
        self.report(self.order, 10, final=True)
        self.assertPosted(self.scrap(12))
        self.assertEqual(self.on_hand(self.table), -2)

    def test_unknown_reason_heals(self):
        message = self.scrap(1, reason="R7")
        self.assertParked(message, "unknown-reason")
        self.map_code("reason", "R7", self.reason)
        self.drain()
        self.assertPosted(message)

    def test_cancelled_order(self):
        self.order.action_cancel()
        self.assertParked(self.scrap(1), "order-not-open")

    def test_resent_counts_once(self):
        data = {
            "jobOrderId": self.order.mfg_job_order_id,
            "quantity": amount(1),
            "reasonCode": "SCRATCH",
        }
        event = self.event(SCRAPPED, data)
        self.accept(event)
        self.accept(event)
        self.drain()
        self.assertEqual(len(self.scraps()), 1)
