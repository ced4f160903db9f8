# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from urllib.parse import quote

from lxml import etree
from standardwebhooks.webhooks import Webhook

from odoo.tests import tagged

from odoo.addons.mfg_integration_base.tests.push_common import (
    QUICK,
    PushCase,
    Receiver,
    push_now,
)
from odoo.addons.mfg_mes_connector.models.mrp_production_watch import WATCH
from odoo.addons.mfg_mes_connector.tests.common import CANCELLED, RELEASED, REPORTED

from .common import V7, XML, B2mmlCase, data_folder

V4 = "http://www.wbf.org/xml/B2MML-V0401"
SCHEMAS = {
    "b2mml_0701": "V0701/B2MML-OperationsSchedule.xsd",
    "b2mml_0701_jobs": "V0701/B2MML-WorkSchedule.xsd",
    "b2mml_0401": "V0401/B2MML-V0401-ProductionSchedule.xsd",
}


@tagged("post_install", "-at_install")
class TestB2mmlOut(B2mmlCase):
    def pull(self):
        answer = self.call("/outbox")
        self.assertEqual(answer.status_code, 200, answer.text)
        return [delivery["event"] for delivery in answer.json()["deliveries"]]

    def acknowledge_all(self):
        deliveries = self.call("/outbox").json()["deliveries"]
        ids = [delivery["deliveryId"] for delivery in deliveries]
        self.call("/outbox/ack", {"acknowledged": ids}, "application/json")

    def tree(self, event, form):
        """The document of a delivery, valid by MESA's schema."""
        self.assertEqual(event["datacontenttype"], XML)
        root = etree.fromstring(event["data"].encode())
        schema = etree.XMLSchema(
            etree.parse(str(data_folder() / "xsd" / SCHEMAS[form]))
        )
        schema.assertValid(root)
        return root

    def words(self, root, name):
        return [element.text for element in root.iter(f"{{*}}{name}")]

    def test_json_stays_what_it_was(self):
        [event] = self.pull()
        self.assertEqual(event["datacontenttype"], "application/json")
        self.assertEqual(event["data"]["jobOrderId"], self.code)
        message = self.outgoing(RELEASED)
        self.assertFalse(message.b2mml_text)

    def test_a_released_order_in_every_form(self):
        for form in SCHEMAS:
            with self.subTest(form):
                self.endpoint.message_format = form
                [event] = self.pull()
                self.assertEqual(event["type"], RELEASED)
                self.assertEqual(event["subject"], self.code)
                root = self.tree(event, form)
                self.assertIn(self.code, self.words(root, "ID"))
                self.assertEqual(self.words(root, "BODID"), [event["id"]])
                self.assertEqual(
                    set(self.words(root, "MaterialDefinitionID")),
                    {"TABLE", "BOARD", "GLUE"},
                )
                self.assertEqual(
                    set(self.words(root, "EquipmentID")) & {"SAW"}, {"SAW"}
                )
                amounts = set(self.words(root, "QuantityString"))
                self.assertEqual(amounts, {"10", "5"})
                self.assertEqual(set(self.words(root, "UnitOfMeasure")) - {None},
                                 {"C62", "KGM"})  # fmt: skip
                space = V4 if form == "b2mml_0401" else V7
                self.assertTrue(root.tag.startswith(f"{{{space}}}Sync"))
                message = self.outgoing(RELEASED)
                self.assertEqual(message.b2mml_text, event["data"])

    def test_a_cancelled_order_in_every_form(self):
        self.order.action_cancel()
        for form in SCHEMAS:
            with self.subTest(form):
                self.endpoint.message_format = form
                event = next(e for e in self.pull() if e["type"] == CANCELLED)
                root = self.tree(event, form)
                text = event["data"]
                self.assertIn("Cancelled", text)
                self.assertIn(self.code, self.words(root, "ID"))

    def test_codes_of_the_plant_are_written(self):
        self.map_code("material", "T-99", self.table)
        self.endpoint.message_format = "b2mml_0401"
        self.acknowledge_all()
        self.make_order()
        [event] = self.pull()
        root = self.tree(event, "b2mml_0401")
        self.assertIn("T-99", self.words(root, "MaterialDefinitionID"))

    def test_answers_to_events_stay_json(self):
        self.endpoint.message_format = "b2mml_0701"
        self.acknowledge_all()
        self.report(self.order, 1)
        [event] = self.pull()
        self.assertEqual(event["type"], "mfg.event.posted.v1")
        self.assertEqual(event["datacontenttype"], "application/json")
        self.assertEqual(event["data"]["type"], REPORTED)

    def test_each_endpoint_speaks_its_own_language(self):
        other = self.make_endpoint("OTHER", self.env.company)
        self.endpoint.message_format = "b2mml_0701"
        self.acknowledge_all()
        order = self.make_order()
        [event] = self.pull()
        self.assertEqual(event["datacontenttype"], XML)
        key = other._rotate_key()
        answer = self.call("/outbox", key=key).json()
        [theirs] = [delivery["event"] for delivery in answer["deliveries"]]
        self.assertEqual(theirs["data"]["jobOrderId"], order.mfg_job_order_id)

    def test_one_order_as_it_stands(self):
        for form in ("cloudevents", *SCHEMAS):
            with self.subTest(form):
                self.endpoint.message_format = form
                answer = self.call(f"/b2mml/joborders/{quote(self.code)}")
                self.assertEqual(answer.status_code, 200, answer.text)
                self.assertTrue(answer.headers["Content-Type"].startswith(XML))
                shown = {"datacontenttype": XML, "data": answer.text}
                root = self.tree(shown, form if form in SCHEMAS else "b2mml_0701")
                self.assertIn(self.code, self.words(root, "ID"))
        answer = self.call("/b2mml/joborders/WH/MO/none")
        self.assertProblem(answer, 404, "not-found")
        company = self.env["res.company"].create({"name": "Other"})
        key = self.make_endpoint("FOREIGN", company)._rotate_key()
        answer = self.call(f"/b2mml/joborders/{quote(self.code)}", key=key)
        self.assertIn(answer.status_code, (404, 503))
        answer = self.call(f"/b2mml/joborders/{quote(self.code)}", key=False)
        self.assertProblem(answer, 401, "unauthorized")

    def test_a_changed_order(self):
        self.endpoint.message_format = "b2mml_0701"
        self.acknowledge_all()
        self.env.cr.postcommit.data.pop(WATCH, None)  # as after its commit
        wizard = self.env["change.production.qty"].create(
            {"mo_id": self.order.id, "product_qty": 12}
        )
        wizard.change_prod_qty()
        [event] = self.pull()
        self.assertEqual(event["type"], "mfg.joborder.changed.v1")
        root = self.tree(event, "b2mml_0701")
        self.assertIn("12", self.words(root, "QuantityString"))
        self.assertEqual(self.words(root, "Version"), ["2"])

    def test_pushed_it_is_the_body_and_the_envelope_is_in_the_headers(self):
        receiver = Receiver()
        self.addCleanup(receiver.close)
        pushed, secret = PushCase.pushed.__func__(
            type(self), "Pushed", receiver.url, message_format="b2mml_0401"
        )
        order = self.make_order(origin="Größe 5")
        push_now(self.env, QUICK)
        [request] = [r for r in receiver.requests if r.headers["ce-type"] == RELEASED]
        message = self.outgoing(RELEASED, pushed)
        self.assertEqual(message.state, "acknowledged")
        self.assertEqual(request.headers["content-type"], XML)
        self.assertEqual(request.headers["ce-id"], message.event_id)
        self.assertEqual(request.headers["ce-subject"], order.mfg_job_order_id)
        self.tree({"datacontenttype": XML, "data": request.body.decode()}, "b2mml_0401")
        self.assertEqual(request.body.decode(), message.b2mml_text)
        verified = Webhook(secret)
        verified.verify(request.body.decode(), request.headers, json_parse=False)

    def emit_large(self, endpoint, subject="WH/MO/LARGE"):
        """A released order of more lines than one event may bring in."""
        data = self.outgoing(RELEASED, self.endpoint)._event_data()
        line = data["materialRequirements"][0]
        lines = [
            {**line, "materialRequirementId": str(number)} for number in range(1200)
        ]
        data = {**data, "jobOrderId": subject, "materialRequirements": lines}
        outbox = self.env["mfg.outbox"]
        return outbox.emit(RELEASED, subject, data, self.env.company, endpoint=endpoint)

    def test_an_order_of_a_thousand_lines_is_pushed(self):
        receiver = Receiver()
        self.addCleanup(receiver.close)
        pushed, _secret = PushCase.pushed.__func__(
            type(self), "Pushed", receiver.url, message_format="b2mml_0701"
        )
        message = self.emit_large(pushed)
        push_now(self.env, QUICK)
        self.assertEqual(message.state, "acknowledged")
        [request] = receiver.requests
        root = etree.fromstring(request.body)
        told = len(list(root.iter("{*}MaterialRequirement")))
        self.assertEqual(told, 1200 + 1)  # and what is made

    def test_an_order_of_a_thousand_lines_is_fetched(self):
        self.endpoint.message_format = "b2mml_0701"
        self.acknowledge_all()
        self.emit_large(self.endpoint)
        [event] = self.pull()
        self.tree(event, "b2mml_0701")

    def test_one_that_cannot_be_written_stops_no_other(self):
        """And its page opens, so that somebody can see why."""
        self.endpoint.message_format = "b2mml_0701"
        broken = self.outgoing(RELEASED)
        broken.payload = '{"type": "mfg.joborder.released.v1", "data": {}}'
        order = self.make_order()
        [event] = self.pull()
        self.assertEqual(event["subject"], order.mfg_job_order_id)
        self.assertParked(broken, "not-writable")
        self.assertFalse(broken.b2mml_text)

    def test_what_is_delivered_is_published(self):
        self.endpoint.message_format = "b2mml_0701"
        document = self.call("/openapi.json").json()
        self.assertIn("/mfg/v1/b2mml", document["paths"])
        schemas = document["components"]["schemas"]
        self.assertIn("EventAsXml", str(schemas["EventDelivered"]))
        self.assertIn("not-supported", schemas["Error"]["properties"]["code"]["enum"])
        docs = self.call("/docs").text
        self.assertIn("/b2mml", docs)
        self.assertIn("MESA", docs)

    def test_reading_the_outbox_costs_no_more_for_it(self):
        """One query for the format of an endpoint, however many deliveries."""
        for _number in range(5):
            self.make_order()
        outbox, counts = self.env["mfg.outbox"], []
        for form in ("cloudevents", "b2mml_0701"):
            self.endpoint.message_format = form
            self.env.flush_all()
            self.env.invalidate_all()
            self.endpoint.mapped("state")  # in the cache, as in a request
            before = self.cr.sql_log_count
            deliveries, _more = outbox.pull(self.endpoint, 50)
            counts.append(self.cr.sql_log_count - before)
            self.assertEqual(len(deliveries), 6)
        self.assertEqual(counts[0], counts[1])
