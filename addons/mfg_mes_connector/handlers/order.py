# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from datetime import timedelta

from odoo import fields, models

from odoo.addons.mfg_integration_base.engine.failure import Failure, FieldError
from odoo.addons.mfg_integration_base.engine.times import parse_time

from ..models.mrp_production import OPEN_STATES
from ..tools.posting_day import day_of

CLOCK_SKEW = timedelta(days=1)
LOCK_DATES = ("fiscalyear_lock_date", "hard_lock_date")


class MfgHandlerOrder(models.AbstractModel):
    """What every report on a production order has in common: its order and its time."""

    _name = "mfg.handler.order"
    _inherit = "mfg.handler"
    _description = "Report on a Job Order"

    def _check(self, message):
        """Times a clock can have shown, in a period that is still open."""
        self._check_time(message)

    def _check_time(self, message):
        self._check_moment(message, self._time(message), "/data/time")

    def _check_moment(self, message, time, pointer):
        """A time (UTC) may be neither in the future nor in a closed period.

        :raise Failure: time-invalid, period-closed
        """
        if time > fields.Datetime.now() + CLOCK_SKEW:
            detail = self.env._("%(time)s is in the future.", time=time)
            raise self._refusal("time-invalid", detail, pointer)
        company = message.company_id
        for name in LOCK_DATES:
            locked = name in company._fields and company.sudo()[name]
            if locked and day_of(self, time) <= locked:
                detail = self.env._("Accounting closed the books up to %s.", locked)
                raise self._refusal("period-closed", detail, pointer)

    def _join_day(self, message):
        """Only what happened on one day of the plant is one posting: a stock operation
        has one date, by which stock is valued and periods are closed."""
        return day_of(self, self._time(message))

    def _time(self, message):
        """When it happened (UTC, whole seconds): the data's time, else the event's."""
        text = message._event_data().get("time")
        time = parse_time(text).replace(tzinfo=None) if text else message.event_time
        return (time or message.received_at).replace(microsecond=0)

    def _begun(self, message):
        """Since when, by this report, there is work on its order (UTC)."""
        return self._time(message)

    def _job_order(self, message, states=OPEN_STATES, time=None):
        """The order reported on, in its company.

        :param time: since when it is a fact (UTC), where it may be one of an order that
            is over, and whose rest is a backorder
        :raise Failure: unknown-order, order-not-open
        """
        code = message._event_data()["jobOrderId"]
        endpoint = message.endpoint_id
        resolver = self.env["mfg.resolver"]
        order = resolver.resolve(endpoint, "order", code, "/data/jobOrderId")
        order = order._mfg_family()._mfg_member(time)
        if order.state == "draft":
            pointer = "/data/jobOrderId"
            raise resolver._unknown(endpoint, "order", code, pointer, seen=order)
        self._check_state(order, states)
        return order.with_company(order.company_id)

    def _check_state(self, order, states):
        """:raise Failure: order-not-open"""
        if order.state not in states:
            words = dict(order._fields["state"]._description_selection(self.env))
            detail = self.env._(
                "Order %(order)s is %(state)s.",
                order=order.name,
                state=words[order.state].lower(),
            )
            raise self._refusal("order-not-open", detail, "/data/jobOrderId")

    def _segment(self, message, order, data=None, pointer="/data"):
        """The work order the plant names in the data, or in a part of it; or none."""
        data = message._event_data() if data is None else data
        code = data.get("operationsSegmentId")
        pointer = f"{pointer}/operationsSegmentId"
        if not code:
            return order.workorder_ids.browse()
        resolver = self.env["mfg.resolver"]
        workorder = resolver.segment(message.endpoint_id, code, order, pointer)
        if workorder.state == "cancel":
            detail = self.env._("Operation %(name)s is cancelled.", name=workorder.name)
            raise self._refusal("order-not-open", detail, pointer)
        return workorder

    def _segment_meant(self, message, order):
        """The work order named; where none is, the only one the order has, or none."""
        named = self._segment(message, order)
        flow = order._mfg_flow()
        return named or (flow if len(flow) == 1 else flow.browse())

    def _resolved(self, message, kind, name, model, data=None, pointer="/data"):
        """The record of an optional code in the data, or in a part of it; or none."""
        data = message._event_data() if data is None else data
        code = data.get(name)
        if not code:
            return self.env[model].browse()
        resolver = self.env["mfg.resolver"]
        return resolver.resolve(message.endpoint_id, kind, code, f"{pointer}/{name}")

    def _material(self, message, code, pointer):
        resolver = self.env["mfg.resolver"]
        return resolver.resolve(message.endpoint_id, "material", code, pointer)

    def _refusal(self, code, detail, pointer):
        return Failure(code, detail, [FieldError(pointer, detail)])
