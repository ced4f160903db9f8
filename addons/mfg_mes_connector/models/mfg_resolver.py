# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from datetime import timedelta
from typing import NamedTuple

from odoo import api, models

from odoo.addons.mfg_integration_base.engine import quantity as quantities
from odoo.addons.mfg_integration_base.engine.failure import Failure, FieldError

# UN/ECE Rec 20 as it defines them: Odoo's minute is 0.0166667 hours, its day 8 hours
SECONDS = {"SEC": 1, "MIN": 60, "HUR": 3600, "DAY": 86400}


class Time(NamedTuple):
    """What a duration is counted in, where a quantity has its product."""

    display_name: str
    uom_id: object


class MfgResolver(models.AbstractModel):
    """Orders, operations, machines and persons; the way back: mfg_resolver_codes."""

    _inherit = "mfg.resolver"

    # -- plant code to record ------------------------------------------------------

    @api.model
    def _lookup_order(self, endpoint, code):
        """The order that answers to a job order id: of a family the one still open."""
        family = self._released(endpoint, [("mfg_job_order_id", "=", code)])
        if not family:
            named = [("name", "=", code), ("mfg_job_order_id", "=", False)]
            family = self._released(endpoint, named)
        return family._mfg_member()

    def _released(self, endpoint, domain):
        domain = [
            *domain,
            ("company_id", "=", endpoint.company_id.id),
            ("state", "!=", "draft"),
        ]
        if endpoint.warehouse_id:
            warehouse = endpoint.warehouse_id.id
            domain.append(("picking_type_id.warehouse_id", "=", warehouse))
        return self.env["mrp.production"].search(domain, order="id")

    @api.model
    def segment(self, endpoint, code, order, pointer):
        """The work order of an operations segment id, within its order.

        :raise Failure: unknown-segment; a mapping of the operation settles it
        """
        workorder = self._mapped_segment(endpoint, code, order)
        if not workorder:
            names = order._mfg_segments()
            workorder = next((w for w, name in names.items() if name == code), None)
        if not workorder:
            detail = self.env._(
                "Order %(order)s has no operation “%(code)s”.",
                order=order.mfg_job_order_id or order.name,
                code=code,
            )
            errors = [FieldError(pointer, detail)]
            failure = Failure("unknown-segment", detail, errors, ("operation", code))
            failure.seen = self._mapped(endpoint, "operation", code) or None
            raise failure
        return workorder

    def _mapped_segment(self, endpoint, code, order):
        operation = self._mapped(endpoint, "operation", code)
        if not operation:
            return None
        return order.workorder_ids.filtered(lambda w: w.operation_id == operation)[:1]

    @api.model
    def _lookup_equipment(self, endpoint, code):
        crosswalk = self.env["mfg.workcenter.crosswalk"].search(
            [("endpoint_id", "=", endpoint.id), ("code", "=", code)]
        )
        return crosswalk.workcenter_id or self._workcenter(endpoint, code)

    def _workcenter(self, endpoint, code):
        centres = self.env["mrp.workcenter"]
        company = ("company_id", "in", (endpoint.company_id.id, False))
        for key in ("code", "name"):
            found = centres.search([(key, "=", code), company], limit=2)
            if found:
                return self._only(found)
        return self._by_number(endpoint, "equipment", code)

    @api.model
    def lots(self, endpoint, codes, product):
        """Code -> its lot, as :meth:`resolve` finds it, for many codes at once.

        Codes that are not known are left out. One that leads to several lots comes
        with all of them: it is the caller's not to guess.
        """
        mapped = self.env["mfg.mapping"].search(
            [
                ("endpoint_id", "=", endpoint.id),
                ("kind", "=", "lot"),
                ("code", "in", codes),
            ]
        )
        named = self.env["stock.lot"].search(
            [
                ("name", "in", codes),
                ("product_id", "=", product.id),
                ("company_id", "in", (endpoint.company_id.id, False)),
            ]
        )
        meant = {row.code: row.record for row in mapped if row.record.exists()}
        return {**named.grouped("name"), **meant}

    @api.model
    def _lookup_person(self, endpoint, code):
        """The employee with this badge."""
        # sudo: badges are for HR officers; here one is only compared, never shown
        employees = self.env["hr.employee"].sudo()
        company = ("company_id", "in", (endpoint.company_id.id, False))
        return employees.search([("barcode", "=", code), company], limit=1)

    # -- lengths of time -----------------------------------------------------------

    @api.model
    def duration(self, endpoint, value, pointer, longest):
        """A plant's duration as timedelta, in whole seconds.

        :param value: ``{"value", "unitCode"}``: UN/ECE Recommendation 20 or an alias
            of the endpoint's crosswalk
        :param longest: timedelta; nothing longer is believed
        :raise Failure: quantity-invalid, unknown-unit, unit-mismatch, time-invalid
        """
        amount = quantities.positive(value, pointer)
        seconds = round(self._seconds(endpoint, amount, pointer))
        if seconds > longest.total_seconds():
            detail = self.env._("It is longer than %s hours.", longest.days * 24)
            raise Failure("time-invalid", detail, [FieldError(pointer, detail)])
        return timedelta(seconds=seconds)

    def _seconds(self, endpoint, amount, pointer):
        code = amount.unit_code
        alias = self.env["mfg.uom.crosswalk"]._find(endpoint, code).endpoint_id
        if code in SECONDS and not alias:
            return amount.value * SECONDS[code]
        time = Time(self.env._("Time"), self.env.ref("uom.product_uom_hour"))
        return self._converted(endpoint, amount, time, pointer) * SECONDS["HUR"]
