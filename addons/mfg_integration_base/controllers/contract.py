# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo.http import Controller, request

from ..engine.failure import Failure
from . import problem
from .room import plant_route

MAX_AGE = 300  # seconds; a changed contract is seen after five minutes at the latest
# the page holds no script and loads nothing: a browser shall hold it to that
PAGE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"


class ContractController(Controller):
    """The published contract. The same for every plant, so caches may keep it."""

    @plant_route("/schemas", ["GET"], auth="mfg_or_user")
    def get_schemas(self, **_query):
        return _cacheable(request.env["mfg.contract"]._schema_list(problem.PREFIX))

    @plant_route("/schemas/<string:event_type>", ["GET"], auth="mfg_or_user")
    def get_schema(self, event_type, **_query):
        schema = request.env["mfg.contract"]._schema(event_type)
        if schema is None:
            return problem.problem(Failure("not-found", "There is no such event type."))
        said = request.env["mfg.contract"]._ending_headers([event_type])
        return _cacheable(schema, "application/schema+json", said)

    @plant_route("/openapi.json", ["GET"], auth="mfg_or_user")
    def get_openapi(self, **_query):
        return _cacheable(request.env["mfg.contract"]._openapi())

    @plant_route("/asyncapi.json", ["GET"], auth="mfg_or_user")
    def get_asyncapi(self, **_query):
        return _cacheable(request.env["mfg.contract"]._asyncapi())

    @plant_route("/docs", ["GET"], auth="mfg_or_user")
    def get_docs(self, **_query):
        page = request.env["mfg.contract"]._docs()
        response = _cacheable(page, "text/html; charset=utf-8")
        response.headers["Content-Security-Policy"] = PAGE_POLICY
        return response


def _cacheable(tagged, content_type="application/json", more=()):
    """Answer with ETag; 304 without body when the client has it already (RFC 9110)."""
    text, tag = tagged
    headers = [("ETag", f'"{tag}"'), ("Cache-Control", f"private, max-age={MAX_AGE}")]
    headers += more
    if request.httprequest.if_none_match.contains_weak(tag):
        return problem.answer("", 304, headers, content_type)
    return problem.answer(text, 200, headers, content_type)
