# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from odoo import models

from odoo.addons.mfg_integration_base.engine.failure import Failure, FieldError

from .mfg_joborder import decimal_text
from .mrp_production_ledger import ledger_key, rounded

HANDS_OFF = {"skip_mo_check": True}


@dataclass
class Use:
    """A quantity of one component that was used, in the product's own unit."""

    product: object
    quantity: Decimal
    lots: list = field(default_factory=list)  # (stock.lot, Decimal)
    location: object = None  # where it was taken; the order's source by default
    workorder: object = None
    final: bool = False
    pointer: str = "/data"
    move: object = None  # a certain component line; found by product otherwise
    report: object = None  # whose it is
    time: datetime = None  # set: it may be what an earlier posting derived
    replaces: tuple = None  # (product, Decimal): the planned component it stood in for
    given: dict = None  # as the plant wrote it
    waited: bool = False  # it waited for stock until now
    staged: bool = False  # it was set aside, and is not there any more
    claims: bool = True  # from now on the plant tells all that is used of it
    missing: list = field(default_factory=list)  # (stock.lot, Decimal) not in stock

    @property
    def parts(self):
        return self.lots or [(self.product.env["stock.lot"], self.quantity)]

    def source(self, order):
        """The location it was taken from."""
        return self.location or order.location_src_id


@dataclass
class Share:
    """What one report has in a move line; joined reports have lines in common."""

    report: object
    line: object
    quantity: (
        Decimal  # in the line's unit, which is the product's but for people's lines
    )

    @property
    def product_quantity(self):
        """In the product's unit."""
        return self.line.product_uom_id._compute_quantity(
            float(self.quantity), self.line.product_id.uom_id, round=False
        )


class Shortage(Failure):
    """There is not enough stock; it heals when stock arrives where it was looked for.

    :param on_hand: what was there, reserved or not, so that an arrival can be told
    """

    def __init__(self, detail, pointer, place, on_hand):
        errors = [FieldError(pointer, detail)]
        super().__init__("shortage", detail, errors, ("stock", place))
        self.on_hand = on_hand


class MrpProduction(models.Model):
    """What an order uses up: staged or posted at once, from where the goods are."""

    _inherit = "mrp.production"

    def _mfg_consume(self, uses, time, shortage="park", staged=False):
        """Take components out of stock for this order.

        :param uses: list of :class:`Use`; gets ``missing`` where stock is short, and
            uses more that wait: of reports whose part was set aside and is gone
        :param shortage: of the interface: ``park`` to refuse, ``allow`` stock to go
            negative, ``wait`` to take what is there
        :param staged: only set aside; the next production report posts it
        :return: list of :class:`Share`
        :raise Failure: shortage
        """
        self._mfg_find_moves(uses)
        reserved = self._mfg_reserved_beyond(uses) if staged else ()
        short = [] if staged else self._mfg_look_at_staged(shortage)
        shares = self._mfg_pick(uses, shortage)
        if not staged:
            self._mfg_post_picked(time)
        uses += short
        for use in uses:
            self._mfg_await(use, time)
            if use.final:
                self._mfg_cancel_rest(use)
        if reserved:
            self._mfg_reserve_again(reserved)
        return shares

    def _mfg_find_moves(self, uses):
        for use in uses:
            use.move = use.move or self._mfg_raw_move(use)

    def _mfg_raw_move(self, use):
        """The component line this use belongs to; a new one when none is open.

        What the plant reports itself is manual consumption to Odoo as well, so that
        none of its buttons derives it from the goods.
        """
        lines = self.move_raw_ids.filtered(
            lambda m: m.product_id == use.product and m.mfg_waiting == use.waited
        )
        own = lines.filtered(
            lambda m: use.workorder and m.workorder_id == use.workorder
        )
        still_open = (own or lines) & self._mfg_open_raw()
        if use.waited:
            return still_open[:1] or self._mfg_extra_move(use)
        if not use.claims and lines and not any(lines.mapped("mfg_explicit")):
            first = lines.filtered(lambda m: m.bom_line_id == lines[:1].bom_line_id)
            return still_open[:1] or self._mfg_reopened(first)
        reported = still_open or self._mfg_extra_move(use)
        reported.write({"mfg_explicit": True, "manual_consumption": True})
        return reported[:1]

    def _mfg_open_raw(self):
        return self.move_raw_ids.filtered(lambda m: m.state not in ("done", "cancel"))

    def _mfg_is_component(self, product):
        """Whether the order asks for it, or a planner added it."""
        lines = self.move_raw_ids.filtered(lambda m: m.product_id == product)
        return any(line.bom_line_id or line.product_uom_qty for line in lines)

    def _mfg_extra_move(self, use):
        """A component line beyond what is planned. Made beside the order's own write(),
        which would plan all its operations anew."""
        planned = self.move_raw_ids.filtered(lambda m: m.product_id == use.product)
        values = self._get_move_raw_values(use.product, 0.0, use.product.uom_id)
        workorder = use.workorder and use.workorder.id
        move = self.env[
            "stock.move"
        ].create(
            {
                **values,
                "manual_consumption": not use.waited,  # as its report was
                "workorder_id": workorder,
                "bom_line_id": planned.bom_line_id[:1].id,
            }
        )
        move._action_confirm(merge=False)
        self.invalidate_recordset(["move_raw_ids"])
        return move

    # -- picking ---------------------------------------------------------------------

    def _mfg_pick(self, uses, shortage):
        """Move lines for uses, from where the goods are; reservations give way.

        Uses of one lot from one place are taken together; what is short is short of
        the last of them.
        """
        shares, wanted = [], self._mfg_wanted(uses)
        self._mfg_take_turns(
            [(move.product_id, lot, location) for move, lot, location in wanted]
        )
        for (move, lot, location), parts in wanted.items():
            self._mfg_release_reservation(move.product_id)
            amount = sum(amount for _use, amount in parts)
            self._mfg_check_reserved(parts[0][0], lot, location, amount)
            sources = self._mfg_sources(
                move.product_id, location, lot, amount, shortage, parts[0][0].pointer
            )
            taken = sum(part for *_place, part in sources)
            lines = self.env["stock.move.line"].create(
                [self._mfg_line(move, lot, *source) for source in sources]
            )
            shares += dealt(self._mfg_served(parts, lot, taken), lines)
        self._mfg_displace(shares)
        return shares

    def _mfg_served(self, parts, lot, available):
        """Each part in its turn as far as there is; the uses note what is missing."""
        served = []
        for use, amount in parts:
            taken = min(amount, available)
            available -= taken
            if taken > 0:
                served.append((use, taken))
            if amount > taken:
                use.missing.append((lot, amount - taken))
        return served

    def _mfg_wanted(self, uses):
        """(move, lot, location) -> [(use, amount to post)]."""
        wanted = defaultdict(list)
        for use in uses:
            location = use.source(self)
            for lot, exact in use.parts:
                key = ledger_key("used", use.product, lot)
                amount = self._mfg_carry(key, use.product, exact, use.report)
                if amount > 0:
                    wanted[use.move, lot, location].append((use, amount))
        return wanted

    def _mfg_release_reservation(self, product):
        """Give back what is prepared for this order, by reservation or by one of Odoo's
        buttons: it is there for the plant to use. What a person entered stays."""
        moves = self._mfg_open_raw().filtered(lambda m: m.product_id == product)
        prepared = moves.move_line_ids.filtered(lambda line: not line.mfg_plant)
        (prepared - moves._mfg_by_person()).unlink()
        moves.filtered(lambda m: m.picked and not m.move_line_ids).picked = False

    def _mfg_line(self, move, lot, location, package, amount):
        return {
            "move_id": move.id,
            "product_id": move.product_id.id,
            "product_uom_id": move.product_id.uom_id.id,
            "quantity": float(amount),
            "lot_id": lot.id,
            "package_id": package.id,
            "location_id": location.id,
            "location_dest_id": move.location_dest_id.id,
            "production_id": self.id,
            "workorder_id": move.workorder_id.id,
            "picked": True,
            "mfg_plant": True,
        }

    def _mfg_sources(self, product, location, lot, amount, shortage, pointer):
        """(location, package, amount) of unreserved stock that make up an amount.

        :param shortage: as in :meth:`_mfg_consume`; with ``wait`` it may be less
        :raise Failure: shortage
        """
        package = self.env["stock.package"]
        if not product.is_storable:
            return [(location, package, amount)]
        self._mfg_take_turns([(product, lot, location)])
        sources, missing = [], amount
        for place, free in self._mfg_free(product, location, lot).items():
            taken = min(rounded(product.uom_id, free), missing)
            if taken > 0:
                sources.append((*place, taken))
                missing -= taken
        if missing > 0 and shortage == "park":
            raise self._mfg_shortage(product, location, lot, amount, missing, pointer)
        if missing > 0 and shortage == "allow":
            sources.append((location, package, missing))
        return sources

    def _mfg_free(self, product, location, lot):
        """(location, package) -> quantity nobody reserved, oldest first; of a lot also
        what is reserved and gives way."""
        quants = self.env["stock.quant"]._gather(product, location, lot_id=lot or None)
        quants = quants.filtered(lambda q: q.lot_id == lot and not q.owner_id)
        free = defaultdict(float)
        for quant in quants:
            place = quant.location_id, quant.package_id
            free[place] += quant.quantity - quant.reserved_quantity
        if lot and any(quants.mapped("reserved_quantity")):
            for place, reserved in self._mfg_yielding(lot, location).items():
                free[place] += reserved
        return free

    def _mfg_shortage(self, product, location, lot, amount, missing, pointer):
        detail = self.env._(
            "%(amount)s %(unit)s of %(goods)s are needed, %(there)s are "
            "available in %(location)s.",
            amount=decimal_text(amount),
            unit=product.uom_id.name,
            goods=" ".join(filter(None, (product.display_name, lot.name))),
            there=decimal_text(amount - missing),
            location=location.display_name,
        )
        if places := self._mfg_elsewhere(lot, location):
            names = ", ".join(place.display_name for place in places)
            detail += " " + self.env._("The lot is in %s.", names)
        messages = self.env["mfg.message"]
        on_hand = messages._stock_on_hand(product, location)
        place = messages._stock_place(product, location)
        return Shortage(detail, pointer, place, on_hand)

    # -- posting ---------------------------------------------------------------------

    def _mfg_post_picked(self, time, closing=False):
        """Post every component line that the plant reported, in one go.

        :param closing: also what a person entered in Odoo
        """
        moves = self._mfg_open_raw()
        lines = moves.move_line_ids.filtered("mfg_plant")
        if closing:
            lines |= moves._mfg_by_person()
        moves = lines.move_id
        if not moves:
            return
        (moves.move_line_ids - lines).unlink()
        moves._mfg_post(time)
        products = moves.product_id
        rest = self._mfg_open_raw().filtered(
            lambda m: m.product_id in products and not m.picked
        )
        rest._action_assign()

    def _mfg_cancel_rest(self, use):
        """No more of this component will come; what waits for stock still does."""
        rest = self._mfg_planned(use).filtered(lambda m: not m.picked)
        rest.with_context(**HANDS_OFF)._action_cancel()

    def _mfg_planned(self, use):
        """What is still to be used on the line of a use."""
        return self._mfg_open_raw().filtered(
            lambda m: (
                m.product_id == use.product
                and m.bom_line_id == use.move.bom_line_id
                and not m.mfg_waiting
            )
        )


def dealt(parts, lines):
    """Deal move lines out, in their order, to (use or output, amount) parts."""
    shares, rest = [], [[line, Decimal(repr(line.quantity))] for line in lines]
    for part, amount in parts:
        while amount > 0:
            line, left = rest[0]
            taken = min(amount, left)
            shares.append(Share(part.report, line, taken))
            amount -= taken
            rest[0][1] -= taken
            if not rest[0][1]:
                rest.pop(0)
    return shares
