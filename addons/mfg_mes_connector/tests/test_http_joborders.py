# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
import hashlib
import time
from threading import Timer
from unittest.mock import patch
from urllib.parse import quote

from odoo.tests import tagged

from odoo.addons.mfg_integration_base.tests.http_common import DoorCase
from odoo.addons.mfg_integration_base.tests.publication_common import Published
from odoo.addons.mfg_integration_base.tests.test_publication_trouble import (
    LOGGER as TROUBLE,
)
from odoo.addons.mfg_integration_base.tests.version_common import VersionMixin

from .common import RELEASED, REPORTED, SCRAPPED, amount, at
from .joborder_common import JoborderCase


@tagged("post_install", "-at_install")
class TestJoborders(Published, VersionMixin, JoborderCase, DoorCase):
    """A plant that rebuilds its orders from nothing."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.key = cls.endpoint._rotate_key()
        cls.reason = cls.env["stock.scrap.reason.tag"].create({"name": "CHIP"})

    def get(self, path="", key=None, **query):
        pairs = (f"{n}={quote(str(v))}" for n, v in query.items() if v)
        return self.call(f"/joborders{path}?{'&'.join(pairs)}", key=key)

    def page(self, **query):
        answer = self.get(**query)
        self.assertEqual(answer.status_code, 200, answer.text[:500])
        return answer.json()

    def walk(self, cursor=None, **query):
        """jobOrderId -> the last that was told of it, and the cursor behind all."""
        held, more = {}, True
        while more:
            body = self.page(cursor=cursor, **query)
            for item in body["items"]:
                self.assertNotIn(item["jobOrderId"], held, "told twice in one walk")
                held[item["jobOrderId"]] = item
            cursor, more = body["next"], body["more"]
        return held, cursor

    def work_as_the_publisher(self):
        self.env.flush_all()
        self.env.cr.precommit.run()
        publisher = self.env["mfg.publisher"].with_context(mfg_in_transaction=True)
        self.assertTrue(publisher._work(time.monotonic() + 60))

    def mine(self, held, *orders):
        return [held.get(order.mfg_job_order_id) for order in orders]

    def test_answers_tell_when_the_version_of_orders_ends(self):
        path = f"/{quote(self.make_order().mfg_job_order_id)}"
        self.assertSilent(self.get())
        self.deprecate(first=RELEASED)
        for answer in (self.get(), self.get(path)):
            self.assertTold(answer, following=RELEASED.replace("v1", "v2"))

    def test_an_order_as_it_stands(self):
        order = self.make_order()
        [item] = self.mine(self.walk()[0], order)
        said = self.env["mfg.joborder"]._data(order, self.endpoint)[order]
        self.assertEqual({name: item[name] for name in said}, said)
        self.assertEqual(item["dispatchStatus"], "Ready")
        self.assertEqual((item["produced"], item["consumed"]), ([], []))
        self.assertPosted(self.report(order, 4, operationsSegmentId="Glue"))
        [item] = self.mine(self.walk()[0], order)
        self.assertEqual(item["dispatchStatus"], "Running")
        made = {"materialDefinitionId": "TABLE", "quantity": amount("4")}
        self.assertEqual(item["produced"], [made])
        used = {u["materialDefinitionId"]: u["quantity"] for u in item["consumed"]}
        self.assertEqual(used["BOARD"], amount("4"))

    def spoil(self, move, quantity):
        """A number that no screen of Odoo leaves, where nobody notices it."""
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE stock_move SET product_uom_qty = %s WHERE id = %s",
            [quantity, move.id],
        )
        self.env.invalidate_all()

    def test_an_order_that_cannot_be_read_is_left_out(self):
        bad, good = self.make_order(), self.make_order()
        before, _cursor = self.walk()
        [board] = bad.move_raw_ids.filtered(lambda m: m.product_id == self.board)
        self.spoil(board, "NaN")
        with self.assertLogs(TROUBLE, "WARNING"):
            held, cursor = self.walk(limit=1)
            one = self.get(f"/{quote(bad.mfg_job_order_id, safe='')}")
        self.assertEqual(self.mine(held, bad, good), [None, *self.mine(before, good)])
        self.assertProblem(one, 503, "unavailable")
        row = self.env["mfg.publication.trouble"].search([("res_id", "=", bad.id)])
        self.assertEqual((row.kind, row.tries), ("joborder", 1))
        self.spoil(board, 10)
        row.action_try_again()
        self.publish()
        told, _cursor = self.walk(cursor=cursor)
        [again], [first] = self.mine(told, bad), self.mine(before, bad)
        self.assertEqual(again, {**first, "revision": first["revision"] + 1})
        self.assertFalse(row.exists())

    def test_a_finished_order_with_its_scrap(self):
        order = self.make_order()
        [board] = order.move_raw_ids.filtered(lambda m: m.product_id == self.board)
        self.assertPosted(
            self.tell(
                SCRAPPED,
                order,
                quantity=amount(2),
                materialDefinitionId="BOARD",
                reasonCode=self.reason.name,
                time=at(9),
            ),
            self.report(order, 10, final=True),
        )
        self.assertEqual(order.state, "done")
        [item] = self.mine(self.walk()[0], order)
        self.assertEqual(item["dispatchStatus"], "Closed")
        lost = {"materialDefinitionId": "BOARD", "quantity": amount("2")}
        self.assertEqual(item["scrapped"], [lost])
        made = {"materialDefinitionId": "TABLE", "quantity": amount("10")}
        self.assertEqual(item["produced"], [made])
        used = {u["materialDefinitionId"]: u["quantity"] for u in item["consumed"]}
        self.assertEqual(used["BOARD"], amount(f"{board.quantity:g}"))

    def test_a_reversal_is_a_change(self):
        order = self.make_order()
        message = self.report(order, 4, operationsSegmentId="Glue")
        _held, cursor = self.walk()
        self.assertPosted(message)
        reversal = self.post(
            "mfg.event.reversed.v1",
            {"eventId": message.event_id, "reason": "It never was"},
            subject=message.subject,
        )
        self.assertPosted(reversal)
        self.assertTrue(message.reversed_by_id)
        [item] = self.mine(self.walk(cursor)[0], order)
        self.assertEqual((item["produced"], item["consumed"]), ([], []))

    def test_a_backorder_is_the_same_job_order(self):
        order = self.make_order()
        code = order.mfg_job_order_id
        _held, cursor = self.walk()
        order.qty_producing = 4
        order._set_qty_producing()
        order.with_context(
            skip_backorder=True, skip_consumption=True, mo_ids_to_backorder=order.ids
        ).button_mark_done()
        held, cursor = self.walk(cursor)
        self.assertEqual(list(held), [code])
        self.assertEqual(held[code]["dispatchStatus"], "Ready")
        made = {"materialDefinitionId": "TABLE", "quantity": amount("4")}
        self.assertEqual(held[code]["produced"], [made])
        rest = order.production_group_id.production_ids - order
        self.assertPosted(self.report(code, 6, final=True))
        self.assertEqual(rest.state, "done")
        [item] = self.walk(cursor)[0].values()
        self.assertEqual(item["dispatchStatus"], "Closed")
        self.assertEqual(item["produced"][0]["quantity"], amount("10"))

    def test_cancelled_and_deleted(self):
        order = self.make_order()
        code = order.mfg_job_order_id
        _held, cursor = self.walk()
        order.action_cancel()
        held, cursor = self.walk(cursor)
        self.assertEqual(held[code]["dispatchStatus"], "Cancelled")
        order.unlink()
        held, cursor = self.walk(cursor)
        gone = {"jobOrderId": code, "deleted": True, "revision": 3}
        self.assertEqual(held[code], gone)
        self.assertNotIn(code, self.walk()[0])
        self.assertProblem(self.get(f"/{quote(code)}"), 404, "not-found")

    def test_one_order(self):
        order = self.make_order()
        code = order.mfg_job_order_id
        for path in (quote(code), quote(code, safe="")):
            answer = self.get(f"/{path}")
            self.assertEqual(answer.status_code, 200, answer.text)
            [item] = self.mine(self.walk()[0], order)
            self.assertEqual(answer.json(), item)
        for path in ("nothing", quote(code + " "), "0", quote("é/…")):
            self.assertProblem(self.get(f"/{path}"), 404, "not-found")

    def test_while_somebody_else_publishes(self):
        self.walk()
        order = self.make_order()
        path = f"/{quote(order.mfg_job_order_id)}"
        lock = "SELECT pg_%s(hashtext('mfg.publisher'), 0)"
        with self.registry._db.cursor() as other:
            other.execute(lock % "advisory_lock")
            answer = self.get(path)
            self.assertProblem(answer, 503, "unavailable")
            self.assertTrue(answer.headers["Retry-After"])
            self.assertProblem(self.get("/NOBODY"), 404, "not-found")
            turn = Timer(0.3, other.execute, [lock % "advisory_unlock"])
            turn.start()
            self.addCleanup(turn.join)
            self.assertEqual(self.get(path).status_code, 200)  # it waited
            turn.join()

    def test_filters(self):
        ready, running = self.make_order(), self.make_order()
        self.assertPosted(self.report(running, 4, operationsSegmentId="Glue"))
        for state, expected in (
            ("Ready", (True, False)),
            ("Running", (False, True)),
            ("Ready,Running", (True, True)),
            ("Closed", (False, False)),
        ):
            found = self.mine(self.walk(state=state)[0], ready, running)
            self.assertEqual(tuple(map(bool, found)), expected, state)
        self.assertProblem(self.get(state="ready"), 400, "bad-request", "/state")
        for moment in ("2026-01-01", "x"):
            answer = self.get(updatedSince=moment)
            self.assertProblem(answer, 400, "bad-request", "/updatedSince")
        self.assertEqual(self.walk(updatedSince="2100-01-01T00:00:00Z")[0], {})
        held, _cursor = self.walk(updatedSince="2020-01-01T00:00:00+01:00")
        self.assertTrue(all(self.mine(held, ready, running)))

    def test_of_its_own_company_and_warehouse_only(self):
        order = self.make_order()
        other = self.env["stock.warehouse"].create({"name": "Two", "code": "TWO"})
        narrow = self.make_endpoint("NARROW", self.env.company, warehouse_id=other.id)
        company = self.env["res.company"].create({"name": "Other"})
        foreign = self.make_endpoint("FOREIGN", company)
        for endpoint in (narrow, foreign):
            key = endpoint._rotate_key()
            self.assertNotIn(order.mfg_job_order_id, self.walk(key=key)[0])
            path = f"/{quote(order.mfg_job_order_id)}"
            self.assertProblem(self.get(path, key=key), 404, "not-found")
            self.assertEqual(self.page(key=key, proof=1)["proof"]["count"], 0)
        late = self.make_endpoint("LATE", self.env.company)  # it was told nothing
        chosen, key = self.interface(RELEASED, late), late._rotate_key()
        for name, mine, theirs in (
            ("only_warehouse_ids", self.warehouse, other),
            ("only_workcenter_ids", self.saw, self.make_workcenter("OTHER")),
            (
                "only_category_ids",
                self.table.categ_id,
                self.env["product.category"].create({"name": "Other"}),
            ),
        ):
            for records in (theirs, mine):
                chosen[name] = records
                seen = order.mfg_job_order_id in self.walk(key=key)[0]
                self.assertEqual(seen, records == mine, name)
        chosen.unlink()
        self.assertProblem(self.get(key=key), 403, "forbidden")

    def test_who_was_told_reads_what_becomes_of_it(self):
        """It neither vanishes when it leaves the filter nor when it is deleted."""
        two = self.env["stock.warehouse"].create({"name": "Two", "code": "TWO"})
        here = self.make_endpoint(
            "HERE", self.env.company, warehouse_id=self.warehouse.id
        )
        there = self.make_endpoint("THERE", self.env.company, warehouse_id=two.id)
        keys = {plant: plant._rotate_key() for plant in (here, there)}
        order = self.make_order()
        self.commit()
        code = order.mfg_job_order_id
        cursors = {plant: self.walk(key=key)[1] for plant, key in keys.items()}
        order.picking_type_id = two.manu_type_id
        self.commit()
        for plant, status in ((here, "Cancelled"), (there, "Ready")):
            held, cursors[plant] = self.walk(cursors[plant], key=keys[plant])
            self.assertEqual(held[code]["dispatchStatus"], status)
            self.assertEqual((held[code]["plant"], held[code]["version"]), ("TWO", 2))
            answer = self.get(f"/{quote(code)}", key=keys[plant])
            self.assertEqual(answer.json(), held[code])
            for state in ("Ready", "Cancelled"):
                seen = code in self.walk(key=keys[plant], state=state)[0]
                self.assertEqual(seen, state == status, (plant.name, state))
        held, _cursor = self.walk(key=keys[here])
        proof = self.page(key=keys[here], proof=1)["proof"]
        self.assertEqual(proof["count"], len(held))
        order.action_cancel()
        order.unlink()
        third = self.env["stock.warehouse"].create({"name": "Three", "code": "THREE"})
        foreign = self.make_endpoint("FOREIGN", self.env.company, warehouse_id=third.id)
        held, _cursor = self.walk(key=foreign._rotate_key(), deleted=1)
        self.assertNotIn(code, held)
        for plant in (here, there):
            held, _cursor = self.walk(cursors[plant], key=keys[plant])
            self.assertTrue(held[code]["deleted"])

    def test_what_happened_while_nobody_listened(self):
        chosen = self.interface(RELEASED)
        for switch in (self.endpoint, chosen):
            with self.subTest(switch._name):
                self.walk()
                switch.active = False
                order = self.make_order()
                self.work_as_the_publisher()
                switch.active = True
                self.key = self.endpoint._rotate_key()
                held, cursor = self.walk()
                self.assertIn(order.mfg_job_order_id, held)
                proof = self.page(cursor=cursor, proof=1)["proof"]
                self.assertEqual(proof["count"], len(held))

    def test_proof(self):
        self.make_order()
        held, cursor = self.walk()
        lines = sorted(f"{i['jobOrderId']} {i['revision']}" for i in held.values())
        digest = hashlib.sha256("\n".join(lines).encode()).hexdigest()
        proof = self.page(cursor=cursor, proof=1)["proof"]
        self.assertEqual(proof, {"count": len(held), "fingerprint": digest})

    def test_reading_again_changes_nothing(self):
        order = self.make_order()
        [before] = self.mine(self.walk()[0], order)
        self.env["mfg.publisher"]._nightly()
        [after] = self.mine(self.walk()[0], order)
        self.assertEqual(before, after)

    def test_what_it_costs_to_post(self):
        """One statement, at the end of the transaction; none where nobody reads."""
        self.report(self.make_order(), 1, operationsSegmentId="Glue")  # fills caches
        masters = type(self.env["mfg.master"])
        with patch.object(masters, "_wanted", lambda _self: {}):
            without = self.queries_of_a_report()
        self.assertLessEqual(self.queries_of_a_report() - without, 1)

    def test_a_page_costs_the_same_whatever_is_on_it(self):
        """Codes are looked up once a page, not once an order."""
        for _number in range(3):
            self.make_order()
        self.walk()  # publishes them, fills caches
        few = self.queries_of_a_page(3)
        for _number in range(22):
            self.make_order()
        self.walk()
        self.assertLessEqual(self.queries_of_a_page(25), few)

    def queries_of_a_page(self, items):
        self.env.invalidate_all()
        before = self.cr.sql_log_count
        self.assertGreaterEqual(len(self.page(limit=items)["items"]), items)
        return self.cr.sql_log_count - before

    def queries_of_a_report(self):
        order = self.make_order()
        self.env.flush_all()
        self.env.cr.precommit.run()
        self.env.invalidate_all()
        self.send(
            REPORTED,
            {
                "jobOrderId": order.mfg_job_order_id,
                "quantity": amount(4),
                "operationsSegmentId": "Glue",
                "time": at(10),
            },
            subject=order.mfg_job_order_id,
        )
        before = self.env.cr.sql_log_count
        self.drain()
        self.env.flush_all()
        self.env.cr.precommit.run()
        return self.env.cr.sql_log_count - before

    def test_what_changed_since(self):
        first, second = self.make_order(), self.make_order()
        held, cursor = self.walk(limit=1)
        self.assertTrue(all(self.mine(held, first, second)))
        self.assertEqual(self.walk(cursor)[0], {})
        self.assertPosted(self.report(second, 4, operationsSegmentId="Glue"))
        held, cursor = self.walk(cursor)
        self.assertEqual(list(held), [second.mfg_job_order_id])
        third = self.make_order()
        self.assertEqual(list(self.walk(cursor)[0]), [third.mfg_job_order_id])
