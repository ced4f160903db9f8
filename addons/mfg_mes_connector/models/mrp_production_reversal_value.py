# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from contextlib import contextmanager
from dataclasses import dataclass

from odoo import models


@dataclass
class Part:
    """Goods posted together, with the components that they are made of."""

    main: object  # the finished product's move; none: by-products alone
    moves: object
    used: object  # component lines whose cost the goods bear
    cost: float = 0.0  # of all its goods

    @property
    def quantity(self):
        return sum(move._get_valued_qty() for move in self.main or self.moves)


class Worth:
    """What a move is worth before its lines are lessened.

    :param prices: line -> what a unit of it counts for in that
    """

    def __init__(self, value, prices):
        self.value = value
        self.prices = prices
        self.weight = self.weigh()

    def weigh(self):
        """As the lines are now."""
        return sum(line.quantity_product_uom * p for line, p in self.prices.items())

    def left(self):
        return self.value * self.weigh() / self.weight if self.weight else 0.0

    def part(self, line, quantity):
        """Of a line a quantity, in the product's unit."""
        counts = quantity * self.prices[line]
        return self.value * counts / self.weight if self.weight else 0.0


class MrpProduction(models.Model):
    """Value, books and genealogy of what is taken back (see docs/cost.md).

    The cost of an order is borne by its goods, part by part. What leaves the order is
    no cost of its part any more; what stays of a part that is gone (components used,
    labour) falls to the part after it, or to the one still to come; on a closed order
    to all parts, as what came after the last one.
    """

    _inherit = "mrp.production"

    @contextmanager
    def _mfg_late_aside(self, moves):
        """While posted ``moves`` of a closed order are lessened.

        What came after the last goods is in none for the moment, and then in all that
        are left, together with what fell to those still to come: there are none.
        """
        own = moves & (self.move_raw_ids | self.move_finished_ids)
        if self.state != "done" or not own:
            yield
            return
        absorbed = self.mfg_cost_absorbed
        self._mfg_lower_late()
        yield
        self._mfg_bear_late(absorbed)

    @contextmanager
    def _mfg_undoing_value(self, moves, regained=None):
        """While lines of posted ``moves`` are lessened.

        :param regained: move -> value, where they get back what they had instead
        """
        parts = self._mfg_goods_parts()
        valued = "value" in self.env["stock.move"]._fields
        worth = self._mfg_worth(moves | self._mfg_done_moves()) if valued else {}
        yield
        if valued:
            self._mfg_follow_value(moves, worth, regained)
            self._mfg_shift_cost(parts, worth)
            moves.move_line_ids.lot_id.filtered(
                lambda lot: lot.product_id.lot_valuated
            )._update_standard_price()
        self._mfg_cut_genealogy(parts)

    def _mfg_done_moves(self):
        moves = self.move_raw_ids | self.move_finished_ids
        return moves.filtered(lambda m: m.state == "done")

    def _mfg_worth(self, moves):
        return {
            move: Worth(move.value, self._mfg_line_prices(move.move_line_ids))
            for move in moves
        }

    def _mfg_line_prices(self, lines):
        """A lot that is valued by itself counts by its price, as when Odoo valued the
        move; else, and where it has none, one unit is as good as another."""
        if lines.product_id.lot_valuated:
            prices = {line: self._mfg_lot_price(line) for line in lines}
            if any(price and line.quantity for line, price in prices.items()):
                return prices
        return dict.fromkeys(lines, 1.0)

    def _mfg_lot_price(self, line):
        priced = line.lot_id or line.product_id
        return priced.with_company(self.company_id).standard_price

    def _mfg_goods_parts(self):
        """Goods of this order, part by part as they were posted."""
        goods = self.move_finished_ids.filtered(lambda m: m.state == "done")
        mains = goods.filtered(lambda m: m.product_id == self.product_id).sorted("id")
        parts = {main: Part(main, main, self._mfg_borne(main)) for main in mains}
        alone = []
        for move in (goods - mains).sorted("id"):
            used = move.move_line_ids.consume_line_ids
            same = mains.filtered(
                lambda m, used=used: m.move_line_ids.consume_line_ids == used
            )
            if same and not move.mfg_made_alone:
                main = min(same, key=lambda m, move=move: abs(m.id - move.id))
                parts[main].moves |= move
            else:
                alone.append(Part(mains.browse(), move, used.browse()))
        found = [*parts.values(), *alone]
        for part in found:
            part.cost = self._mfg_cost_of(part.moves)
        return found

    def _mfg_borne(self, main):
        """Component lines of goods. What came later is borne by all goods, unless it
        had waited for stock: then it is in the goods that were made of it alone."""
        lines = main.move_line_ids
        first = min(lines.ids, default=0)
        return lines.consume_line_ids.filtered(
            lambda line: line.id < first or self._mfg_mains_of(line) == main
        )

    def _mfg_mains_of(self, line):
        """The moves of the finished product that a component line went into."""
        goods = line.produce_line_ids.move_id
        return goods.filtered(lambda m: m.product_id == self.product_id)

    def _mfg_cost_of(self, moves):
        if "value" not in moves._fields:
            return 0.0
        return sum(move.price_unit * move._get_valued_qty() for move in moves)

    # -- what the lessened moves are worth -------------------------------------------

    def _mfg_follow_value(self, moves, worth, regained=None):
        """What is left of a move is worth its part of what it was.

        Odoo does so too, but compares a quantity in the product's unit with one in the
        move's; and it does not correct the books.
        """
        for move in moves:
            was = worth[move]
            if move.is_out and regained:
                move.value = was.value + regained[move]
            elif move.is_out:
                move.value = was.left()
            self._mfg_book_change(move, move.value - was.value)

    def _mfg_book_change(self, move, added):
        if not self.company_id.currency_id.is_zero(added):
            value = move.value
            self._mfg_book(move, added)
            move.value = value

    def _mfg_product_prices(self, products):
        """Products that have a cost, with what it is."""
        if "cost_method" not in products._fields:
            return {}
        products = products.with_company(self.company_id)
        return {product: product.standard_price for product in products}

    def _mfg_settle_prices(self, prices):
        """Averages and last prices, once empty postings are gone. Odoo has no price
        for what never came in: that of before is as good."""
        for product, price in prices.items():
            product._update_standard_price()
            if not product.standard_price and price:
                # sudo: as Odoo's own update
                product.sudo().with_context(
                    disable_auto_revaluation=True
                ).standard_price = price

    # -- who bears the cost ----------------------------------------------------------

    def _mfg_shift_cost(self, parts, worth):
        """Let each part of the goods bear what is left of its components' cost."""
        if not self._mfg_costed():
            return
        left = [self._mfg_left(part, worth) for part in parts]
        for number, part in enumerate(parts):
            if not left[number]:
                continue
            if part.quantity:
                self._mfg_spread(part.moves, left[number])
            else:
                self._mfg_inherit(parts, number, left[number])
        self._mfg_shift_late(parts, worth)

    def _mfg_left(self, part, worth):
        """Cost of a part that its goods do not bear any more."""
        saved = sum(self._mfg_saved(move, worth) for move in part.used.move_id)
        left = part.cost - saved - self._mfg_cost_of(part.moves)
        return self.company_id.currency_id.round(left)

    def _mfg_saved(self, move, worth):
        return worth[move].value - move.value

    def _mfg_inherit(self, parts, number, amount):
        """A part is gone, its components and labour are not."""
        part = parts[number]
        heirs = self._mfg_heirs(parts, number)
        if heirs:
            self._mfg_spread(heirs, amount)
        else:
            components = sum(self._mfg_freed(part).move_id.mapped("value"))
            self.mfg_cost_absorbed -= amount - components

    def _mfg_heirs(self, parts, number):
        """Moves of the part after one that is gone; none: it is still to come.
        By-products alone have no heirs."""
        later = [
            part.moves
            for part in parts[number + 1 :]
            if parts[number].main and part.main and self._mfg_there(part.moves)
        ]
        return later[0] if later else self.env["stock.move"]

    def _mfg_freed(self, part):
        """Components that are in no goods, now that a part is gone."""
        goods = self._mfg_goods().filtered(lambda k: k.product_id == self.product_id)
        return part.main.move_line_ids.consume_line_ids - goods.consume_line_ids

    def _mfg_shift_late(self, parts, worth):
        """What was posted after the goods it went into is borne by these alike.
        By-products alone keep what they took: the goods to come bear the rest."""
        borne = self.env["stock.move.line"].union(*(part.used for part in parts))
        for move in self.move_raw_ids.filtered(lambda m: m in worth):
            goods = move.move_line_ids.produce_line_ids.move_id
            saved = self._mfg_saved(move, worth)
            main = goods.filtered(lambda m: m.product_id == self.product_id)
            if main and saved and not move.move_line_ids & borne:
                self._mfg_spread(goods, -saved)

    # -- genealogy -------------------------------------------------------------------

    def _mfg_cut_genealogy(self, parts):
        """What is gone was made of nothing, and nothing was made of it. Components of
        goods that are gone are in the goods after them, or in none yet."""
        for number, part in enumerate(parts):
            if self._mfg_there(part.moves):
                continue
            used = part.main.move_line_ids.consume_line_ids
            part.moves.move_line_ids.consume_line_ids = [(5, 0, 0)]
            heirs = self._mfg_heirs(parts, number)
            heirs.move_line_ids.consume_line_ids = [(4, line.id) for line in used]
        empty = self.move_raw_ids.move_line_ids.filtered(
            lambda line: line.product_uom_id.is_zero(line.quantity)
        )
        empty.produce_line_ids = [(5, 0, 0)]

    def _mfg_there(self, moves):
        return any(not m.product_uom.is_zero(m.quantity) for m in moves)
