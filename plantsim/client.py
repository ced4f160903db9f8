# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""The plant's side of the contract: send events until answered, pull the outbox.

An MES never loses an event: on a timeout, a broken connection, 429 or a 5xx answer it
sends the same bytes again, as often as it takes. Odoo absorbs what it had already.
"""

import json
import random
import re
import time
from collections import Counter
from email.utils import parsedate_to_datetime
from urllib.parse import urljoin

import requests

ONE = "application/cloudevents+json"
MANY = "application/cloudevents-batch+json"
LONGEST_PAUSE = 30.0
MAX_BATCH = 1000


class PlantError(Exception):
    """Odoo cannot be worked with: it does not answer, or does not know the key."""


class Plant:
    """One plant system: its address, its key and the name it signs events with."""

    def __init__(self, url, key, source, patience=600, timeout=60):
        self.url = url.rstrip("/") + "/"
        self.source, self.patience, self.timeout = source, patience, timeout
        self.session = requests.Session()
        self.session.trust_env = False  # a ~/.netrc would replace our key
        self.session.headers["Authorization"] = f"Bearer {key}"
        self.counts = Counter()

    def send(self, events):
        """Send one event or many; one answer per event, in order."""
        if len(events) == 1:
            return [self._post_one(json.dumps(events[0]), {"Content-Type": ONE})]
        answers = []
        for start in range(0, len(events), MAX_BATCH):
            answers += self._post_many(events[start : start + MAX_BATCH])
        return answers

    def send_binary(self, event):
        """Send one event in binary mode: attributes as headers, data as body."""
        headers = {
            f"ce-{name}": str(value)
            for name, value in event.items()
            if name not in ("data", "datacontenttype")
        }
        headers["Content-Type"] = "application/json"
        return self._post_one(json.dumps(event["data"]), headers)

    def send_raw(self, body, content_type=ONE):
        """Send bytes as they are; the response, whatever it is."""
        headers = {"Content-Type": content_type}
        return self._call("POST", "mfg/v1/events", data=body, headers=headers)

    def pull(self, limit=100, wait=0):
        """Deliveries waiting in the outbox and whether there are more."""
        answer = self._json(
            "GET",
            "mfg/v1/outbox",
            params={"limit": limit, "wait": wait},
            timeout=self.timeout + wait,
        )
        return answer["deliveries"], answer["more"]

    def ack(self, acknowledged, refused=()):
        """Tell Odoo that deliveries are safe with us, or that we refuse them."""
        body = {"acknowledged": list(acknowledged), "refused": list(refused)}
        return self._json("POST", "mfg/v1/outbox/ack", json=body)

    def records(self, path, cursor=None, limit=100, **query):
        """A page of what Odoo knows: `joborders` or `master/<kind>`."""
        params = {"limit": limit, **({"cursor": cursor} if cursor else {}), **query}
        return self._json("GET", f"mfg/v1/{path}", params=params)

    def look(self, href):
        """What became of an event."""
        return self._json("GET", href)

    def depths(self):
        """Messages in by state, as the metrics tell; empty when they do not."""
        return depths(self._call("GET", "mfg/v1/metrics").text)

    def play_orders(self, jobs, seed=0):
        """Play orders without mischief; one answer per event id."""
        from . import play

        queues = [play.order_events(job, self.source, seed) for job in jobs]
        answers = {}
        for batch in play.batches(play.shuffled(queues, seed), seed):
            ids = [event["id"] for event in batch]
            answers.update(zip(ids, self.send(batch), strict=True))
        return answers

    def _post_one(self, body, headers):
        response = self._call("POST", "mfg/v1/events", data=body, headers=headers)
        answer = response.json()
        if "status" not in answer or response.status_code in (401, 403):
            raise PlantError(_words(response))
        return answer

    def _post_many(self, events):
        body, headers = json.dumps(events), {"Content-Type": MANY}
        response = self._call("POST", "mfg/v1/events", data=body, headers=headers)
        if response.status_code not in (200, 202, 207):
            raise PlantError(_words(response))
        return response.json()["results"]

    def _json(self, method, path, **options):
        response = self._call(method, path, **options)
        if not response.ok:
            raise PlantError(_words(response))
        return response.json() if response.content else {}

    def _call(self, method, path, **options):
        """Call until there is an answer that is not "later"."""
        options.setdefault("timeout", self.timeout)
        url, deadline, attempt = urljoin(self.url, path), self._deadline(), 0
        while True:
            response, trouble = self._try(method, url, options)
            if response is not None and not _later(response):
                return response
            attempt += 1
            self.counts["repeated requests"] += 1
            if time.monotonic() > deadline:
                raise PlantError(f"{url}: no answer in {self.patience} s: {trouble}")
            time.sleep(pause(attempt, response))

    def _try(self, method, url, options):
        self.counts["requests"] += 1
        try:
            response = self.session.request(method, url, **options)
        except (requests.ConnectionError, requests.Timeout) as error:
            return None, error
        except requests.exceptions.ChunkedEncodingError as error:
            return None, error
        return response, _words(response)

    def _deadline(self):
        return time.monotonic() + self.patience


def pause(attempt, response=None):
    """How long to wait: as Odoo says, else longer every time, never in step."""
    asked = response is not None and response.headers.get("Retry-After")
    if asked:
        return min(max(_seconds(asked), 0.1), LONGEST_PAUSE)
    return min(0.25 * 2 ** min(attempt, 10), 8.0) * random.uniform(0.5, 1)


def depths(metrics):
    """Sum the gauge of incoming messages by state."""
    found = Counter()
    for labels, value in re.findall(r"^mfg_messages\{([^}]*)\}\s+(\S+)", metrics, re.M):
        label = dict(re.findall(r'(\w+)="([^"]*)"', labels))
        if label.get("direction", "in") == "in":
            found[label.get("state", "")] += float(value)
    return found


def _later(response):
    return response.status_code == 429 or response.status_code >= 500


def _seconds(text):
    try:
        return float(text)
    except ValueError:
        pass
    try:
        return parsedate_to_datetime(text).timestamp() - time.time()
    except ValueError:
        return 1.0


def _words(response):
    return f"HTTP {response.status_code} from {response.url}: {response.text[:300]}"
