# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""What every room of the door shares: the route decorator and small readers."""

from odoo.http import request, route

from ..engine.failure import FieldError
from . import problem


def plant_route(path, methods, auth="mfg", **options):
    """Like `odoo.http.route`, for a route of the contract.

    No session and no CSRF token: a plant is no browser, its key is in every request.
    Functions take the query string as `**_query` and read it by the readers below.
    """
    return route(
        problem.PREFIX + path,
        type="http",
        auth=auth,
        methods=methods,
        csrf=False,
        save_session=False,
        **options,
    )


def number_parameter(name, default, lowest, highest):
    """A whole number of the query string, brought into its range.

    :raise problem.Refused: 400 when it is no whole number
    """
    text = request.httprequest.args.get(name)
    if text is None:
        return default
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        detail = f"{name} must be a whole number"
        errors = [FieldError(f"/{name}", detail)]
        raise problem.refuse("bad-request", detail + ".", errors)
    return max(lowest, min(highest, int(text)))


def flag_parameter(name):
    """Whether a switch of the query string is on."""
    return request.httprequest.args.get(name, "").lower() in ("1", "true", "yes")
