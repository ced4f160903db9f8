# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
import json
from datetime import timezone

from odoo import models

from odoo.addons.mfg_integration_base.engine import fingerprint, strict_json
from odoo.addons.mfg_integration_base.engine.envelope import Event
from odoo.addons.mfg_integration_base.models.mfg_inbox import Received, Verdict

from ..models.mfg_joborder import decimal_text
from ..models.mrp_production import OPEN_STATES

CONSUMED = "mfg.material.consumed.v1"


class MfgHandlerWaiting(models.AbstractModel):
    """Material that was used when there was no stock of it, on interfaces that wait.

    What is missing becomes a message of its own, the *rest*: material consumed for the
    same order, at the time of the report, parked until stock arrives, and holding
    nobody back. People see it in the log and on the order, and may cancel it.
    """

    _inherit = "mfg.handler.order"

    # -- a rest begins to wait ---------------------------------------------------------

    def _queue_rests(self, order, uses):
        """Write a rest for each lot that is missing of a use, parked for stock."""
        short = [
            (use, lot, amount)
            for use in uses
            if use.report
            for lot, amount in use.missing
        ]
        rows = [
            self._rest_row(order, number, *missing)
            for number, missing in enumerate(short, 1)
        ]
        # sudo: the log is the engine's
        messages = self.env["mfg.message"].sudo()
        rests = messages._insert(rows)
        self.env["mfg.issue"]._refresh(rests)
        messages.invalidate_model(["rest_ids"])
        for use, _lot, _amount in short:
            location = use.source(order)
            place = messages._stock_place(use.product, location)
            on_hand = messages._stock_on_hand(use.product, location)
            messages._look_again(place, on_hand)

    def _look_at_staged(self, message, order):
        """Before an order ends that has something set aside: see that it is there.

        :raise Failure: shortage
        """
        short = order._mfg_look_at_staged(message.interface_id.shortage)
        if short:
            self._queue_rests(order, short)

    def _rest_row(self, order, number, use, lot, amount):
        message = use.report
        location = use.source(order)
        shortage = order._mfg_shortage(
            use.product, location, lot, amount, amount, "/data/materials/0"
        )
        if use.staged:  # its report may have left rests before
            number += self._last_rest(message)
            use.given = self._given_of(message, use.product)
        event = self._rest_event(number, use, lot, amount)
        text = strict_json.dumps(event.to_dict())
        received = Received(text, event, id=event.id, source=event.source)
        verdict = Verdict(received, mark=fingerprint.fingerprint(event))
        interfaces = {CONSUMED: (message.interface_id.id, message.lane)}
        return {
            **self.env["mfg.inbox"]._row(message.endpoint_id, verdict, interfaces),
            "state": "parked",
            "out_of_turn": True,  # nobody waits behind it
            "rest_of_id": (message.rest_of_id or message).id,
            "error_code": shortage.code,
            "error_detail": shortage.detail,
            "error_fields": json.dumps([e.as_dict() for e in shortage.errors]),
            "wanted": ":".join(shortage.wanted),
        }

    def _last_rest(self, message):
        """The number of the last rest it has left, as their ids end with it."""
        ids = message.sudo().rest_ids.mapped(
            "event_id"
        )  # sudo: the log is the engine's
        return max((int(id_.rpartition("-")[2]) for id_ in ids), default=0)

    def _given_of(self, message, product):
        """What the plant wrote of a product it used, as far as it still means that."""
        resolver, endpoint = self.env["mfg.resolver"], message.endpoint_id
        for material in message._event_data().get("materials") or ():
            code = material["materialDefinitionId"]
            if resolver._means_by_now(endpoint, "material", code) == product:
                return material
        return None

    def _rest_event(self, number, use, lot, amount):
        message = use.report
        sent = message._event_data()
        data = {
            "jobOrderId": sent["jobOrderId"],
            "materials": [self._rest_material(use, lot, amount)],
        }
        segment = use.given and sent.get("operationsSegmentId")
        if segment:
            data["operationsSegmentId"] = segment
        return Event(
            id=f"{message.event_id[:80]}/rest/{message.id}-{number}",
            source=message.source,
            type=CONSUMED,
            subject=message.subject or None,
            partitionkey=message.key,
            time=self._time(message).replace(tzinfo=timezone.utc),
            correlationid=message.correlation_id or message.event_id,
            causationid=message.event_id,
            data=data,
        )

    def _rest_material(self, use, lot, amount):
        """In the plant's own codes, where it gave some."""
        endpoint, given = use.report.endpoint_id, use.given or {}
        # sudo: codes come from the endpoint's configuration
        resolver = self.env["mfg.resolver"].sudo()
        code = given.get("materialDefinitionId")
        uom = use.product.uom_id
        unit = resolver.unit_codes(endpoint, uom)[uom.id]
        material = {
            "materialDefinitionId": code
            or resolver.code(endpoint, "material", use.product),
            "quantity": {"value": decimal_text(amount), "unitCode": unit},
        }
        if lot:
            material["lots"] = [{"materialLotId": lot.name}]
        if given.get("storageLocation"):
            material["storageLocation"] = given["storageLocation"]
        return material

    # -- and is posted -----------------------------------------------------------------

    def _rest_order(self, rest):
        """The order that the goods were posted on: it may be over, and what was left
        of it a backorder, since.

        :raise Failure: order-not-open
        """
        order = self._order_of(rest.rest_of_id)
        self._check_state(order, (*OPEN_STATES, "done"))
        return order

    def _post_rest(self, message, facts):
        """Post what there is by now; without anything it goes on waiting.

        The goods that were made of it get it into their genealogy and value.
        """
        order = facts.order
        shares = self._use_up(message, order, facts.uses, facts.time)
        if not shares:
            use = facts.uses[0]
            lot, amount = use.missing[0]
            location = use.source(order)
            raise order._mfg_shortage(
                use.product, location, lot, amount, amount, use.pointer
            )
        links = self._share_links(shares)
        links.append((message, order, "changed", None))
        self.env["mfg.message.link"]._add(links)
        used = self.env["stock.move.line"].union(*(share.line for share in shares))
        goods = self._goods_of(message.rest_of_id, order)
        goods = goods or order._mfg_goods_since(facts.time)
        order._mfg_complete_goods(goods, used, facts.time)

    def _goods_of(self, message, order):
        """Move lines of the goods that a report made."""
        # sudo: links are the engine's
        links = message.sudo().link_ids
        ids = links.filtered(lambda link: link.res_model == "stock.move.line")
        lines = self.env["stock.move.line"].browse(ids.mapped("res_id")).exists()
        return lines.filtered(lambda line: line.move_id in order.move_finished_ids)

    # -- and is taken back -------------------------------------------------------------

    def _take_back(self, original, reversal, ended=False):
        """What still waits of the original never comes."""
        # sudo: rests are of the same endpoint, and the engine's
        waiting = original.sudo().rest_ids.filtered(lambda m: m.state == "parked")
        waiting._transition("cancelled", next_try_at=None)
        return super()._take_back(original, reversal, ended)

    def _shares_of(self, original):
        """With those of its rests."""
        rests = original.sudo().rest_ids.filtered(lambda m: m.state == "posted")
        shares = super()._shares_of(original)
        for rest in rests:
            shares += super()._shares_of(rest)
        return shares
