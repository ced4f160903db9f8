# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
import json

from psycopg2.errors import UniqueViolation

from odoo.exceptions import ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common import TESTED
from .http_common import DoorCase

POSTED = "mfg.event.posted.v1"


class TwoWayCase(DoorCase):
    """A type that the plant may send and Odoo, too."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        handler = cls.registry["mfg.handler.connection.tested"]
        cls.classPatch(handler, "_mfg_direction", "both")
        cls._forget()
        cls.addClassCleanup(cls._forget)
        cls.both = cls.make_endpoint("BOTH", cls.env.company)
        cls.to_plant = cls.make_endpoint("LISTENER", cls.env.company, [POSTED])
        cls.to_plant.interface_ids = [(0, 0, {"type": TESTED, "direction": "out"})]

    @classmethod
    def _forget(cls):
        cls.registry.clear_cache("stable", "default")

    def emit(self):
        return self.env["mfg.outbox"].emit(
            TESTED, "line 1", {"text": "hello"}, self.env.company
        )


@tagged("post_install", "-at_install")
class TestTwoWay(TwoWayCase):
    def test_each_way_is_an_interface_of_its_own(self):
        ways = self.interface(TESTED, self.both).mapped("direction")
        self.assertEqual(sorted(ways), ["in", "out"])
        names = self.interface(TESTED, self.both).mapped("display_name")
        self.assertEqual(
            sorted(names),
            [
                "BOTH: Connection tested (From plant)",
                "BOTH: Connection tested (To plant)",
            ],
        )
        for way in ("in", "out"):
            interface = self.both._interface(TESTED, way)
            self.assertEqual((len(interface), interface.direction), (1, way))

    def test_the_first_way_is_the_default_and_another_may_be_chosen(self):
        form = Form(self.env["mfg.interface"])
        form.type = TESTED
        self.assertEqual(form.direction, "in")
        form.direction = "out"
        form.endpoint_id = self.endpoint
        self.assertEqual(form.save().direction, "out")

    def test_one_interface_per_way(self):
        for way in ("in", "out"):
            with (
                self.subTest(way),
                self.assertRaises(UniqueViolation),
                mute_logger("odoo.sql_db"),
                self.cr.savepoint(),
            ):
                values = {"type": TESTED, "direction": way}
                self.env["mfg.interface"].create(
                    {**values, "endpoint_id": self.both.id}
                )

    def test_a_type_of_one_way_goes_no_other(self):
        values = {"type": POSTED, "direction": "in", "endpoint_id": self.both.id}
        with self.assertRaises(ValidationError):
            self.env["mfg.interface"].create(values)

    def test_in_and_out_do_not_disturb_each_other(self):
        message = self.send(endpoint=self.both)
        self.assertEqual(message.interface_id.direction, "in")
        self.drain()
        self.assertEqual(message.state, "posted")
        out = self.emit()
        self.assertEqual(out.endpoint_id, self.both | self.to_plant)
        self.assertEqual(set(out.interface_id.mapped("direction")), {"out"})
        self.assertEqual(set(out.mapped("state")), {"queued"})

    def test_who_only_takes_a_type_may_not_send_it(self):
        event = self.event(endpoint=self.to_plant)
        [answer] = self.accept(event, endpoint=self.to_plant)
        self.assertEqual(answer["error"]["code"], "not-permitted")

    def test_who_only_sends_a_type_is_not_told_of_it(self):
        self.interface(TESTED, self.both).filtered(
            lambda i: i.direction == "out"
        ).active = False
        self.assertEqual(self.emit().endpoint_id, self.to_plant)

    def test_the_set_up_offers_both_ways(self):
        form = Form(self.env["mfg.endpoint.setup"])
        form.name = "New"
        context = form.save().action_create()["context"]
        endpoint = self.env["mfg.endpoint"].browse(context["default_endpoint_id"])
        ways = {(i.type, i.direction) for i in endpoint.interface_ids}
        handlers = self.env["mfg.handler"]
        chosen = {
            way for way in handlers._ways() if handlers._for_type(way[0])._mfg_chosen
        }
        self.assertEqual(ways, chosen)
        self.assertIn((TESTED, "out"), ways)

    def test_the_set_up_makes_the_way_that_is_ticked(self):
        form = Form(self.env["mfg.endpoint.setup"])
        form.name, form.answer_events = "New", False
        for index in range(len(form.line_ids)):
            with form.line_ids.edit(index) as line:
                line.selected = (line.type, line.direction) == (TESTED, "out")
        context = form.save().action_create()["context"]
        endpoint = self.env["mfg.endpoint"].browse(context["default_endpoint_id"])
        self.assertEqual(endpoint.interface_ids.mapped("direction"), ["out"])

    def test_the_contract_says_both(self):
        self.assertEqual(self.env["mfg.contract"]._types()[TESTED], "both")
        schemas = self.call("/schemas").json()["schemas"]
        [entry] = [entry for entry in schemas if entry["type"] == TESTED]
        self.assertEqual(entry["direction"], "both")
        self.assertEqual(entry["href"], f"/mfg/v1/schemas/{TESTED}")
        components = self.call("/openapi.json").json()["components"]["schemas"]
        for choice in ("EventIn", "EventOut"):
            self.assertIn(TESTED, json.dumps(components[choice]), choice)
        page = self.call("/docs").text
        for way in ("in", "out"):
            self.assertIn(f'id="{way}-{TESTED}"', page)
