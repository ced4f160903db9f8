# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from decimal import Decimal

from odoo import models

from odoo.addons.mfg_integration_base.engine.failure import Failure, FieldError, pointer
from odoo.addons.mfg_integration_base.engine.texts import marker

from ..models.mfg_resolver import SECONDS
from ..models.mfg_workcenter_crosswalk import LEVELS

_lt = marker(__name__)

TIMES = ("setupTime", "cleanupTime")


class MfgHandlerPublishedEquipment(models.AbstractModel):
    """A plant's machine: a work centre in Odoo, and the code that leads to it.

    Several machines may be one work centre, and all companies may work at it. Such a
    work centre is no machine's own: what one of them is called, or that it is gone,
    says nothing of it.
    """

    _name = "mfg.handler.published.equipment"
    _inherit = ["mfg.handler.published.equipment", "mfg.handler.owned"]
    _mfg_direction = "both"
    _mfg_kind = "equipment"
    _mfg_kind_title = _lt("Equipment")
    _mfg_model = "mrp.workcenter"
    _mfg_owners = ("odoo", "plant", "shared", "propose")
    _mfg_naming = ("equipmentId",)
    _mfg_columns = {
        "name": "name",
        "setupTime": "time_start",
        "cleanupTime": "time_stop",
        "efficiency": "time_efficiency",
    }

    def _find(self, endpoint, data):
        return self._by_code(endpoint, self._code(data), "code", "name")

    def _values(self, endpoint, members):
        """The fields of the work centre; the level is the crosswalk's."""
        values = {n: v for n, v in members.items() if n in self._mfg_columns}
        for name in TIMES:
            if name in values:
                values[name] = self._minutes(values[name], name)
        if "efficiency" in values:
            values["efficiency"] = self._percent(values["efficiency"])
        return super()._values(endpoint, values)

    def _minutes(self, value, name):
        place = pointer("data", "fields", name)
        number, unit = Decimal(str(value["value"])), value["unitCode"]
        if unit not in SECONDS:
            detail = self.env._("Write a time in SEC, MIN, HUR or DAY.")
            raise Failure("unit-mismatch", detail, [FieldError(place, detail)])
        if number < 0:
            detail = self.env._("A time is not below zero.")
            raise Failure("quantity-invalid", detail, [FieldError(place, detail)])
        return float(number * SECONDS[unit] / 60)

    def _percent(self, value):
        if Decimal(str(value)) <= 0:
            detail = self.env._("The efficiency is above zero.")
            errors = [FieldError("/data/fields/efficiency", detail)]
            raise Failure("quantity-invalid", detail, errors)
        return float(value)

    # -- doing it ------------------------------------------------------------------

    def _take_over(self, changes, data, record, members):
        endpoint, code = changes.endpoint, self._code(data)
        values = self._values(endpoint, members)
        row = self._row(endpoint, code)
        self._check_free(endpoint, data, row, record)
        if not row and self._is_known(endpoint, data):
            row = self._row_of(endpoint, record)  # it has another code now
        if not record:
            named = {"name": code, "code": code, "company_id": endpoint.company_id.id}
            record = changes.make(self.env["mrp.workcenter"], named | values)
        elif whose := self._whose_too(endpoint, record, row):
            self._check_unchanged(endpoint, data, record, whose)
        else:
            changes.change(record, values | {"active": True})
        self._keep_row(changes, row, code, record, members)
        return record

    def _check_free(self, endpoint, data, row, centre):
        """A code that leads to another work centre is not taken from it."""
        meant = row.workcenter_id or self._meant_by(endpoint, self._code(data))
        if centre and meant and meant != centre:
            raise self._taken(endpoint, data, meant, centre)

    def _row(self, endpoint, code):
        rows = self.env["mfg.workcenter.crosswalk"].with_context(active_test=False)
        return rows.search([("endpoint_id", "=", endpoint.id), ("code", "=", code)])

    def _whose_too(self, endpoint, centre, row):
        """Whose the work centre is besides, in words; None: this machine's alone."""
        if centre.company_id != endpoint.company_id:
            return self.env._(
                "%s is a work center of other companies, too: it is described in Odoo.",
                centre.display_name,
            )
        others = self._others(centre, row)
        return others and self.env._(
            "%(centre)s is the work center of other machines, too (%(codes)s): "
            "it is described in Odoo.",
            centre=centre.display_name,
            codes=", ".join(others[:3].mapped("code")),
        )

    def _others(self, centre, row):
        """What else stands for this work centre: other machines, at any plant."""
        # sudo: to know that another plant counts on it, not what it is
        rows = self.env["mfg.workcenter.crosswalk"].sudo()
        return rows.search(
            [("workcenter_id", "=", centre.id), ("id", "not in", row.ids)]
        )

    def _check_unchanged(self, endpoint, data, centre, whose):
        """A work centre of several is Odoo's to describe, and to bring back."""
        if not centre.active:
            raise self._archived(data)
        differing = [
            line["member"]
            for line in self._differences(endpoint, data, centre)
            if line["member"] != "level"
        ]
        if not differing:
            return
        errors = [FieldError(pointer("data", "fields", n), whose) for n in differing]
        raise Failure("not-owner", whose, errors)

    def _keep_row(self, changes, row, code, centre, members):
        """See to it that the machine's code leads to its work centre."""
        values = {"code": code, "workcenter_id": centre.id, "active": True}
        if "level" in members:
            values["level"] = members["level"]
        if row:
            changes.change(row, values)
        else:
            values["endpoint_id"] = changes.endpoint.id
            changes.make(self.env["mfg.workcenter.crosswalk"], values)

    def _end(self, changes, data, record):
        row = self._row(changes.endpoint, self._code(data)) or self._row_of(
            changes.endpoint, record
        )
        if row:
            changes.change(row, {"active": False})
        if not self._whose_too(changes.endpoint, record, row):
            changes.change(record, {"active": False})

    def _row_of(self, endpoint, centre):
        """The only row that leads there, when the plant names its id alone."""
        rows = self.env["mfg.workcenter.crosswalk"].search(
            [("endpoint_id", "=", endpoint.id), ("workcenter_id", "=", centre.id)]
        )
        return rows if len(rows) == 1 else rows.browse()

    # -- in words ------------------------------------------------------------------

    def _shown(self, endpoint, record, member):
        if member == "level":
            rows = self.env["mfg.workcenter.crosswalk"].search(
                [
                    ("endpoint_id", "=", endpoint.id),
                    ("workcenter_id", "=", record.id),
                ],
                limit=1,
            )
            return dict(LEVELS).get(rows.level, "")
        if member in TIMES:
            return self._in_minutes(record[self._mfg_columns[member]])
        return super()._shown(endpoint, record, member)

    def _said(self, endpoint, member, value):
        if member == "level":
            return dict(LEVELS)[value]
        if member in TIMES:
            return self._in_minutes(self._minutes(value, member))
        if member == "efficiency":
            return self._words(self._percent(value))
        return super()._said(endpoint, member, value)

    def _in_minutes(self, minutes):
        return self.env._("%s minutes", self._words(round(minutes, 2)))
