# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import Command
from odoo.tests import tagged

from odoo.addons.mfg_integration_base.tests.publication_common import Published

from .common import MesCase, amount


@tagged("post_install", "-at_install")
class TestMaster(Published, MesCase):
    """Bills of materials, routings and equipment, as plants are told of them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.env.company

    def fields(self, record, kind):
        data = self.told(record, kind)[-1]
        errors = self.env["mfg.contract"]._errors(f"mfg.master.{kind}.v1", data)
        self.assertFalse(errors)
        return data["fields"]

    def version(self, record, kind):
        row = self.publication(record, kind)
        return row.version, row.deleted

    def test_a_bill_of_materials(self):
        by_product = self.make_product("SAWDUST", uom=self.kilo)
        self.bom.byproduct_ids = [
            Command.create({"product_id": by_product.id, "product_qty": 0.2})
        ]
        self.bom.code = "TABLE-A"
        self.publish()
        fields = self.fields(self.bom, "bom")
        self.assertEqual(fields["reference"], "TABLE-A")
        self.assertEqual(fields["materialDefinitionIds"], ["TABLE"])
        self.assertEqual(fields["quantity"], amount("1"))
        self.assertEqual(fields["routingId"], str(self.bom.id))
        lines = {line["materialDefinitionId"]: line for line in fields["materials"]}
        self.assertEqual(lines["BOARD"]["quantity"], amount("1"))
        self.assertEqual(lines["GLUE"]["quantity"], amount("0.5", "KGM"))
        glue = self.bom.operation_ids[-1:]
        self.assertEqual(lines["GLUE"]["operationId"], str(glue.id))
        self.assertNotIn("operationId", lines["BOARD"])
        [other] = fields["byProducts"]
        self.assertEqual(other["materialDefinitionId"], "SAWDUST")

    def test_what_changes_a_bill(self):
        self.publish()
        self.bom.bom_line_ids[:1].product_qty = 3
        self.publish()
        self.assertEqual(self.version(self.bom, "bom"), (2, False))
        self.bom.bom_line_ids[-1:].unlink()
        self.publish()
        self.assertEqual(self.version(self.bom, "bom"), (3, False))
        self.board.default_code = "BOARD-2"
        self.publish()
        self.assertEqual(self.version(self.bom, "bom"), (4, False))
        [line] = self.fields(self.bom, "bom")["materials"]
        self.assertEqual(line["materialDefinitionId"], "BOARD-2")
        self.bom.consumption = "strict"
        self.board.name = "Its name is not the bill's"
        self.publish()
        self.assertEqual(self.version(self.bom, "bom"), (4, False))
        self.map_code("material", "4711", self.board)
        self.publish()
        [line] = self.fields(self.bom, "bom")["materials"]
        self.assertEqual(line["materialDefinitionId"], "4711")
        self.bom.action_archive()
        self.publish()
        self.assertEqual(self.version(self.bom, "bom"), (6, True))
        self.bom.action_unarchive()
        self.publish()
        self.assertEqual(self.version(self.bom, "bom"), (7, False))

    def test_a_bill_of_all_variants(self):
        red, blue = self.make_variants()
        bom = self.make_bom(red)
        value = red.product_template_attribute_value_ids
        bom.bom_line_ids[0].bom_product_template_attribute_value_ids = value
        self.publish()
        fields = self.fields(bom, "bom")
        codes = sorted(f"product-{product.id}" for product in red | blue)
        self.assertEqual(fields["materialDefinitionIds"], codes)
        [only] = [line["onlyFor"] for line in fields["materials"] if "onlyFor" in line]
        self.assertEqual(only, ["Colour: Red"])

    def test_a_variant_that_is_deleted_leaves_its_bill(self):
        red, blue = self.make_variants()
        bom = self.make_bom(red)
        self.publish()
        self.assertEqual(len(self.fields(bom, "bom")["materialDefinitionIds"]), 2)
        blue.unlink()
        self.publish()
        codes = self.fields(bom, "bom")["materialDefinitionIds"]
        self.assertEqual(codes, [f"product-{red.id}"])

    def test_whom_a_line_is_for_is_named_anew(self):
        red, _blue = self.make_variants()
        bom = self.make_bom(red)
        value = red.product_template_attribute_value_ids
        lines = (bom.bom_line_ids[0], bom.operation_ids[0])
        for line in lines:
            line.bom_product_template_attribute_value_ids = value
        self.publish()
        for renamed, expected in (
            (value.product_attribute_value_id, "Colour: Anew"),
            (value.attribute_id, "Anew: Anew"),
        ):
            renamed.name = "Anew"
            self.env.invalidate_all()  # Odoo keeps names until the transaction ends
            self.publish()
            for kind, rows in (("bom", "materials"), ("routing", "operations")):
                told = self.fields(bom, kind)[rows]
                only = [line["onlyFor"] for line in told if "onlyFor" in line]
                self.assertEqual(only, [[expected]], kind)

    def test_what_moves_to_another_bill_leaves_the_first(self):
        other = self.make_bom(self.make_product("SHELF"))
        self.publish()
        moved = self.bom.bom_line_ids[0]
        moved.bom_id = other
        self.bom.operation_ids[0].bom_id = other
        self.publish()
        for bom, has in ((self.bom, False), (other, True)):
            lines = self.fields(bom, "bom")["materials"]
            found = str(moved.id) in [line["lineId"] for line in lines]
            self.assertEqual(found, has)
        self.assertEqual(len(self.fields(self.bom, "routing")["operations"]), 1)
        self.assertEqual(len(self.fields(other, "routing")["operations"]), 3)

    def test_units_of_a_bill(self):
        sack = self.env["uom.uom"].create(
            {"name": "Sack", "relative_factor": 25, "relative_uom_id": self.kilo.id}
        )
        glue = self.bom.bom_line_ids.filtered(lambda l: l.product_id == self.glue)
        glue.product_uom_id = sack
        self.publish()

        def unit():
            lines = self.fields(self.bom, "bom")["materials"]
            [line] = [x for x in lines if x["materialDefinitionId"] == "GLUE"]
            return line["quantity"]["unitCode"]

        self.assertEqual(unit(), "Sack")
        sack.name = "Big sack"
        self.publish()
        self.assertEqual(unit(), "Big sack")
        row = self.env["mfg.uom.crosswalk"].create(
            {"endpoint_id": self.endpoint.id, "code": "SA", "uom_id": sack.id}
        )
        self.publish()
        self.assertEqual(unit(), "SA")
        row.unlink()
        self.publish()
        self.assertEqual(unit(), "Big sack")

    def test_a_routing(self):
        self.publish()
        fields = self.fields(self.bom, "routing")
        names = [(o["name"], o["equipmentId"]) for o in fields["operations"]]
        self.assertEqual(names, [("Cut", "SAW"), ("Glue", "BENCH")])
        self.assertEqual(fields["operations"][0]["duration"], amount("6", "MIN"))
        self.bom.operation_ids[0].time_cycle_manual = 7
        self.publish()
        self.assertEqual(self.version(self.bom, "routing"), (2, False))
        self.assertEqual(self.version(self.bom, "bom"), (1, False))
        self.saw.code = "SAW-2"
        self.publish()
        [cut, _glue] = self.fields(self.bom, "routing")["operations"]
        self.assertEqual(cut["equipmentId"], "SAW-2")
        self.bom.operation_ids.action_archive()
        self.publish()
        self.assertEqual(self.version(self.bom, "routing"), (4, True))
        self.assertNotIn("routingId", self.fields(self.bom, "bom"))

    def test_equipment(self):
        self.publish()
        fields = self.fields(self.saw, "equipment")
        self.assertEqual((fields["equipmentId"], fields["name"]), ("SAW", "SAW centre"))
        self.saw.resource_id.name = "By its resource"
        self.publish()
        self.assertEqual(self.fields(self.saw, "equipment")["name"], "By its resource")
        self.env["mfg.workcenter.crosswalk"].create(
            {
                "endpoint_id": self.endpoint.id,
                "code": "S-01",
                "workcenter_id": self.saw.id,
            }
        )
        self.publish()
        self.assertEqual(self.fields(self.saw, "equipment")["equipmentId"], "S-01")
        [cut, _glue] = self.fields(self.bom, "routing")["operations"]
        self.assertEqual(cut["equipmentId"], "S-01")
        self.bench.action_archive()
        self.publish()
        self.assertEqual(self.version(self.bench, "equipment"), (2, True))

    def test_a_plant_of_one_kind_hears_what_its_records_name(self):
        self.env["mfg.endpoint"].search([]).active = False
        bills, routes = (
            self.make_endpoint(kind, self.company, [f"mfg.master.{kind}.v1"])
            for kind in ("bom", "routing")
        )
        self.publish()
        self.board.default_code = "BOARD-2"
        self.bench.code = "BENCH-2"
        self.publish()
        lines = self.told(self.bom, "bom", bills)[-1]["fields"]["materials"]
        self.assertIn("BOARD-2", [line["materialDefinitionId"] for line in lines])
        steps = self.told(self.bom, "routing", routes)[-1]["fields"]["operations"]
        self.assertEqual([o["equipmentId"] for o in steps], ["SAW", "BENCH-2"])

    def test_codes_lead_back(self):
        """Whatever is published of a record leads an event back to it."""
        products = self.table | self.board | self.glue
        for code, barcode in (
            ("TWIN", None),
            ("TWIN", "4006381333931"),
            (None, "4006381333948"),
            (None, None),
            (" outer blank", "ok-barcode"),
            ("x" * 121, None),
            ("4006381333955", None),
            (None, "4006381333955"),
            (f"product-{self.table.id}", None),
        ):
            products |= self.make_product(code or "none", barcode=barcode)
            products[-1].default_code = code
        self.map_code("material", "MINE", products[3])
        self.map_code("material", "TABLE", products[4])
        self.map_code("material", "4006381333948", products[0])
        self.map_code("equipment", "SAW", self.bench)
        for code, level in (("B-1", "WorkUnit"), ("B-2", "WorkCenter")):
            self.env["mfg.workcenter.crosswalk"].create(
                {
                    "endpoint_id": self.endpoint.id,
                    "code": code,
                    "workcenter_id": self.saw.id,
                    "level": level,
                }
            )
        resolver = self.env["mfg.resolver"]
        centres = self.saw | self.bench | self.make_workcenter("SAW")
        for kind, records in (("material", products), ("equipment", centres)):
            codes = resolver.codes(self.endpoint, kind, records)
            for record in records:
                with self.subTest(kind=kind, code=codes[record.id]):
                    found = resolver.resolve(
                        self.endpoint, kind, codes[record.id], "/code"
                    )
                    self.assertEqual(found, record)
        self.assertEqual(resolver.code(self.endpoint, "material", products[3]), "MINE")
        self.assertEqual(resolver.code(self.endpoint, "equipment", self.saw), "B-2")
        units = self.env["uom.uom"].search([])
        crosswalk = self.env["mfg.uom.crosswalk"]
        crosswalk.create(
            {"endpoint_id": self.endpoint.id, "code": "PCS", "uom_id": self.unit.id}
        )
        codes = resolver.unit_codes(self.endpoint, units)
        self.assertEqual(codes[self.unit.id], "PCS")
        for unit in units:
            with self.subTest(unit=unit.name):
                meant = crosswalk._meaning(self.endpoint, codes[unit.id])
                self.assertEqual(meant, (unit, 1))
