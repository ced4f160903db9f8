# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from collections import defaultdict
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from odoo import models

from odoo.addons.mfg_integration_base.engine.failure import Failure
from odoo.addons.mfg_integration_base.engine.states import UNSETTLED
from odoo.addons.mfg_mes_connector.models.mfg_joborder import decimal_text

from ..engine.explain import beside, explained
from .mfg_reconciler import (
    CONSUMED,
    CORRECTION_SOURCE,
    LABOUR,
    PRODUCED,
    SCRAPPED,
    STATE,
    Finding,
    Key,
    exact,
)

PENDING = ("parked", "waiting", "late")  # what settles without a correction
RANK = (
    "parked",
    "waiting",
    "doubled",
    "changed",
    "by_hand",
    "missing",
    "cancelled",
    "late",
    "tolerance",
)
STATES = {
    "confirmed": "Ready",
    "progress": "Running",
    "to_close": "Running",
    "done": "Completed",
    "cancel": "Aborted",
}
ALIKE = {"Suspended": "Running"}
# what a snapshot calls it; of other products than the order's own
NAMES = {
    PRODUCED: "produced",
    SCRAPPED: "scrapped",
    CONSUMED: "consumed",
    LABOUR: "labour",
}
OTHERS = {PRODUCED: "byProducts", SCRAPPED: "scrappedMaterials"}


@dataclass
class Case:
    """An order as one endpoint sees it, and the moment that is compared."""

    endpoint: object
    family: object
    code: str  # the job order id; plants may have codes of their own for it
    codes: frozenset = frozenset()
    as_of: datetime | None = None  # none: now, without a snapshot
    received_at: datetime | None = None
    data: dict | None = None
    counts: dict | None = None
    listed: set | None = None
    time_of: object = None

    def __post_init__(self):
        lots = {key[:2] for key in self.counts or {} if key.lot}
        self.by_lot = lots

    def fold(self, key):
        """The key under which something is compared; None: it is not."""
        if self.data is None:
            return key
        if not self.is_told(key):
            return None
        if key.lot and key[:2] not in self.by_lot:
            key = key._replace(lot=0)
        return key

    def is_told(self, key):
        """Whether the plant told of it at all."""
        others = OTHERS if key.product not in self.family.product_id.ids else {}
        return (others.get(key.what) or NAMES[key.what]) in self.data

    def is_after(self, time):
        return bool(self.as_of and time and time > self.as_of)

    def is_late(self, message):
        if (message.source or "").endswith(CORRECTION_SOURCE):
            return False
        return self.is_after(self.time_of(message))

    def is_listed(self, message):
        """Whether the plant says that it sent it; what waited for stock is a part of
        what it sent."""
        sent = message.rest_of_id or message
        return self.listed is None or sent.event_id in self.listed

    def is_counted(self, message):
        """Whether the plant names it among what it counted."""
        return self.listed is not None and self.is_listed(message)

    def came_after(self, message):
        return bool(self.received_at and message.received_at > self.received_at)


class MfgReconcilerOrder(models.AbstractModel):
    """The comparison of one order."""

    _inherit = "mfg.reconciler"

    def _case(self, endpoint, family, snapshot=None):
        code = family[:1].mfg_job_order_id or family[:1].name
        case = Case(endpoint, family, code, self._codes(endpoint, family, code))
        case.time_of = self._time_of
        if snapshot:
            message = snapshot.message_id
            data = message._event_data()
            case.as_of, case.received_at = snapshot.as_of, message.received_at
            case.data, case.counts = data, self._counted(message, family)
            if "events" in data:
                case.listed = {event["eventId"] for event in data["events"]}
            case.__post_init__()
        return case

    def _codes(self, endpoint, family, code):
        """All that the endpoint calls an order: also by its mappings."""
        mapped = self.env["mfg.mapping"].search(
            [
                ("endpoint_id", "=", endpoint.id),
                ("kind", "=", "order"),
                ("res_id", "in", family.ids),
            ]
        )
        return frozenset({code, *mapped.mapped("code")})

    def _time_of(self, message):
        """When what a message tells happened (UTC)."""
        try:
            handler = self.env["mfg.handler"]._for_type(message.type)
            if hasattr(handler, "_parts"):  # labour is known once it has ended
                parts = handler._parts(message)
                return max(handler._span(message, part, at)[1] for at, part in parts)
            if hasattr(handler, "_time"):
                return handler._time(message)
            return message.event_time
        except (Failure, KeyError, ValueError, TypeError):
            return message.event_time

    def _differences(self, case):
        """Findings of an order, and how many figures are the same."""
        entries = self._books(case.family)
        shares = self._shares(case, entries)
        odoo = self._odoo(case, entries, shares)
        plant = self._plant(case, entries, shares)
        evidence, unclear = self._evidence(case, entries, shares)
        missing = self._missing(case)
        findings = []
        keys = [
            k for k in {**plant, **odoo} if self._is_compared(case, k, plant, shares)
        ]
        for key in keys:
            finding = Finding(key, plant.get(key, Decimal()), odoo.get(key, Decimal()))
            if self._matches(case, finding):
                continue
            self._explain(case, finding, evidence[key], unclear, missing)
            findings.append(finding)
        self._follow(case, findings, shares)
        findings += self._state_finding(case, unclear, evidence)
        findings += self._missing_findings(case, missing, findings)
        return findings, len(keys)

    # -- both sides ----------------------------------------------------------------

    def _odoo(self, case, entries, shares):
        """What Odoo has, as of the moment: other endpoints' reports left out."""
        odoo = defaultdict(Decimal)
        for entry in entries:
            key = case.fold(entry.key)
            if key and not case.is_after(entry.time):
                odoo[key] += entry.by_hand
        for message, parts in shares.items():
            if not case.is_late(message):
                for key, amount in parts.items():
                    odoo[key] += amount
        return odoo

    def _plant(self, case, entries, shares):
        """What the plant counted; without a snapshot, what its messages did.

        Corrections are the plant's word, too, but for what makes up for people's
        changes: these differ from it, and the correction does not.
        """
        if case.data is not None:
            return case.counts
        told, corrected = defaultdict(Decimal), defaultdict(Decimal)
        for message, parts in shares.items():
            mine = corrected if self._is_correction(message) else told
            for key, amount in parts.items():
                mine[key] += amount
        by_hand = self._by_hand(case, entries)
        for key, amount in corrected.items():
            told[key] += beside(amount, by_hand[key])
        return told

    def _by_hand(self, case, entries):
        """Key -> what people changed in Odoo."""
        found = defaultdict(Decimal)
        for entry in entries:
            found[entry.key] += entry.by_hand
        return found

    def _is_compared(self, case, key, plant, shares):
        """Components the plant counts, reports or that a person entered; not those
        that Odoo derives from the goods and the plant says nothing of."""
        if case.data is None or key.what != CONSUMED or key in plant:
            return True
        named = any(k[:2] == key[:2] for k in plant)
        return named or self._is_reported(case, key, shares)

    def _is_reported(self, case, key, shares):
        return any(
            key in parts and key.product in self._reported(message)
            for message, parts in shares.items()
        )

    def _reported(self, message):
        """Ids of the components that a message names, by the codes still known."""
        ids = set()
        for part in message._event_data().get("materials") or []:
            with suppress(Failure):  # its code was changed since
                ids.add(self._product(message, part).id)
        return ids

    def _matches(self, case, finding):
        rule = self.env["mfg.interface"]._reconciling(case.endpoint)
        if abs(finding.difference) < self._smallest(finding.key):
            return True
        if not rule:
            return False
        return not rule._is_beyond(
            "reconcile_tolerance", finding.difference, finding.plant
        )

    def _smallest(self, key):
        """What is less is rounding."""
        if not key.product:
            return Decimal("0.02")  # minutes; plants tell whole seconds
        product = self.env["product.product"].browse(key.product)
        return exact(product.uom_id.rounding)

    # -- the cause -----------------------------------------------------------------

    def _evidence(self, case, entries, shares):
        evidence = defaultdict(list)
        unclear = []
        parts = [self._hand_evidence(case, entries)]
        if case.data is not None:
            parts.append(self._posted_evidence(case, shares))
            parts.append(self._reversed_late(case))
            unposted = self._unposted(case, shares)
            found, unclear = self._unposted_evidence(case, shares, unposted)
            parts.append(found)
        for part in parts:
            for key, items in part.items():
                evidence[key] += items
        return evidence, unclear

    def _explain(self, case, finding, evidence, unclear, missing):
        smallest = self._smallest(finding.key)
        chosen, rest = explained(finding.difference, evidence, smallest / 2)
        amounts = defaultdict(Decimal)
        for item in chosen:
            amounts[item.cause] += abs(item.amount)
            finding.messages += item.messages
            finding.texts.append(self._sentence(finding.key, item))
            if item.cause == "doubled":
                finding.doubled += item.messages
                finding.taken_back += abs(item.amount)
        if abs(rest) >= smallest:
            self._explain_rest(case, finding, rest, unclear, missing, amounts)
        finding.cause = max(
            amounts, key=lambda cause: (amounts[cause], -RANK.index(cause))
        )
        settled = [i for i in chosen if i.cause in (*PENDING, "doubled")]
        finding.correctable = finding.difference - sum(
            (item.amount for item in settled), Decimal()
        )
        if finding.cause in PENDING and rest and abs(rest) >= smallest and unclear:
            finding.correctable = Decimal()

    def _explain_rest(self, case, finding, rest, unclear, missing, amounts):
        """What no message accounts for."""
        amount = self._shown(finding.key, abs(rest))
        if unclear:
            message = unclear[0]
            cause = "parked" if message.state == "parked" else "waiting"
            cause = "cancelled" if message.state in ("cancelled", "rejected") else cause
            finding.messages += [m.id for m in unclear]
            text = f"{message.type_title}: {self._not_posted(message)}"
        elif rest > 0 and (missing or case.listed is None) and case.data is not None:
            cause = "missing"
            text = self.env._(
                "%s counted by the plant, but no message tells it", amount
            )
            finding.texts += [missing.text] if missing else []
            finding.messages += missing.messages if missing else []
        else:
            cause = "tolerance"
            text = self.env._("%s apart, and no message accounts for it", amount)
        finding.texts.insert(0, text)
        amounts[cause] += abs(rest)

    def _sentence(self, key, item):
        message = self.env["mfg.message"].browse(item.messages[:1])
        amount = self._shown(key, abs(item.amount))
        title = f" ({message.type_title})" if message else ""
        return f"{amount}{title}: {item.text}"

    def _shown(self, key, amount):
        if not key.product:
            return self.env._("%s min", decimal_text(amount))
        product = self.env["product.product"].browse(key.product)
        return f"{decimal_text(amount)} {product.uom_id.name}"

    # -- state ---------------------------------------------------------------------

    def _state_finding(self, case, unclear, evidence):
        if case.data is None:
            return []
        plant = case.data["state"]
        odoo = STATES[self._family_state(case.family)]
        if plant == "Completed" and self._is_only_rest(case.family):
            return []
        same = ALIKE.get(plant, plant) == odoo or {plant, odoo} == {"Ready", "Running"}
        if same or case.is_after(self._ended(case.family)):
            return []
        open_messages = self._unposted(case, {}).filtered(
            lambda m: m.state in UNSETTLED
        )
        cause, text = "missing", self.env._("no message says so")
        if open_messages:
            parked = open_messages.filtered(lambda m: m.state == "parked")
            cause = "parked" if parked else "waiting"
            text = self._not_posted((parked or open_messages)[0])
        elif odoo in ("Completed", "Aborted"):
            cause, text = "by_hand", self.env._("it was ended in Odoo")
        finding = Finding(Key(STATE), cause=cause, texts=[text])
        finding.messages = open_messages.ids
        finding.plant_text, finding.odoo_text = plant, odoo
        return [finding]

    def _family_state(self, family):
        states = family.filtered(lambda o: o.state in STATES).mapped("state")
        for state in ("progress", "to_close", "confirmed", "done", "cancel"):
            if state in states:
                return state
        return "confirmed"

    def _is_only_rest(self, family):
        """Whether an order ended and nobody began the backorder of its rest."""
        there = family.filtered(lambda o: o.state in STATES and o.state != "cancel")
        still_open = there.filtered(lambda o: o.state != "done")
        unbegun = all(o.state == "confirmed" for o in still_open)
        return bool(unbegun and there - still_open)

    def _ended(self, family):
        done = family.filtered(lambda o: o.state == "done")
        return max(done.mapped("date_finished"), default=None)
