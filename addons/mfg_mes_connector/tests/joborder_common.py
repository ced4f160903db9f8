# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
import itertools
from datetime import datetime, timedelta, timezone

from odoo.addons.mfg_integration_base.engine.times import format_time

from ..models.mrp_production_watch import WATCH
from .common import MesCase

CHANGED = "mfg.joborder.changed.v1"
ACKNOWLEDGED = "mfg.joborder.acknowledged.v1"
REFUSED = "mfg.joborder.refused.v1"
_numbers = itertools.count(1)


def ago(**length):
    """A time of the contract before now."""
    return format_time(
        datetime.now(timezone.utc).replace(microsecond=0) - timedelta(**length)
    )


class JoborderCase(MesCase):
    """Orders that are planned anew after their release, transaction by transaction."""

    def commit(self):
        """The end of a transaction, as far as it can be had inside a test."""
        self.env.cr.flush()
        self.env.cr.postcommit.data.pop(WATCH, None)

    def make_order(self, *args, **values):
        order = super().make_order(*args, **values)
        self.commit()
        return order

    def changed(self, order, endpoint=None):
        """What was told of an order's changes, the oldest first; ends a transaction."""
        self.commit()
        messages = self.outgoing(CHANGED, endpoint).sorted("id")
        mine = messages.filtered(lambda m: m.subject == order.mfg_job_order_id)
        for message in mine:
            data = message._event_data()
            self.assertFalse(self.env["mfg.contract"]._errors(CHANGED, data))
        return [message._event_data() for message in mine]

    def only_change(self, order):
        [data] = self.changed(order)
        return data

    def whats(self, data):
        return {change["what"] for change in data["changes"]}

    def answer(self, event_type, order, version, **data):
        message = self.tell(event_type, order, version=version, **data)
        self.commit()
        return message

    def acknowledge(self, order, version, **data):
        return self.answer(ACKNOWLEDGED, order, version, **data)

    def refuse(self, order, version, **data):
        return self.answer(REFUSED, order, version, **data)

    def line(self, order, product):
        return order.move_raw_ids.filtered(lambda m: m.product_id == product)
