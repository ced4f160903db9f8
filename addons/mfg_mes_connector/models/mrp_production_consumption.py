# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal

from odoo import fields, models

from odoo.addons.mfg_integration_base.engine.failure import Failure, FieldError

from .mfg_joborder import decimal_text

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

    @property
    def parts(self):
        return self.lots or [(self.product.env["stock.lot"], self.quantity)]


@dataclass
class Share:
    """What one report has in a move line; joined reports have lines in common."""

    report: object
    line: object
    quantity: Decimal


class MrpProduction(models.Model):
    """What an order uses up: explicit, backflushed, staged or posted at once."""

    _inherit = "mrp.production"

    mfg_ledger = fields.Json(
        readonly=True,
        copy=False,
        help="Exact amounts not posted yet because Odoo's units are coarser, and what "
        "backflush is based on.",
    )

    # -- exactness -----------------------------------------------------------------

    def _mfg_carry(self, key, product, exact):
        """Round for posting and keep the residue for the next report of this kind.

        Rounding is half up by the product's unit; ten times 0.004 kg is 0.04 kg.
        """
        total = self._mfg_amount(key) + exact
        posted = rounded(product.uom_id, total)
        self._mfg_note(key, total - posted)
        return posted

    def _mfg_amount(self, key):
        return Decimal((self.mfg_ledger or {}).get(key, "0"))

    def _mfg_note(self, key, amount):
        if amount != self._mfg_amount(key):
            self.mfg_ledger = {**(self.mfg_ledger or {}), key: format(amount, "f")}

    # -- consumption ---------------------------------------------------------------

    def _mfg_consume(self, uses, time, allow_negative=False, staged=False):
        """Take components out of stock for this order.

        :param uses: list of :class:`Use`
        :param staged: only set aside; the next production report posts it
        :return: list of :class:`Share`
        :raise Failure: shortage
        """
        self._mfg_find_moves(uses)
        shares = self._mfg_pick(uses, allow_negative)
        if not staged:
            self._mfg_post_picked(time)
        for use in uses:
            if use.final:
                self._mfg_cancel_rest(use)
        return shares

    def _mfg_find_moves(self, uses):
        for use in uses:
            use.move = use.move or self._mfg_raw_move(use)

    def _mfg_raw_move(self, use):
        """The component line this use belongs to; a new one when none is open."""
        moves = self._mfg_open_raw().filtered(lambda m: m.product_id == use.product)
        own = moves.filtered(
            lambda m: use.workorder and m.workorder_id == use.workorder
        )
        move = (own or moves)[:1] or self._mfg_extra_move(use)
        move.mfg_explicit = True
        return move

    def _mfg_open_raw(self):
        return self.move_raw_ids.filtered(lambda m: m.state not in ("done", "cancel"))

    def _mfg_extra_move(self, use):
        """A component beyond the BoM's. Made beside the order's own write(), which
        would plan all its operations anew."""
        values = self._get_move_raw_values(use.product, 0.0, use.product.uom_id)
        workorder = use.workorder and use.workorder.id
        move = self.env["stock.move"].create(
            {**values, "manual_consumption": True, "workorder_id": workorder}
        )
        move._action_confirm(merge=False)
        self.invalidate_recordset(["move_raw_ids"])
        return move

    def _mfg_pick(self, uses, allow_negative):
        """Move lines for uses, from where the goods are; reservations give way.

        Uses of one lot from one place are taken together.
        """
        shares = []
        for (move, lot, location), parts in self._mfg_wanted(uses).items():
            self._mfg_release_reservation(move.product_id)
            sources = self._mfg_sources(
                move.product_id,
                location,
                lot,
                sum(amount for _use, amount in parts),
                allow_negative,
                parts[0][0].pointer,
            )
            lines = self.env["stock.move.line"].create(
                [self._mfg_line(move, lot, *source) for source in sources]
            )
            shares += dealt(parts, lines)
        return shares

    def _mfg_wanted(self, uses):
        """(move, lot, location) -> [(use, amount to post)]."""
        wanted = defaultdict(list)
        for use in uses:
            location = use.location or self.location_src_id
            for lot, exact in use.parts:
                key = f"used:{use.product.id}:{lot.id or 0}"
                amount = self._mfg_carry(key, use.product, exact)
                if amount > 0:
                    wanted[use.move, lot, location].append((use, amount))
        return wanted

    def _mfg_release_reservation(self, product):
        """Give back what this order has reserved: it is there for the plant to use."""
        moves = self._mfg_open_raw().filtered(lambda m: m.product_id == product)
        moves.move_line_ids.filtered(lambda line: not line.picked).unlink()

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
        }

    def _mfg_sources(self, product, location, lot, amount, allow_negative, pointer):
        """(location, package, amount) of unreserved stock that make up an amount."""
        package = self.env["stock.package"]
        if not product.is_storable:
            return [(location, package, amount)]
        sources, missing = [], amount
        for place, free in self._mfg_free(product, location, lot).items():
            taken = min(rounded(product.uom_id, free), missing)
            if taken > 0:
                sources.append((*place, taken))
                missing -= taken
        if missing > 0 and not allow_negative:
            raise self._mfg_shortage(product, location, lot, amount, missing, pointer)
        return sources + ([(location, package, missing)] if missing > 0 else [])

    def _mfg_free(self, product, location, lot):
        """(location, package) -> quantity nobody reserved, oldest first.

        Summed, because two transactions that take from one quant leave a second,
        negative one until Odoo merges them.
        """
        quants = self.env["stock.quant"]._gather(product, location, lot_id=lot or None)
        free = defaultdict(float)
        for quant in quants.filtered(lambda q: q.lot_id == lot and not q.owner_id):
            place = quant.location_id, quant.package_id
            free[place] += quant.quantity - quant.reserved_quantity
        return free

    def _mfg_shortage(self, product, location, lot, amount, missing, pointer):
        detail = self.env._(
            "%(amount)s %(unit)s of %(product)s %(lot)s are needed, %(there)s are "
            "available in %(location)s.",
            amount=decimal_text(amount),
            unit=product.uom_id.name,
            product=product.display_name,
            lot=lot.name or "",
            there=decimal_text(amount - missing),
            location=location.display_name,
        )
        return Failure("shortage", detail, [FieldError(pointer, detail)])

    def _mfg_post_picked(self, time):
        """Post every component line that was picked, in one go."""
        moves = self._mfg_open_raw().filtered(
            lambda m: m.move_line_ids.filtered("picked")
        )
        if not moves:
            return
        moves.with_context(**HANDS_OFF)._action_done()
        moves.filtered(lambda m: m.state == "done").date = time
        products = moves.product_id
        rest = self._mfg_open_raw().filtered(
            lambda m: m.product_id in products and not m.picked
        )
        rest._action_assign()

    def _mfg_cancel_rest(self, use):
        """No more of this component will come."""
        rest = self._mfg_open_raw().filtered(
            lambda m: (
                m.product_id == use.product
                and m.bom_line_id == use.move.bom_line_id
                and not m.picked
            )
        )
        rest.with_context(**HANDS_OFF)._action_cancel()

    # -- backflush -----------------------------------------------------------------

    def _mfg_backflush_uses(self, made, mode):
        """What components are used up in proportion to what is made.

        :param made: (report, quantity in the product's unit) each
        :param mode: ``auto`` as the BoM lines say, ``always`` also those that are to
            be reported by hand, ``never``. What the plant reports itself is left out.
        """
        if mode == "never":
            return []
        total = Decimal(repr(self.product_uom_qty))
        ratios = [(report, quantity / total) for report, quantity in made]
        return [
            use
            for moves in self._mfg_component_groups(mode)
            for use in self._mfg_component_uses(moves, ratios)
        ]

    def _mfg_component_groups(self, mode):
        """Component lines as planned, each with the parts that were split off it."""
        groups = defaultdict(self.env["stock.move"].browse)
        for move in self.move_raw_ids.filtered(lambda m: m.product_id.type == "consu"):
            groups[move.bom_line_id or move.product_id] |= move
        return [
            moves
            for moves in groups.values()
            if not any(moves.mapped("mfg_explicit"))
            and (mode == "always" or not any(moves.mapped("manual_consumption")))
        ]

    def _mfg_component_uses(self, moves, ratios):
        product = moves.product_id
        live = moves.filtered(lambda m: m.state != "cancel")
        planned = sum(Decimal(repr(move.product_qty)) for move in live)
        if not planned or not any(ratio for _report, ratio in ratios):
            return []
        if product.tracking != "none":
            raise self._mfg_lot_missing(product)
        open_moves = live.filtered(lambda m: m.state != "done")
        move = open_moves[:1] or self._mfg_reopened(moves)
        return [
            Use(product, planned * ratio, move=move, report=report)
            for report, ratio in ratios
        ]

    def _mfg_reopened(self, moves):
        """All planned is used, yet more is produced: the line goes on, unplanned."""
        move = self._mfg_extra_move(Use(moves.product_id, Decimal()))
        move.write({"bom_line_id": moves.bom_line_id.id, "manual_consumption": False})
        return move

    def _mfg_lot_missing(self, product):
        detail = self.env._(
            "%(product)s is tracked: it cannot be backflushed; report its lots in "
            "materials.",
            product=product.display_name,
        )
        return Failure("lot-required", detail, [FieldError("/data/materials", detail)])


def rounded(uom, amount):
    """Half up by the unit, as Decimal."""
    return Decimal(repr(uom.round(float(amount), rounding_method="HALF-UP")))


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
