# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
import json
import threading

import jsonschema

from odoo.tests import tagged

from .common import TESTED
from .http_common import DoorCase

OURS = "/mfg/v1"


@tagged("post_install", "-at_install")
class TestContract(DoorCase):
    def test_routes_are_those_of_the_openapi(self):
        served = set()
        threading.current_thread().dbname = self.env.cr.dbname  # as in a request
        for rule in self.env["ir.http"].routing_map().iter_rules():
            if rule.rule.startswith(OURS):
                path = rule.rule.removeprefix(OURS)
                path = path.replace("<string:ref>", "{ref}")
                path = path.replace("<string:event_type>", "{type}")
                path = path.replace("<string:kind>", "{kind}")
                path = path.replace("<path:job_order_id>", "{id}")
                methods = rule.methods - {"HEAD", "OPTIONS"}
                served |= {(method, path) for method in methods}
        routes = self.env["mfg.contract"]._routes()
        published = {(route.method, route.path) for route in routes}
        self.assertEqual(served, published)

    def test_open_routes_are_those_without_key(self):
        for route in self.env["mfg.contract"]._routes():
            path = route.path.replace("{ref}", "1").replace("{type}", TESTED)
            path = path.replace("{kind}", "unit")
            answer = self.call(path, method=route.method, key=False)
            expected = 401 if route.with_key else 200
            self.assertEqual(answer.status_code, expected, path)

    def test_schemas(self):
        schemas = self.call("/schemas").json()["schemas"]
        entry = next(s for s in schemas if s["type"] == TESTED)
        self.assertEqual(entry["href"], f"{OURS}/schemas/{TESTED}")
        answer = self.call(f"/schemas/{TESTED}")
        self.assertEqual(answer.headers["Content-Type"], "application/schema+json")
        document = answer.json()
        jsonschema.Draft202012Validator.check_schema(document)
        jsonschema.validate(document["examples"][0], document)
        for name in ("mfg.nothing.v1", "common.v1", "..%2Fcommon.v1"):
            answer = self.call(f"/schemas/{name}")
            self.assertProblem(answer, 404, "not-found")

    def test_every_handler_has_its_schema(self):
        handlers = self.env["mfg.handler"]._registry()
        self.assertEqual(set(self.env["mfg.contract"]._types()), set(handlers))

    def test_openapi_and_docs(self):
        answer = self.call("/openapi.json")
        self.assertEqual(answer.headers["Content-Type"], "application/json")
        document = answer.json()
        self.assertEqual(document["openapi"], "3.1.0")
        self.assertIn(TESTED, json.dumps(document))
        answer = self.call("/docs")
        self.assertEqual(answer.headers["Content-Type"], "text/html; charset=utf-8")
        self.assertIn("default-src 'none'", answer.headers["Content-Security-Policy"])
        self.assertIn('id="error-schema"', answer.text)
        self.assertNotIn("<script", answer.text)

    def test_caches_may_keep_the_contract(self):
        documents = ("/schemas", "/openapi.json", "/asyncapi.json", "/docs")
        for path in (*documents, f"/schemas/{TESTED}"):
            with self.subTest(path):
                first = self.call(path)
                self.assertIn("max-age=", first.headers["Cache-Control"])
                tag = first.headers["ETag"]
                second = self.call(path, If_None_Match=tag)
                self.assertEqual((second.status_code, second.text), (304, ""))
                third = self.call(path, If_None_Match='"other"')
                self.assertEqual(third.text, first.text)

    def test_people_read_the_docs_with_their_session(self):
        answer = self.url_open(
            f"{OURS}/docs", headers={"Accept": "text/html"}, allow_redirects=False
        )
        self.assertEqual(answer.status_code, 303)
        self.assertIn("/web/login", answer.headers["Location"])
        self.authenticate("admin", "admin")
        self.assertEqual(self.url_open(f"{OURS}/docs").status_code, 200)
        user = self.env["res.users"].create(
            {
                "name": "Portal",
                "login": "mfg_portal",
                "password": "mfg_portal_1",
                "group_ids": [(6, 0, self.env.ref("base.group_portal").ids)],
            }
        )
        self.authenticate(user.login, "mfg_portal_1")
        answer = self.url_open(f"{OURS}/schemas")
        self.assertEqual(answer.status_code, 401)

    def test_unknown_paths_and_methods(self):
        for path in ("/nothing", "/events/1/more", "/schemas/a/b", "", "/"):
            answer = self.call(path, key=False)
            self.assertProblem(answer, 404, "not-found")
        for method, path, allowed in (
            ("GET", "/events", "POST"),
            ("DELETE", "/events/1", "GET"),
            ("PUT", "/outbox/ack", "POST"),
            ("OPTIONS", "/events", "POST"),
        ):
            answer = self.call(path, method=method)
            self.assertProblem(answer, 405, "method-not-allowed")
            self.assertIn(allowed, answer.headers["Allow"])
            self.assertNotIn("Access-Control-Allow-Origin", answer.headers)

    def test_outside_our_prefix_nothing_changes(self):
        answer = self.url_open("/mfg/v2/events")
        self.assertEqual(answer.status_code, 404)
        self.assertIn("text/html", answer.headers["Content-Type"])


@tagged("post_install", "-at_install")
class TestOperations(DoorCase):
    def test_health(self):
        answer = self.call("/health", key=False)
        self.assertEqual((answer.status_code, answer.json()), (200, {"status": "ok"}))

    def test_metrics_of_one_endpoint(self):
        other = self.make_endpoint("Other", self.env.company)
        self.post()  # settled: the log may have millions of these
        self.send()
        self.send(endpoint=other)
        answer = self.call("/metrics")
        self.assertEqual(answer.status_code, 200)
        self.assertTrue(answer.headers["Content-Type"].startswith("text/plain"))
        sample = (
            f'mfg_messages{{endpoint="{self.endpoint.code}",direction="in",'
            f'type="{TESTED}",state="queued"}} 1'
        )
        self.assertIn(sample, answer.text.splitlines())
        self.assertNotIn(other.code, answer.text)
        self.assertNotIn("mfg_drain_jobs", answer.text)

    def test_metrics_of_all_by_token(self):
        token = "t" * 40
        self.env["ir.config_parameter"].set_param(
            "mfg_integration_base.metrics_token", token
        )
        other = self.make_endpoint("Other", self.env.company)
        self.send(endpoint=other)
        self.env["mfg.publisher"]._wake("test")
        jobs = self.env["queue.job"].search([("model_name", "=like", "mfg.%")])
        self.assertIn("mfg.publisher", jobs.mapped("model_name"))
        self.env.cr.execute(
            "UPDATE queue_job SET state = 'failed' WHERE id IN %s", [tuple(jobs.ids)]
        )
        text = self.call("/metrics", key=token).text
        self.assertIn(f'mfg_drain_jobs{{state="failed"}} {len(jobs)}\n', text)
        self.assertIn(other.code, text)
        for name in (
            "mfg_messages_total",
            "mfg_message_attempts_total",
            "mfg_drain_jobs",
            'mfg_oldest_open_message_age_seconds{lane="realtime",direction="in"}',
            "mfg_oldest_parked_message_age_seconds",
        ):
            self.assertIn(name, text)
        answer = self.call("/outbox", key=token)
        self.assertProblem(answer, 401, "unauthorized")
        answer = self.call("/metrics", key="x" * 40)
        self.assertProblem(answer, 401, "unauthorized")
