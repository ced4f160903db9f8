# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""The one place where Odoo must be changed from outside its extension points.

Odoo opens the database before it looks for a route. When it cannot, it serves the
request "without database", where no addon's route exists: the plant would be told
404 and give up. A plant must be told 503 and come again.
"""

import functools
import logging

from odoo import http

from .controllers import problem

_logger = logging.getLogger(__name__)


def post_load():
    """Called once per process, when the addon's code is loaded (manifest)."""
    http.Request._serve_nodb = _unavailable_without_database(http.Request._serve_nodb)
    http.Request._serve_db = _no_database_at_all(http.Request._serve_db)


def _unavailable_without_database(serve_nodb):
    """Requests below /mfg/v1 that reach no database are answered 503."""

    @functools.wraps(serve_nodb)
    def _serve_nodb(self):
        if problem.is_ours(self.httprequest.path):
            return problem.unavailable(
                "The database cannot be reached just now. Where one server has several"
                " databases, name yours in the header X-Odoo-Database."
            )
        return serve_nodb(self)

    return _serve_nodb


def _no_database_at_all(serve_db):
    """Errors before a route is found that Odoo does not count as "no database".

    An empty pool and a connection that breaks while the registry is checked would
    leave as an HTML page. What was raised later carries its answer already.
    """

    @functools.wraps(serve_db)
    def _serve_db(self):
        try:
            return serve_db(self)
        except problem.UNAVAILABLE as error:
            answered = hasattr(error, "error_response")
            if answered or not problem.is_ours(self.httprequest.path):
                raise
            _logger.warning("The database could not be used: %s", error)
            return problem.unavailable()

    return _serve_db
