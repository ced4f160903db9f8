# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""Answering with a page of published records; the same for every feed."""

from odoo.http import request

from ..engine import cursor as cursors
from ..engine.failure import Failure
from . import problem
from .room import flag_parameter, number_parameter

DEFAULT_LIMIT = 100
MAX_LIMIT = 500


def caught_up(master):
    """Publish what changed until now; the request's transaction begins anew.

    :raise problem.Refused: 503 while the records are looked at for the first time
    """
    endpoint = request.mfg_endpoint
    if not master._catch_up(endpoint.company_id):
        words = "The records are being made ready; ask again in a moment."
        raise problem.Refused(problem.unavailable(words))
    request.env.invalidate_all()


def page(master, **filters):
    """The page that the query string asks for."""
    endpoint = request.mfg_endpoint
    limit = number_parameter("limit", DEFAULT_LIMIT, 1, MAX_LIMIT)
    items, cursor, more = master._page(
        endpoint, _cursor(master), limit, flag_parameter("deleted"), **filters
    )
    body = {"items": items, "next": cursor.text(), "more": more}
    if flag_parameter("proof"):
        body["proof"] = master._proof_for(endpoint)
    return problem.json_answer(body, headers=ending(master))


def ending(master):
    """The headers that say when the version ends that a kind's records are told in."""
    return request.env["mfg.contract"]._ending_headers(master._types())


def _cursor(master):
    text = request.httprequest.args.get("cursor")
    if not text:
        return None
    # sudo: positions are nobody's secret, the rows behind them are filtered
    last = request.env["mfg.publication"].sudo()._last_position()
    try:
        return cursors.read(text, master._mfg_kind, last)
    except Failure as failure:
        raise problem.refuse(failure.code, failure.detail, failure.errors) from None
