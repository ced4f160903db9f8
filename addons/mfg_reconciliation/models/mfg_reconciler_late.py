# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from collections import defaultdict
from decimal import Decimal

from odoo import models
from odoo.fields import Domain

from ..engine.explain import Evidence


class MfgReconcilerLate(models.AbstractModel):
    """What the plant sent, or took back, after Odoo and the plant had counted.

    It explains a difference that a correction would make, and not mend.
    """

    _inherit = "mfg.reconciler"

    # -- corrected before it came --------------------------------------------------

    def _made_up_twice(self, case, shares):
        """Key -> evidence of corrections that stand for what has come since.

        A fact where the plant lists what came, and it is all that was corrected.
        """
        found = defaultdict(list)
        text = self.env._("made up for by a correction, and come since")
        for message in filter(self._is_made_up, shares):
            for key, amount in shares[message].items():
                came = self._come_since(case, message, key, shares)
                if came:
                    fact = case.listed is not None and sum(came) == amount
                    one = Evidence("doubled", -amount, (message.id,), fact, text)
                    found[key].append(one)
        return found

    def _come_since(self, case, correction, key, shares):
        """Amounts of events that came after a correction, and that the plant counted
        before it."""
        amount = shares[correction][key]
        return [
            parts[key]
            for message, parts in shares.items()
            if message.id > correction.id
            and parts.get(key, Decimal()) * amount > 0
            and not self._is_correction(message)
            and case.is_listed(message)
            and self._is_before(message, correction)
        ]

    def _is_before(self, message, correction):
        time, counted = self._time_of(message), correction.event_time
        return not (time and counted and time > counted)

    # -- taken back after it was counted -------------------------------------------

    def _reversed_late(self, case):
        """Key -> evidence of what the plant counted, and took back afterwards."""
        found = defaultdict(list)
        text = self.env._("counted by the plant, and taken back afterwards")
        for message in self._reversed(case):
            proofs = (message.id, message.reversed_by_id.id)
            for key, amount in (self._told(message, case.family) or {}).items():
                if amount and (folded := case.fold(key)):
                    one = Evidence("late", amount, proofs, False, text)
                    found[folded].append(one)
        return found

    def _reversed(self, case):
        """Messages that the plant took back after it had counted them."""
        messages = self.env["mfg.message"].search(
            Domain("endpoint_id", "=", case.endpoint.id)
            & Domain("direction", "=", "in")
            & Domain("reversed_by_id", "!=", False)
            & self._named_by_key(case),
            order="id",
        )
        return messages.filtered(
            lambda m: (
                not self._is_correction(m)
                and case.is_listed(m)
                and not case.is_late(m)
                and self._is_about(case, m)
                and self._is_taken_back_late(case, m.reversed_by_id)
            )
        )

    def _is_taken_back_late(self, case, reversal):
        if self._is_correction(reversal):
            return False
        return case.is_late(reversal) or (
            case.came_after(reversal) and not case.is_counted(reversal)
        )
