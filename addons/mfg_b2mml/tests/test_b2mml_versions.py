# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo.tests import tagged

from odoo.addons.mfg_integration_base.tests.version_common import PAST, VersionMixin
from odoo.addons.mfg_mes_connector.tests.common import RELEASED, REPORTED

from .common import B2mmlCase, actual, segment

NEXT = REPORTED.replace("v1", "v2")
NEXT_RELEASED = RELEASED.replace("v1", "v2")


@tagged("post_install", "-at_install")
class TestB2mmlVersions(VersionMixin, B2mmlCase):
    """A plant that speaks B2MML says nothing of versions of events: Odoo sees to it."""

    def report(self, bodid, *statuses):
        part = segment(actual("Produced", "TABLE", 1), "Glue")
        answer = self.send_xml(self.document(part, bodid=bodid))
        found = [result["status"] for result in answer.json()["results"]]
        self.assertEqual(found, list(statuses))
        return answer

    def add(self, event_type):
        return self.env["mfg.interface"].create(
            {"endpoint_id": self.endpoint.id, "type": event_type}
        )

    def type_of(self, answer):
        return self.message_of(answer.json()["results"][0]).type

    def test_the_answer_tells_when_a_version_of_its_events_ends(self):
        self.assertSilent(self.report("BOD-1", "accepted"))
        self.deprecate(first=REPORTED)
        self.assertTold(self.report("BOD-2", "accepted"), following=NEXT)
        used = segment(actual("Consumed", "BOARD", 1))
        self.assertSilent(self.send_xml(self.document(used, bodid="BOD-3")))
        path = f"/b2mml/joborders/{self.code}"
        self.assertSilent(self.call(path))
        self.deprecate(first=RELEASED)
        self.assertTold(self.call(path), following=NEXT_RELEASED)

    def test_after_its_end_events_come_in_as_the_version_that_is_live(self):
        self.release_next(REPORTED)
        following = self.add(NEXT)
        self.assertEqual(self.type_of(self.report("BOD-1", "accepted")), REPORTED)
        following._approve("agreed with the plant")
        self.assertEqual(self.type_of(self.report("BOD-2", "accepted")), REPORTED)
        self.deprecate(PAST, REPORTED)
        answer = self.report("BOD-3", "accepted")
        self.assertEqual(self.type_of(answer), NEXT)
        self.assertSilent(answer)
        self.drain()
        self.assertEqual(self.on_hand(self.table), 3)

    def test_a_version_nobody_approved_takes_nothing_over(self):
        self.deprecate(PAST, REPORTED)
        self.add(NEXT)
        answer = self.report("BOD-1", "rejected")
        [result] = answer.json()["results"]
        self.assertEqual(result["error"]["code"], "version-ended")
        self.assertTold(answer, "2026-02-01", NEXT)
        [document] = self.documents()
        self.assertEqual(
            (document.state, document.error_code), ("refused", "version-ended")
        )

    def test_an_archived_version_gives_way_to_the_one_that_is_live(self):
        self.release_next(REPORTED)
        self.add(NEXT)._approve("agreed with the plant")
        self.interface(REPORTED).active = False
        self.assertEqual(self.type_of(self.report("BOD-1", "accepted")), NEXT)

    def test_orders_of_the_next_version_are_documents_too(self):
        self.release_next(RELEASED)
        message = self.outgoing(RELEASED)
        self.endpoint.message_format = "b2mml_0701"
        before = message.b2mml_text
        self.env.cr.execute(
            "UPDATE mfg_message SET type = %s, payload = replace(payload, %s, %s)"
            " WHERE id = %s",
            [NEXT_RELEASED, RELEASED, NEXT_RELEASED, message.id],
        )
        self.env.invalidate_all()
        self.assertTrue(before)
        self.assertEqual(message.b2mml_text, before)
