# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from datetime import timedelta, timezone
from decimal import Decimal

from odoo import models

from odoo.addons.mfg_integration_base.engine import strict_json
from odoo.addons.mfg_integration_base.engine.envelope import Event
from odoo.addons.mfg_integration_base.engine.times import format_time
from odoo.addons.mfg_integration_base.models.mfg_inbox import Received
from odoo.addons.mfg_mes_connector.models.mfg_joborder import decimal_text

from .mfg_reconciler import CORRECTION_SOURCE, MADE_UP, exact

REPORTED = "mfg.production.reported.v1"
SCRAPPED = "mfg.production.scrapped.v1"
CONSUMED = "mfg.material.consumed.v1"
RETURNED = "mfg.material.returned.v1"
LABOR = "mfg.labor.reported.v1"
COMPLETED = "mfg.jobresponse.completed.v1"
REVERSED = "mfg.event.reversed.v1"
LONGEST = 1380  # minutes of one line of labour; the contract allows a day


class MfgReconciliationLine(models.Model):
    """Corrections as events: of ordinary types, written by Odoo itself.

    What an event is called follows from what it corrects, so that whoever sends it
    again, or at the same time, sends a duplicate.
    """

    _inherit = "mfg.reconciliation.line"

    def _event(self, name, event_type, data, time=None, cause=None):
        """One event of Odoo's own about the order of this difference."""
        row = self.reconciliation_id
        moment = (time or row.as_of).replace(tzinfo=timezone.utc)
        return Event(
            id=name,
            source=self.env["mfg.outbox"]._source() + CORRECTION_SOURCE,
            type=event_type,
            subject=row.job_order_id,
            partitionkey=row.job_order_id,
            time=moment,
            correlationid=f"reconciliation-{row.id}",
            causationid=cause,
            data=data,
        )

    def _store_events(self, events):
        """Hand them to the inbox, as the door does.

        :return: their messages, and the slots to wake once it is noted whose they are

        :raise UserError: the endpoint takes no such type
        """
        endpoint = self.reconciliation_id.endpoint_id
        received = []
        for event in events:
            text = strict_json.dumps(event.to_dict())
            received.append(Received(text, event, id=event.id, source=event.source))
        answers, slots = self.env["mfg.inbox"]._store(endpoint, received)
        for event, answer in zip(events, answers, strict=True):
            if answer["status"] not in ("accepted", "duplicate"):
                raise self._not_taken(event, answer)
        refs = [int(answer["href"].rpartition("/")[2]) for answer in answers]
        return self.env["mfg.message"].browse(refs), slots

    # -- one difference ------------------------------------------------------------

    def _correction_event(self):
        """The event that adds what is missing, or gives back what is too much; none
        where only doubled messages are taken back."""
        amount = exact(self.correctable)
        if self.what == "state":  # final: of a single operation it would end only that
            data = self._data(final=True, time=self._text())
            return self._event(self._event_name(), COMPLETED, data)
        if not amount:
            return None
        if self.what == "consumed":
            event_type = CONSUMED if amount > 0 else RETURNED
            time = self._consumption_time() if amount > 0 else None
            return self._event(
                self._event_name(),
                event_type,
                self._data(
                    materials=[self._material(abs(amount))], time=self._text(time)
                ),
                time,
            )
        if amount < 0:
            return None  # by its newest report, see _lessening
        makers = {
            "produced": self._goods_event,
            "scrapped": self._scrap_event,
            "labour": self._labour_event,
        }
        return makers[self.what](amount)

    def _event_name(self, kind=MADE_UP):
        """Of another turn once a correction was taken back."""
        return f"{kind}-{self.id}-{self.plan.get('turn', 0)}"

    def _data(self, **data):
        named = {name: value for name, value in data.items() if value is not None}
        return {"jobOrderId": self.reconciliation_id.job_order_id, **named}

    def _text(self, time=None):
        moment = time or self.reconciliation_id.as_of
        return format_time(moment.replace(tzinfo=timezone.utc))

    def _goods_event(self, amount):
        """Components that Odoo derives come with it, but for tracked ones."""
        order = self._member()
        derived = self.env["mfg.reconciler"]._derived(order, amount)
        tracked = any(product.tracking != "none" for product in derived)
        data = self._data(
            quantity=self._quantity(amount),
            lots=self._lots(),
            backflush="never" if tracked else "auto",
            final=False,
            time=self._text(),
        )
        return self._event(self._event_name(), REPORTED, data)

    def _scrap_event(self, amount):
        reason = self.env.ref("mfg_reconciliation.scrap_reason_reconciliation")
        own = self._is_own()
        data = self._data(
            materialDefinitionId=None if own else self._code(),
            quantity=self._quantity(amount),
            lots=self._lots() or (self._only_lot() if own else None),
            reasonCode=reason.with_context(lang=None).name,
            time=self._text(),
        )
        return self._event(self._event_name(), SCRAPPED, data)

    def _labour_event(self, amount):
        lines, left = [], amount
        while left > 0:
            part = min(left, Decimal(LONGEST))
            duration = {"value": decimal_text(part), "unitCode": "MIN"}
            lines.append({"operationsSegmentId": self.segment, "duration": duration})
            left -= part
        return self._event(
            self._event_name(), LABOR, self._data(labor=lines, time=self._text())
        )

    def _material(self, amount):
        quantity = self._quantity(amount)
        material = {"materialDefinitionId": self._code(), "quantity": quantity}
        if self.lot_id:
            material["lots"] = self._lots()
        return material

    def _code(self):
        endpoint = self.reconciliation_id.endpoint_id
        return self.env["mfg.resolver"].code(endpoint, "material", self.product_id)

    def _quantity(self, amount):
        endpoint = self.reconciliation_id.endpoint_id
        uom = self.product_id.uom_id
        unit = self.env["mfg.resolver"].unit_codes(endpoint, uom)[uom.id]
        return {"value": decimal_text(amount), "unitCode": unit}

    def _lots(self):
        return [{"materialLotId": self.lot_id.name}] if self.lot_id else None

    def _only_lot(self):
        """The lot of what the order made, where there is only one."""
        if self.product_id.tracking == "none":
            return None
        lots = self._family().move_finished_ids.move_line_ids.lot_id
        return [{"materialLotId": lots.name}] if len(lots) == 1 else None

    def _consumption_time(self):
        """After what was derived of it: of that a later report tells nothing new."""
        moves = self._family().move_raw_ids.filtered(
            lambda m: m.product_id == self.product_id and m.state == "done"
        )
        latest = max(moves.mapped("date"), default=None)
        as_of = self.reconciliation_id.as_of
        return max(as_of, latest + timedelta(seconds=1)) if latest else as_of

    def _family(self):
        # sudo: what can be corrected is shown to people who may not read orders
        return self.sudo().reconciliation_id.order_id._mfg_family().sorted("id")

    def _member(self):
        return self._family()._mfg_member()

    # -- messages that are taken back ----------------------------------------------

    def _reversal_event(self, message, reason, name="reversal"):
        data = {
            "eventId": message.event_id,
            "source": message.source,
            "reason": reason[:1000],
        }
        return self._event(f"{name}-{message.id}", REVERSED, data)

    def _again_event(self, message, name, **changes):
        """What a message told, told anew; it names that message as its cause."""
        data = {**message._event_data(), **changes}
        time, cause = message.event_time, message.event_id
        return self._event(name, message.type, data, time, cause)
