# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from lxml import etree

from odoo.tests import tagged

from .publication_common import MATERIAL, PublicationCase


@tagged("post_install", "-at_install")
class TestVersions(PublicationCase):
    def version(self, record, kind="material"):
        row = self.publication(record, kind)
        return row.version, row.deleted

    def test_a_new_product_is_told_of_once(self):
        self.publish()
        row = self.publication(self.product)
        self.assertEqual((row.version, row.deleted, row.name), (1, False, "P-1"))
        [data] = self.told(self.product)
        self.assertEqual(data["id"], str(self.product.id))
        self.assertEqual(data["version"], 1)
        fields = data["fields"]
        self.assertEqual(fields["materialDefinitionId"], "P-1")
        self.assertEqual((fields["unitCode"], fields["tracking"]), ("C62", "none"))
        self.assertFalse(self.env["mfg.contract"]._errors(MATERIAL, data))
        self.publish()
        self.assertEqual(len(self.told(self.product)), 1)

    def test_only_what_plants_are_told_of_makes_a_version(self):
        self.publish()
        self.product.list_price = 5
        self.product.default_code = "P-1"  # as it was
        self.product.with_context(lang="en_US").name = self.product.name
        self.publish()
        self.assertEqual(self.version(self.product), (1, False))
        self.product.name = "Another"
        self.product.barcode = "4006381333931"
        self.publish()
        self.assertEqual(self.version(self.product), (2, False))
        self.assertEqual([d["version"] for d in self.told(self.product)], [1, 2])
        self.assertEqual(self.told(self.product)[-1]["fields"]["name"], "Another")

    def test_ten_edits_of_one_transaction_are_one_version(self):
        self.publish()
        for number in range(10):
            self.product.name = f"Name {number}"
        self.publish()
        self.assertEqual(self.version(self.product), (2, False))

    def test_a_code_of_two_products_is_none(self):
        self.publish()
        twin = self.make_product("P-1")
        self.publish()
        self.assertEqual(
            self.publication(self.product).name, f"product-{self.product.id}"
        )
        self.assertEqual(self.publication(twin).name, f"product-{twin.id}")
        twin.default_code = "P-2"
        self.publish()
        self.assertEqual(self.publication(self.product).name, "P-1")
        self.assertEqual(self.publication(twin).name, "P-2")

    def test_archived_unarchived_and_deleted(self):
        self.publish()
        self.product.action_archive()
        self.publish()
        self.assertEqual(self.version(self.product), (2, True))
        ended = {"id": str(self.product.id), "version": 2, "deleted": True}
        self.assertEqual(self.told(self.product)[-1], ended)
        self.assertFalse(self.env["mfg.contract"]._errors(MATERIAL, ended))
        self.publish()
        self.assertEqual(len(self.told(self.product)), 2)
        self.product.action_unarchive()
        self.publish()
        self.assertEqual(self.version(self.product), (3, False))
        row = self.publication(self.product)
        self.product.product_tmpl_id.unlink()
        self.publish()
        self.assertEqual((row.version, row.deleted, row.name), (4, True, "P-1"))

    def test_what_is_no_goods_concerns_no_plant(self):
        service = self.make_product("S-1", type="service")
        self.publish()
        self.assertFalse(self.publication(service))
        self.product.type = "service"
        self.publish()
        self.assertEqual(self.version(self.product), (2, True))

    def test_a_lot_follows_its_material(self):
        self.product.tracking = "lot"
        lot = self.env["stock.lot"].create(
            {"name": "L-1", "product_id": self.product.id}
        )
        long = self.env["stock.lot"].create(
            {"name": "x" * 200, "product_id": self.product.id}
        )
        self.publish()
        self.assertFalse(self.publication(long, "lot"), "no code of the contract")
        [data] = self.told(lot, "lot")
        self.assertEqual(
            data["fields"], {"materialLotId": "L-1", "materialDefinitionId": "P-1"}
        )
        self.product.default_code = "P-9"
        self.publish()
        self.assertEqual(self.version(lot, "lot"), (2, False))
        self.product.name = "Not of the lot's"
        self.publish()
        self.assertEqual(self.version(lot, "lot"), (2, False))
        self.product.product_tmpl_id.action_archive()
        self.publish()
        self.assertEqual(self.version(lot, "lot"), (3, True))

    def test_locations_follow_their_surroundings(self):
        warehouse = self.env["stock.warehouse"].search(
            [("company_id", "=", self.company.id)], limit=1
        )
        hall = self.env["stock.location"].create(
            {
                "name": "Hall",
                "location_id": warehouse.lot_stock_id.id,
                "company_id": self.company.id,
            }
        )
        shelf = self.env["stock.location"].create(
            {
                "name": "Shelf",
                "location_id": hall.id,
                "company_id": self.company.id,
            }
        )
        self.publish()
        fields = self.told(shelf, "location")[-1]["fields"]
        self.assertEqual(fields["storageLocation"], shelf.complete_name)
        self.assertEqual(fields["parent"], hall.complete_name)
        self.assertEqual(fields["plant"], warehouse.code)
        hall.name = "Hall 2"
        self.publish()
        fields = self.told(shelf, "location")[-1]["fields"]
        self.assertIn("Hall 2/Shelf", fields["storageLocation"])
        self.assertEqual(self.version(shelf, "location"), (2, False))
        shelf.usage = "view"
        self.publish()
        self.assertEqual(self.version(shelf, "location"), (3, True))

    def test_a_view_renames_what_is_inside(self):
        warehouse = self.env["stock.warehouse"].search(
            [("company_id", "=", self.company.id)], limit=1
        )
        stock = warehouse.lot_stock_id
        locations = self.env["stock.location"]

        def make(name, parent, **values):
            named = {"name": name, "location_id": parent.id}
            company = {"company_id": self.company.id}
            return locations.create({**named, **company, **values})

        hall = make("Halls", stock, usage="view")
        shelf, rack = make("Shelf", hall), make("Rack", stock)
        self.publish()
        self.assertFalse(self.publication(hall, "location"))
        hall.name = "Halls 2"
        self.publish()
        fields = self.told(shelf, "location")[-1]["fields"]
        self.assertEqual(fields["storageLocation"], shelf.complete_name)
        self.assertIn("Halls 2/Shelf", fields["storageLocation"])
        warehouse.code = "NEWWH"
        self.publish()
        for location in shelf | rack:
            fields = self.told(location, "location")[-1]["fields"]
            self.assertEqual(fields["storageLocation"], location.complete_name)
            self.assertEqual(fields["plant"], "NEWWH")
        self.assertEqual(fields["storageLocation"], "NEWWH/Stock/Rack")

    def test_a_category_and_those_below_it(self):
        above, below = self.env["product.category"].create(
            [{"name": "Steel"}, {"name": "Bars"}]
        )
        below.parent_id = above
        self.product.categ_id = below
        self.publish()
        above.name = "Metal"
        self.publish()
        fields = self.told(self.product)[-1]["fields"]
        self.assertEqual(fields["category"], "Metal / Bars")
        below.parent_id = False
        self.publish()
        self.assertEqual(self.told(self.product)[-1]["fields"]["category"], "Bars")

    def test_variants_are_named_by_their_values(self):
        red, blue = self.make_variants(company_id=self.company.id)
        template = red.product_tmpl_id
        attribute = template.attribute_line_ids.attribute_id
        self.publish()
        self.assertEqual(self.told(red)[-1]["fields"]["name"], "Shelf (Red)")
        attribute.value_ids[0].name = "Crimson"
        self.env.invalidate_all()  # Odoo keeps names until the transaction ends
        self.publish()
        self.assertEqual(self.told(red)[-1]["fields"]["name"], "Shelf (Crimson)")
        self.assertEqual(len(self.told(blue)), 1)
        template.attribute_line_ids.value_ids = attribute.value_ids[0]
        self.env.invalidate_all()
        self.publish()
        self.assertTrue(self.told(blue)[-1]["deleted"])
        self.assertEqual(self.told(red)[-1]["fields"]["name"], "Shelf")

    def test_what_is_translated_by_its_dialog(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.company.partner_id.lang = "fr_FR"
        self.publish()
        unit = self.product.uom_id
        for record, kind in ((self.product, "material"), (unit, "unit")):
            record.update_field_translations("name", {"fr_FR": "Planche"})
            self.publish()
            fields = self.told(record, kind)[-1]["fields"]
            self.assertEqual(fields["name"], "Planche", kind)

    def test_units_are_defined_by_each_other(self):
        kilo = self.env.ref("uom.product_uom_kgm")
        sack = self.env["uom.uom"].create(
            {"name": "Sack", "relative_factor": 25, "relative_uom_id": kilo.id}
        )
        pallet = self.env["uom.uom"].create(
            {"name": "Pallet", "relative_factor": 40, "relative_uom_id": sack.id}
        )
        self.publish()
        fields = self.told(pallet, "unit")[-1]["fields"]
        reference = fields["referenceUnitCode"]
        whole = {"unitCode": "Pallet", "name": "Pallet", "referenceUnitCode": reference}
        size = self.env["mfg.resolver"]._uom_size(kilo)
        self.assertEqual(fields, {**whole, "factor": f"{(size * 1000).normalize():f}"})
        sack.relative_factor = 50
        self.publish()
        self.assertEqual(self.version(pallet, "unit"), (2, False))
        self.product.uom_id = sack
        self.publish()
        self.env["mfg.uom.crosswalk"].create({"code": "SA", "uom_id": sack.id})
        self.publish()
        fields = self.told(self.product)[-1]["fields"]
        self.assertEqual(fields["unitCode"], "SA")


@tagged("post_install", "-at_install")
class TestPlants(PublicationCase):
    """Several plants, companies and their codes."""

    def test_each_plant_has_its_own_codes(self):
        other = self.make_endpoint("WMS", self.company)
        self.publish()
        mapping = self.env["mfg.mapping"].create(
            {
                "endpoint_id": other.id,
                "kind": "material",
                "code": "4711",
                "record": f"product.product,{self.product.id}",
            }
        )
        self.publish()
        codes = [
            self.told(self.product, endpoint=endpoint)[-1]["fields"]
            for endpoint in (self.endpoint, other)
        ]
        codes = [fields["materialDefinitionId"] for fields in codes]
        self.assertEqual(codes, ["P-1", "4711"])
        self.assertEqual(self.publication(self.product).version, 2)
        mapping.unlink()
        self.publish()
        data = self.told(self.product, endpoint=other)[-1]
        self.assertEqual(data["fields"]["materialDefinitionId"], "P-1")

    def test_a_code_that_a_plant_gives_another_record_is_nobodys_own(self):
        """What the plant calls by its key is another record by now, until it ends."""
        other = self.make_product("P-2")
        self.publish()
        mapping = self.env["mfg.mapping"].create(
            {
                "endpoint_id": self.endpoint.id,
                "kind": "material",
                "code": "P-1",
                "record": f"product.product,{other.id}",
            }
        )
        self.publish()
        self.assertEqual(self.codes(other), "P-1")
        self.assertEqual(self.codes(self.product), f"product-{self.product.id}")
        mapping.code = "P-3"
        self.publish()
        self.assertEqual(self.codes(self.product), "P-1")
        mapping.code = "P-1"
        self.publish()
        self.assertEqual(self.codes(self.product), f"product-{self.product.id}")
        mapping.action_archive()
        self.publish()
        self.assertEqual((self.codes(self.product), self.codes(other)), ("P-1", "P-2"))
        mapping.action_unarchive()
        self.publish()
        self.assertEqual(self.codes(self.product), f"product-{self.product.id}")
        mapping.unlink()
        self.publish()
        self.assertEqual((self.codes(self.product), self.codes(other)), ("P-1", "P-2"))

    def codes(self, product):
        return self.told(product)[-1]["fields"]["materialDefinitionId"]

    def only(self, kind):
        """A plant of one kind, while nobody takes any other."""
        self.env["mfg.endpoint"].search([]).active = False
        types = [f"mfg.master.{kind}.v1"]
        plant = self.make_endpoint("ONE", self.company, types)
        self.publish()
        return plant

    def test_materials_alone_are_told_with_new_codes_of_their_units(self):
        self.product.uom_id = self.env.ref("uom.product_uom_kgm")
        plant = self.only("material")
        row = self.env["mfg.uom.crosswalk"].create(
            {"endpoint_id": plant.id, "code": "KG", "uom_id": self.product.uom_id.id}
        )
        self.publish()
        row.code = "KILO"
        self.publish()
        told = self.told(self.product, endpoint=plant)
        codes = [data["fields"]["unitCode"] for data in told]
        self.assertEqual(codes, ["KGM", "KG", "KILO"])

    def test_lots_alone_are_told_with_new_codes_of_their_materials(self):
        self.product.tracking = "lot"
        lot = self.env["stock.lot"].create(
            {"name": "L-1", "product_id": self.product.id}
        )
        plant = self.only("lot")
        self.product.default_code = "P-9"
        self.publish()
        self.product.product_tmpl_id.action_archive()
        self.publish()
        named, renamed, ended = self.told(lot, "lot", plant)
        self.assertEqual(named["fields"]["materialDefinitionId"], "P-1")
        self.assertEqual(renamed["fields"]["materialDefinitionId"], "P-9")
        self.assertTrue(ended["deleted"])
        self.assertFalse(self.told(self.product, endpoint=plant))

    def test_whoever_tells_of_lots_at_once_is_woken_by_their_materials(self):
        self.only("lot")
        self.assertEqual(self.env["mfg.master"]._at_once(), {"lot", "material"})

    def test_a_company_hears_of_its_own_and_of_what_is_common(self):
        company = self.env["res.company"].create({"name": "Elsewhere"})
        foreign = self.make_endpoint("FOREIGN", company)
        common = self.make_product("COMMON", company_id=False)
        theirs = self.make_product("THEIRS", company_id=company.id)
        self.publish()
        for endpoint, expected in (
            (self.endpoint, (True, True, False)),
            (foreign, (False, True, True)),
        ):
            told = [
                bool(self.told(product, endpoint=endpoint))
                for product in (self.product, common, theirs)
            ]
            self.assertEqual(tuple(told), expected, endpoint.name)
        self.product.product_tmpl_id.company_id = company
        self.publish()
        self.assertTrue(self.publication(self.product).deleted)
        row = self.publication(self.product, company=company)
        self.assertEqual((row.version, row.deleted), (1, False))

    def test_a_name_in_the_language_of_the_company(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.company.partner_id.lang = "fr_FR"
        self.product.with_context(lang="fr_FR").name = "Planche"
        self.publish()
        self.assertEqual(self.told(self.product)[-1]["fields"]["name"], "Planche")

    def test_a_kind_of_an_addon_that_is_gone(self):
        """Its rows stay, since positions never go down, and are shown."""
        publications = self.env["mfg.publication"]
        row = {"company_id": self.company.id, "kind": "gone", "res_model": "gone.model"}
        position = publications._last_position() + 1
        row |= {"res_id": 1, "name": "G-1", "version": 1, "position": position}
        publications._write_rows([{**row, "deleted": False}])
        shown = publications.search([("kind", "=", "gone")])
        views = publications.get_views([(False, "list"), (False, "form")])["views"]
        for view in views.values():
            fields = etree.fromstring(view["arch"]).iter("field")
            [values] = shown.web_read({field.get("name"): {} for field in fields})
            self.assertEqual(values["name"], "G-1")
        self.publish()
        self.env["mfg.publisher"]._nightly()
        self.publish()

    def test_where_no_plant_wants_it_nothing_is_noted(self):
        self.env["mfg.endpoint"].search([]).active = False
        self.publish()
        self.env.cr.execute("DELETE FROM mfg_publication_mark")
        self.product.default_code = "P-5"
        self.env.flush_all()
        self.env.cr.precommit.run()
        self.assertFalse(self.env["mfg.publication.mark"].search([]))
        self.endpoint.active = True  # and what nobody noted is looked for
        self.publish()
        self.assertEqual(self.publication(self.product).name, "P-5")

    def test_one_statement_notes_a_whole_import(self):
        self.publish()
        self.env["product.product"].create(
            [{"name": f"N {n}", "company_id": self.company.id} for n in range(30)]
        )
        self.env.flush_all()
        with self.assertQueryCount(1):
            self.env.cr.precommit.run()
        marked = self.env["mfg.publication.mark"].search([("kind", "=", "material")])
        self.assertEqual(len(marked), 30)

    def test_every_night_what_nobody_noted_is_found(self):
        self.publish()
        self.env.cr.execute(
            "UPDATE product_product SET default_code = 'SQL' WHERE id = %s",
            [self.product.id],
        )
        self.env.invalidate_all()
        self.publish()
        self.assertEqual(self.publication(self.product).name, "P-1")
        self.env["mfg.publisher"]._nightly()
        self.publish()
        self.assertEqual(self.publication(self.product).name, "SQL")
        self.assertEqual(self.publication(self.product).version, 2)
        self.env["mfg.publisher"]._nightly()
        self.publish()
        self.assertEqual(self.publication(self.product).version, 2)
