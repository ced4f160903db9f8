# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple

from odoo import models

from odoo.addons.mfg_integration_base.engine import versions
from odoo.addons.mfg_mes_connector.models.mfg_interface_tolerance import exact

PRODUCED, SCRAPPED, CONSUMED, LABOUR = "produced", "scrapped", "consumed", "labour"
STATE, MESSAGES = "state", "messages"
CORRECTION_SOURCE = ":reconciliation"  # the end of the source of Odoo's corrections
MADE_UP = "line"  # how the ids of corrections begin that stand for what never came

__all__ = ["exact"]


class Key(NamedTuple):
    """What is counted of an order: goods and components by product and lot, labour by
    operation. Lot 0: all lots together."""

    what: str
    product: int = 0
    lot: int = 0
    segment: str = ""


@dataclass
class Finding:
    """One difference between what the plant counted and what Odoo has."""

    key: Key
    plant: Decimal = Decimal()
    odoo: Decimal = Decimal()
    cause: str = ""
    texts: list = field(default_factory=list)
    messages: list = field(default_factory=list)  # ids of those that prove it
    doubled: list = field(default_factory=list)  # ids of those to take back
    taken_back: Decimal = Decimal()  # with them
    correctable: Decimal = Decimal()  # by new messages, once the doubled are away
    follows: bool = False  # from the correction of the goods
    plant_text: str = ""
    odoo_text: str = ""

    @property
    def difference(self):
        return self.plant - self.odoo


class MfgReconciler(models.AbstractModel):
    """Compares the plant's counts with Odoo's books, and says what a difference is of.

    It writes nothing. Everything is read as the engine: what may be shown to whom is
    the reconciliation's own rule.
    """

    _name = "mfg.reconciler"
    _description = "Plant Reconciler"

    def _is_correction(self, message):
        return (message.source or "").endswith(CORRECTION_SOURCE)

    def _is_made_up(self, message):
        """Whether a correction stands for what never came, and tells nothing anew."""
        own = message.event_id.startswith(f"{MADE_UP}-")
        return own and self._is_correction(message)


def kind(event_type):
    """A type without its version: whichever it is, it tells the same."""
    return versions.split(event_type)[0]


def minutes(start, end):
    """Minutes between two moments, exact."""
    return Decimal(int((end - start).total_seconds())) / 60
