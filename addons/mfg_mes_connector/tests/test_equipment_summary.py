# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from unittest.mock import patch

from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from ..models import mfg_equipment_record
from .common import amount, at, moment
from .equipment_common import OEE, TELEMETRY, EquipmentCase

RATIOS = ("availability", "effectiveness", "quality_ratio", "oee")


@tagged("post_install", "-at_install")
class TestEquipmentSummary(EquipmentCase):
    def elements(self, start, end, busy, production, run, made, good, **data):
        """Times in minutes, quantities in pieces."""
        return {
            "equipmentId": "SAW",
            "windowStart": start,
            "windowEnd": end,
            "plannedBusyTime": amount(busy, "MIN"),
            "actualProductionTime": amount(production, "MIN"),
            "plannedRunTimePerItem": amount(run, "MIN"),
            "producedQuantity": amount(made),
            "goodQuantity": amount(good),
            **data,
        }

    def window(self, *elements, endpoint=None, **data):
        data = self.elements(*elements, **data)
        return self.about(OEE, data.pop("equipmentId"), endpoint, **data)

    def reading(self, name="Heat", low=1, high=5, mean=3, count=10, **more):
        values = {"min": low, "max": high, "mean": mean, "count": count}
        return {"name": name, **values, **more}

    def measure(self, start, end, *readings, machine="SAW", **data):
        data = {"windowStart": start, "windowEnd": end, **data}
        readings = readings or (self.reading(),)
        return self.about(TELEMETRY, machine, readings=list(readings), **data)

    @property
    def windows(self):
        return self.env["mfg.equipment.window"].search([], order="date_start")

    @property
    def readings(self):
        return self.env["mfg.equipment.reading"].search([], order="date_start, id")

    def assertRatios(self, found, *expected):
        self.assertEqual([round(value, 2) for value in found], list(expected))

    # -- order -----------------------------------------------------------------------

    def test_a_parked_window_holds_nobody(self):
        policies = {
            i.type: i.order_policy
            for i in self.endpoint.interface_ids
            if i.type.startswith("mfg.equipment.")
        }
        independent = {t for t, policy in policies.items() if policy == "continue"}
        self.assertEqual(independent, {OEE, TELEMETRY})
        odd = {"producedQuantity": amount(1, "PCS"), "goodQuantity": amount(1, "PCS")}
        first = self.elements(at(6), at(7), 60, 60, 6, 1, 1, **odd)
        parked = self.post(OEE, first, subject="SAW", sequence="1")
        self.assertParked(parked, "unknown-unit")
        second = self.elements(at(7), at(8), 60, 60, 6, 1, 1)
        self.assertPosted(self.post(OEE, second, subject="SAW", sequence="2"))
        self.env["mfg.uom.crosswalk"].create(
            {"endpoint_id": self.endpoint.id, "code": "PCS", "uom_id": self.unit.id}
        )
        self.drain()
        self.assertPosted(parked)
        self.assertEqual(len(self.windows), 2)

    def test_an_administrator_may_hold_them(self):
        self.interface(TELEMETRY).order_policy = "hold"
        self.assertParked(self.measure(at(7), at(6)), "time-invalid")
        self.assertEqual(self.measure(at(8), at(9)).state, "waiting")

    # -- effectiveness ---------------------------------------------------------------

    def test_ratios_of_a_window(self):
        message = self.window(
            at(6), at(14), 450, 390, "0.5", 740, 725, scrapQuantity=amount(15)
        )
        self.assertPosted(message)
        window = self.windows
        self.assertEqual((window.workcenter_id, window.uom_id), (self.saw, self.unit))
        self.assertEqual((window.date_start, window.date_end), (moment(6), moment(14)))
        self.assertEqual(window.planned_run_time, 370)
        self.assertRatios([window[name] for name in RATIOS], 86.67, 94.87, 97.97, 80.56)
        self.assertEqual(message.link_ids.res_id, window.id)

    def test_a_group_is_the_ratio_of_its_sums(self):
        # a busy shift and an idle hour: means of ratios would be 50, 50, 75 …
        self.window(at(6), at(14), 480, 480, 1, 480, 480, shiftId="Early")
        self.window(at(14), at(15), 60, 0, 2, 0, 0, shiftId="Late")
        self.window(at(15), at(16), 60, 30, 2, 20, 10, shiftId="Late")
        aggregates = [f"{name}:avg" for name in RATIOS]
        windows = self.env["mfg.equipment.window"]
        [whole] = windows._read_group([], aggregates=aggregates)
        # 510/600, (480 + 40)/510, 490/500, 520 × 490/500 / 600
        self.assertRatios(whole, 85, 101.96, 98, 84.93)
        sets = windows.formatted_read_grouping_sets(
            [], [[], ["shift"], ["date_start:day", "shift"]], aggregates
        )
        [total], by_shift, _by_day = sets
        self.assertRatios([total[name] for name in aggregates], 85, 101.96, 98, 84.93)
        late = next(group for group in by_shift if group["shift"] == "Late")
        # 30/120, 40/30, 10/20, 40 × 10/20 / 120
        self.assertRatios([late[name] for name in aggregates], 25, 133.33, 50, 16.67)
        sums = windows._read_group([], ["shift"], ["planned_run_time:sum"])
        self.assertEqual(dict(sums), {"Early": 480, "Late": 40})

    def test_nothing_made_and_nothing_planned(self):
        self.window(at(6), at(7), 60, 0, 1, 0, 0)
        self.window(at(7), at(8), 0, 0, 1, 0, 0)
        idle, unplanned = self.windows
        self.assertEqual([idle[name] for name in RATIOS], [0, 0, 0, 0])
        [[oee]] = unplanned._read_group(
            [("id", "=", unplanned.id)], aggregates=["oee:avg"]
        )
        self.assertFalse(oee)

    def test_views_can_measure_ratios(self):
        fields = self.env["mfg.equipment.window"].fields_get(RATIOS, ["aggregator"])
        self.assertEqual({f["aggregator"] for f in fields.values()}, {"avg"})

    def test_units(self):
        self.window(
            at(6),
            at(7),
            60,
            60,
            6,
            10,
            10,
            producedQuantity=amount(10, "DZN"),
            goodQuantity=amount(114),
        )
        window = self.windows
        self.assertEqual(window.uom_id, self.env.ref("uom.product_uom_dozen"))
        self.assertEqual((window.produced_quantity, window.good_quantity), (10, 9.5))
        self.assertEqual(window.planned_run_time, 60)
        wrong = {"producedQuantity": amount(1), "goodQuantity": amount(1, "KGM")}
        message = self.window(at(8), at(9), 60, 60, 6, 1, 1, **wrong)
        self.assertParked(message, "unit-mismatch")

    def test_unknown_unit_is_healed(self):
        odd = {"producedQuantity": amount(1, "PCS"), "goodQuantity": amount(1, "PCS")}
        message = self.window(at(6), at(7), 60, 60, 6, 1, 1, **odd)
        self.assertParked(message, "unknown-unit")
        self.env["mfg.uom.crosswalk"].create(
            {"endpoint_id": self.endpoint.id, "code": "PCS", "uom_id": self.unit.id}
        )
        self.drain()
        self.assertPosted(message)

    def test_seconds_and_hours(self):
        hour = {"plannedBusyTime": amount(1, "HUR")}
        hour["actualProductionTime"] = amount(3600, "SEC")
        self.assertPosted(self.window(at(6), at(7), 0, 0, 1, 1, 1, **hour))
        self.assertEqual(self.windows.planned_busy_time, 60)
        self.assertEqual(self.windows.production_time, 60)

    def test_impossible_elements(self):
        cases = {
            "/data/actualProductionTime/value": (60, 61, 1, 1, 1),
            "/data/goodQuantity/value": (60, 60, 1, 1, 2),
            "/data/plannedBusyTime/value": (-1, 60, 1, 1, 1),
        }
        codes = ("time-invalid", "quantity-invalid", "quantity-invalid")
        for code, (pointer, numbers) in zip(codes, cases.items(), strict=True):
            message = self.window(at(6), at(7), *numbers)
            self.assertParked(message, code)
            self.assertIn(pointer, message.error_fields)
            message._skip("Not looked at here")
        self.assertParked(self.window(at(7), at(6), 0, 0, 1, 1, 1), "time-invalid")
        self.assertFalse(self.windows)

    # -- windows ---------------------------------------------------------------------

    def test_overlapping_windows_are_refused(self):
        rest = (30, 30, 1, 30, 30)
        self.machine("SAW2", self.saw)
        self.window(at(6), at(8), *rest)
        free = (
            self.window(at(8), at(9), *rest),
            self.window(at(5), at(6), *rest),
            self.about(OEE, "SAW2", **self.without_machine(at(7), at(9), *rest)),
        )
        self.assertPosted(*free)
        for start, end in (
            (at(6), at(8)),
            (at(6, 30), at(7)),
            (at(5, 30), at(6, 1)),
            (at(4), at(12)),
        ):
            message = self.window(start, end, *rest)
            self.assertParked(message, "window-overlap")
            message._skip("Not looked at here")
        self.assertEqual(len(self.windows), 4)

    def without_machine(self, *elements):
        data = self.elements(*elements)
        del data["equipmentId"]
        return data

    def hours(self, *hours):
        return [
            self.event(
                OEE,
                self.elements(at(hour), at(hour + 1), 60, 60, 1, 60, 60),
                subject="SAW",
            )
            for hour in hours
        ]

    def test_many_windows_are_one_insert(self):
        self.accept(*self.hours(*range(20)))
        table = type(self.env["mfg.equipment.window"])
        with patch.object(
            table, "_insert", autospec=True, side_effect=table._insert
        ) as insert:
            self.drain()
        self.assertEqual(len(self.windows), 20)
        self.assertEqual(insert.call_count, 1)
        for window in self.windows:
            links = self.env["mfg.message.link"].search(
                [("res_model", "=", window._name), ("res_id", "=", window.id)]
            )
            data = links.message_id._event_data()
            self.assertEqual(data["windowStart"], at(window.date_start.hour))

    def test_a_bad_window_among_many_is_parked_alone(self):
        self.interface(OEE).order_policy = "continue"
        self.accept(*self.hours(6, 7, 7, 8))
        self.drain()
        parked = self.env["mfg.message"].search([("state", "=", "parked")])
        self.assertEqual(parked.mapped("error_code"), ["window-overlap"])
        self.assertEqual(len(self.windows), 3)

    def test_batch_lane(self):
        lanes = {self.interface(t).lane for t in (OEE, TELEMETRY)}
        self.assertEqual(lanes, {"batch"})

    def test_reversed_and_reported_anew(self):
        wrong = self.window(at(6), at(7), 60, 60, 1, 60, 10)
        self.assertPosted(self.take_back(wrong))
        self.assertFalse(self.windows)
        self.assertPosted(self.window(at(6), at(7), 60, 60, 1, 60, 60))
        self.assertEqual(self.windows.good_quantity, 60)

    def test_kept_for_some_time_only(self):
        self.patch(mfg_equipment_record, "BATCH", 2)
        for hour in (6, 7, 8):
            self.window(at(hour), at(hour + 1), 60, 60, 1, 60, 60)
        windows = self.env["mfg.equipment.window"]
        parameters = self.env["ir.config_parameter"]
        parameters.set_param("mfg_mes_connector.equipment_days", "0")
        self.assertIsNone(windows._gc_records())
        parameters.set_param("mfg_mes_connector.equipment_days", "1")
        self.assertEqual(windows._gc_records(), (0, False))  # told of a moment ago
        self.env.cr.execute(
            "UPDATE mfg_equipment_window SET create_date = date_start"
            " WHERE id = ANY(%s)",
            [windows.search([]).ids],
        )
        self.assertEqual(windows._gc_records(), (2, True))
        self.assertEqual(windows._gc_records(), (1, False))
        self.assertIsNone(self.env["mfg.equipment.summary"]._gc_records())

    # -- readings --------------------------------------------------------------------

    def test_readings_of_a_group(self):
        message = self.measure(
            at(6),
            at(6, 5),
            self.reading(low="1.5", high=4, mean="2", count=100, unitCode="CEL"),
            self.reading("Load", count=1),
            shiftId="Early",
        )
        self.measure(at(6, 5), at(6, 10), self.reading(mean=5, count=300))
        self.assertPosted(message)
        heat, load, _later = self.readings
        self.assertEqual((heat.unit_code, heat.shift), ("CEL", "Early"))
        self.assertEqual(message.link_ids.mapped("res_id"), [heat.id, load.id])
        [group] = self.readings._read_group(
            [("name", "=", "Heat")],
            ["name"],
            ["minimum:min", "maximum:max", "mean:avg", "count:sum"],
        )
        self.assertEqual(group, ("Heat", 1, 5, 4.25, 400))

    def test_readings_have_windows_of_their_own(self):
        self.measure(at(6), at(7), self.reading("Heat"))
        self.assertPosted(self.measure(at(6, 30), at(6, 40), self.reading("Load")))
        again = self.measure(at(6, 50), at(7, 10), self.reading("Heat"))
        self.assertParked(again, "window-overlap")
        twice = self.measure(
            at(6), at(7), self.reading("X"), self.reading("X"), machine="BENCH"
        )
        self.assertParked(twice, "window-overlap")
        self.assertEqual(len(self.readings), 2)

    def test_mean_of_a_constant(self):
        constant = {"low": 20.1, "high": 20.1, "mean": 20.100000000000001}
        self.assertPosted(self.measure(at(6), at(7), self.reading(**constant)))
        wrong = self.measure(at(7), at(8), self.reading(mean=6))
        self.assertParked(wrong, "quantity-invalid")

    def test_raw_streams_stay_outside(self):
        raw = (
            self.measure(at(6), "2026-01-10T06:00:10Z"),
            self.measure(at(6), at(6)),
            self.measure(at(6), at(7), self.reading(count=1), self.reading(count=1)),
            self.window(at(6), "2026-01-10T06:00:59Z", 0, 0, 1, 1, 1),
        )
        for message in raw:
            found = (message.state, message.error_code)
            self.assertEqual(found, ("rejected", "raw-stream"))
        many = [self.reading(f"R{number}") for number in range(101)]
        crowd = self.measure(at(6), at(7), *many)
        self.assertEqual((crowd.state, crowd.error_code), ("rejected", "schema"))
        parameters = self.env["ir.config_parameter"]
        parameters.set_param("mfg_mes_connector.min_window_seconds", "10")
        self.assertPosted(self.measure(at(6), "2026-01-10T06:00:10Z"))

    # -- rights ----------------------------------------------------------------------

    def test_each_company_sees_its_own(self):
        company = self.env["res.company"].create({"name": "Other"})
        foreign = self.make_endpoint("FOREIGN", company)
        shared = self.make_shared("SHARED")
        rest = self.without_machine(at(6), at(7), 60, 60, 1, 60, 60)
        mine = self.about(OEE, "SHARED", **rest)
        theirs = self.about(OEE, "SHARED", endpoint=foreign, **rest)
        self.assertPosted(mine, theirs)
        auditor = new_test_user(
            self.env,
            "their auditor",
            groups="mfg_integration_base.group_mfg_auditor",
            company_id=company.id,
            company_ids=[(6, 0, company.ids)],
        )
        windows = self.env["mfg.equipment.window"]
        seen = windows.with_user(auditor).search([])
        self.assertEqual(seen.endpoint_id.ids, foreign.ids)
        [[produced]] = seen._read_group([], aggregates=["produced_quantity:sum"])
        self.assertEqual(produced, 60)
        self.assertEqual(
            windows.with_user(self.endpoint.user_id).search([]).workcenter_id, shared
        )
        with self.assertRaises(AccessError):
            windows.with_user(auditor).browse(self.windows.ids).mapped("equipment")
        with self.assertRaises(AccessError):
            seen.write({"equipment": "X"})
