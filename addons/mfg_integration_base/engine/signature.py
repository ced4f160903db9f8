# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""Signatures of requests: Standard Webhooks, and HMAC-SHA256 of the body alone.

https://github.com/standard-webhooks/standard-webhooks, version 1. The body-only form
proves origin but not freshness: it is there for senders that can do nothing else.
"""

import base64
import binascii
import hashlib
import hmac
import re
import secrets as random_bytes
import time

from .failure import Failure

PREFIX = "whsec_"
TOLERANCE = 300  # seconds a signed timestamp may be off, both ways
# Where the body-only form is looked for, the first one present counts.
BODY_HEADERS = ("x-signature", "x-hub-signature-256", "webhook-signature")
PREVIOUS = "x-signature-previous"  # by the secrets that are being replaced
_MIN_KEY, _MAX_KEY = 24, 64  # bytes, as the standard asks
SHORTEST = 16  # characters of a secret
_TIMESTAMP = re.compile(r"[0-9]{1,15}")


def verify(profile, secret, headers, body, now=None):
    """Check a request against an endpoint's profile: none, standard or body_hex.

    `secret` may hold several, separated by white space, while one is being rotated.
    Raises `Failure("unauthorized")`, which does not tell what was wrong.
    """
    if profile == "none":
        return
    secrets = (secret or "").split()
    now = time.time() if now is None else now
    checks = {
        "standard": lambda: verify_standard(secrets, headers, body, now),
        "body_hex": lambda: verify_body_hex(secrets, _body_signature(headers), body),
    }
    if not _holds(checks[profile]):
        raise Failure("unauthorized", "The signature is missing or not valid.")


def new_secret():
    """Return a fresh secret, such as whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw."""
    return PREFIX + base64.b64encode(random_bytes.token_bytes(32)).decode()


def can_sign(profile, secrets):
    """Whether a profile can sign with each of some secrets."""
    try:
        return all(headers(profile, [one], "1", 0, b"") for one in secrets)
    except ValueError:
        return False


def sign_standard(secret, message_id, timestamp, body):
    """Return the `webhook-signature` value of a body (bytes) sent at a Unix time.

    Raises ValueError for a secret that is no base64 of 24 to 64 bytes.
    """
    signed = f"{message_id}.{int(timestamp)}.".encode() + body
    digest = hmac.new(_key(secret), signed, hashlib.sha256).digest()
    return "v1," + base64.b64encode(digest).decode()


def verify_standard(secrets, headers, body, now, tolerance=TOLERANCE):
    """Tell whether a request is signed with one of the secrets and is fresh.

    `secrets` is one secret or several (while one is being rotated), `headers` a
    mapping with webhook-id, -timestamp and -signature, `now` a Unix time.
    """
    given = {name.lower(): value for name, value in headers.items()}
    message_id = given.get("webhook-id", "")
    timestamp = given.get("webhook-timestamp", "")
    if not message_id or not _TIMESTAMP.fullmatch(timestamp):
        return False
    if abs(now - int(timestamp)) > tolerance:
        return False
    signatures = given.get("webhook-signature", "").split()
    expected = (
        sign_standard(one, message_id, timestamp, body) for one in _several(secrets)
    )
    return _any_equal(expected, signatures)


def headers(profile, secrets, message_id, timestamp, body):
    """The headers of an outgoing request, signed with each secret, the newest first.

    A receiver may hold any of them while one is being rotated. The body-only profile
    names the message and the time as well, though it does not sign them; who reads it
    compares the whole header, so that the older ones have one of their own.
    """
    named = {"webhook-id": message_id, "webhook-timestamp": str(int(timestamp))}
    if profile == "standard":
        signed = [sign_standard(one, message_id, timestamp, body) for one in secrets]
        return {**named, "webhook-signature": " ".join(signed)}
    signed = [sign_body_hex(one, body) for one in secrets]
    found = {**named, "x-signature": signed[0]}
    if signed[1:]:
        found[PREVIOUS] = ",".join(signed[1:])
    return found


def sign_body_hex(secret, body):
    """Return the lower-case hex HMAC-SHA256 of the body; the secret is plain text."""
    return hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def verify_body_hex(secrets, signature, body):
    """Tell whether `signature` fits the body: hex, "sha256=" before it or not.

    Several, separated by commas, come from a sender that rotates its secret.
    """
    given = [
        one.strip().lower().removeprefix("sha256=")
        for one in (signature or "").split(",")
    ]
    expected = (sign_body_hex(one, body) for one in _several(secrets))
    return _any_equal(expected, given)


def _body_signature(headers):
    given = {name.lower(): value for name, value in headers.items()}
    return next((given[name] for name in BODY_HEADERS if name in given), "")


def _holds(check):
    """A secret that cannot be one verifies nothing."""
    try:
        return check()
    except ValueError:
        return False


def _several(secrets):
    """An empty secret is none: anybody could sign with it."""
    return [one for one in ([secrets] if isinstance(secrets, str) else secrets) if one]


def _any_equal(expected, given):
    """Compare everything with everything, each in constant time, without a way out."""
    found = False
    for one in expected:
        for other in given:
            found |= hmac.compare_digest(one.encode(), other.encode())
    return found


def _key(secret):
    try:
        key = base64.b64decode(secret.removeprefix(PREFIX), validate=True)
    except binascii.Error:
        key = b""
    if not _MIN_KEY <= len(key) <= _MAX_KEY:
        raise ValueError("a signature secret is whsec_ and base64 of 24 to 64 bytes")
    return key
