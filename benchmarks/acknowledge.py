# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""Acknowledgement: our door beside Odoo's own external API with one ORM create.

One client, interleaved rounds. The contender is what a user has without us: JSON-2
with Odoo's own bearer check, creating one record.
"""

import json
import statistics
import subprocess
import time
import urllib.request
import uuid
from pathlib import Path

ODOO = Path(__file__).resolve().parents[1] / ".venv" / "bin" / "odoo"
ROUNDS, CALLS, BATCHES, BATCH = 5, 60, 10, 100
PREPARE = """
import json
from datetime import datetime, timedelta
expires = datetime.now() + timedelta(days=1)
endpoint = env["mfg.endpoint"].search([("code", "=", "bench")], limit=1) or env[
    "mfg.endpoint"
].create({
    "name": "Bench", "code": "bench", "source": "urn:bench", "state": "paused",
    "interface_ids": [(0, 0, {"type": "mfg.connection.tested.v1"})],
})
admin = env.ref("base.user_admin")
own = env["res.users.apikeys"].with_user(admin)._generate("rpc", "bench", expires)
print("KEYS" + json.dumps({"ours": endpoint._rotate_key(), "odoo": own}))
env.cr.commit()
"""


def prepare(config):
    """Make the keys of both contenders; the endpoint is paused: nothing is posted."""
    done = subprocess.run(
        [ODOO, "shell", "-c", config, "--no-http", "--log-level=error"],
        input=PREPARE,
        capture_output=True,
        text=True,
        check=True,
    )
    line = next(x for x in done.stdout.splitlines() if x.startswith("KEYS"))
    return json.loads(line.removeprefix("KEYS"))


def run(url, keys):
    """Median events per second of each contender."""
    contenders = {
        "odoo": lambda: _rate(CALLS, lambda: _odoo(url, keys["odoo"])),
        "ours": lambda: _rate(CALLS, lambda: _ours(url, keys["ours"])),
        "ours_batch": lambda: (
            BATCH * _rate(BATCHES, lambda: _ours_batch(url, keys["ours"]))
        ),
    }
    rates = {name: [] for name in contenders}
    for _round in range(ROUNDS):
        for name, measure in contenders.items():
            rates[name].append(measure())
    return {name: statistics.median(values) for name, values in rates.items()}


def _rate(calls, call):
    started = time.perf_counter()
    for _call in range(calls):
        call()
    return calls / (time.perf_counter() - started)


def _event():
    return {
        "specversion": "1.0",
        "id": str(uuid.uuid4()),
        "source": "urn:bench",
        "type": "mfg.connection.tested.v1",
        "data": {"text": "benchmark"},
    }


def _ours(url, key):
    _post(f"{url}/mfg/v1/events", key, "application/cloudevents+json", _event(), 202)


def _ours_batch(url, key):
    events = [_event() for _number in range(BATCH)]
    media_type = "application/cloudevents-batch+json"
    _post(f"{url}/mfg/v1/events", key, media_type, events, 202)


def _odoo(url, key):
    body = {"vals_list": [{"name": "benchmark"}]}
    _post(
        f"{url}/json/2/res.partner.category/create", key, "application/json", body, 200
    )


def _post(url, key, media_type, body, expected):
    request = urllib.request.Request(
        url,
        json.dumps(body).encode(),
        {"Authorization": f"Bearer {key}", "Content-Type": media_type},
    )
    with urllib.request.urlopen(request, timeout=30) as response:
        response.read()
        if response.status != expected:
            raise AssertionError(f"{url} answered {response.status}")
