# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from urllib.parse import quote

from odoo.tests import tagged

from odoo.addons.mfg_integration_base.tests.http_common import DoorCase

from .common import MesCase, amount


@tagged("post_install", "-at_install")
class TestJoborders(MesCase, DoorCase):
    """A plant that rebuilds its orders from nothing."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.key = cls.endpoint._rotate_key()

    def get(self, path="", key=None, **query):
        pairs = (f"{n}={quote(str(v))}" for n, v in query.items() if v)
        return self.call(f"/joborders{path}?{'&'.join(pairs)}", key=key)

    def page(self, **query):
        answer = self.get(**query)
        self.assertEqual(answer.status_code, 200, answer.text[:500])
        return answer.json()

    def walk(self, cursor=None, **query):
        """jobOrderId -> the last that was told of it, and the cursor behind all."""
        held, more = {}, True
        while more:
            body = self.page(cursor=cursor, **query)
            for item in body["items"]:
                self.assertNotIn(item["jobOrderId"], held, "told twice in one walk")
                held[item["jobOrderId"]] = item
            cursor, more = body["next"], body["more"]
        return held, cursor

    def mine(self, held, *orders):
        return [held.get(order.mfg_job_order_id) for order in orders]

    def test_an_order_as_it_stands(self):
        order = self.make_order()
        [item] = self.mine(self.walk()[0], order)
        said = self.env["mfg.joborder"]._data(order, self.endpoint)
        self.assertEqual({name: item[name] for name in said}, said)
        self.assertEqual(item["dispatchStatus"], "Ready")
        self.assertEqual((item["produced"], item["consumed"]), ([], []))
        self.assertPosted(self.report(order, 4, operationsSegmentId="Glue"))
        [item] = self.mine(self.walk()[0], order)
        self.assertEqual(item["dispatchStatus"], "Running")
        made = {"materialDefinitionId": "TABLE", "quantity": amount("4")}
        self.assertEqual(item["produced"], [made])
        used = {u["materialDefinitionId"]: u["quantity"] for u in item["consumed"]}
        self.assertEqual(used["BOARD"], amount("4"))

    def test_what_changed_since(self):
        first, second = self.make_order(), self.make_order()
        held, cursor = self.walk(limit=1)
        self.assertTrue(all(self.mine(held, first, second)))
        self.assertEqual(self.walk(cursor)[0], {})
        self.assertPosted(self.report(second, 4, operationsSegmentId="Glue"))
        held, cursor = self.walk(cursor)
        self.assertEqual(list(held), [second.mfg_job_order_id])
        third = self.make_order()
        self.assertEqual(list(self.walk(cursor)[0]), [third.mfg_job_order_id])
