# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
import hashlib
import hmac
import time
import xmlrpc.client
from datetime import timedelta
from unittest.mock import patch

import psycopg2

from odoo import fields
from odoo.exceptions import ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..engine import signature
from ..models import ir_http
from .http_common import STRUCTURED, DoorCase

DOORS = (
    ("POST", "/events"),
    ("GET", "/events/1"),
    ("GET", "/outbox"),
    ("POST", "/outbox/ack"),
    ("GET", "/schemas"),
    ("GET", "/schemas/mfg.connection.tested.v1"),
    ("GET", "/openapi.json"),
    ("GET", "/docs"),
    ("GET", "/metrics"),
)


@tagged("post_install", "-at_install")
class TestKeys(DoorCase):
    def make_key(self, scope, user=None, expires=None):
        keys = self.env["res.users.apikeys"].with_user(user or self.endpoint.user_id)
        expires = expires or fields.Datetime.now() + timedelta(days=1)
        return keys.sudo()._generate(scope, "test", expires)

    def assertUnauthorized(self, answer):
        self.assertProblem(answer, 401, "unauthorized")
        self.assertEqual(answer.headers["WWW-Authenticate"], "Bearer")
        return answer.text

    def test_every_door_is_locked_without_a_key(self):
        for method, path in DOORS:
            with self.subTest(path=path):
                answer = self.call(path, method=method, key=False)
                self.assertUnauthorized(answer)

    def test_all_failures_look_the_same(self):
        expired = self.make_key(
            "mfg_integration", expires=fields.Datetime.now() - timedelta(seconds=5)
        )
        keys = {
            "unknown": "0" * 40,
            "same index, other rest": self.key[:8] + "0" * 32,
            "expired": expired,
            "global": self.make_key(None),
            "rpc": self.make_key("rpc"),
            "empty scope": self.make_key(""),
            "too short": "abc",
            "no text": "\u00e9" * 20,
            "long": "a" * 5000,
        }
        texts = {self.assertUnauthorized(self.call("/outbox", key=False))}
        for name, key in keys.items():
            with self.subTest(name):
                header = f"Bearer {key}".encode()
                answer = self.call("/outbox", key=False, Authorization=header)
                texts.add(self.assertUnauthorized(answer))
        for header in ("Basic YTpi", "Bearer", f"Token {self.key}", self.key):
            with self.subTest(header):
                answer = self.call("/outbox", key=False, Authorization=header)
                texts.add(self.assertUnauthorized(answer))
        self.assertEqual(len(texts), 1)

    def test_key_ends_at_once(self):
        self.assertEqual(self.call("/outbox").status_code, 200)
        self.endpoint._revoke_keys()
        self.assertUnauthorized(self.call("/outbox"))

    def test_key_is_remembered_and_still_expires(self):
        key = self.make_key("mfg_integration")
        self.assertEqual(self.call("/outbox", key=key).status_code, 200)
        with patch.object(ir_http._verified, "verify", side_effect=AssertionError):
            self.assertEqual(self.call("/outbox", key=key).status_code, 200)
        self.env.cr.execute(
            "UPDATE res_users_apikeys SET expiration_date = now() - interval '1 h'"
        )
        self.assertUnauthorized(self.call("/outbox", key=key))

    def test_archived_service_user(self):
        self.env.cr.execute(
            "UPDATE res_users SET active = false WHERE id = %s",
            [self.endpoint.user_id.id],
        )
        self.assertUnauthorized(self.call("/outbox"))

    def test_two_keys_overlap_while_rotating(self):
        new = self.endpoint._rotate_key(keep_old=True)
        for key in (self.key, new):
            self.assertEqual(self.call("/outbox", key=key).status_code, 200)

    def test_inactive_endpoint_is_forbidden(self):
        self.env.cr.execute(
            "UPDATE mfg_endpoint SET active = false WHERE id = %s", [self.endpoint.id]
        )
        self.assertProblem(self.call("/outbox"), 403, "forbidden")

    def test_key_of_a_user_without_endpoint_is_forbidden(self):
        key = self.make_key("mfg_integration", self.env.ref("base.user_admin"))
        self.assertProblem(self.call("/outbox", key=key), 403, "forbidden")

    def test_many_failures_are_slowed_down_but_no_good_key(self):
        with patch.object(ir_http, "FAILURES_PER_MINUTE", 3):
            for _attempt in range(3):
                self.assertUnauthorized(self.call("/outbox", key="0" * 40))
            answer = self.call("/outbox", key="0" * 40)
            self.assertProblem(answer, 429, "too-many-requests")
            self.assertGreater(int(answer.headers["Retry-After"]), 0)
            self.assertEqual(self.call("/outbox").status_code, 200)

    def test_database_error_is_no_bad_key(self):
        error = psycopg2.OperationalError("gone")
        with patch.object(ir_http.IrHttp, "_mfg_find_key", side_effect=error):
            answer = self.call("/outbox")
        self.assertProblem(answer, 503, "unavailable")
        self.assertTrue(answer.headers["Retry-After"])

    def test_browser_session_is_no_key(self):
        self.authenticate("admin", "admin")
        answer = self.url_open("/mfg/v1/outbox")
        self.assertEqual(answer.status_code, 401)


@tagged("post_install", "-at_install")
class TestKeyOpensNothingElse(DoorCase):
    def bearer(self):
        return {"Authorization": f"Bearer {self.key}"}

    @mute_logger("odoo.http")
    def test_json2(self):
        for model, method in (
            ("res.partner", "search_read"),
            ("mfg.message", "search_read"),
            ("mfg.endpoint", "read"),
        ):
            answer = self.url_open(
                f"/json/2/{model}/{method}", json={"domain": []}, headers=self.bearer()
            )
            self.assertEqual(answer.status_code, 401, answer.text[:200])
        answer = self.url_open("/json/1/contacts", headers=self.bearer())
        self.assertNotEqual(answer.status_code, 200)

    @mute_logger("odoo.addons.base.models.res_users", "odoo.http", "odoo.addons.rpc")
    def test_xmlrpc_and_jsonrpc(self):
        user = self.endpoint.user_id
        self.env.flush_all()
        database = self.env.cr.dbname
        with self.assertRaises(xmlrpc.client.Fault) as caught:
            self.xmlrpc_object.execute_kw(
                database, user.id, self.key, "res.partner", "search_read", [[]]
            )
        self.assertIn("Access Denied", str(caught.exception))
        common = self.xmlrpc_common
        self.assertFalse(common.authenticate(database, user.login, self.key, {}))
        answer = self.url_open(
            "/jsonrpc",
            json={
                "params": {
                    "service": "object",
                    "method": "execute_kw",
                    "args": [
                        database,
                        user.id,
                        self.key,
                        "res.partner",
                        "search",
                        [[]],
                    ],
                }
            },
        )
        self.assertIn("error", answer.json())

    @mute_logger("odoo.http", "odoo.addons.base.models.res_users")
    def test_sessions_and_pages(self):
        self.env.flush_all()
        call = {
            "params": {"model": "res.partner", "method": "search", "args": [[]]},
        }
        call["params"]["kwargs"] = {}
        answer = self.url_open("/web/dataset/call_kw", json=call, headers=self.bearer())
        self.assertIn("error", answer.json())
        login = {"db": self.env.cr.dbname, "login": self.endpoint.user_id.login}
        answer = self.url_open(
            "/web/session/authenticate",
            json={"params": {**login, "password": self.key}},
        )
        self.assertIn("error", answer.json())
        answer = self.url_open("/odoo", headers=self.bearer(), allow_redirects=False)
        self.assertNotEqual(answer.status_code, 200)


@tagged("post_install", "-at_install")
class TestSignatures(DoorCase):
    body = b'{"specversion":"1.0","id":"s1","source":"urn:test:mes",' + (
        b'"type":"mfg.connection.tested.v1","data":{"text":"signed"}}'
    )

    def sign_for(self, profile):
        secret = signature.new_secret()
        self.endpoint.write({"signature_profile": profile, "signature_secret": secret})
        return secret

    def test_standard_webhooks(self):
        secret = self.sign_for("standard")
        now = int(time.time())
        signed = {
            "webhook-id": "m1",
            "webhook-timestamp": str(now),
            "webhook-signature": signature.sign_standard(secret, "m1", now, self.body),
        }
        answer = self.call("/events", self.body, STRUCTURED, **signed)
        self.assertEqual(answer.status_code, 202, answer.text)
        changed = self.body.replace(b"signed", b"forged")
        answer = self.call("/events", changed, STRUCTURED, **signed)
        self.assertProblem(answer, 401, "unauthorized")
        self.assertProblem(
            self.call("/events", self.body, STRUCTURED), 401, "unauthorized"
        )

    def test_a_secret_that_lets_nobody_in_is_not_taken(self):
        good = signature.new_secret()
        for profile, secret in (
            ("standard", "my-shared-secret"),
            ("standard", f"{good} my-shared-secret"),
            ("body_hex", "a secret of words"),
        ):
            with self.subTest(secret=secret), self.assertRaises(ValidationError):
                self.endpoint.write(
                    {"signature_profile": profile, "signature_secret": secret}
                )
        for profile, secret in (
            ("none", "short"),
            ("body_hex", "my-shared-secret"),
            ("body_hex", good),
            ("standard", good),
            ("standard", f"{good} {signature.new_secret()}"),
        ):
            with self.subTest(profile=profile, good=secret):
                self.endpoint.write(
                    {"signature_profile": profile, "signature_secret": secret}
                )
        self.endpoint.write({"signature_profile": "none", "signature_secret": "short"})
        with self.assertRaises(ValidationError):
            self.endpoint.signature_profile = "body_hex"

    def test_the_key_of_body_hex_is_the_whole_secret(self):
        """Also what looks like one of Standard Webhooks, whose key is its base64."""
        secret = self.sign_for("body_hex")
        mac = hmac.new(secret.encode(), self.body, hashlib.sha256).hexdigest()
        header = {"X-Signature": mac}
        answer = self.call("/events", self.body, STRUCTURED, **header)
        self.assertEqual(answer.status_code, 202, answer.text)

    def test_body_hex(self):
        secret = self.sign_for("body_hex")
        header = {"X-Signature": signature.sign_body_hex(secret, self.body)}
        answer = self.call("/events", self.body, STRUCTURED, **header)
        self.assertEqual(answer.status_code, 202, answer.text)
        answer = self.call("/events", self.body + b" ", STRUCTURED, **header)
        self.assertProblem(answer, 401, "unauthorized")
        self.assertProblem(
            self.call("/outbox/ack", {}, "application/json"), 401, "unauthorized"
        )
        self.assertEqual(self.call("/outbox").status_code, 200)
