# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from contextlib import contextmanager

from odoo import fields, models


class MrpProduction(models.Model):
    """What the goods of an order are worth when they are posted part by part.

    Odoo values goods once, when the order is closed: by what is used up in that very
    posting, and by all labour of the order. Here a part bears what was used and
    worked since the part before it, and what comes after the last part raises the
    value of all. The arithmetic is Odoo's (``_cal_price``); docs/cost.md has the
    guarantee. Without accounting (mrp_account) nothing is valued.
    """

    _inherit = "mrp.production"

    mfg_cost_absorbed = fields.Float(
        readonly=True,
        copy=False,
        help="Cost that the goods posted so far bear, beyond the components they are "
        "made of: labour, and by-products that came before the goods.",
    )

    def _mfg_costed(self):
        """Whether the goods are worth what they cost; else their price is fixed."""
        product = self.product_id.with_company(self.company_id)
        return "extra_cost" in self._fields and product.cost_method != "standard"

    def _mfg_labour(self, made):
        """Cost of the work up to now.

        :param made: pieces made by now, in the product's unit. Operations costed by
            estimate are estimated for the whole order: they count in proportion.
        """
        share = min(made / self.product_uom_qty, 1) if self.product_uom_qty else 1
        return sum(
            workorder._cal_cost() * (share if workorder._should_estimate_cost() else 1)
            for workorder in self.workorder_ids
        )

    def _mfg_price(self, moves, used):
        """Have Odoo price goods that are about to be posted.

        :param moves: of the goods and by-products of this part
        :param used: component lines that are in no goods yet
        """
        main = moves.filtered(lambda m: m.product_id == self.product_id)
        if not self._mfg_costed():
            self._cal_price(used.move_id)
        elif main:
            quantity = main.product_uom._compute_quantity(
                main.quantity, self.product_id.uom_id
            )
            labour = self._mfg_labour(float(self._mfg_produced()) + quantity)
            ours = labour - self.mfg_cost_absorbed - self.workorder_ids._cal_cost()
            with self._mfg_correcting(ours, quantity):
                self._cal_price(used.move_id)
            self.mfg_cost_absorbed = labour
        else:
            self._mfg_price_alone(moves, used)

    def _mfg_price_alone(self, moves, used):
        """By-products before any goods take their share of what is in no goods yet;
        the goods get the rest."""
        labour = self._mfg_labour(float(self._mfg_produced()))
        pending = self._mfg_pending(used, labour)
        for move in moves.filtered("cost_share"):
            value = pending * move.cost_share / 100
            if move.product_id.cost_method != "standard":
                move.price_unit = value / move.product_uom._compute_quantity(
                    move.quantity, move.product_id.uom_id
                )
            self.mfg_cost_absorbed += value

    def _mfg_pending(self, used, labour):
        """Cost of the order that is in no goods yet."""
        components = sum(used.move_id.mapped("value"))
        return components + labour - self.mfg_cost_absorbed

    @contextmanager
    def _mfg_correcting(self, amount, quantity):
        """What Odoo would count twice, or miss, goes through its own field for a
        cost per piece, so that by-products get their share of it too."""
        unit_cost = self.extra_cost
        if amount:
            self.extra_cost = unit_cost + amount / quantity
        yield
        if amount:
            self.extra_cost = unit_cost

    @contextmanager
    def _mfg_pricing_rest(self):
        """While Odoo's button posts the rest of the order.

        It values the rest by what it posts itself: the plant may have used components
        before, and earlier goods bear the labour of theirs.
        """
        rest = self.product_uom_id.round(
            self.qty_producing - self.qty_produced, rounding_method="HALF-UP"
        )
        if rest <= 0 or not self._mfg_costed():
            yield
            return
        used = self._mfg_unassigned_use().move_id
        missed = sum(used.mapped("value")) - self.mfg_cost_absorbed
        quantity = self.product_uom_id._compute_quantity(rest, self.product_id.uom_id)
        with self._mfg_correcting(missed, quantity):
            yield
        self.mfg_cost_absorbed = self.workorder_ids._cal_cost()

    # -- late cost -----------------------------------------------------------------

    def _mfg_value_late(self, absorbed=None):
        """What was used or worked after the last goods raises the value of all goods,
        alike per piece: closed by the button, Odoo's order would have cost as much.

        :param absorbed: what the goods bear beyond their components; by default all
            labour there is
        """
        goods = self._mfg_goods().move_id
        main = goods.filtered(lambda m: m.product_id == self.product_id)
        if not main or not self._mfg_costed():
            return
        if absorbed is None:
            absorbed = self._mfg_labour(self.product_uom_qty)
        late = self._mfg_pending(self._mfg_unassigned_use(), absorbed)
        if self.company_id.currency_id.is_zero(late):
            return
        self._mfg_spread(goods, late)
        self.mfg_cost_absorbed = absorbed

    def _mfg_spread(self, goods, amount):
        """Raise the value of posted goods: by-products by their share, the rest is the
        main product's."""
        main = goods.filtered(lambda m: m.product_id == self.product_id)
        rest = amount
        for moves in (goods - main).grouped("product_id").values():
            value = amount * moves[0].cost_share / 100
            self._mfg_revalue(moves, value)
            rest -= value
        self._mfg_revalue(main, rest)

    def _mfg_revalue(self, moves, amount):
        """Raise the value of goods in stock by an amount, alike per piece."""
        moves = moves.filtered(lambda m: m.product_id.cost_method != "standard")
        quantity = sum(move._get_valued_qty() for move in moves)
        if not quantity:
            return
        for move in moves:
            move.price_unit += amount / quantity
            self._mfg_book(move, amount * move._get_valued_qty() / quantity)
        moves._set_value()

    def _mfg_book(self, move, added):
        """The books of goods valued in real time follow. Odoo's entry is of a move's
        whole value, so for a moment that is what was added."""
        if move._should_create_account_move():
            first = move.account_move_id
            move.value = added
            move._create_account_move()
            move.account_move_id = first
