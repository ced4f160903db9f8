# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
import json

from odoo.http import Controller, request

from ..engine import strict_json
from ..engine.failure import Failure, FieldError
from . import body, problem, waiting
from .room import number_parameter, plant_route

DEFAULT_LIMIT = 50
MAX_LIMIT = 500
MAX_WAIT = 30  # seconds
MEMBERS = {"deliveryId": 20, "code": 60, "detail": 2000}


class OutboxController(Controller):
    """Pull delivery: the plant asks, takes, and acknowledges."""

    @plant_route("/outbox", ["GET"])
    def get_outbox(self, **_query):
        """Deliveries at once, or as soon as there are some within `wait` seconds."""
        limit = number_parameter("limit", DEFAULT_LIMIT, 1, MAX_LIMIT)
        wait = number_parameter("wait", 0, 0, MAX_WAIT)
        outbox = request.env["mfg.outbox"]
        endpoint = request.mfg_endpoint
        if wait and not outbox.has_pending(endpoint):
            _wait(outbox, endpoint, wait)
        deliveries, more = waiting.again_at_once(
            request.env, lambda: outbox.pull(endpoint, limit)
        )
        types = [message.type for message, _text in deliveries]
        ending = request.env["mfg.contract"]._ending_headers(types)
        return problem.answer(_answer(deliveries, more), headers=ending)

    @plant_route("/outbox/ack", ["POST"])
    def post_ack(self, **_query):
        """Settle deliveries; ids never given to this endpoint are named."""
        acknowledged, refused = _read_ack()
        outbox = request.env["mfg.outbox"]
        unknown = waiting.again_at_once(
            request.env, lambda: outbox.ack(request.mfg_endpoint, acknowledged, refused)
        )
        return problem.json_answer(
            {
                "acknowledged": [id_ for id_ in acknowledged if id_ not in unknown],
                "refused": [id_ for id_, *_rest in refused if id_ not in unknown],
                "unknown": sorted(unknown),
            }
        )


def _wait(outbox, endpoint, seconds):
    waiting.until(
        request.env.cr,
        lambda: outbox.has_pending(endpoint),
        seconds,
        waiting.slots(request.env),
    )
    request.env.invalidate_all()  # what was read before the wait is old


def _answer(deliveries, more):
    """The answer as text: events go out byte for byte as they were written."""
    deliveries = ",".join(
        f'{{"deliveryId":"{message.id}","event":{text}}}'
        for message, text in deliveries
    )
    return f'{{"deliveries":[{deliveries}],"more":{json.dumps(more)}}}'


# -- reading an acknowledgement ------------------------------------------------------


def _read_ack():
    if body.media_type() != "application/json":
        detail = "An acknowledgement is application/json."
        raise problem.refuse("unsupported-media-type", detail)
    try:
        sent = strict_json.loads(body.read())
    except Failure as failure:
        raise problem.refuse("bad-request", failure.detail, failure.errors) from None
    return _Reader().delivered(sent)


class _Reader:
    """Checks the body of an acknowledgement and collects what is wrong with it."""

    def __init__(self):
        self.errors = []

    def delivered(self, sent):
        if not isinstance(sent, dict):
            raise problem.refuse("bad-request", "The body must be a JSON object.")
        for name in sent.keys() - {"acknowledged", "refused"}:
            self._error(f"/{name}", "is not a member of an acknowledgement")
        acknowledged = [
            self._text(f"/acknowledged/{i}", item, "deliveryId")
            for i, item in enumerate(self._list(sent, "acknowledged"))
        ]
        refused = [
            self._refusal(f"/refused/{i}", item)
            for i, item in enumerate(self._list(sent, "refused"))
        ]
        both = set(acknowledged) & {item and item[0] for item in refused}
        if both and not self.errors:
            self._error("/refused", f"{sorted(both)[0]} is acknowledged as well")
        if self.errors:
            text = "The acknowledgement is not valid."
            raise problem.refuse("schema", text, self.errors[:20])
        return acknowledged, refused

    def _error(self, pointer, detail):
        self.errors.append(FieldError(pointer, detail))

    def _list(self, sent, name):
        items = sent.get(name, [])
        if not isinstance(items, list):
            self._error(f"/{name}", "must be a list")
            return []
        return items

    def _refusal(self, pointer, item):
        if not isinstance(item, dict):
            return self._error(pointer, "must be an object with deliveryId and code")
        id_ = self._text(f"{pointer}/deliveryId", item.get("deliveryId"), "deliveryId")
        code = self._text(f"{pointer}/code", item.get("code"), "code")
        detail = item.get("detail")
        if detail is not None:
            detail = self._text(f"{pointer}/detail", detail, "detail")
        return id_, code, detail

    def _text(self, pointer, value, member):
        longest = MEMBERS[member]
        if isinstance(value, str) and 0 < len(value) <= longest:
            return value
        return self._error(pointer, f"must be a string of 1 to {longest} characters")
