# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo.tests import tagged

from .publication_common import MATERIAL, PublicationCase


@tagged("post_install", "-at_install")
class TestPublication(PublicationCase):
    def test_a_new_product_is_told_of_once(self):
        self.publish()
        row = self.publication(self.product)
        self.assertEqual((row.version, row.deleted, row.name), (1, False, "P-1"))
        [data] = self.told(self.product)
        self.assertEqual(data["id"], str(self.product.id))
        self.assertEqual(data["version"], 1)
        self.assertEqual(data["fields"]["materialDefinitionId"], "P-1")
        self.assertFalse(self.env["mfg.contract"]._errors(MATERIAL, data))
        self.publish()
        self.assertEqual(len(self.told(self.product)), 1)
