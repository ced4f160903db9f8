# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
import time
from unittest.mock import patch

from odoo.tests import tagged

from ..b2mml import document as documents
from .common import B2mmlCase, actual, segment

MIB = 1024 * 1024
LAUGHS = (
    '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">'
    '<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">]>'
)


@tagged("post_install", "-at_install")
class TestB2mmlAttacks(B2mmlCase):
    """What is sent to hurt the reader is refused, kept, and has no effect."""

    def assertRefused(self, body, status, code):
        begin = time.monotonic()
        answer = self.send_xml(body, method="POST")
        self.assertLess(time.monotonic() - begin, 20)
        found = self.assertProblem(answer, status, code, *self.pointers(answer))
        self.assertNotIn("root:", answer.text)
        return found

    def pointers(self, answer):
        return [error["pointer"] for error in answer.json()["errors"]]

    def good(self):
        return self.document(segment(actual("Produced", "TABLE", 1), "Glue"))

    def test_entities(self):
        head, root = self.good().split("\n", 1)
        for doctype, text in (
            (LAUGHS, root.replace(">P<", ">&c;<")),
            ('<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]>',
             root.replace(">P<", ">&f;<")),
            ('<!DOCTYPE x [<!ENTITY f SYSTEM "http://127.0.0.1:1/">]>',
             root.replace(">P<", ">&f;<")),
            ('<!DOCTYPE x [<!ENTITY % p SYSTEM "file:///etc/passwd"> %p;]>', root),
            ('<!DOCTYPE x SYSTEM "http://127.0.0.1:1/x.dtd">', root),
        ):  # fmt: skip
            for encoding in ("utf-8", "utf-16"):
                with self.subTest(doctype=doctype, encoding=encoding):
                    body = f"{head}\n{doctype}\n{text}".encode(encoding)
                    found = self.assertRefused(body, 400, "bad-request")
                    self.assertIn("DTD", found["detail"])
        self.assertEqual(len(self.documents()), 10)
        self.assertEqual(set(self.inbound().mapped("state")), {"rejected"})

    def test_xinclude(self):
        include = (
            '<i:include xmlns:i="http://www.w3.org/2001/XInclude" parse="text" '
            'href="file:///etc/passwd"/>'
        )
        text = self.good().replace("<ID>P</ID>", f"<ID>{include}</ID>")
        self.assertRefused(text, 400, "bad-request")

    def test_deep_wide_and_large(self):
        deep = b"<a>" * 1_000_000
        self.assertRefused(deep, 400, "bad-request")
        wide = b"<a>" + b"<b/>" * 1_000_000 + b"</a>"
        self.assertRefused(wide, 413, "payload-too-large")
        text = b"<a>" + b"x" * (7 * MIB) + b"</a>"
        self.assertRefused(text, 413, "payload-too-large")
        many = b"<a " + b"".join(b'b%d="" ' % i for i in range(300_000)) + b"/>"
        self.assertRefused(many, 413, "payload-too-large")
        kept = self.inbound()
        self.assertEqual(len(kept), 4)
        self.assertTrue(all(len(m.payload) <= 64 * 1024 for m in kept))
        self.assertEqual(len(self.documents()), 1, "too large ones are not kept whole")
        huge = b"<a>" + b"x" * (10 * MIB) + b"</a>"
        self.assertRefused(huge, 413, "payload-too-large")
        self.assertEqual(len(self.inbound()), 4)

    def assertSoon(self, text, *statuses):
        """A document within all limits takes seconds at most, and is taken."""
        begin = time.monotonic()
        self.taken(text, *statuses)
        self.assertLess(time.monotonic() - begin, 20)

    def test_wide_within_the_limits(self):
        """Each element is looked at a few times, however many stand beside it."""
        wide = "<b/>" * 99_900
        self.assertRefused(f"<a>{wide}</a>", 422, "not-supported")
        noun = "<a/>" * 50_000 + "<b/>" * 49_900
        verb = f"<SyncB><DataArea><Sync/>{noun}</DataArea></SyncB>"
        self.assertRefused(verb, 422, "not-supported")
        text = f"<JobOrderID>{self.code}</JobOrderID>{actual('Produced', 'TABLE', 1)}"
        self.assertSoon(f"<JobResponse>{wide}{text}</JobResponse>", "accepted")
        value = "<Value><ValueString>x</ValueString></Value>"
        some = "".join(
            f"<XProperty><ID>{n}</ID>{value}</XProperty>" for n in range(24_000)
        )
        text = text.replace("Produced", "Scrap").replace("<ID>a</ID>", some)
        self.assertSoon(f"<JobResponse>{text}</JobResponse>", "accepted")

    def test_as_many_events_as_a_batch_may_bring(self):
        person = "<PersonnelActual><Quantity>PT1M</Quantity></PersonnelActual>"
        begun = (
            "<JobResponse><JobOrderID>X</JobOrderID><WorkMasterID>Cut</WorkMasterID>"
            "%s</JobResponse>"
        )
        machines = "<EquipmentActual/>" * 50_000
        self.assertSoon(begun % (person * 1000 + machines), *["accepted"] * 1000)
        found = self.assertRefused(begun % (person * 1001), 413, "payload-too-large")
        [error] = found["errors"]
        self.assertTrue(error["pointer"].endswith("/PersonnelActual[1001]"))
        self.assertEqual(len(self.inbound()), 1001)

    def test_whose_minute_is_used_up_is_not_read(self):
        self.endpoint.rate_limit = 1
        self.taken(self.good(), "accepted")
        with patch.object(documents, "read", side_effect=AssertionError):
            answer = self.send_xml(self.good())
        self.assertProblem(answer, 429, "too-many-requests")

    def test_no_xml_at_all(self):
        for body in (b"", b"{}", b"\x00\xff\xfe", b"<a>", b"<a/><b/>", b"\xff\xfe"):
            with self.subTest(body=body):
                self.assertRefused(body, 400, "bad-request")
        packed = self.send_xml(self.good(), Content_Encoding="gzip")
        self.assertProblem(packed, 415, "unsupported-media-type")

    def test_markup_in_values_is_text_everywhere(self):
        evil = "&lt;script&gt;alert(1)&lt;/script&gt;"
        part = segment(actual("Produced", evil, 1), "Glue")
        [result] = self.taken(self.document(part), "accepted")["results"]
        message = self.message_of(result)
        self.assertNotIn("<script", message.payload_table)
        self.drain()
        self.assertParked(message, "unknown-material")
        answer = self.send_xml(f"<{'x' * 200}>" + "<script/>")
        self.assertNotIn("<script", self.inbound()[:1].payload_table)
        self.assertEqual(answer.status_code, 400)
