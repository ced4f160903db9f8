# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""One business event, any number of endpoints, each with its own choice and state."""

from odoo.tests import tagged

from .common import CANCELLED, RELEASED, MesCase


@tagged("post_install", "-at_install")
class TestSubscribers(MesCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = cls.make_endpoint("QMS", cls.env.company, (RELEASED, CANCELLED))
        cls.plant = cls.make_endpoint("WMS", cls.env.company, (RELEASED,))

    def choose(self, endpoint, **values):
        values = {name: [(6, 0, records.ids)] for name, records in values.items()}
        endpoint.interface_ids.filtered(lambda i: i.type == RELEASED).write(values)

    def takers(self, **values):
        """Who gets the release of a new order."""
        order = self.make_order(**values)
        messages = self.env["mfg.message"].search(
            [("type", "=", RELEASED), ("subject", "=", order.mfg_job_order_id)]
        )
        return set(messages.mapped("endpoint_id.name"))

    def test_each_has_its_own_message_and_state(self):
        order = self.make_order()
        messages = self.env["mfg.message"].search(
            [("type", "=", RELEASED), ("subject", "=", order.mfg_job_order_id)]
        )
        self.assertEqual(len(messages.endpoint_id), 3)
        self.assertEqual(len(set(messages.mapped("event_id"))), 3)
        outbox = self.env["mfg.outbox"]
        [(mine, _text)] = outbox.pull(self.other, 10)[0]
        outbox.ack(self.other, [str(mine.id)], [])
        states = {m.endpoint_id.name: m.state for m in messages}
        expected = {"MES": "queued", "QMS": "acknowledged", "WMS": "queued"}
        self.assertEqual(states, expected)
        order.action_cancel()
        self.assertEqual(len(self.outgoing(CANCELLED, self.other)), 1)
        self.assertFalse(self.outgoing(CANCELLED, self.plant))

    def test_by_work_center(self):
        paint = self.make_workcenter("PAINT")
        self.choose(self.other, only_workcenter_ids=self.saw)
        self.choose(self.plant, only_workcenter_ids=paint)
        self.assertEqual(self.takers(), {"MES", "QMS"})
        self.choose(self.plant, only_workcenter_ids=paint | self.bench)
        self.assertEqual(self.takers(), {"MES", "QMS", "WMS"})

    def test_an_order_without_operations_is_made_at_no_work_center(self):
        self.choose(self.other, only_workcenter_ids=self.saw)
        bom = self.make_bom(self.make_product("X"), operations=())
        self.assertEqual(self.takers(bom=bom), {"MES", "WMS"})

    def test_by_product_category_and_those_below(self):
        categories = self.env["product.category"]
        furniture = categories.create({"name": "Furniture"})
        tables = categories.create({"name": "Tables", "parent_id": furniture.id})
        chairs = categories.create({"name": "Chairs", "parent_id": furniture.id})
        self.table.categ_id = tables
        self.choose(self.other, only_category_ids=furniture)
        self.choose(self.plant, only_category_ids=chairs)
        self.assertEqual(self.takers(), {"MES", "QMS"})
        chairs.parent_id = tables  # and what moves under another category follows it
        self.choose(self.other, only_category_ids=tables)
        self.table.categ_id = chairs
        self.assertEqual(self.takers(), {"MES", "QMS", "WMS"})

    def test_by_warehouse(self):
        elsewhere = self.env["stock.warehouse"].create({"name": "Two", "code": "TWO"})
        self.choose(self.other, only_warehouse_ids=elsewhere)
        self.choose(self.plant, only_warehouse_ids=elsewhere | self.warehouse)
        self.assertEqual(self.takers(), {"MES", "WMS"})
        self.plant.warehouse_id = elsewhere
        self.assertEqual(self.takers(), {"MES"})

    def test_all_of_them_must_fit(self):
        category = self.env["product.category"].create({"name": "Furniture"})
        self.choose(
            self.other, only_workcenter_ids=self.saw, only_category_ids=category
        )
        self.assertEqual(self.takers(), {"MES", "WMS"})

    def test_who_is_switched_off_gets_nothing(self):
        self.other.active = False
        self.plant.interface_ids.active = False
        self.assertEqual(self.takers(), {"MES"})

    def test_another_company_gets_nothing(self):
        company = self.env["res.company"].create({"name": "Other Plant"})
        self.make_endpoint("Foreign", company, (RELEASED,))
        self.assertEqual(self.takers(), {"MES", "QMS", "WMS"})

    def test_choosing_costs_nothing_where_nobody_chooses(self):
        """Who subscribes is known; a fact is asked for only where a filter needs it."""
        order = self.make_order()
        facts = {
            "warehouse": self.warehouse,
            "product": order.product_id,
            "order": order,
        }
        outbox, company = self.env["mfg.outbox"], self.env.company
        outbox._takers(RELEASED, company, facts)
        self.env.flush_all()
        self.env.invalidate_all()
        with self.assertQueryCount(0):
            self.assertEqual(len(outbox._takers(RELEASED, company, facts)), 3)
