# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""Where Odoo must be changed from outside its extension points: a database away.

Odoo opens the database before it looks for a route. When it cannot, it serves the
request "without database", where no addon's route exists: the plant would be told
404 and give up. A plant must be told 503 and come again.

And Odoo's own master process ends, with all its workers, when it has to replace one
of them (the cron worker dies of a lost connection) while the database is away. It
must stay to say 503, and go on by itself when the database is back.

And the job runner looks for jobs whose process died only when something happens in
its queue, or every minute. When the dead ones fill a channel nothing happens: postings
would stand still that long.
"""

import logging
import time

from odoo import http
from odoo.service.server import PreforkServer

from odoo.addons.queue_job.jobrunner import runner

from .controllers import problem

LOOK_SECONDS = 5  # how often the job runner looks for dead jobs when nothing happens

_logger = logging.getLogger(__name__)


def post_load():
    """Called when the addon's code is loaded (manifest); a second call does nothing."""
    served = http.Request
    if served._serve_db.__module__ != __name__:
        served._serve_nodb = _unavailable_without_database(served._serve_nodb)
        served._serve_db = _no_database_at_all(served._serve_db)
        PreforkServer.process_spawn = _later_without_database(
            PreforkServer.process_spawn
        )
        runner.SELECT_TIMEOUT = LOOK_SECONDS


def _unavailable_without_database(serve_nodb):
    """Requests below /mfg/v1 that reach no database are answered 503."""

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


def _later_without_database(spawn):
    """Replacing a worker fails without database; the next beat (seconds) tries again.

    Errors before the first worker runs end Odoo as ever: that is a wrong setting.
    """

    def process_spawn(self):
        try:
            spawn(self)
        except problem.UNAVAILABLE as error:
            if not self.workers_http:
                raise
            _logger.warning("Workers are replaced later, no database: %s", error)
            time.sleep(1)

    return process_spawn
