# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""On which day something happened: where the plant is, and not in Greenwich."""

from odoo import fields


def day_of(records, time):
    """The day of a time (UTC) for whoever posts.

    For messages the plant's own (``mfg.endpoint._service_env``), for people theirs, as
    everywhere in Odoo.
    """
    return fields.Datetime.context_timestamp(records, time).date()


def as_of(records, time):
    """The records, to be posted as of a time (UTC): stock moves at that time, journal
    entries on that day."""
    return records.with_context(
        mfg_posting_time=time, force_period_date=day_of(records, time)
    )
