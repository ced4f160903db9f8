# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
import zlib

import psycopg2

from odoo import api, models
from odoo.service.model import PG_CONCURRENCY_ERRORS_TO_RETRY

from odoo.addons.mfg_integration_base.engine.failure import Failure
from odoo.addons.queue_job.exception import RetryableJobError

CHANNELS = 8
RETRY_SECONDS = 1


class BenchJob(models.AbstractModel):
    """How the rivals with jobs keep events in order and try again, by queue_job alone.

    A sequential channel runs one job at a time, and a postponed one holds back those
    behind it: the only order queue_job knows. Every job order has its channel, and
    there are several, so that orders of different channels go on side by side.
    """

    _name = "bench.job"
    _description = "Posting of a Plant Event in a Job"

    @api.model
    def _options(self, key):
        """How to delay a posting that belongs to this key."""
        shard = zlib.crc32(key.encode()) % CHANNELS
        # 0 retries means without end: no event may be missing when all is counted
        return {"channel": f"root.bench.shard_{shard}", "max_retries": 0}

    @api.model
    def _post(self, event):
        """Post in a job; what fails is tried again soon, until it is done."""
        try:
            self.env["bench.posting"]._post(event)
        except Failure as failure:
            raise self._again(failure) from failure
        except psycopg2.OperationalError as error:
            if error.pgcode not in PG_CONCURRENCY_ERRORS_TO_RETRY:
                raise
            raise self._again(error) from error  # by itself it would wait 5 seconds

    def _again(self, error):
        return RetryableJobError(str(error), seconds=RETRY_SECONDS)
