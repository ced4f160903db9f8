# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
import re

from odoo.http import Controller, request

from ..engine.failure import Failure, FieldError
from . import answers, body, intake, problem, waiting
from .room import flag_parameter, plant_route

BATCH_LIMIT = 8 * body.MIB
GONE = 410  # the event is well, but its version has ended
MAX_WAIT = 10  # seconds
STATUS = {"accepted": 202, "duplicate": 200, "conflict": 409, "rejected": 422}
PREFER_WAIT = re.compile(r"(?:^|[,;\s])wait\s*=\s*\"?(\d{1,9})")


class EventsController(Controller):
    """Events in: stored and acknowledged in one commit, posted afterwards."""

    @plant_route("/events", ["POST"])
    def post_events(self):
        """Take one event or a batch; 202 leaves after Odoo's commit (`retrying`)."""
        received, is_batch = _receive()
        _check_rate(len(received))
        response = _answer(received, is_batch)
        types = [item.event.type for item in received if item.event]
        ending = request.env["mfg.contract"]._ending_headers(types)
        response.headers.extend(ending)
        return response

    @plant_route("/events/<string:ref>", ["GET"])
    def get_event(self, ref):
        message = _own_message(ref)
        if not message:
            detail = "This endpoint sent no such event."
            return problem.problem(Failure("not-found", detail))
        ending = request.env["mfg.contract"]._ending_headers(message.mapped("type"))
        return problem.json_answer(answers.message_body(message), headers=ending)


def _answer(received, is_batch):
    if flag_parameter("dryRun"):
        return _dry_run(received, is_batch)
    results = _accept(received)
    if is_batch:
        return _batch_answer(results)
    return _single_answer(received[0], results[0])


def _receive():
    """Read the request in the mode its content type says."""
    media_type = body.media_type()
    if media_type == intake.BATCH:
        return _receive_batch(body.read(BATCH_LIMIT))
    if media_type == intake.STRUCTURED:
        return [intake.single(body.read())], False
    if media_type == intake.BINARY:
        return [intake.binary(_event_headers(), body.read())], False
    detail = f"Content type {media_type or 'none'} is not supported."
    headers = [("Accept-Post", ", ".join((intake.STRUCTURED, intake.BATCH)))]
    raise problem.refuse("unsupported-media-type", detail, headers=headers)


def _receive_batch(raw):
    """The events of a batch; what breaks it as a whole is answered as one refusal."""
    try:
        return intake.batch(raw), True
    except Failure as failure:
        if failure.code != "schema":
            raise problem.Refused(problem.problem(failure)) from None
        return [intake.unreadable(failure, raw)], False


def _event_headers():
    headers = list(request.httprequest.headers.items())
    if not any(name.lower().startswith("ce-") for name, _value in headers):
        raise problem.refuse(
            "bad-request", "application/json without ce- headers is not an event."
        )
    return headers


def _check_rate(number):
    endpoint = request.mfg_endpoint
    wait = request.env["ir.http"]._mfg_rate_wait(endpoint, number)
    if wait:
        raise problem.slow_down("The endpoint's events per minute are used up.", wait)


def _accept(received):
    inbox = request.env["mfg.inbox"]
    return waiting.again_at_once(
        request.env, lambda: inbox.accept(request.mfg_endpoint, received)
    )


def _own_message(ref):
    """The inbound message of this endpoint, in sudo: its links may lead anywhere."""
    if not (ref.isascii() and ref.isdigit() and len(ref) < 11 and int(ref) < 2**31):
        return None
    return (
        request.env["mfg.message"]
        .sudo()
        .search(
            [
                ("id", "=", int(ref)),
                ("endpoint_id", "=", request.mfg_endpoint.id),
                ("direction", "=", "in"),
            ]
        )
    )


# -- answering ---------------------------------------------------------------------


def _batch_answer(results):
    good = all(result["status"] in ("accepted", "duplicate") for result in results)
    return problem.json_answer({"results": results}, 202 if good else 207)


def _single_answer(received, result):
    status = STATUS[result["status"]]
    if "error" in result:
        return _refusal(received, result)
    headers = [("Location", result["href"])]
    seconds = _preferred_wait()
    if seconds is not None:
        waited = _wait_for(result["href"], seconds)
        if waited:
            headers.append(("Preference-Applied", f"wait={seconds}"))
        result = {**result, "result": _result(result["href"])}
    return problem.json_answer(result, status, headers)


def _refusal(received, result):
    """The answer object with the members of a problem (RFC 9457) beside it."""
    error = result["error"]
    errors = [FieldError(**field) for field in error["errors"]]
    if not intake.is_event(received):
        failure = Failure("bad-request", error["detail"], errors)
        return problem.problem(failure, result)
    failure = Failure(error["code"], error["detail"], errors)
    gone = failure.entry.http_status == GONE
    status = GONE if gone else STATUS[result["status"]]
    return problem.problem(failure, result, status=status)


def _preferred_wait():
    """Seconds of `Prefer: wait=N` (RFC 7240), at most ten; None when not asked."""
    match = PREFER_WAIT.search(request.httprequest.headers.get("Prefer", "").lower())
    return min(int(match[1]), MAX_WAIT) if match else None


def _wait_for(href, seconds):
    """Wait until the event has ended or the time is over; whether there was a place
    to wait."""
    ref = href.rpartition("/")[2]
    cr = request.env.cr
    # the drain must see it to post it
    cr.commit()  # pylint: disable=invalid-commit

    def ended():
        cr.execute("SELECT state FROM mfg_message WHERE id = %s", (int(ref),))
        return cr.fetchone()[0] in answers.ENDED

    found = waiting.until(cr, ended, seconds, waiting.slots(request.env))
    request.env.invalidate_all()
    return found is not None


def _result(href):
    return answers.message_body(_own_message(href.rpartition("/")[2]))


def _dry_run(received, is_batch):
    """What each event would do, asked from the real posting and undone."""
    inbox = request.env["mfg.inbox"]
    results = [inbox.rehearse(request.mfg_endpoint, item) for item in received]
    return problem.json_answer({"results": results} if is_batch else results[0])
