# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from unittest.mock import patch

from odoo.tests import tagged

from odoo.addons.mfg_mes_connector.tests.common import REPORTED, amount, at

from ..handlers.settled import MfgHandlerOrder
from ..models.mfg_inbox import MfgInbox
from .common import ReconcileCase


def without(module, name):
    """The method as it is where this addon is not installed."""

    def plain(self, *args, **more):
        return getattr(super(module, self), name)(*args, **more)

    return patch.object(module, name, plain)


@tagged("post_install", "-at_install")
class TestQueries(ReconcileCase):
    """What the reconciliation costs the events it has nothing to do with: nothing."""

    def queries(self):
        """The queries of a report that comes in and is posted, on an order like any."""
        code = self.make_order().mfg_job_order_id
        self.env.flush_all()
        self.env.invalidate_all()
        data = {"jobOrderId": code, "quantity": amount(1), "time": at(10)}
        with self.assertLogs("odoo.sql_db", "DEBUG") as logs:
            self.assertPosted(self.arrives(self.event(REPORTED, data, subject=code)))
            self.env.cr.flush()
        # Odoo writes quants together that entered stock in the same second
        quants = 'UPDATE "stock_quant"'
        return [q for q in logs.output if "query" in q and quants not in q]

    def test_a_report_asks_nothing_more(self):
        self.queries()  # what is remembered from now on
        self.queries()
        here = self.queries()
        with (
            without(MfgHandlerOrder, "_post_traced"),
            without(MfgInbox, "_envelope_columns"),
        ):
            plain = self.queries()
        self.assertGreater(len(plain), 20)  # they are counted
        self.assertEqual(len(here), len(plain))
        own = [q for q in here if "mfg_reconciliation" in q or "mfg_snapshot" in q]
        self.assertFalse(own)
