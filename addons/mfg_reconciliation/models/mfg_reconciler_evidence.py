# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from collections import defaultdict
from decimal import Decimal

from odoo import models
from odoo.fields import Domain

from odoo.addons.mfg_integration_base.engine import ordering, strict_json
from odoo.addons.mfg_integration_base.engine.states import UNSETTLED

from ..engine.explain import Evidence
from .mfg_snapshot import SNAPSHOT

CAUSES = {
    "queued": "waiting",
    "waiting": "waiting",
    "retrying": "waiting",
    "parked": "parked",
    "cancelled": "cancelled",
    "rejected": "cancelled",
}
ENDED = ("cancelled", "rejected")


class MfgReconcilerEvidence(models.AbstractModel):
    """What may account for a difference, with the messages that prove it."""

    _inherit = "mfg.reconciler"

    # -- messages that were posted -------------------------------------------------

    def _shares(self, case, entries):
        """Message -> Key -> what it did, of this endpoint."""
        shares = defaultdict(lambda: defaultdict(Decimal))
        for entry in entries:
            key = case.fold(entry.key)
            for message, amount in entry.shares:
                if key and message.endpoint_id == case.endpoint:
                    shares[message][key] += amount
        return shares

    def _posted_evidence(self, case, shares):
        """Key -> evidence of what is late, doubled or was edited."""
        found = self._made_up_twice(case, shares)
        doubled = self._doubled(case, shares)
        for message, parts in shares.items():
            if self._is_correction(message):
                continue
            for key, amount in parts.items():
                if amount:
                    found[key] += self._of_share(case, message, amount, doubled)
            if message.payload_edited and not case.is_late(message):
                self._edited(case, message, found)
        return found

    def _of_share(self, case, message, amount, doubled):
        one = (message.id,)
        if case.is_late(message):
            text = self.env._("counted by the plant, although it happened later")
            return [Evidence("late", amount, one, False, text)]
        if case.came_after(message) and not case.is_counted(message):
            text = self.env._("came after the plant had counted")
            return [Evidence("late", -amount, one, False, text)]
        if message not in doubled:
            return []
        return [Evidence("doubled", -amount, one, doubled[message], self._twice())]

    def _twice(self):
        return self.env._("posted, but the plant did not send it, or not twice")

    def _doubled(self, case, shares):
        """Messages that the plant did not send, or sent twice: message -> whether it
        is certain. Without a list of its events those that say the same again are
        suspicious, but for the first."""
        if case.listed is not None:
            return {
                m: True
                for m in shares
                if not case.is_listed(m) and not case.came_after(m)
            }
        seen, doubled = set(), {}
        for message in sorted(shares, key=lambda m: m.id):
            mark = (message.type, repr(message._event_data()))
            if mark in seen:
                doubled[message] = False
            seen.add(mark)
        return doubled

    def _edited(self, case, message, found):
        """A person corrected it in Odoo; the plant may count what it sent."""
        from_plant = self._told(message, case.family, self._original_event(message))
        now = self._told(message, case.family)
        if from_plant is None or now is None:
            return
        text = self.env._("corrected by a person after the plant had sent it")
        for key in {*from_plant, *now}:
            change = from_plant.get(key, Decimal()) - now.get(key, Decimal())
            if change and (folded := case.fold(key)):
                found[folded].append(
                    Evidence("changed", change, (message.id,), False, text)
                )

    def _original_event(self, message):
        """The event as the plant sent it."""
        return strict_json.loads(message.payload.encode())

    # -- messages that have no effect ----------------------------------------------

    def _unposted(self, case, shares):
        """Messages about the order that did nothing (yet), up to the moment counted."""
        messages = self.env["mfg.message"].search(
            Domain("endpoint_id", "=", case.endpoint.id)
            & Domain("direction", "=", "in")
            & Domain("type", "!=", SNAPSHOT)  # it counts, and does nothing
            & Domain("reversed_by_id", "=", False)
            & (
                Domain("state", "in", (*UNSETTLED, *ENDED)) & self._named_by_key(case)
                | Domain("state", "in", UNSETTLED) & self._named_within(case)
            ),
            order="id",
        )
        done = {*shares, *self._effective(case.family)}
        return messages.filtered(
            lambda m: (
                m not in done
                and not m.reverses_id
                and not (m.state in ENDED and self._is_correction(m))
                and self._is_about(case, m)
                and not case.is_late(m)
                and not (m.state == "rejected" and self._sent_again(m))
            )
        )

    def _named_by_key(self, case):
        codes = case.codes
        return Domain.OR([("key", "=like", f"{_escaped(c)}%")] for c in codes)

    def _named_within(self, case):
        return Domain.OR([("payload", "like", _escaped(c))] for c in case.codes)

    def _is_about(self, case, message):
        try:
            data = message._event_data()
        except Exception:  # whatever was refused at the door
            return False
        if message.type == ordering.REVERSAL:
            return message.key in case.codes
        return isinstance(data, dict) and data.get("jobOrderId") in case.codes

    def _sent_again(self, message):
        """A refused event that came in corrected later, under its id."""
        return bool(
            message._sent(message.endpoint_id, message.source, message.event_id)
        )

    def _unposted_evidence(self, case, shares, unposted):
        """(Key -> evidence, messages of which nobody can tell what they say)."""
        found, unclear = defaultdict(list), []
        for message in unposted.filtered(lambda m: self._is_sent(case, m)):
            counts = self._would_do(case, message, shares)
            if counts is None:
                unclear.append(message)
                continue
            cause, text = CAUSES[message.state], self._not_posted(message)
            for key, amount in counts.items():
                if amount and (folded := case.fold(key)):
                    found[folded].append(
                        Evidence(cause, amount, (message.id,), True, text)
                    )
        return found, unclear

    def _is_sent(self, case, message):
        """Whether the plant may have counted it."""
        return case.is_listed(message) or self._is_correction(message)

    def _would_do(self, case, message, shares):
        if message.type != ordering.REVERSAL:
            return self._told(message, case.family)
        data = message._event_data()
        original = message._sent(
            message.endpoint_id, data.get("source") or message.source, data["eventId"]
        )
        return {key: -amount for key, amount in shares.get(original, {}).items()}

    def _not_posted(self, message):
        if message.state == "parked":
            return self.env._("parked: %s", message.error_title or message.error_code)
        if message.state == "rejected":
            return self.env._("refused at the door: %s", message.error_detail or "")
        if message.state == "cancelled":
            return self.env._("cancelled in Odoo by a person")
        return self.env._("not posted yet")

    # -- people --------------------------------------------------------------------

    def _hand_evidence(self, case, entries):
        """Key -> evidence of what people entered, edited or deleted in Odoo."""
        found = defaultdict(list)
        for entry in entries:
            key, amount = case.fold(entry.key), entry.by_hand
            if key and amount and not case.is_after(entry.time):
                messages = tuple(message.id for message, _part in entry.shares)
                cause = "changed" if messages else "by_hand"
                text = self._by_whom(entry)
                found[key].append(Evidence(cause, -amount, messages, True, text))
        return found

    def _by_whom(self, entry):
        if not entry.record:
            return self.env._("its posting was deleted in Odoo")
        # sudo: a name, of whatever company
        user = (entry.record.write_uid or entry.record.create_uid).sudo().name
        if entry.shares:
            return self.env._("edited in Odoo by %s after it was posted", user)
        return self.env._("posted by hand in Odoo by %s", user)


def _escaped(text):
    """As a pattern that matches itself."""
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
