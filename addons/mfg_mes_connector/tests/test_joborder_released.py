# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo.tests import tagged

from odoo.addons.mfg_integration_base.engine import strict_json

from .common import CANCELLED, RELEASED, STARTED, MesCase, at


@tagged("post_install", "-at_install")
class TestJoborderReleased(MesCase):
    def released(self, order, endpoint=None):
        messages = self.outgoing(RELEASED, endpoint)
        return messages.filtered(lambda m: m.subject == order.mfg_job_order_id)

    def data(self, order, endpoint=None):
        payload = self.released(order, endpoint).payload
        return strict_json.loads(payload.encode())["data"]

    def test_confirmation_releases_once(self):
        order = self.make_order()
        order.action_confirm()
        self.assertEqual(order.mfg_job_order_id, order.name)
        self.assertEqual(len(self.released(order)), 1)
        self.assertEqual(self.released(order).link_ids.res_id, order.id)

    def test_data(self):
        order = self.make_order(origin="SO1")
        data = self.data(order)
        self.assertFalse(self.env["mfg.contract"]._errors(RELEASED, data))
        self.assertEqual(data["jobOrderId"], order.name)
        self.assertEqual(data["quantity"], {"value": "10", "unitCode": "C62"})
        self.assertEqual(
            data["material"],
            {"materialDefinitionId": "TABLE", "name": "Table", "tracking": "none"},
        )
        self.assertEqual(data["origin"], "SO1")
        self.assertEqual(data["plant"], self.warehouse.code)
        needs = {
            r["materialDefinitionId"]: (r["quantity"], r.get("operationsSegmentId"))
            for r in data["materialRequirements"]
        }
        self.assertEqual(needs["BOARD"][0], {"value": "10", "unitCode": "C62"})
        self.assertEqual(needs["GLUE"], ({"value": "5", "unitCode": "KGM"}, "Glue"))
        self.assertEqual(
            [(s["operationsSegmentId"], s["equipmentId"]) for s in data["segments"]],
            [("Cut", "SAW"), ("Glue", "BENCH")],
        )
        self.assertEqual(data["segments"][0]["duration"]["unitCode"], "MIN")
        self.assertEqual(data["segments"][1]["dependsOn"], ["Cut"])
        self.assertRegex(data["startTime"], r"Z$")

    def test_same_operation_twice_has_two_ids(self):
        names = ("Cut", "Cut", "Cut (2)")
        bom = self.make_bom(self.make_product("X"), operations=names)
        order = self.make_order(bom=bom)
        ids = [s["operationsSegmentId"] for s in self.data(order)["segments"]]
        self.assertEqual(ids, ["Cut", "Cut (2)", "Cut (2) (2)"])

    def test_codes_are_the_endpoints_own(self):
        self.map_code("material", "4711", self.table)
        self.env["mfg.workcenter.crosswalk"].create(
            {
                "endpoint_id": self.endpoint.id,
                "code": "S-01",
                "workcenter_id": self.saw.id,
            }
        )
        data = self.data(self.make_order())
        self.assertEqual(data["material"]["materialDefinitionId"], "4711")
        self.assertEqual(data["segments"][0]["equipmentId"], "S-01")

    def test_product_without_or_with_shared_code_leads_back(self):
        plain = self.make_product("PLAIN")
        plain.default_code = False
        twin = self.make_product("BOARD")
        for product in (plain, twin):
            order = self.make_order(bom=self.make_bom(product))
            code = self.data(order)["material"]["materialDefinitionId"]
            resolved = self.env["mfg.resolver"].resolve(
                self.endpoint, "material", code, ""
            )
            self.assertEqual((code, resolved), (f"product-{product.id}", product))

    def test_other_warehouse_and_company_hear_nothing(self):
        other = self.env["stock.warehouse"].create({"name": "Two", "code": "TWO"})
        narrow = self.make_endpoint("NARROW", self.env.company, warehouse_id=other.id)
        company = self.env["res.company"].create({"name": "Other"})
        foreign = self.make_endpoint("FOREIGN", company)
        order = self.make_order()
        self.assertTrue(self.released(order))
        self.assertFalse(self.released(order, narrow) + self.released(order, foreign))

    def test_without_endpoint_nothing_happens(self):
        self.endpoint.active = False
        order = self.make_order()
        self.assertEqual(order.state, "confirmed")
        self.assertFalse(self.released(order))

    def test_what_another_firm_makes_is_not_released(self):
        """The bill is of a type that Odoo's subcontracting brings: as it is stored."""
        self.bom.flush_recordset()
        self.env.cr.execute(
            "UPDATE mrp_bom SET type = 'subcontract' WHERE id = %s", [self.bom.id]
        )
        self.bom.invalidate_recordset()
        order = self.make_order()
        order.action_mfg_release()
        self.assertEqual((order.state, order.bom_id), ("confirmed", self.bom))
        self.assertFalse(order.mfg_job_order_id)
        order.priority = "1"
        order.action_cancel()
        self.env.cr.flush()
        self.assertFalse(self.outgoing(RELEASED) + self.outgoing(CANCELLED))

    def test_backorder_answers_to_the_same_job_order(self):
        order = self.make_order()
        name = order.name
        order.qty_producing = 4
        order._set_qty_producing()
        order.with_context(
            skip_backorder=True, skip_consumption=True, mo_ids_to_backorder=order.ids
        ).button_mark_done()
        backorder = order.production_group_id.production_ids - order
        self.assertEqual(backorder.mfg_job_order_id, name)
        self.assertNotEqual(order.name, name)
        self.assertEqual(len(self.released(order)), 1)
        message = self.tell(STARTED, name, operationsSegmentId="Cut", time=at(8))
        self.assertPosted(message)
        self.assertIn(backorder.workorder_ids.ids[0], message.link_ids.mapped("res_id"))

    def test_release_heals_what_came_too_early(self):
        order = self.make_order(confirm=False)
        message = self.tell(STARTED, order.name, operationsSegmentId="Cut", time=at(8))
        self.assertParked(message, "unknown-order")
        self.assertEqual(message.wanted, f"order:{order.name}")
        order.action_confirm()
        self.drain()
        self.assertPosted(message)
