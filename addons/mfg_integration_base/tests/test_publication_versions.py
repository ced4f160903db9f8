# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo.tests import tagged

from .publication_common import MATERIAL, PublicationCase
from .version_common import VersionMixin

NEXT = "mfg.master.material.v2"


@tagged("post_install", "-at_install")
class TestPublicationVersions(VersionMixin, PublicationCase):
    """The next version of a type by which plants are told."""

    def test_it_is_told_once_it_is_approved(self):
        self.release_next(MATERIAL)
        self.publish()
        proposed = self.env["mfg.interface"].create(
            {"endpoint_id": self.endpoint.id, "type": NEXT, "direction": "out"}
        )
        self.publish()
        self.assertEqual(proposed.stage, "proposed")
        self.assertFalse(self.outgoing(NEXT))
        proposed._approve("The plant reads it")
        self.publish()
        [message] = self.outgoing(NEXT).filtered(
            lambda m: m.subject == f"material:{self.product.id}"
        )
        self.assertEqual(message.interface_id, proposed)
        self.assertEqual(len(self.told(self.product)), 1, "version 1 as before")
        self.product.name = "Anew"
        self.publish()
        mine = self.outgoing(NEXT).filtered(lambda m: m.subject == message.subject)
        self.assertEqual((len(mine), len(self.told(self.product))), (2, 2))

    def test_it_is_told_where_version_1_never_was(self):
        self.release_next(MATERIAL)
        self.out().unlink()
        self.env["mfg.interface"].create(
            {"endpoint_id": self.endpoint.id, "type": NEXT, "direction": "out"}
        )
        self.publish()
        subjects = self.outgoing(NEXT).mapped("subject")
        self.assertIn(f"material:{self.product.id}", subjects)
