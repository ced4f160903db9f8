# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from . import bench_posting
from . import bench_job
from . import bench_event
from . import mfg_message_link
from . import mrp_production
from . import bench_webhook
