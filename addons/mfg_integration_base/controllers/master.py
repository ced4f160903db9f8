# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo.http import Controller, request

from . import problem, records
from .room import plant_route


class MasterController(Controller):
    """What Odoo knows of materials, units, places…, read page by page."""

    @plant_route("/master/<string:kind>", ["GET"])
    def get_master(self, kind, **_query):
        records.caught_up(_master(kind))
        return records.page(_master(kind))


def _master(kind):
    """The kind, if there is such a one and this endpoint is to know of it."""
    masters = request.env["mfg.master"]
    if kind not in masters._kinds() or not masters._of_kind(kind)._mfg_is_master:
        raise problem.refuse("not-found", "There is no such kind of master data.")
    master = masters._of_kind(kind)
    if request.mfg_endpoint not in masters._interfaces(kind).endpoint_id:
        detail = "This endpoint is not set up to be told of this kind."
        raise problem.refuse("forbidden", detail)
    return master
