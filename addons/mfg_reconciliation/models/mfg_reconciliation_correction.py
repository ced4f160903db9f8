# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import fields, models
from odoo.exceptions import UserError

from .mfg_reconciler import Key, exact, kind
from .mfg_reconciler_goods import LESSENED
from .mfg_reconciliation_events import COMPLETED, REPORTED

ENDED = ("done", "cancel")


class MfgReconciliationLine(models.Model):
    """Posting corrections, accepting differences: who may, in which order, once."""

    _inherit = "mfg.reconciliation.line"

    # -- may it --------------------------------------------------------------------

    def _is_correctable(self):
        """Whether ordinary messages can put it right."""
        if self.state != "open" or (self.plan or {}).get("follows"):
            return False
        if self.what == "state":
            return self.plant_text == "Completed" and self.cause == "missing"
        if self.what == "messages":
            return False
        amount = exact(self.correctable)
        if amount and (self._lacks_lot() or self._is_by_product()):
            return False
        if amount < 0 and self.what != "consumed":
            return bool(self._lessened())
        return bool(amount or (self.plan or {}).get("doubled"))

    def _lacks_lot(self):
        """Whether nobody said of which lot it is: that is never guessed."""
        tracked = self.product_id and self.product_id.tracking != "none"
        known = self.what == "scrapped" and self._is_own()  # or asked by its handler
        return bool(tracked and not self.lot_id and not known)

    def _is_own(self):
        """Whether it is of what the order makes."""
        return self.product_id == self.reconciliation_id.product_id

    def _is_by_product(self):
        """It is reported with its goods: no message posts it alone."""
        return self.what == "produced" and not self._is_own()

    # -- correcting ----------------------------------------------------------------

    def _correct(self, reason):
        """Post what puts these differences right, through the inbox.

        :raise UserError: nothing can, or somebody is at it already
        """
        lines = self._deciding(reason)
        for row in lines.reconciliation_id:
            mine = lines.filtered(lambda x, row=row: x.reconciliation_id == row)
            mine._correct_order(reason)

    def _correct_order(self, reason):
        row = self.reconciliation_id
        self._check_correctable()
        goods = self.filtered(lambda x: x.what == "produced")
        following = row.line_ids.filtered(
            lambda x: goods and x.state == "open" and (x.plan or {}).get("follows")
        )
        row._check_alone()
        (self | following)._check_fresh()
        # written first: of two people at once the second starts over, and finds it
        (self | following)._note("posting", reason)
        self.flush_recordset()
        events, whose = self._planned(reason)
        messages, slots = self._store_events(events)
        for event, message in zip(events, messages, strict=True):
            for line in whose[event.id]:
                line.correction_ids |= message
        following.correction_ids = goods.correction_ids
        row._settle()
        row._tell("corrected", self, reason)
        row._wake(slots)

    def _check_correctable(self):
        for line in self:
            if line.state != "open":
                raise UserError(
                    self.env._("%s was decided on in the meantime.", line.figure)
                )
            if not line._is_correctable():
                raise UserError(
                    self.env._(
                        "%(figure)s: no correction can be posted. %(next)s",
                        figure=line.figure,
                        next=line.next_step,
                    )
                )
        if any(x.state == "posting" for x in self.reconciliation_id.line_ids):
            raise UserError(
                self.env._(
                    "Corrections of this order are still being posted. Wait for them, "
                    "or settle what is parked, then compare again."
                )
            )
        self._check_limit()

    def _planned(self, reason):
        """The events in their order, and whose they are: goods before what may follow
        from them, the end of the order last.

        :return: (events, event id -> lines)
        """
        events, whose = {}, {}

        def add(event, line):
            events.setdefault(event.id, event)
            whose[event.id] = whose.get(event.id, self.browse()) | line

        ordered = self.sorted(lambda x: (x.what == "state", x.what != "produced", x.id))
        ender = ordered._ender()
        if ender:
            add(self[0]._reversal_event(ender, reason, "reopen"), ordered)
        for line in ordered:
            for message in line._doubled():
                add(line._reversal_event(message, reason), line)
            for event in line._events(reason):
                add(event, line)
        if ender:
            add(self[0]._again_event(ender, f"end-{ender.id}"), ordered)
        return list(events.values()), whose

    def _events(self, reason):
        amount = exact(self.correctable)
        if amount < 0 and self.what in LESSENED:
            return self._lessening(reason)
        event = self._correction_event()
        return [event] if event else []

    def _doubled(self):
        messages = self.env["mfg.message"].browse((self.plan or {}).get("doubled", []))
        return messages.exists().filtered(lambda m: not m.reversed_by_id)

    # -- less than was reported ----------------------------------------------------

    def _lessened(self):
        """The newest report that tells enough to be told anew with less; or none.

        Only against a plant's count: without one nobody says that it was less.
        """
        if self.reconciliation_id.kind != "snapshot" or self.what not in LESSENED:
            return None
        return (
            self.env["mfg.reconciler"]
            .sudo()
            ._lessened(
                self._family(),
                self.endpoint_id,
                Key(self.what, self.product_id.id, self.lot_id.id or 0),
                abs(exact(self.correctable)),
            )
        )

    def _lessening(self, reason):
        message, left = self._lessened()
        events = [self._reversal_event(message, reason)]
        if left > 0:
            quantity = self._quantity(left)
            changes = {"quantity": quantity}
            if message._event_data().get("lots"):
                lot = message._event_data()["lots"][0]["materialLotId"]
                changes["lots"] = [{"materialLotId": lot}]
            name = self._event_name("less")
            events.append(self._again_event(message, name, **changes))
        return events

    # -- an order that is over -----------------------------------------------------

    def _ender(self):
        """The message that ended the order, where it must be open for a correction."""
        needs = self.filtered(
            lambda x: (
                (x.what == "produced" and exact(x.correctable))
                or (x.what == "consumed" and exact(x.correctable) > 0)
            )
        )
        if not needs:
            return None
        family = needs[:1]._family()
        if any(order.state not in ENDED for order in family):
            return None
        found = self.env["mfg.reconciler"].sudo()._effective(family)
        enders = found.filtered(
            lambda m: m.endpoint_id == self.endpoint_id and _ends(m)
        )
        if not enders:
            raise UserError(
                self.env._(
                    "%s was ended in Odoo and not by the plant: no message can reopen "
                    "it. Put it right in Odoo, or accept the difference.",
                    family[:1].name,
                )
            )
        return enders.sorted("id")[-1]

    # -- accepting, taking back ----------------------------------------------------

    def _accept(self, reason):
        """Leave a difference as it is."""
        lines = self._deciding(reason)
        for line in lines:
            if line.state != "open":
                raise UserError(
                    self.env._("%s was decided on in the meantime.", line.figure)
                )
        lines._note("accepted", reason)
        for row in lines.reconciliation_id:
            row._settle()
            row._tell(
                "accepted",
                lines.filtered(lambda x, r=row: x.reconciliation_id == r),
                reason,
            )

    def _take_back(self, reason):
        """Undo corrections that were posted; acceptances are withdrawn."""
        lines = self._deciding(reason)
        corrected = lines.filtered(lambda x: x.state == "corrected")
        shared = self.sudo().search(
            [
                ("correction_ids", "in", corrected.correction_ids.ids),
                ("state", "=", "corrected"),
            ]
        )
        lines |= shared
        if any(line.state not in ("corrected", "accepted") for line in lines):
            raise UserError(
                self.env._("Only what was corrected or accepted can be taken back.")
            )
        lines.filtered(lambda x: x.state == "corrected")._check_limit()
        for mine in lines.grouped("reconciliation_id").values():
            mine._take_back_order(reason)

    def _take_back_order(self, reason):
        row = self.reconciliation_id
        events = []
        for message in self.correction_ids.sorted("id", reverse=True):
            original = message.reverses_id
            if not original and not message.reversed_by_id:
                events.append(self[0]._reversal_event(message, reason, "undo"))
            elif original and not self._is_told_later(original):
                name = f"again-{original.id}-{message.id}"
                events.append(self[0]._again_event(original, name))
        slots = self._store_events(events)[1] if events else ()
        for line in self:
            turn = (line.plan or {}).get("turn", 0) + 1
            line.plan = {**(line.plan or {}), "turn": turn}
        self.write({"correction_ids": [(5, 0, 0)]})
        self._note("open", reason)
        row._tell("taken back", self, reason)
        row._settle()
        row._wake(slots)

    def _is_told_later(self, original):
        """Whether what these corrections told in the place of a message was taken back
        as well: what a later correction tells stands for it, and it is not told twice.
        """
        instead = self.correction_ids.filtered(
            lambda m: m.causation_id == original.event_id
        )
        return bool(instead.reversed_by_id)

    # -- the record of it ----------------------------------------------------------

    def _deciding(self, reason):
        """Check the right and the reason; returns self as sudo: nobody has write access
        to differences by right, deciding is the way."""
        self.env["mfg.reconciliation"]._check_role("operator")
        if not (reason or "").strip():
            raise UserError(self.env._("Say why: a reason is required."))
        self.check_access("read")
        return self.sudo()

    def _note(self, state, reason):
        self.write(
            {
                "state": state,
                "reason": reason.strip(),
                "decided_by_id": self.env.uid,
                "decided_at": fields.Datetime.now(),
            }
        )

    def _not_taken(self, event, answer):
        titles = dict(self.env["mfg.interface"]._selection_type())
        return UserError(
            self.env._(
                "%(endpoint)s takes no “%(type)s”: %(detail)s Add it to the interfaces "
                "of the endpoint, then correct again.",
                endpoint=self.reconciliation_id.endpoint_id.name,
                type=titles.get(event.type, event.type),
                detail=(answer.get("error") or {}).get("detail", ""),
            )
        )


def _ends(message):
    """Whether a message ended its order."""
    if kind(message.type) == kind(REPORTED):
        return bool(message._event_data().get("final"))
    changed = message.link_ids.mapped("res_model")
    is_end = kind(message.type) == kind(COMPLETED)
    return is_end and "mrp.workorder" not in changed


class MfgReconciliation(models.Model):
    _inherit = "mfg.reconciliation"

    def _is_manager(self):
        return self.env.user.has_group("mfg_integration_base.group_mfg_manager")

    def _wake(self, slots):
        """A paused endpoint wakes what waits when it is resumed."""
        if self.endpoint_id.state == "active":
            self.env["mfg.drain"]._wake_after_commit(slots)

    def _tell(self, what, lines, reason):
        """In the order's history: who decided what, why."""
        words = {
            "corrected": self.env._("Correction posted"),
            "accepted": self.env._("Difference accepted"),
            "taken back": self.env._("Decision taken back"),
        }
        figures = "; ".join(
            f"{line.figure} ({line.difference_shown or line.plant_shown})"
            for line in lines
        )
        self.message_post(
            body=self.env._(
                "%(decision)s: %(figures)s. %(reason)s",
                decision=words[what],
                figures=figures,
                reason=reason.strip(),
            ),
            author_id=self.env.user.partner_id.id,
        )
