# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""How /mfg/v1 answers: JSON on success, RFC 9457 problem details otherwise.

One place builds every answer, so that none leaves without its security headers and
no error leaves as HTML or with a traceback.
"""

import json
import logging
import math
import uuid

import psycopg2
from werkzeug.exceptions import HTTPException, MethodNotAllowed

from odoo.exceptions import AccessDenied, AccessError
from odoo.http import Response, SessionExpiredException
from odoo.sql_db import PoolError

from ..engine import catalogue
from ..engine.failure import Failure
from ..engine.routes import PREFIX

_logger = logging.getLogger(__name__)

PROBLEM = "application/problem+json"
RETRY_AFTER = 5  # seconds a plant should wait when the database is away
CODES = {
    400: "bad-request",
    401: "unauthorized",
    403: "forbidden",
    404: "not-found",
    405: "method-not-allowed",
    413: "payload-too-large",
    415: "unsupported-media-type",
    429: "too-many-requests",
    503: "unavailable",
}
# what PostgreSQL says when it cannot store now but may later: gone, starting,
# read-only, full, out of connections; and Odoo's own pool when it is empty
UNAVAILABLE = (
    PoolError,
    psycopg2.OperationalError,
    psycopg2.InterfaceError,
    psycopg2.errors.ReadOnlySqlTransaction,
    psycopg2.errors.FeatureNotSupported,  # BEGIN READ WRITE on a standby
)


class Refused(HTTPException):
    """Ends a request with a problem answer, from wherever it is raised.

    Odoo rolls the transaction back and sends the attached response as it is.
    """

    def __init__(self, response):
        super().__init__(response=response)
        self.code = response.status_code


def refuse(code, detail, errors=(), headers=()):
    """Return the exception that answers with a problem of this code."""
    return Refused(problem(Failure(code, detail, errors), headers=headers))


def slow_down(detail, seconds):
    """Return the exception that says 429 and when to come back."""
    headers = [("Retry-After", str(math.ceil(seconds)))]
    return refuse("too-many-requests", detail, headers=headers)


def is_ours(path):
    """Tell whether a path belongs to the contract, known route or not."""
    return path == PREFIX or path.startswith(PREFIX + "/")


def json_answer(body, status=200, headers=(), content_type="application/json"):
    """Return `body` as JSON; answers carry plant data, so no cache may keep them."""
    text = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
    return answer(text, status, headers, content_type)


def answer(text, status=200, headers=(), content_type="application/json"):
    response = Response(text, status=status)
    response.headers["Content-Type"] = content_type
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Content-Type-Options"] = "nosniff"
    for name, value in headers:
        response.headers[name] = value
    return response


def problem(failure, extra=None, headers=(), status=None):
    """Return a failure as problem details (RFC 9457, section 3).

    :param extra: members of the contract's own answer, which win over the problem's
        (`status` stays the contract's word on an event)
    :param status: HTTP status when it is not the catalogue's
    """
    entry = failure.entry
    status = status or entry.http_status or 422
    body = {
        "type": f"{PREFIX}/docs#error-{entry.code}",
        "title": entry.title,
        "status": status,
        "detail": failure.detail,
        "code": entry.code,
        "nextAction": entry.next_action,
        "errors": [error.as_dict() for error in failure.errors],
        **(extra or {}),
    }
    return json_answer(body, status, headers, PROBLEM)


def unavailable(detail="The event could not be stored just now; send it again later."):
    headers = [("Retry-After", str(RETRY_AFTER))]
    return problem(Failure("unavailable", detail), headers=headers)


def unauthorized():
    """The one answer to every failed authentication: it tells nothing apart."""
    failure = Failure("unauthorized", "A valid key is needed.")
    return problem(failure, headers=[("WWW-Authenticate", "Bearer")])


def from_exception(error):
    """Return the answer to an error that reached Odoo's dispatcher."""
    if isinstance(error, HTTPException):
        return _from_http(error)
    if isinstance(error, AccessDenied | SessionExpiredException):
        return unauthorized()
    if isinstance(error, Failure):
        return problem(error)
    if isinstance(error, UNAVAILABLE):
        _logger.warning("The database could not be used: %s", error)
        return unavailable()
    if isinstance(error, AccessError):
        return problem(Failure("forbidden", "The key does not open this."))
    return _internal(error)


def _from_http(error):
    if error.response is not None:
        return error.response
    code = CODES.get(error.code)
    if code is None:
        code = "bad-request" if error.code and error.code < 500 else "internal"
    allow = ", ".join(sorted(set(getattr(error, "valid_methods", None) or ())))
    headers = [("Allow", allow)] if isinstance(error, MethodNotAllowed) else ()
    entry = catalogue.entry_or_internal(code)
    return problem(Failure(code, entry.title + "."), headers=headers, status=error.code)


def _internal(error):
    """Answer with an incident number only; the trace goes to the log under it."""
    incident = uuid.uuid4().hex[:12]
    _logger.error("Incident %s", incident, exc_info=error)
    detail = f"Unexpected error, incident {incident}."
    return problem(Failure("internal", detail), {"incident": incident})
