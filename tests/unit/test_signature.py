# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
import base64
import hashlib
import hmac
import json
from datetime import datetime, timezone

import pytest
from engine import signature
from engine.failure import Failure
from hypothesis import given
from hypothesis import strategies as st
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

# The test vector of the Standard Webhooks specification.
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
ID = "msg_p5jXN8AQM9LWM0D4loKWxJek"
TIME = 1614265330
BODY = b'{"test": 2432232314}'
SIGNATURE = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
OTHER = "whsec_" + base64.b64encode(b"o" * 24).decode()


def headers(**changes):
    names = {"id": ID, "timestamp": str(TIME), "signature": SIGNATURE, **changes}
    return {f"Webhook-{name.title()}": text for name, text in names.items() if text}


def verified(secrets=SECRET, body=BODY, now=TIME, **changes):
    return signature.verify_standard(secrets, headers(**changes), body, now)


def test_the_vector_of_the_standard():
    assert signature.sign_standard(SECRET, ID, TIME, BODY) == SIGNATURE
    assert verified()


@given(st.binary(), st.text("abc_123", min_size=1), st.integers(0, 2**37))
def test_signs_as_the_reference_library_does(body, message_id, seconds):
    moment = datetime.fromtimestamp(seconds, timezone.utc)
    text = body.hex()
    theirs = Webhook(SECRET).sign(message_id, moment, text)
    assert signature.sign_standard(SECRET, message_id, seconds, text.encode()) == theirs


def test_the_reference_library_accepts_what_we_sign():
    secret, now = signature.new_secret(), int(datetime.now().timestamp())
    sent = headers(
        timestamp=str(now), signature=signature.sign_standard(secret, ID, now, BODY)
    )
    assert Webhook(secret).verify(BODY.decode(), sent)
    with pytest.raises(WebhookVerificationError):
        Webhook(OTHER).verify(BODY.decode(), sent)


@pytest.mark.parametrize(
    "changes",
    [
        {"body": BODY + b" "},
        {"secrets": OTHER},
        {"secrets": []},
        {"id": "msg_other"},
        {"id": None},
        {"timestamp": str(TIME + 1)},
        {"timestamp": None},
        {"timestamp": "now"},
        {"timestamp": "-5"},
        {"timestamp": "9" * 400},
        {"signature": None},
        {"signature": SIGNATURE.replace("v1", "v2")},
        {"signature": SIGNATURE[:-4]},
        {"signature": "v1,é"},
        {"now": TIME + 301},
        {"now": TIME - 301},
    ],
)
def test_what_was_changed_or_is_stale_is_refused(changes):
    assert not verified(**changes)


@pytest.mark.parametrize("now", [TIME - 300, TIME + 300])
def test_five_minutes_are_still_fresh(now):
    assert verified(now=now)


def test_several_signatures_and_secrets_serve_a_rotation():
    assert verified(secrets=[OTHER, SECRET])
    assert verified(signature=f"v1a,xx v1,AAAA {SIGNATURE}")


@pytest.mark.parametrize(
    "secret", ["", "plain", "whsec_c2hvcnQ=", "whsec_ä", "x" * 200]
)
def test_a_secret_must_be_base64_of_enough_bytes(secret):
    with pytest.raises(ValueError):
        signature.sign_standard(secret, ID, TIME, BODY)


def test_new_secrets_are_different_and_usable():
    made = {signature.new_secret() for _one in range(20)}
    assert len(made) == 20
    assert all(signature.sign_standard(secret, ID, TIME, BODY) for secret in made)


@given(st.binary(), st.text("abcXYZ0189-_", min_size=1))
def test_the_body_form_is_plain_hmac_sha256(body, secret):
    expected = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    assert signature.sign_body_hex(secret, body) == expected
    assert signature.verify_body_hex(secret, expected.upper(), body)
    assert signature.verify_body_hex(["other", secret], f"sha256={expected}", body)
    assert not signature.verify_body_hex(secret, expected, body + b"x")
    assert not signature.verify_body_hex(secret + "x", expected, body)


@pytest.mark.parametrize("given_signature", [None, "", "sha256=", "é", "0" * 64])
def test_no_signature_is_no_signature(given_signature):
    assert not signature.verify_body_hex("secret", given_signature, BODY)


def test_nobody_can_sign_with_an_empty_secret():
    signed = signature.sign_body_hex("", BODY)
    assert not signature.verify_body_hex("", signed, BODY)
    assert not signature.verify_body_hex(["", "x"], signed, BODY)


def check(profile, secret, sent, now=TIME):
    return signature.verify(profile, secret, sent, BODY, now)


def test_a_profile_is_checked_in_one_call():
    check("none", None, {})
    check("standard", f"{OTHER} {SECRET}", headers())
    for name in ("X-Signature", "X-Hub-Signature-256"):
        check("body_hex", "old s3cret", {name: signature.sign_body_hex("s3cret", BODY)})


@pytest.mark.parametrize(
    ("profile", "secret", "sent"),
    [
        ("standard", SECRET, {}),
        ("standard", "no base64", headers()),
        ("standard", None, headers()),
        ("body_hex", "s3cret", {}),
        ("body_hex", "", {"X-Signature": signature.sign_body_hex("", BODY)}),
        ("body_hex", SECRET, headers()),
    ],
)
def test_every_failure_of_a_profile_sounds_the_same(profile, secret, sent):
    with pytest.raises(Failure) as caught:
        check(profile, secret, sent)
    assert str(caught.value) == "unauthorized: The signature is missing or not valid."


def test_an_unknown_profile_lets_nobody_in():
    with pytest.raises(KeyError):
        check("other", SECRET, headers())


def outgoing(profile="standard", secrets=(SECRET,), body=BODY, now=None):
    now = datetime.now(timezone.utc).timestamp() if now is None else now
    return signature.headers(profile, list(secrets), "17", now, body)


@given(st.binary())
def test_outgoing_headers_by_the_reference_library(body):
    try:
        text = body.decode()
        json.loads(text)
    except ValueError:
        text = json.dumps(body.hex())
    sent = outgoing(body=text.encode(), secrets=(OTHER, SECRET))
    for secret in (SECRET, OTHER):  # a receiver may hold either
        assert Webhook(secret).verify(text, sent) == json.loads(text)
    with pytest.raises(WebhookVerificationError):
        Webhook(signature.new_secret()).verify(text, sent)


def test_outgoing_body_only_with_both_secrets():
    sent = outgoing("body_hex", ("new secret of 16", "old secret of 16"))
    parts = [sent["x-signature"], sent["x-signature-previous"]]
    expected = [
        hmac.new(one, BODY, hashlib.sha256).hexdigest()
        for one in (b"new secret of 16", b"old secret of 16")
    ]
    assert parts == expected
    assert signature.verify_body_hex("new secret of 16", sent["x-signature"], BODY)
    assert not signature.verify_body_hex("another", sent["x-signature"], BODY)
    assert sent["webhook-id"] == "17"
    assert "x-signature-previous" not in outgoing("body_hex", ("new secret of 16",))
