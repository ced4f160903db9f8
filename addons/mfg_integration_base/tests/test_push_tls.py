# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""Delivery by push over TLS, to a receiver whose certificate is made here."""

import ipaddress
import os
import ssl
import tempfile
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from unittest.mock import patch

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from odoo.tests import tagged

from ..tools import push_http
from . import push_common as ways
from .push_common import PushCase

LOCALHOST = x509.IPAddress(ipaddress.ip_address("127.0.0.1"))


def self_signed(path, whom, days=1):
    """A file with a key and the certificate that it gave itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Plant")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=2))
        .not_valid_after(now + timedelta(days=days))
        .add_extension(x509.SubjectAlternativeName([whom]), critical=False)
        .add_extension(x509.BasicConstraints(True, None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    form = serialization.PrivateFormat.PKCS8
    private = key.private_bytes(pem, form, serialization.NoEncryption())
    path.write_bytes(private + certificate.public_bytes(pem))
    return path


@tagged("post_install", "-at_install")
class TestPushTls(PushCase):
    def setUp(self):
        super().setUp()
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def serve(self, whom=LOCALHOST, days=1):
        """A plant's system behind a certificate; the file that vouches for it."""
        path = self_signed(self.folder / "plant.pem", whom, days)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(path)
        self.secure = ways.Receiver(tls=context)
        self.addCleanup(self.secure.close)
        self.endpoint.push_url = self.secure.url
        return path

    @contextmanager
    def vouched(self, path):
        """This machine trusts a certificate."""
        push_http._trust.cache_clear()
        self.addCleanup(push_http._trust.cache_clear)
        with patch.dict(os.environ, SSL_CERT_FILE=str(path)):
            yield

    def assert_not_trusted(self, message, why):
        self.assertEqual(message.state, "retrying")
        self.assertEqual(message.error_code, "push-unreachable")
        self.assertIn("certificate is not valid", message.error_detail)
        self.assertIn(why, message.error_detail)
        self.assertTrue(message.next_try_at)
        attempt = message.attempt_ids[0]
        self.assertEqual(attempt.outcome, "retrying")
        self.assertEqual(attempt.error_code, "push-unreachable")
        self.assertFalse(attempt.http_status)
        self.assertFalse(self.secure.requests)

    def test_a_certificate_that_nobody_vouches_for(self):
        """Refused before anything of the message is said; tried again, and delivered
        once an administrator has made the machine trust it."""
        path = self.serve()
        message = self.deliver()
        self.assert_not_trusted(message, "self-signed")
        self.after(minutes=1)
        self.assertEqual(len(message.attempt_ids), 2)
        self.assert_not_trusted(message, "self-signed")
        with self.vouched(path):
            self.after(hours=1)
        self.assertEqual(message.state, "acknowledged")
        [request] = self.secure.requests
        self.assertTrue(request.verify(self.secret))

    def test_a_certificate_of_somebody_else(self):
        with self.vouched(self.serve(x509.DNSName("other.example"))):
            self.assert_not_trusted(self.deliver(), "mismatch")

    def test_a_certificate_that_is_over(self):
        with self.vouched(self.serve(days=-1)):
            self.assert_not_trusted(self.deliver(), "expired")
