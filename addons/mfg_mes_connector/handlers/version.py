# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from collections import defaultdict

from odoo import models

from odoo.addons.mfg_integration_base.engine.catalogue import RULE, Entry, register
from odoo.addons.mfg_integration_base.engine.texts import marker

from ..models.mfg_interface_tolerance import exact

_lt = marker(__name__)

UNKNOWN = "unknown-version"

register(
    Entry(
        UNKNOWN,
        _lt("The order has no such version"),
        RULE,
        _lt(
            "Check the version at the sender: it must be one that Odoo sent. Correct "
            "the message or cancel it."
        ),
    )
)


class MfgHandlerVersion(models.AbstractModel):
    """Reports are matched to the version of the order that they were made for.

    The plant says which, or it is the newest one that the plant knew at the time of
    the report. What has been changed since does not make it wrong: an operation or
    component taken out meanwhile was one then.
    """

    _inherit = "mfg.handler.order"

    def _job_order(self, message, *args, **kwargs):
        order = super()._job_order(message, *args, **kwargs)
        number = message._event_data().get("version")
        if number and number > order.mfg_version:
            raise self._unknown_version(order, number)
        return order

    def _unknown_version(self, order, number):
        detail = self.env._(
            "%(order)s has no version %(number)s that this plant was told; its present "
            "one is %(present)s.",
            order=order.name,
            number=number,
            present=order.mfg_version,
        )
        return self._refusal(UNKNOWN, detail, "/data/version")

    def _older_version(self, message, order):
        """The version a report was made for, if not the present one; or none."""
        number = message._event_data().get("version")
        if order.mfg_version <= 1 or number == order.mfg_version:
            return self.env["mfg.joborder.version"]
        memo = self.env.context.get("mfg_memo", {})
        key = ("version", message.id, order.id)
        if key not in memo:
            memo[key] = self._meant(message, order, number)
        return memo[key]

    def _meant(self, message, order, number):
        told = self.env["mfg.joborder.version"]._of(order).filtered("plan")
        if number:
            meant = told.filtered(lambda v: v.number == number)
        else:
            meant = self._known(message, told)
        return meant.filtered(lambda v: v.number != order.mfg_version)

    def _known(self, message, told):
        """The newest version that the plant knew when the report was made.

        One that answers knows what it accepted, from then on, and before that the first
        it accepted; one that does not, what it was told.
        """
        time, endpoint = self._time(message), message.endpoint_id
        answers = told.answer_ids.filtered(
            lambda a: a.endpoint_id == endpoint and a.state == "accepted"
        )
        if not answers:
            return told.filtered(lambda v: v.create_date <= time)[:1]
        known = answers.filtered(lambda a: a.answered_at <= time).version_id
        return known.sorted("number")[-1:] or answers.version_id.sorted("number")[:1]

    # -- operations ------------------------------------------------------------------

    def _segment(self, message, order, data=None, pointer="/data"):
        code = (message._event_data() if data is None else data).get(
            "operationsSegmentId"
        )
        version = code and self._older_version(message, order)
        then = version and version._segment(code)
        if not then:
            return super()._segment(message, order, data, pointer)
        workorder = order.workorder_ids.filtered(lambda w: w.id == then["_workorder"])
        if workorder.state == "cancel" or not workorder:
            workorder = self._same_named(order, version, code)
        return workorder or order._mfg_former_segment(then)

    def _same_named(self, order, version, code):
        """Of a backorder the operation of this name, unless the name was another's."""
        known = {s["_workorder"] for s in version.plan["segments"]}
        names = order._mfg_planned_segments().items()
        found = next((w for w, name in names if name == code), order.workorder_ids[:0])
        return found.filtered(lambda w: w.id not in known)

    def _is_followed(self, message, order, workorder):
        """Whether other operations come after one, as the report's version has it."""
        version = self._older_version(message, order)
        code = message._event_data().get("operationsSegmentId")
        then = version and version._segment(code)
        if then:
            return version._followed(then)
        return bool(workorder._mfg_successors())

    # -- quantities --------------------------------------------------------------------

    def _ordered(self, message, order):
        """What the order is, or was then, for, in the product's unit."""
        ordered = exact(order.product_uom_qty)
        version = self._older_version(message, order)
        if not version:
            return ordered
        others = order._mfg_family() - order
        then = self._in_product_unit(version.plan["quantity"], order.product_id)
        rest = then - sum(exact(o.product_uom_qty) for o in others)
        return max(ordered, rest)

    def _asked_then(self, message, order, product):
        """How much of a component an older version asked for; None: it did not."""
        version = self._older_version(message, order)
        lines = version and version._asked(product)
        if not lines:
            return None
        return sum(self._in_product_unit(line["quantity"], product) for line in lines)

    def _in_product_unit(self, amount, product):
        uom = self.env["uom.uom"].browse(amount["uom"])
        value = uom._compute_quantity(
            float(amount["value"]), product.uom_id, round=False
        )
        return exact(value)

    def _with_asked_then(self, message, order, asked, products):
        """What is asked for of components, at least what it was then."""
        found = defaultdict(asked.default_factory, asked)
        for product in products:
            then = self._asked_then(message, order, product)
            if then is not None:
                found[product] = max(then, found[product])
        return found
