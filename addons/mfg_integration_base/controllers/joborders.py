# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from datetime import UTC

from odoo.http import Controller, request

from ..engine.failure import FieldError
from ..engine.times import parse_time
from . import problem, records
from .room import plant_route

KIND = "joborder"
BEHIND = "The orders are being brought up to date; ask again in a moment."
NOTHING = "There is no such job order at this endpoint."


class JobordersController(Controller):
    """Released orders as they stand, for a plant that has to rebuild its own."""

    @plant_route("/joborders", ["GET"])
    def get_joborders(self, **_query):
        orders = _orders()
        filters = {"states": _states(orders), "since": _since()}
        records.caught_up(orders)
        return records.page(orders, **filters)

    @plant_route("/joborders/<path:job_order_id>", ["GET"])
    def get_joborder(self, job_order_id):
        item = as_it_stands(job_order_id)
        return problem.json_answer(item, headers=records.ending(_orders()))


def as_it_stands(job_order_id):
    """The item of an order that the request's endpoint was released.

    :raise problem.Refused: there is none, or it is not published yet
    """
    orders = _orders()
    records.caught_up(orders)
    item = orders._one(request.mfg_endpoint, name=job_order_id)
    if item is None and orders._is_released(request.mfg_endpoint, job_order_id):
        raise problem.Refused(problem.unavailable(BEHIND))
    if item is None:
        raise problem.refuse("not-found", NOTHING)
    return item


def _orders():
    """What knows of orders: an addon's, and only for plants that orders go to."""
    masters = request.env["mfg.master"]
    if KIND not in masters._kinds():
        raise problem.refuse("not-found", "No addon here releases job orders.")
    if request.mfg_endpoint not in masters._interfaces(KIND).endpoint_id:
        detail = "No job orders are released to this endpoint."
        raise problem.refuse("forbidden", detail)
    return masters._of_kind(KIND)


def _states(orders):
    """Odoo's states of the dispatch statuses that are asked for; None: all."""
    text = request.httprequest.args.get("state")
    if not text:
        return None
    known = orders._statuses()
    unknown = [word for word in text.split(",") if word not in known]
    if unknown:
        detail = f"state must be of {', '.join(known)}"
        raise problem.refuse(
            "bad-request", f"{detail}.", [FieldError("/state", detail)]
        )
    return [state for word in text.split(",") for state in known[word]]


def _since():
    text = request.httprequest.args.get("updatedSince")
    if not text:
        return None
    try:
        return parse_time(text).astimezone(UTC).replace(tzinfo=None)
    except ValueError:
        detail = "updatedSince must be an RFC 3339 date-time with offset"
        errors = [FieldError("/updatedSince", detail)]
        raise problem.refuse("bad-request", f"{detail}.", errors) from None
