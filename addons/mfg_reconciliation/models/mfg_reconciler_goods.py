# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from collections import defaultdict
from decimal import Decimal

from odoo import models

from odoo.addons.mfg_mes_connector.models.mfg_joborder import decimal_text

from .mfg_reconciler import CONSUMED, PRODUCED, Key, kind

LESSENED = {
    "produced": "mfg.production.reported",
    "scrapped": "mfg.production.scrapped",
}


class MfgReconcilerGoods(models.AbstractModel):
    """What comes along when goods are corrected: the components derived from them."""

    _inherit = "mfg.reconciler"

    def _follow(self, case, findings, shares):
        """Components that come with the goods are not corrected besides."""
        changes = defaultdict(Decimal)
        for finding in findings:
            key = finding.key
            if key.what == PRODUCED and key.product in case.family.product_id.ids:
                for other, amount in self._comes_with(case, finding, shares).items():
                    changes[other] += amount
        for finding in findings:
            if change := changes.get(finding.key):
                left = finding.correctable - change
                finding.follows = abs(left) < self._smallest(finding.key)
                finding.correctable = Decimal() if finding.follows else left

    def _comes_with(self, case, finding, shares):
        """Key of a component -> how much more of it the correction of goods uses."""
        amount = finding.correctable
        if amount > 0:
            return self._made_with(case, amount)
        return self._unmade_with(case, finding, shares) if amount else {}

    def _made_with(self, case, amount):
        derived = self._derived(case.family._mfg_member(), amount)
        if any(product.tracking != "none" for product in derived):
            return {}  # they cannot be derived: see the correction
        return {Key(CONSUMED, product.id): part for product, part in derived.items()}

    def _unmade_with(self, case, finding, shares):
        """Of the report that is taken back all, less what it uses told anew."""
        key = finding.key
        if case.data is None:
            return {}
        found = self._lessened(case.family, case.endpoint, key, -finding.correctable)
        if not found:
            return {}
        message, left = found
        changes = defaultdict(Decimal)
        for key, amount in shares.get(message, {}).items():
            changes[key] -= amount
        for key, amount in self._told_with(case, message, left).items():
            if folded := case.fold(key):
                changes[folded] += amount
        return {k: v for k, v in changes.items() if k.what == CONSUMED and v}

    def _told_with(self, case, message, left):
        """What a report uses when it is told anew for fewer goods."""
        if left <= 0:
            return {}
        event, uom = message._event(), case.family.product_id[:1].uom_id
        unit = self.env["mfg.resolver"].unit_codes(case.endpoint, uom)[uom.id]
        less = {"value": decimal_text(left), "unitCode": unit}
        data = {**event["data"], "quantity": less, "lots": []}
        return self._told(message, case.family, {**event, "data": data}) or {}

    def _lessened(self, family, endpoint, figure, amount):
        """The newest report that tells enough to be told anew with less, corrections
        first: (message, what is left of it); or none."""
        messages = self._effective(family).filtered(lambda m: m.endpoint_id == endpoint)
        for message in messages.sorted(
            lambda m: (self._is_correction(m), m.id), reverse=True
        ):
            data = message._event_data()
            if (
                kind(message.type) != LESSENED[figure.what]
                or data.get("final")
                or len(data.get("lots") or []) > 1
            ):
                continue
            told = self._told(message, family) or {}
            mine = {k: v for k, v in told.items() if k[:2] == figure[:2]}
            said, lots = sum(mine.values()), {key.lot for key in mine}
            if said >= amount and (not figure.lot or figure.lot in lots):
                return message, said - amount
        return None
