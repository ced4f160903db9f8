# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from datetime import datetime

from odoo.tests import tagged

from .common import B2mmlCase, data_folder


@tagged("post_install", "-at_install")
class TestB2mmlVendor(B2mmlCase):
    """Five documents that a real vendor exchanges with ERPs."""

    def vendor(self, prefix):
        [path] = data_folder().glob(f"{prefix}-*.xml")
        return path.read_bytes()

    def test_the_performance_posts_once_its_codes_are_mapped(self):
        carbon = self.make_product("CARBON", self.kilo, tracking="lot")
        lot = self.env["stock.lot"].create({"name": "C-LOT", "product_id": carbon.id})
        self.lay_in(carbon, 10, lot)
        bom = self.make_bom(self.make_product("MIX"), [(carbon, 1, False)])
        order = self.make_order(bom=bom)
        body = self.taken(self.vendor("PES"), "accepted")
        message = self.message_of(body["results"][0])
        self.assertEqual(message.subject, "53107")
        self.drain()
        self.assertParked(message, "unknown-order")
        for kind, code, record in (
            ("order", "53107", order),
            ("operation", "Weighing", bom.operation_ids[0]),
            ("material", "CRBN0001", carbon),
        ):
            self.map_code(kind, code, record)
        self.drain()
        self.assertParked(message, "unknown-unit")
        self.env["mfg.uom.crosswalk"].create(
            {"endpoint_id": self.endpoint.id, "code": "KG", "uom_id": self.kilo.id}
        )
        self.drain()
        self.assertParked(message, "unknown-lot")
        self.map_code("lot", "CRBN0001_LOT01", lot)
        self.drain()
        self.assertPosted(message)
        self.assertEqual(self.on_hand(carbon, lot=lot), 9.59)
        used = order.move_raw_ids.filtered(lambda m: m.state == "done")
        self.assertEqual(used.mapped("quantity"), [0.41])
        self.assertEqual(used.move_line_ids.lot_id, lot)
        self.taken(self.vendor("PES"), "duplicate")
        self.drain()
        self.assertEqual(self.on_hand(carbon, lot=lot), 9.59)

    def own(self, kind, owner):
        self.env["mfg.ownership"].create(
            {"endpoint_id": self.endpoint.id, "kind": kind, "owner": owner}
        )

    def test_the_lot_is_made_with_its_expiry(self):
        carbon = self.make_product("CRBN0001", self.kilo, tracking="lot")
        carbon.use_expiration_date = True
        [result] = self.taken(self.vendor("LOT"), "accepted")["results"]
        message = self.message_of(result)
        self.drain()
        self.assertParked(message, "not-owner")
        self.own("lot", "plant")
        message._retry("The plant owns lots")
        self.drain()
        self.assertPosted(message)
        [lot] = self.env["stock.lot"].search([("product_id", "=", carbon.id)])
        self.assertEqual(lot.name, "CRBN0001_LOT01")
        # it gives an offset: the plant's time zone is not asked
        self.assertEqual(lot.expiration_date, datetime(2013, 12, 8))
        self.taken(self.vendor("LOT"), "duplicate")
        text = self.vendor("LOT").decode("utf-8-sig")
        older = text.replace("2012-12-10T17", "2011-12-10T17")
        older = older.replace("2013-12-08", "2012-12-08")
        [result] = self.taken(older, "accepted")["results"]
        self.drain()
        self.assertEqual(lot.expiration_date, datetime(2013, 12, 8), "an older word")

    def test_the_material_is_proposed(self):
        self.own("material", "propose")
        self.env["mfg.uom.crosswalk"].create(
            {"endpoint_id": self.endpoint.id, "code": "KG", "uom_id": self.kilo.id}
        )
        body = self.taken(self.vendor("MAT"), "accepted")
        self.drain()
        self.assertPosted(self.message_of(body["results"][0]))
        proposal = self.env["mfg.proposal"].search(
            [("endpoint_id", "=", self.endpoint.id)]
        )
        self.assertEqual(proposal.code, "CRBN0001")
        products = self.env["product.product"]
        self.assertFalse(products.search([("default_code", "=", "CRBN0001")]))

    def test_what_has_no_event_is_refused_by_its_name_and_kept(self):
        body = self.vendor("PRO")
        answer = self.send_xml(body)
        pointer = answer.json()["errors"][0]["pointer"]
        self.assertTrue(pointer.endswith("/ProductionSchedule"), pointer)
        self.assertProblem(answer, 422, "not-supported", pointer)
        document = self.documents()[0]
        self.assertEqual(document.state, "refused")
        self.assertEqual(document.text, body.decode("utf-8-sig"))

    def test_the_stock_is_counted(self):
        carbon = self.make_product("CRBN0001", self.kilo, tracking="lot")
        lot = self.env["stock.lot"].create(
            {"name": "CRBN0001_LOT01", "product_id": carbon.id}
        )
        self.lay_in(carbon, 25, lot)
        [result] = self.taken(self.vendor("INV"), "accepted")["results"]
        self.assertTrue(result["path"].endswith("/MaterialLot/MaterialSubLot"))
        message = self.message_of(result)
        self.drain()
        self.assertParked(message, "unknown-unit")
        self.env["mfg.uom.crosswalk"].create(
            {"endpoint_id": self.endpoint.id, "code": "KG", "uom_id": self.kilo.id}
        )
        self.drain()
        self.assertParked(message, "count-tolerance")
        message._approve("weighed again")
        self.drain()
        self.assertPosted(message)
        self.assertEqual(self.on_hand(carbon, lot=lot), 24.91)
        self.taken(self.vendor("INV"), "duplicate")
