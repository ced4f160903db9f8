# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""Events as B2MML documents: which form, which type, which document.

An addon whose types have a document of their own puts its writers in here.
"""

import re

from . import master_out
from .schedule_v4 import production_schedule
from .schedule_v7 import job_list, operations_schedule

_VERSION = re.compile(r"\.v[0-9]+$")
FORMS = ("b2mml_0701", "b2mml_0701_jobs", "b2mml_0401")
JOB_ORDERS = (
    "mfg.joborder.released",
    "mfg.joborder.changed",
    "mfg.joborder.cancelled",
)
# form -> type, of whatever version -> function(event) that returns the document's
# text; a version that says something in another way gets a writer that knows it
WRITERS = {
    "b2mml_0701": {
        **dict.fromkeys(JOB_ORDERS, operations_schedule),
        **master_out.writers("V0701"),
    },
    "b2mml_0701_jobs": {
        **dict.fromkeys(JOB_ORDERS, job_list),
        **master_out.writers("V0701"),
    },
    "b2mml_0401": {
        **dict.fromkeys(JOB_ORDERS, production_schedule),
        **master_out.writers("V0401"),
    },
}


def write(event, form):
    """The document of an event (a CloudEvent as dict), None where it has none."""
    name = _VERSION.sub("", event["type"])
    writer = WRITERS.get(form, {}).get(name)
    return writer(event) if writer else None
