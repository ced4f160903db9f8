# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""The curl examples of the integrator's guide, run as they are written there."""

import json
import os
import re
import subprocess

from settings import ROOT

GUIDE = ROOT / "docs" / "integrators.md"
# Says the status after the body; the examples themselves stay untouched.
SHELL = """
curl() { command curl --max-time 40 -w '\\n%{http_code}' "$@"; }
"""


def blocks(text):
    """The fenced bash blocks of a page."""
    return re.findall(r"^```bash\n(.*?)^```", text, re.MULTILINE | re.DOTALL)


def run(block, **variables):
    """Run a block; HTTP status and body."""
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", SHELL + block],
        env={"PATH": os.environ["PATH"], **variables},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, f"{block}\n{done.stderr}"
    body, _line, status = done.stdout.strip().rpartition("\n")
    return int(status), json.loads(body)


def test_guide_has_examples():
    found = blocks(GUIDE.read_text())
    assert found, f"no bash block in {GUIDE}"
    text = "\n".join(found)
    for part in ("/mfg/v1/events", "/mfg/v1/outbox", "/mfg/v1/outbox/ack", "$HREF"):
        assert part in text, f"no example of {part}"
    assert "cloudevents-batch+json" in text and "ce-id" in text and "dryRun" in text


def test_examples_run_as_written(world, endpoint):
    variables = {"URL": world.url, "KEY": endpoint.key}
    seen = []
    for block in blocks(GUIDE.read_text()):
        status, body = run(block, **variables)
        assert status in (200, 202), f"{status}: {body}\n{block}"
        results = body.get("results", [body])
        for result in results:
            assert result.get("status") in (None, "accepted"), result
            if "href" in result:
                variables["HREF"] = result["href"]
                seen.append(result["id"])
    assert len(seen) >= 4, f"only {seen} were sent"
    world.wait_quiet()
    assert world.invariants(endpoint, seen) == len(seen)


def test_wrong_key_is_told_so(world):
    block = next(b for b in blocks(GUIDE.read_text()) if "hello-1" in b)
    status, body = run(block, URL=world.url, KEY="0" * 40)
    assert (status, body["code"]) == (401, "unauthorized")


def test_contract_is_published(endpoint):
    """Schemas, OpenAPI and docs are served with the key, from one source."""
    types = endpoint.get("/mfg/v1/schemas").json()
    assert "mfg.connection.tested.v1" in json.dumps(types)
    schema = endpoint.get("/mfg/v1/schemas/mfg.connection.tested.v1").json()
    assert schema["additionalProperties"] is False
    openapi = endpoint.get("/mfg/v1/openapi.json").json()
    assert openapi["openapi"].startswith("3.1")
    paths = set(openapi["paths"])
    assert any(path.endswith("/events") for path in paths), paths
    docs = endpoint.get("/mfg/v1/docs")
    assert docs.headers["Content-Type"].startswith("text/html")
    assert not re.findall(r"(?:src|href)=\"https?://", docs.text), "needs the internet"
    assert endpoint.get("/mfg/v1/metrics").status_code == 200


def test_prefer_wait_tells_the_outcome(endpoint):
    answer = endpoint.post(endpoint.event(), Prefer="wait=10")
    assert answer.status_code == 202
    assert answer.json()["result"]["state"] == "posted", answer.text


def test_dry_run_writes_nothing(world, endpoint):
    event = endpoint.event()
    url = f"{world.url}/mfg/v1/events?dryRun=1"
    session = endpoint.plant.session
    headers = {"Content-Type": "application/cloudevents+json"}
    answer = session.post(url, json=event, headers=headers, timeout=30)
    assert answer.status_code == 200
    assert answer.json()["result"]["state"] == "posted"
    count = "SELECT count(*) FROM mfg_message WHERE endpoint_id = %s"
    assert world.value(count, endpoint.id) == 0
