# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from pathlib import Path
from unittest.mock import patch

from odoo.modules.module import load_script
from odoo.tests import tagged
from odoo.tools.translate import code_translations

from odoo.addons.mfg_mes_connector.tests.common import REPORTED, moment

from .common import XML, B2mmlCase, actual, quantity, segment

BASE = "mfg_integration_base"
PROBLEM = "application/problem+json"
BODID = "/SyncOperationsPerformance/ApplicationArea/BODID"


@tagged("post_install", "-at_install")
class TestB2mmlIn(B2mmlCase):
    def whole_order(self, bodid="BOD-1", made=10, more=""):
        """Two operations, used boards and glue, labour, made goods, the end."""
        person = (
            "<PersonnelActual><ID>p</ID><PersonID>A1</PersonID>"
            f"{quantity(90, 'MIN')}</PersonnelActual>"
        )
        state = "<SegmentState>Completed</SegmentState>"
        return self.document(
            segment(person + actual("Consumed", "BOARD", 10)),
            segment(
                state
                + actual("Consumed", "GLUE", 5, "KGM")
                + actual("Produced", "TABLE", made),
                "Glue",
                "10:00",
                "11:00",
            ),
            bodid=bodid,
            more=f"{more}<ResponseState>Completed</ResponseState>",
        )

    def test_a_whole_order(self):
        body = self.taken(self.whole_order(), *["accepted"] * 6)
        self.assertEqual(body["document"]["id"], "BOD-1")
        self.assertEqual(body["document"]["root"], "SyncOperationsPerformance")
        self.assertEqual(body["ignored"], [])
        self.drain()
        messages = self.inbound()
        self.assertPosted(*messages)
        self.order.invalidate_recordset()
        self.assertEqual(self.order.state, "done")
        self.assertEqual(self.order.qty_produced, 10)
        self.assertEqual(self.on_hand(self.table), 10)
        self.assertEqual(self.on_hand(self.board), 90)
        self.assertEqual(self.on_hand(self.glue), 45)
        self.assertEqual(self.order.date_finished, moment(11))
        cut = self.order.workorder_ids[0]
        self.assertEqual(sum(cut.time_ids.mapped("duration")), 90)
        self.assertEqual(set(messages.mapped("subject")), {self.code})
        answers = self.outgoing("mfg.event.posted.v1")
        self.assertEqual(set(answers.mapped("correlation_id")), {"BOD-1"})

    def test_the_answer_says_where_each_event_came_from(self):
        body = self.taken(self.whole_order(), *["accepted"] * 6)
        place = body["results"][0]
        self.assertEqual(place["line"], 3)
        self.assertEqual(
            place["path"],
            "/SyncOperationsPerformance/DataArea/OperationsPerformance"
            "/OperationsResponse/SegmentResponse[1]",
        )
        self.assertEqual([r["line"] for r in body["results"]], [3, 3, 4, 4, 4, 5])
        [origin] = self.message_of(place).b2mml_origin_ids
        self.assertEqual((origin.path, origin.line), (place["path"], 3))

    def test_sent_again_nothing_happens(self):
        text = self.whole_order()
        self.taken(text, *["accepted"] * 6)
        self.drain()
        self.taken(text, *["duplicate"] * 6)
        self.taken(text.replace("\n", "\n\n  "), *["duplicate"] * 6)
        self.drain()
        self.assertEqual(len(self.inbound()), 6)
        self.assertEqual(self.on_hand(self.table), 10)
        known = self.documents()
        self.assertEqual(known.mapped("times"), [1, 2])  # the last one first
        self.assertEqual(known[1].message_count, 6)

    def test_other_content_under_the_same_id_contradicts(self):
        self.taken(self.whole_order(), *["accepted"] * 6)
        self.drain()
        self.contradicts(self.whole_order(made=9))
        self.drain()
        self.assertEqual(self.on_hand(self.table), 10)
        self.taken(self.whole_order("BOD-2"), *["accepted"] * 6)

    def contradicts(self, text):
        """Nothing of a document is taken that contradicts one of its id."""
        message, body = self.refused(text, 409, "conflict", BODID)
        self.assertIn("nothing of this one", body["detail"])
        self.assertEqual(message.event_id, "BOD-1")
        document = message.b2mml_document_id
        self.assertEqual((document.state, document.error_path), ("refused", BODID))

    def test_one_element_more_posts_nothing_a_second_time(self):
        """Ids of events are places: those behind the element have another one."""
        made = actual("Produced", "TABLE", 4)
        used = actual("Consumed", "BOARD", 4)
        text = self.document(segment(used + made, "Glue"))
        self.taken(text, "accepted", "accepted")
        self.drain()
        for other in (
            text.replace(made, f"<Description>late</Description>{made}"),
            text.replace(used, ""),
            text.replace("<SegmentResponse>", "<Status/><SegmentResponse>"),
            text.replace("<MaterialUse>Prod", '<MaterialUse OtherValue="x">Prod'),
        ):
            self.contradicts(other)
            self.contradicts(other)
        self.drain()
        self.assertEqual(self.on_hand(self.table), 4)
        self.assertEqual(self.on_hand(self.board), 96)
        self.taken(text, "duplicate", "duplicate")

    def test_the_same_in_other_words_is_the_same(self):
        text = self.document(segment(actual("Produced", "TABLE", 4), "Glue"))
        self.taken(text, "accepted")
        prefixed = text.replace("</", "</b:").replace("<S", "<b:S")
        prefixed = prefixed.replace("xmlns=", "xmlns:b=")
        for name in "ADPBCORMQLUI":  # what elements begin with, beside S
            prefixed = prefixed.replace(f"<{name}", f"<b:{name}")
        for same in (
            text.replace("<DataArea>", "\n<!-- again -->\n  <DataArea>"),
            prefixed,
            text.replace("2026-01-10T12:00:00Z", "2026-01-10T12:05:00Z"),
            text.encode("utf-8").decode().replace("UTF-8", "UTF-16").encode("utf-16"),
        ):
            self.taken(same, "duplicate")
        self.drain()
        self.assertEqual(self.on_hand(self.table), 4)

    def test_what_was_refused_in_every_event_may_come_corrected(self):
        part = segment(actual("Produced", "TABLE", 1), "G" * 200)
        text = self.document(part)
        self.taken(text, "rejected")
        [document] = self.documents()
        self.assertEqual((document.state, document.error_code), ("refused", "schema"))
        self.assertIn("operationsSegmentId", document.error_detail)
        self.taken(text.replace("G" * 200, "Glue"), "accepted")
        self.drain()
        self.assertEqual(self.on_hand(self.table), 1)
        self.contradicts(text)
        documents = self.documents()
        self.assertEqual(documents.mapped("state"), ["accepted", "refused"])

    def test_what_was_taken_before_an_update_contradicts_too(self):
        made = actual("Produced", "TABLE", 4)
        text = self.document(segment(made, "Glue"))
        self.taken(text, "accepted")
        self.taken(text.replace("\n", "\n\n"), "duplicate")
        self.env.cr.execute("UPDATE mfg_b2mml_document SET meaning = NULL")
        self.env.invalidate_all()
        addon = Path(__file__).resolve().parents[1]
        [script] = addon.glob("migrations/19.0.1.1.0/post-*.py")
        load_script(str(script), script.stem).migrate(self.env.cr, "19.0.1.0.0")
        meanings = self.documents().mapped("meaning")  # the last one first
        self.assertEqual([bool(meaning) for meaning in meanings], [False, True])
        self.contradicts(text.replace(made, f"<Description>late</Description>{made}"))
        self.taken(text, "duplicate")

    def test_what_was_not_permitted_is_taken_once_it_is(self):
        text = self.document(segment(actual("Produced", "TABLE", 1), "Glue"))
        self.interface(REPORTED).active = False
        self.taken(text, "rejected")
        self.env["mfg.interface"].with_context(active_test=False).search(
            [("endpoint_id", "=", self.endpoint.id), ("type", "=", REPORTED)]
        ).active = True
        self.taken(text, "accepted")
        self.assertEqual(self.documents().mapped("state"), ["accepted", "refused"])
        self.taken(text, "duplicate")

    def test_what_the_endpoint_may_not_send_is_refused_the_rest_is_taken(self):
        self.interface(REPORTED).unlink()
        statuses = ["accepted"] * 6
        statuses[3] = "rejected"
        body = self.taken(self.whole_order(), *statuses)
        error = body["results"][3]["error"]
        self.assertEqual(error["code"], "not-permitted")
        [pointed] = error["errors"]
        self.assertTrue(pointed["pointer"].endswith("/MaterialActual[2]"))
        self.assertIn("(line 4)", pointed["detail"])

    def test_what_the_schema_refuses_points_into_the_document(self):
        part = segment(actual("Consumed", "B" * 200, 1))
        body = self.taken(self.document(part), "rejected")
        [pointed] = body["results"][0]["error"]["errors"]
        self.assertTrue(pointed["pointer"].endswith("/MaterialActual"))
        self.assertIn("materialDefinitionId", pointed["detail"])

    def test_an_unknown_unit_waits_for_its_alias(self):
        part = segment(actual("Consumed", "GLUE", "1.5", "KG"), "Glue")
        body = self.taken(self.document(part), "accepted")
        message = self.message_of(body["results"][0])
        self.drain()
        self.assertParked(message, "unknown-unit")
        self.env["mfg.uom.crosswalk"].create(
            {
                "endpoint_id": self.endpoint.id,
                "code": "KG",
                "uom_id": self.kilo.id,
            }
        )
        self.drain()
        self.assertPosted(message)
        self.assertEqual(self.on_hand(self.glue), 48.5)

    def test_unknown_codes_are_parked_and_healed(self):
        part = segment(actual("Produced", "T-99", 2), "GLUE-OP")
        text = self.document(part, order="4711")
        [result] = self.taken(text, "accepted")["results"]
        message = self.message_of(result)
        self.drain()
        self.assertParked(message, "unknown-order")
        self.map_code("order", "4711", self.order)
        self.drain()
        self.assertParked(message, "unknown-segment")
        self.map_code("operation", "GLUE-OP", self.bom.operation_ids[1])
        self.drain()
        self.assertParked(message, "unknown-material")
        self.map_code("material", "T-99", self.board)
        self.drain()
        self.assertParked(message, "material-mismatch")

    def test_scrap_and_what_has_no_effect(self):
        self.env["stock.scrap.reason.tag"].create({"name": "retained sample"})
        sample = actual("Resurned Sample", "TABLE", 1)
        part = segment(actual("Retained Sample", "TABLE", 1) + sample, "Glue")
        data = "<SegmentData><ID>Temperature</ID></SegmentData>"
        text = self.document(part, segment(data))
        body = self.taken(text, "accepted")
        self.assertEqual([i["line"] for i in body["ignored"]], [3, 4])
        self.assertTrue(body["ignored"][1]["path"].endswith("/SegmentData"))
        self.drain()
        self.assertPosted(self.message_of(body["results"][0]))
        self.assertEqual(self.order.scrap_ids.mapped("scrap_qty"), [1])

    def test_a_document_without_anything_to_post(self):
        body = self.taken(self.document(segment("")))
        self.assertEqual(body["results"], [])
        self.assertEqual(len(self.documents()), 1)

    def test_times_without_offset_are_of_the_plant(self):
        part = segment(actual("Produced", "TABLE", 1), "Glue").replace("Z<", "<")
        [result] = self.taken(self.document(part), "accepted")["results"]
        message = self.message_of(result)
        self.assertEqual(message._event_data()["time"], "2026-01-10T09:00:00Z")

    def test_a_dry_run_says_it_and_does_nothing(self):
        made = actual("Produced", "TABLE", 4)
        text = self.document(segment(made + actual("Consumed", "NONE", 1), "Glue"))
        answer = self.rehearsed(text, 200)
        consumed, produced = answer.json()["results"]
        self.assertEqual(produced["result"]["state"], "posted")
        names = [record["name"] for record in produced["result"]["records"]]
        self.assertIn(self.order.name, names)
        self.assertEqual(consumed["result"]["error"]["code"], "unknown-material")
        [pointed] = consumed["result"]["error"]["errors"]
        self.assertTrue(pointed["pointer"].endswith("/MaterialActual[2]"))
        self.assertEqual({r["line"] for r in answer.json()["results"]}, {3})
        bad = self.rehearsed(text.replace(">4<", ">many<"), 422)
        self.assertEqual(bad.json()["code"], "quantity-invalid")
        self.taken(text, "accepted", "accepted")
        other = self.rehearsed(text.replace(">4<", ">5<"), 409)
        self.assertProblem(other, 409, "conflict", BODID)
        statuses = [r["status"] for r in self.rehearsed(text, 200).json()["results"]]
        self.assertEqual(statuses, ["duplicate", "duplicate"])

    def rehearsed(self, text, status):
        before = len(self.inbound()), len(self.documents())
        answer = self.call("/b2mml?dryRun=1", text, XML)
        self.drain()
        self.assertEqual(answer.status_code, status, answer.text)
        self.assertEqual((len(self.inbound()), len(self.documents())), before)
        return answer

    def test_taken_back_like_any_event(self):
        part = segment(actual("Produced", "TABLE", 4), "Glue")
        [result] = self.taken(self.document(part), "accepted")["results"]
        self.drain()
        self.assertEqual(self.on_hand(self.table), 4)
        message = self.message_of(result)
        undo = {"eventId": message.event_id, "reason": "counted twice"}
        back = self.post("mfg.event.reversed.v1", undo, subject=self.code)
        self.assertPosted(back)
        self.assertEqual(self.on_hand(self.table), 0)

    # -- refused as a whole ----------------------------------------------------------

    def refused(self, text, status, code, pointer, **options):
        """A refused document: answered, kept, and nothing of it posted."""
        before = self.inbound()
        answer = self.send_xml(text, **options)
        body = self.assertProblem(answer, status, code, pointer)
        message = self.inbound() - before
        self.assertEqual(len(message), 1)
        self.assertEqual(message, self.message_of(body))
        self.assertEqual((message.state, message.error_code), ("rejected", code))
        self.assertTrue(body["nextAction"])
        return message, body

    def test_not_business_valid(self):
        response = (
            "/SyncOperationsPerformance/DataArea/OperationsPerformance"
            "/OperationsResponse"
        )
        for part, code, place in (
            (
                segment("", start="11:00"),
                "time-invalid",
                "/SegmentResponse/ActualEndTime",
            ),
            (
                segment(actual("Produced", "TABLE", "many")),
                "quantity-invalid",
                "/SegmentResponse/MaterialActual/Quantity/QuantityString",
            ),
            (
                segment(actual("Produced", "TABLE", -1)),
                "quantity-invalid",
                "/SegmentResponse/MaterialActual/Quantity/QuantityString",
            ),
            (
                segment(actual("Inventoried", "TABLE", 1)),
                "not-supported",
                "/SegmentResponse/MaterialActual/MaterialUse",
            ),
        ):
            with self.subTest(code=code):
                good = segment(actual("Consumed", "BOARD", 1), "Glue")
                text = self.document(part, good)
                pointer = response + place.replace(
                    "/SegmentResponse", "/SegmentResponse[1]"
                )
                message, body = self.refused(text, 422, code, pointer)
                self.assertIn("(line 3)", body["errors"][0]["detail"])
                self.assertEqual(message.event_id, "BOD-1")
        self.drain()
        self.assertEqual(self.on_hand(self.board), 100)

    def test_no_order_named(self):
        text = "<JobResponse><ID>J</ID><JobState>Running</JobState></JobResponse>"
        self.refused(text, 422, "schema", "/JobResponse")

    def test_a_refused_document_may_come_corrected_under_its_id(self):
        good = self.document(segment(actual("Produced", "TABLE", 1), "Glue"))
        bad = good.replace(">1<", ">one<")
        pointer = "SegmentResponse/MaterialActual/Quantity/QuantityString"
        answer = self.send_xml(bad)
        self.assertEqual(answer.status_code, 422)
        self.assertTrue(answer.json()["errors"][0]["pointer"].endswith(pointer))
        self.taken(good, "accepted")

    def test_the_original_is_kept_whatever_it_is(self):
        text = self.document(segment(actual("Produced", "TABLE", "viel")))
        text = text.replace("UTF-8", "UTF-16").replace("BOD-1", "Größe")
        self.send_xml(text.encode("utf-16"))
        [document] = self.documents()
        self.assertEqual(document.state, "refused")
        self.assertIn("Größe", document.text)
        self.assertEqual(document.error_code, "quantity-invalid")
        self.assertTrue(document.error_path.endswith("/QuantityString"))
        message = document.origin_ids.message_id
        self.assertIn("Größe", message.payload)
        self.assertEqual(message.b2mml_document_id, document)
        self.assertIn("Größe", message.payload_table)
        self.assertIn("number such as", message.sentence)
        self.assertEqual(message.type_title, "SyncOperationsPerformance")
        self.assertEqual(message.display_name, "SyncOperationsPerformance")
        self.assertEqual(document.version, "V7")

    def test_what_is_wrong_is_told_in_the_language_of_the_reader(self):
        self.env["res.lang"]._activate_lang("de_DE")
        self.send_xml(self.document(segment(actual("Inventoried", "TABLE", 1))))
        self.send_xml(self.document(segment(actual("Produced", "TABLE", "many"))))
        codes = {"not-supported": "mfg_b2mml", "quantity-invalid": BASE}
        documents = {document.error_code: document for document in self.documents()}
        words = {}
        for code, addon in codes.items():
            texts = (documents[code].error_title, documents[code].next_action)
            words[addon, "de_DE"] = {text: f"{addon} {text}" for text in texts}
        self.startPatcher(patch.dict(code_translations.python_translations, words))
        for code, addon in codes.items():
            english = documents[code]
            german = english.with_context(lang="de_DE")
            with self.subTest(code=code):
                self.assertEqual(german.error_title, f"{addon} {english.error_title}")
                self.assertEqual(german.next_action, f"{addon} {english.next_action}")

    def test_content_types(self):
        text = self.document(segment(actual("Produced", "TABLE", 1), "Glue"))
        self.taken(text, "accepted", content_type="text/xml; charset=utf-8")
        self.taken(
            text.replace(' encoding="UTF-8"', "").encode("utf-16-le"),
            "duplicate",
            content_type="application/xml; charset=utf-16le",
        )
        for content_type in (
            "application/json",
            "text/plain",
            "application/x-www-form-urlencoded",
            None,
        ):
            with self.subTest(content_type):
                answer = self.send_xml(text, content_type)
                self.assertProblem(answer, 415, "unsupported-media-type")
                self.assertIn("application/xml", answer.headers["Accept-Post"])
        pointer = "/"
        self.refused(
            text, 400, "bad-request", pointer, content_type="text/xml; charset=utf-7"
        )

    def test_keys_signatures_and_rates_are_those_of_events(self):
        text = self.document(segment(actual("Produced", "TABLE", 1), "Glue"))
        answer = self.send_xml(text, key=False)
        self.assertProblem(answer, 401, "unauthorized")
        answer = self.call("/b2mml", method="GET")
        self.assertProblem(answer, 405, "method-not-allowed")
        self.endpoint.write(
            {"signature_profile": "body_hex", "signature_secret": "s" * 32}
        )
        answer = self.send_xml(text)
        self.assertProblem(answer, 401, "unauthorized")
        self.endpoint.write({"signature_profile": "none", "rate_limit": 3})
        self.assertFalse(self.inbound())
        self.taken(self.whole_order(), *["accepted"] * 6)  # heavier, so paid back
        answer = self.send_xml(text)
        self.assertProblem(answer, 429, "too-many-requests")
        self.assertEqual((len(self.inbound()), len(self.documents())), (6, 1))
