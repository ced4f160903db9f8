# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from decimal import Decimal
from typing import NamedTuple

from odoo import models

from odoo.addons.mfg_integration_base.engine import catalogue, quantity
from odoo.addons.mfg_integration_base.engine.failure import Failure, FieldError
from odoo.addons.mfg_integration_base.engine.texts import marker
from odoo.addons.mfg_integration_base.engine.times import parse_time
from odoo.addons.mfg_integration_base.tools.parameters import whole_number
from odoo.addons.mfg_integration_base.tools.translation import translated

_lt = marker(__name__)

MIN_SECONDS = "mfg_mes_connector.min_window_seconds"
DEFAULT_SECONDS = 60
FLOAT_NOISE = Decimal("1e-9")  # the mean of equal floats is not quite equal to them

catalogue.register(
    catalogue.Entry(
        "raw-stream",
        _lt("Single readings instead of a summary"),
        catalogue.DOOR,
        _lt(
            "Sum up at the machine: send one event per window with minimum, maximum, "
            "mean and count, or with the summed times and quantities."
        ),
        422,
    ),
    catalogue.Entry(
        "window-overlap",
        _lt("A part of this window is reported already"),
        catalogue.RULE,
        _lt(
            "Check the sender's windows: they must not overlap. To replace a window, "
            "have it reversed, then retry the message; else cancel it."
        ),
    ),
)

# member of the data -> column (ISO 22400-2)
TIMES = {
    "plannedBusyTime": "planned_busy_time",
    "actualProductionTime": "production_time",
    "actualUnitBusyTime": "unit_busy_time",
    "actualUnitSetupTime": "unit_setup_time",
    "actualUnitDelayTime": "unit_delay_time",
    "actualUnitDownTime": "unit_down_time",
}
QUANTITIES = {
    "producedQuantity": "produced_quantity",
    "goodQuantity": "good_quantity",
    "scrapQuantity": "scrap_quantity",
    "reworkQuantity": "rework_quantity",
}


class Goods(NamedTuple):
    """What a machine made, where nobody says of which product."""

    display_name: str
    uom_id: object


class MfgHandlerEquipmentSummary(models.AbstractModel):
    """Windows of a machine, summed up by the plant; many become one insert."""

    _name = "mfg.handler.equipment.summary"
    _inherit = "mfg.handler.equipment"
    _description = "Equipment Summary"

    _mfg_lane = "batch"
    _mfg_order_policy = "continue"  # no window depends on another
    _mfg_policies = ("join",)
    _mfg_span = ("windowStart", "windowEnd")
    _mfg_records = None  # the model of its rows

    def _join_key(self, message):
        return self._mfg_records

    def _post_joined(self, messages, facts):
        owners = [
            message for message, rows in zip(messages, facts, strict=True) for _ in rows
        ]
        records = self.env[self._mfg_records]._add([r for rows in facts for r in rows])
        self.env["mfg.message.link"]._add(
            [
                (message, record, "created", None)
                for message, record in zip(owners, records, strict=True)
            ]
        )

    def _reverse(self, original, reversal):
        # sudo: nobody may delete windows; taking back is the engine's part
        self._made_by(original, self._mfg_records).sudo().unlink()

    def _window_row(self, message):
        return {
            **self._machine_row(message),
            "shift": message._event_data().get("shiftId"),
        }

    def _raw_stream(self, data):
        start, end = (parse_time(data[name]) for name in self._mfg_span)
        seconds = (end - start).total_seconds()
        least = whole_number(self.env, MIN_SECONDS, DEFAULT_SECONDS)
        if 0 <= seconds < least:
            detail = self.env._(
                "The window is %(seconds)g s long; sum up %(least)s s at least.",
                seconds=seconds,
                least=least,
            )
            return self._raw(f"/data/{self._mfg_span[1]}", detail)
        return None

    def _raw(self, pointer, detail):
        return Failure("raw-stream", detail, [FieldError(pointer, detail)])


class MfgHandlerEquipmentTelemetry(models.AbstractModel):
    """Readings of a machine in a window: what was measured, as it was sent."""

    _name = "mfg.handler.equipment.telemetry"
    _inherit = "mfg.handler.equipment.summary"
    _description = "Equipment Telemetry"
    _mfg_type = "mfg.equipment.telemetry.v1"
    _mfg_title = _lt("Machine readings")
    _mfg_records = "mfg.equipment.reading"

    def _resolve(self, message):
        window = self._window_row(message)
        readings = message._event_data()["readings"]
        return [
            {**window, **self._reading(reading, f"/data/readings/{number}")}
            for number, reading in enumerate(readings)
        ]

    def _reading(self, reading, pointer):
        low, mean, high = (
            quantity.decimal(reading[name], f"{pointer}/{name}")
            for name in ("min", "mean", "max")
        )
        noise = max(abs(low), abs(high)) * FLOAT_NOISE
        if not low - noise <= mean <= high + noise:
            detail = self.env._(
                "%(name)s: the mean is not between minimum and maximum.",
                name=reading["name"],
            )
            raise self._refusal("quantity-invalid", detail, f"{pointer}/mean")
        return {
            "name": reading["name"],
            "unit_code": reading.get("unitCode"),
            "minimum": low,
            "maximum": high,
            "mean": mean,
            "count": int(reading["count"]),
        }

    def _raw_stream(self, data):
        if all(reading["count"] == 1 for reading in data["readings"]):
            detail = self.env._(
                "Each reading was measured once: nothing is summed up here."
            )
            return self._raw("/data/readings", detail)
        return super()._raw_stream(data)


class MfgHandlerEquipmentOee(models.AbstractModel):
    """The elements of ISO 22400-2 that a machine had in a window."""

    _name = "mfg.handler.equipment.oee"
    _inherit = "mfg.handler.equipment.summary"
    _description = "Equipment Effectiveness"
    _mfg_type = "mfg.equipment.oee.v1"
    _mfg_title = _lt("Machine effectiveness")
    _mfg_records = "mfg.equipment.window"

    def _resolve(self, message):
        data = message._event_data()
        window = self._window_row(message)
        made = self._not_negative(data["producedQuantity"], "/data/producedQuantity")
        each = "plannedRunTimePerItem"  # for one item as the plant counts them
        return [
            {
                **window,
                **self._times(message, window),
                **self._quantities(message),
                "planned_run_time": made * self._minutes(message, each),
            }
        ]

    def _times(self, message, window):
        """Column -> minutes, of which a window cannot have more than it is long.

        :raise Failure: time-invalid, quantity-invalid
        """
        data = message._event_data()
        length = (window["date_end"] - window["date_start"]).total_seconds() / 60
        times = dict.fromkeys(TIMES.values())
        for name, column in TIMES.items():
            if name not in data:
                continue
            times[column] = self._minutes(message, name)
            if times[column] > length + 1 / 60:  # windows are cut to whole seconds
                detail = self.env._(
                    "%(time)s minutes are more than the %(window)s of the window.",
                    time=round(times[column], 2),
                    window=round(length, 2),
                )
                raise self._refusal("time-invalid", detail, f"/data/{name}/value")
        return times

    def _minutes(self, message, name):
        duration, pointer = message._event_data()[name], f"/data/{name}"
        endpoint, code = message.endpoint_id, duration["unitCode"]
        resolver, one = self.env["mfg.resolver"], quantity.Quantity(Decimal(1), code)
        seconds = resolver._remembered(
            ("seconds", endpoint.id, code),
            lambda: resolver._seconds(endpoint, one, pointer),
        )
        return self._not_negative(duration, pointer) * seconds / 60

    def _quantities(self, message):
        """Column -> quantity, all in the unit of what was produced; and this unit.

        :raise Failure: quantity-invalid, unknown-unit, unit-mismatch
        """
        data = message._event_data()
        made, resolver = "/data/producedQuantity", self.env["mfg.resolver"]
        code = data["producedQuantity"]["unitCode"]
        uom, _factor = resolver.unit(message.endpoint_id, code, f"{made}/unitCode")
        goods = Goods(translated(self.env, self._mfg_title), uom)
        found = dict.fromkeys(QUANTITIES.values())
        for name, column in QUANTITIES.items():
            if name not in data:
                continue
            pointer = f"/data/{name}"
            value = self._not_negative(data[name], pointer)
            amount = quantity.Quantity(value, data[name]["unitCode"])
            found[column] = resolver._converted(
                message.endpoint_id, amount, goods, pointer
            )
            if found[column] > found["produced_quantity"]:
                detail = self.env._("It is more than was produced.")
                raise self._refusal("quantity-invalid", detail, f"{pointer}/value")
        return {**found, "uom_id": uom.id}

    def _not_negative(self, amount, pointer):
        value = quantity.decimal(amount["value"], f"{pointer}/value")
        if value < 0:
            detail = self.env._("It cannot be negative.")
            raise self._refusal("quantity-invalid", detail, f"{pointer}/value")
        return value
