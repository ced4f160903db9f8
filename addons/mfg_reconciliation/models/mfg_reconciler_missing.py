# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from collections import defaultdict
from decimal import Decimal
from itertools import islice
from typing import NamedTuple

from odoo import models
from odoo.tools import SQL

from .mfg_reconciler import MESSAGES, Finding, Key

SHOWN = 20  # of what is missing, so many are named
MANY = 1000  # and so many looked for


class Missing(NamedTuple):
    """What never came, and ids of the messages around it."""

    ids: list
    numbers: list
    text: str
    messages: list


class MfgReconcilerMissing(models.AbstractModel):
    """What never came: by the ids that the plant lists, and by its numbers."""

    _inherit = "mfg.reconciler"

    def _missing(self, case):
        """What never came: :class:`Missing`, or None."""
        last = (case.data or {}).get("lastSequence")
        ids, numbers = self._missing_ids(case), self._missing_numbers(case, last)
        if not ids and not numbers:
            return None
        texts = []
        if ids:
            texts.append(self.env._("Events that did not come: %s", self._named(ids)))
        if numbers:
            texts.append(
                self.env._("Numbers that did not come: %s", self._named(numbers))
            )
        around = self._around(case, numbers).ids if numbers else []
        return Missing(ids, numbers, ". ".join(texts), around)

    def _missing_findings(self, case, missing, findings):
        """That something never came; of a count that differs its differences say so.
        Ids are not told where a correction may stand for these events."""
        if not missing or (findings and case.data is not None):
            return []
        if not missing.numbers and self._corrections(case):
            return []
        count = max(len(missing.ids), len(missing.numbers))
        return [
            Finding(
                Key(MESSAGES),
                Decimal(count),
                Decimal(),
                "missing",
                [missing.text],
                list(missing.messages),
                plant_text=self.env._("%s more", count),
            )
        ]

    def _corrections(self, case):
        """Corrections that stand, the newest last: they may be for what never came."""
        return self._effective(case.family).filtered(
            lambda m: m.endpoint_id == case.endpoint and self._is_correction(m)
        )

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
        under which the plant tells of the order. What was missing when a correction
        was posted may be what it stands for.

        :param last: the highest number that the plant gave
        """
        by_key = self._numbers(case)
        told = (case.data or {}).get("jobOrderId", case.code)
        if not by_key and last:
            by_key = {told: set()}
        ranked = sorted(by_key, key=lambda key: (key != told, -len(by_key[key])))
        settled = self._settled(case, ranked)
        missing = set()
        for key in ranked:
            its_last = last or 0 if key == ranked[0] else 0
            missing.update(_gaps(by_key[key], its_last, settled.get(key, -1)))
        return sorted(missing)[:MANY]

    def _settled(self, case, ranked):
        """Key -> the highest number known when the newest correction was posted, also
        by a count of the plant."""
        correction = self._corrections(case)[-1:]
        if not correction or not ranked:
            return {}
        settled = {k: max(n) for k, n in self._numbers(case, correction).items()}
        counted = self.env["mfg.snapshot"].search(
            [
                ("endpoint_id", "=", case.endpoint.id),
                ("order_id", "in", case.family.ids),
                ("message_id.id", "<", correction.id),
                ("state", "!=", "withdrawn"),
            ],
            limit=1,
        )
        if counted:
            last = counted.message_id._event_data().get("lastSequence") or 0
            settled[ranked[0]] = max(settled.get(ranked[0], 0), last)
        return settled

    def _numbers(self, case, before=None):
        """Key -> the numbers that have come, before a message."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT m.key, m.sequence::bigint
                  FROM mfg_message m JOIN mfg_interface i ON i.id = m.interface_id
                 WHERE m.endpoint_id = %s AND m.direction = 'in' AND m.key IN %s
                   AND m.sequence IS NOT NULL AND m.state <> 'rejected'
                   AND i.sequence_scope = 'key' %s
                """,
                case.endpoint.id,
                tuple(case.codes),
                SQL("AND m.id < %s", before.id) if before else SQL(),
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


def _gaps(numbers, last, settled):
    """The first numbers up to the last one that are not there; not those settled."""
    end = max(numbers | {last})
    start = 0 if 0 in numbers else 1  # senders count from 0 or from 1
    start = max(start, settled + 1)
    return islice((n for n in range(start, end + 1) if n not in numbers), MANY)
