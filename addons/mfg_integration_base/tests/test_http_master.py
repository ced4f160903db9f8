# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
import hashlib
import tracemalloc

from odoo import Command
from odoo.tests import tagged

from ..engine.cursor import Cursor
from .http_common import DoorCase
from .publication_common import MATERIAL, PublicationCase
from .test_publication_trouble import LOGGER, TroubleCase

MANY = 10_000
PAGE = 500


class MasterCase(PublicationCase, DoorCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.key = cls.endpoint._rotate_key()

    def get(self, kind="material", key=None, **query):
        pairs = (f"{n}={v}" for n, v in query.items() if v is not None)
        return self.call(f"/master/{kind}?{'&'.join(pairs)}", key=key)

    def page(self, kind="material", **query):
        answer = self.get(kind, **query)
        self.assertEqual(answer.status_code, 200, answer.text[:500])
        return answer.json()

    def walk(self, kind="material", cursor=None, **query):
        """All items from a cursor on, and the cursor behind them."""
        items, more = [], True
        while more:
            body = self.page(kind, cursor=cursor, **query)
            items += body["items"]
            cursor, more = body["next"], body["more"]
        return items, cursor

    def of(self, items, record):
        return [item for item in items if item["id"] == str(record.id)]


@tagged("post_install", "-at_install")
class TestMaster(MasterCase):
    def test_everything_then_what_changed(self):
        items, cursor = self.walk(limit=2)
        [item] = self.of(items, self.product)
        self.assertEqual(item["version"], 1)
        self.assertFalse(self.env["mfg.contract"]._errors(MATERIAL, item))
        self.assertEqual(self.walk(cursor=cursor)[0], [])
        self.product.default_code = "P-2"
        [item], cursor = self.walk(cursor=cursor)
        self.assertEqual(item["fields"]["materialDefinitionId"], "P-2")
        self.assertEqual(item["version"], 2)

    def test_new_codes_of_what_a_record_names(self):
        self.product.tracking = "lot"
        lot = self.env["stock.lot"].create({"name": "L", "product_id": self.product.id})
        _items, cursor = self.walk("lot")
        self.product.default_code = "P-2"
        [item], _cursor = self.walk("lot", cursor=cursor)
        expected = {"materialLotId": lot.name, "materialDefinitionId": "P-2"}
        self.assertEqual(item["fields"], expected)

    def test_every_kind_is_as_its_schema_says(self):
        self.product.tracking = "lot"
        self.env["stock.lot"].create({"name": "L", "product_id": self.product.id})
        for kind in ("material", "unit", "location", "lot"):
            items, _cursor = self.walk(kind)
            self.assertTrue(items, kind)
            for item in items:
                errors = self.env["mfg.contract"]._errors(f"mfg.master.{kind}.v1", item)
                self.assertFalse(errors, item)

    def test_changed_during_the_walk(self):
        """It comes, or comes again: never is it missed, never is the old the last."""
        products = [self.make_product(f"W-{n}") for n in range(6)]
        first = self.page(limit=3)
        self.product.name = "Told already"
        products[-1].name = "Not told yet"
        products[-2].action_archive()
        rest, cursor = self.walk(cursor=first["next"], limit=2)
        items = first["items"] + rest
        [_old, new] = self.of(items, self.product)
        self.assertEqual((new["version"], new["fields"]["name"]), (2, "Told already"))
        last = self.of(items, products[-1])[-1]
        self.assertEqual((last["version"], last["fields"]["name"]), (2, "Not told yet"))
        ended = {"id": str(products[-2].id), "version": 2, "deleted": True}
        self.assertEqual(self.of(items, products[-2])[-1], ended)
        self.assertEqual(self.walk(cursor=cursor)[0], [])

    def test_what_ended_before_is_told_only_if_asked(self):
        self.walk()
        self.product.action_archive()
        fresh, cursor = self.walk()
        self.assertEqual(self.of(fresh, self.product), [])
        asked, _cursor = self.walk(deleted=1)
        self.assertEqual([i["deleted"] for i in self.of(asked, self.product)], [True])
        self.product.action_unarchive()
        [item], cursor = self.walk(cursor=cursor)
        self.assertEqual(item["version"], 3)
        self.product.product_tmpl_id.unlink()
        [item], cursor = self.walk(cursor=cursor)
        self.assertEqual((item["version"], item["deleted"]), (4, True))

    def test_events_and_pages_say_the_same(self):
        self.publish()
        told = {data["id"]: data for data in self.told(self.product)}
        [item] = self.of(self.walk()[0], self.product)
        self.assertEqual(told[item["id"]], item)

    def test_who_may_change_it(self):
        self.publish()
        self.assertNotIn("ownership", self.told(self.product)[-1])
        items, cursor = self.walk()
        self.assertFalse([item for item in items if "ownership" in item])
        barcode = self.env["mfg.ownership.field"].search(
            [("kind", "=", "material"), ("code", "=", "barcode")]
        )
        row = self.env["mfg.ownership"].create(
            {
                "endpoint_id": self.endpoint.id,
                "kind": "material",
                "owner": "shared",
                "field_ids": [Command.set(barcode.ids)],
            }
        )
        shared = {"owner": "shared", "plantFields": ["barcode"]}
        self.assertEqual(self.told_anew(cursor), (2, shared))
        row.owner = "propose"
        self.assertEqual(self.told_anew(cursor), (3, {"owner": "propose"}))
        row.message_post(body="Nothing of the plant's concern")
        row.write({"owner": "propose"})
        self.publish()
        self.assertEqual(self.publication(self.product).version, 3)
        row.unlink()
        self.assertEqual(self.told_anew(cursor), (4, None))

    def told_anew(self, cursor):
        """Version and ownership, as the event and the page say them."""
        self.publish()
        event = self.told(self.product)[-1]
        [item] = self.of(self.walk(cursor=cursor)[0], self.product)
        self.assertEqual(event, item)
        self.assertFalse(self.env["mfg.contract"]._errors(MATERIAL, event))
        return event["version"], event.get("ownership")

    def test_proof(self):
        items, cursor = self.walk()
        body = self.page(cursor=cursor, proof=1)
        lines = sorted(f"{i['id']} {i['version']}".encode() for i in items)
        digest = hashlib.sha256(b"\n".join(lines)).hexdigest()
        self.assertEqual(body["proof"], {"count": len(items), "fingerprint": digest})
        self.product.action_archive()
        after = self.page(cursor=cursor, proof=1)["proof"]
        self.assertEqual(after["count"], len(items) - 1)
        self.assertNotEqual(after["fingerprint"], digest)

    def test_nothing_of_another_company(self):
        company = self.env["res.company"].create({"name": "Elsewhere"})
        foreign = self.make_endpoint("FOREIGN", company)
        theirs = self.make_product("THEIRS", company_id=company.id)
        key = foreign._rotate_key()
        mine, _cursor = self.walk()
        self.assertTrue(self.of(mine, self.product))
        self.assertEqual(self.of(mine, theirs), [])
        other, _cursor = self.walk(key=key)
        self.assertEqual(self.of(other, self.product), [])
        self.assertTrue(self.of(other, theirs))

    def test_unknown_and_not_chosen_kinds(self):
        for kind in ("nothing", "joborder", "field", "%20"):
            self.assertProblem(self.get(kind), 404, "not-found")
        self.out().unlink()
        self.assertProblem(self.get(), 403, "forbidden")
        self.assertProblem(self.get(key="x" * 40), 401, "unauthorized")

    def test_bad_cursors(self):
        _items, cursor = self.walk("unit")
        last = self.env["mfg.publication"]._last_position()
        for text in (
            "x",
            "AAAA",
            "ä",
            "a" * 1000,
            cursor,  # of another kind
            Cursor("material", last + 10_000, 0).text(),  # of another database
            Cursor("material", -1, 0).text(),
            Cursor("material", 10**30, 0).text(),
        ):
            with self.subTest(text[:30]):
                answer = self.get(cursor=text)
                self.assertProblem(answer, 400, "bad-request", "/cursor")
        answer = self.get(limit="x")
        self.assertProblem(answer, 400, "bad-request", "/limit")

    def test_no_cache_keeps_plant_data(self):
        self.assertEqual(self.get().headers["Cache-Control"], "no-store")


@tagged("post_install", "-at_install")
class TestUnreadable(MasterCase, TroubleCase):
    """A page with a record that cannot be told is a page without it."""

    def places(self, **query):
        with self.assertLogs(LOGGER, "WARNING") as logs:
            items, cursor = self.walk("location", **query)
        self.assertIn(str(self.hall.id), logs.output[0])
        return items, cursor

    def test_left_out_and_told_when_it_can_be(self):
        everything, _cursor = self.walk("location")
        self.assertTrue(self.of(everything, self.hall))
        self.spoil(self.hall)  # in a way that marks nothing
        items, cursor = self.places(limit=2)
        self.assertEqual(self.of(items, self.hall), [])
        others = [i for i in everything if i["id"] != str(self.hall.id)]
        self.assertEqual(items, others)
        row = self.trouble()
        self.assertEqual((row.kind, row.res_id), ("location", self.hall.id))
        self.assertFalse(row.interface_id, "it is no matter of one plant alone")
        self.assertIn("TypeError", row.error)
        self.assertEqual(self.walk("location", cursor=cursor)[0], [])
        self.spoil(self.hall, "Hall")
        row.action_try_again()
        self.publish()
        [item], _cursor = self.walk("location", cursor=cursor)
        self.assertEqual((item["id"], item["version"]), (str(self.hall.id), 2))
        self.assertEqual(item["fields"], self.of(everything, self.hall)[0]["fields"])
        self.assertFalse(self.trouble())

    def test_told_when_somebody_mends_it(self):
        self.walk("location")
        self.spoil(self.hall)
        _items, cursor = self.places()
        self.hall.name = "Hall 1"
        [item], _cursor = self.walk("location", cursor=cursor)
        self.assertEqual(item["fields"]["name"], "Hall 1")
        self.assertFalse(self.trouble())

    def test_read_twice_it_is_one_trouble(self):
        self.walk("location")
        self.spoil(self.hall)
        self.places()
        self.places()
        self.assertEqual(self.trouble().tries, 1)


@tagged("post_install", "-at_install")
class TestManyRecords(MasterCase):
    def make_many(self):
        """By SQL: what is measured is not Odoo's making of products."""
        template = self.product.product_tmpl_id
        self.env.flush_all()
        self.env.cr.execute(
            """
            WITH made AS (
                INSERT INTO product_template (
                    name, type, uom_id, categ_id, company_id, tracking, active,
                    service_tracking)
                SELECT jsonb_build_object('en_US', 'Many ' || n), 'consu', uom_id,
                    categ_id, company_id, 'none', TRUE, service_tracking
                FROM product_template, generate_series(1, %s) n WHERE id = %s
                RETURNING id, name->>'en_US' AS name)
            INSERT INTO product_product (product_tmpl_id, default_code, active)
            SELECT id, replace(name, ' ', '-'), TRUE FROM made
            """,
            [MANY, template.id],
        )
        self.env.invalidate_all()

    def test_a_full_load_in_pages(self):
        self.out().publish = "pull"
        self.make_many()
        self.publish()
        cursor, seen, queries, peaks, more = None, set(), [], [], True
        while more:
            before = self.cr.sql_log_count
            tracemalloc.start()
            body = self.page(cursor=cursor, limit=PAGE)
            peaks.append(tracemalloc.get_traced_memory()[1])
            tracemalloc.stop()
            queries.append(self.cr.sql_log_count - before)
            self.assertLessEqual(len(body["items"]), PAGE)
            seen |= {item["id"] for item in body["items"]}
            cursor, more = body["next"], body["more"]
        self.assertGreater(len(seen), MANY)
        self.assertGreaterEqual(len(queries), MANY // PAGE)
        inner = queries[2:-1]  # the first one fills caches, the last one is short
        self.assertLessEqual(max(inner) - min(inner), 2, queries)
        self.assertLess(max(inner), 60, queries)
        early, late = max(peaks[1:5]), max(peaks[-5:-1])
        self.assertLess(late, early * 1.3, peaks)
