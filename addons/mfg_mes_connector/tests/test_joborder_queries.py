# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo.tests import tagged

from .common import REPORTED, at
from .joborder_common import ACKNOWLEDGED, CHANGED, JoborderCase


@tagged("post_install", "-at_install")
class TestJoborderQueries(JoborderCase):
    """What watching for changes costs those who change nothing."""

    def reported(self, order):
        """The queries of posting one report: all, and those for versions."""
        code = order.mfg_job_order_id
        self.send(
            REPORTED,
            {
                "jobOrderId": code,
                "operationsSegmentId": "Glue",
                "quantity": {"value": "1", "unitCode": "C62"},
                "time": at(10),
            },
            subject=code,
        )
        self.env.flush_all()
        self.env.invalidate_all()
        with self.assertLogs("odoo.sql_db", "DEBUG") as logs:
            self.drain()
            self.env.cr.flush()
        queries = [line for line in logs.output if "query" in line]
        return queries, [q for q in queries if "mfg_joborder_" in q]

    def test_a_report_asks_nothing_more(self):
        order = self.make_order()
        self.acknowledge(order, 1)
        queries, versions = self.reported(order)
        self.assertGreater(len(queries), 20)  # they are counted
        self.assertFalse(versions)

    def test_a_report_on_a_changed_order_asks_for_its_versions_once(self):
        order = self.make_order()
        self.acknowledge(order, 1)
        order.priority = "1"
        self.commit()
        self.acknowledge(order, 2)
        _queries, versions = self.reported(order)
        self.assertLessEqual(len(versions), 4)
        self.assertTrue(versions)

    def test_without_a_plant_that_listens_a_change_asks_once(self):
        self.env["mfg.interface"].search([]).active = False
        order = self.make_order()
        order.priority = "1"
        self.env.flush_all()
        with self.assertQueryCount(3):  # the interfaces, the old value, the write
            order.priority = "0"
            self.env.cr.flush()
        self.assertFalse(self.outgoing(CHANGED) + self.outgoing(ACKNOWLEDGED))
