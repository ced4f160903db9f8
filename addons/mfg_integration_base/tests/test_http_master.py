# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo.tests import tagged

from .http_common import DoorCase
from .publication_common import PublicationCase


@tagged("post_install", "-at_install")
class TestMaster(PublicationCase, DoorCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.key = cls.endpoint._rotate_key()

    def walk(self, kind="material", cursor=None, **query):
        """All items from a cursor on, and the cursor behind them."""
        items, more = [], True
        while more:
            body = self.page(kind, cursor=cursor, **query)
            items += body["items"]
            cursor, more = body["next"], body["more"]
        return items, cursor

    def page(self, kind="material", key=None, **query):
        pairs = (f"{name}={value}" for name, value in query.items() if value)
        answer = self.call(f"/master/{kind}?{'&'.join(pairs)}", key=key)
        self.assertEqual(answer.status_code, 200, answer.text[:500])
        return answer.json()

    def test_everything_then_what_changed(self):
        items, cursor = self.walk(limit=2)
        mine = [item for item in items if item["id"] == str(self.product.id)]
        self.assertEqual([item["version"] for item in mine], [1])
        self.assertEqual(self.walk(cursor=cursor)[0], [])
        self.product.default_code = "P-2"
        [item], cursor = self.walk(cursor=cursor)
        self.assertEqual(item["fields"]["materialDefinitionId"], "P-2")
        self.assertEqual(item["version"], 2)
