# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from collections import defaultdict
from decimal import Decimal
from itertools import islice

from odoo import models
from odoo.tools import SQL

from .mfg_reconciler import MESSAGES, Finding, Key

SHOWN = 20  # of what is missing, so many are named
MANY = 1000  # and so many looked for


class MfgReconcilerMissing(models.AbstractModel):
    """What never came: by the ids that the plant lists, and by its numbers."""

    _inherit = "mfg.reconciler"

    def _missing(self, case):
        """(what is said of events that never came, messages around), or nothing."""
        last = (case.data or {}).get("lastSequence")
        ids, numbers = self._missing_ids(case), self._missing_numbers(case, last)
        if not ids and not numbers:
            return ()
        texts = []
        if ids:
            texts.append(self.env._("Events that did not come: %s", self._named(ids)))
        if numbers:
            texts.append(
                self.env._("Numbers that did not come: %s", self._named(numbers))
            )
        around = self._around(case, numbers).ids if numbers else []
        return ". ".join(texts), around, max(len(ids), len(numbers))

    def _missing_finding(self, case, missing):
        text, messages, count = missing
        return Finding(
            Key(MESSAGES),
            Decimal(count),
            Decimal(),
            "missing",
            [text],
            list(messages),
            plant_text=self.env._("%s more", count),
        )

    def _is_made_up_for(self, case):
        """Whether corrections stand for what never came."""
        messages = self._effective(case.family)
        return any(self._is_correction(message) for message in messages)

    def _missing_ids(self, case):
        """Ids of events that the plant sent and Odoo has not."""
        if not case.listed:
            return []
        known = self.env["mfg.message"].search_fetch(
            [
                ("endpoint_id", "=", case.endpoint.id),
                ("direction", "=", "in"),
                ("event_id", "in", list(case.listed)),
            ],
            ["event_id"],
        )
        return sorted(case.listed - set(known.mapped("event_id")))

    def _missing_numbers(self, case, last=None):
        """Numbers between the first and the last one that no message has, of each key
        under which the plant tells of the order.

        :param last: the highest number that the plant gave
        """
        by_key = self._numbers(case)
        told = (case.data or {}).get("jobOrderId", case.code)
        if not by_key and last:
            by_key = {told: set()}
        ranked = sorted(by_key, key=lambda key: (key != told, -len(by_key[key])))
        missing = set()
        for key in ranked:
            its_last = last or 0 if key == ranked[0] else 0
            missing.update(_gaps(by_key[key], its_last))
        return sorted(missing)[:MANY]

    def _numbers(self, case):
        """Key -> the numbers that have come."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT m.key, m.sequence::bigint
                  FROM mfg_message m JOIN mfg_interface i ON i.id = m.interface_id
                 WHERE m.endpoint_id = %s AND m.direction = 'in' AND m.key IN %s
                   AND m.sequence IS NOT NULL AND m.state <> 'rejected'
                   AND i.sequence_scope = 'key'
                """,
                case.endpoint.id,
                tuple(case.codes),
            )
        )
        by_key = defaultdict(set)
        for key, number in rows:
            by_key[key].add(number)
        return by_key

    def _named(self, things):
        """A list for people: the first ones, and how many more there are."""
        shown = ", ".join(str(thing) for thing in things[:SHOWN])
        more = len(things) - SHOWN
        return (
            self.env._("%(shown)s and %(more)s more", shown=shown, more=more)
            if (more > 0)
            else shown
        )

    def _around(self, case, numbers):
        """Messages before and after the numbers that are missing: they prove it."""
        wanted = {n + step for n in numbers for step in (-1, 1)}
        return self.env["mfg.message"].search(
            [
                ("endpoint_id", "=", case.endpoint.id),
                ("direction", "=", "in"),
                ("key", "in", list(case.codes)),
                ("sequence", "in", sorted(wanted)),
                ("state", "!=", "rejected"),
            ],
            limit=2 * SHOWN,
        )


def _gaps(numbers, last):
    """The first numbers up to the last one that are not there."""
    end = max(numbers | {last})
    start = 0 if 0 in numbers else 1  # senders count from 0 or from 1
    return islice((n for n in range(start, end + 1) if n not in numbers), MANY)
