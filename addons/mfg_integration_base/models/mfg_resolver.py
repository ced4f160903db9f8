# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from decimal import Decimal

from odoo import api, models

from ..engine import quantity as quantities
from ..engine.failure import Failure, FieldError


class Memo(dict):
    """What one run of messages has looked up; never equal to that of another run."""

    __eq__ = object.__eq__
    __hash__ = object.__hash__


class MfgResolver(models.AbstractModel):
    """Plant codes to Odoo records: the endpoint's mapping first, then Odoo's own key.

    One way for every handler. What is not found is refused with the mapping that
    would settle it; nothing is ever guessed.
    """

    _name = "mfg.resolver"
    _description = "Plant Code Resolver"

    @api.model
    def resolve(self, endpoint, kind, code, pointer, **context):
        """The Odoo record of a plant code.

        :param kind: material, location, lot, person, reason or a connector's own
        :param pointer: JSON Pointer of the field, for the error
        :param context: what the look-up needs besides, such as a lot's product
        :raise Failure: unknown-<kind>, naming the mapping that would settle it
        """
        key = (kind, endpoint.id, code, *context.values())
        record = self._remembered(
            key, lambda: self._found(endpoint, kind, code, **context)
        )
        if not record:
            raise self._unknown(endpoint, kind, code, pointer)
        return record

    def _found(self, endpoint, kind, code, **context):
        record = self._mapped(endpoint, kind, code)
        return record or getattr(self, f"_lookup_{kind}")(endpoint, code, **context)

    def _remembered(self, key, find):
        """What was found before in this run of messages; what was not is asked anew."""
        memo = self.env.context.get("mfg_memo", {})
        found = memo.get(key) or find()
        if found:
            memo[key] = found
        return found

    @api.model
    def _unknown(self, endpoint, kind, code, pointer, seen=None):
        """
        :param seen: what the code means, where that does not do
        """
        detail = self.env._(
            "%(endpoint)s sent the %(kind)s code “%(code)s”, which Odoo does not know.",
            endpoint=endpoint.name,
            kind=kind,
            code=code,
        )
        error = FieldError(pointer, detail)
        failure = Failure(f"unknown-{kind}", detail, [error], wanted=(kind, code))
        failure.seen = seen
        return failure

    @api.model
    def _means_by_now(self, endpoint, kind, code):
        """What a code means that a message was refused for, or None.

        A lot is looked for by its mapping alone: its name means something only
        together with a product.
        """
        if kind == "unit":
            return self.env["mfg.uom.crosswalk"]._meaning(endpoint, code)
        by_name = kind != "lot" and hasattr(self, f"_lookup_{kind}")
        find = self._found if by_name else self._mapped
        return find(endpoint, kind, code) or None

    @api.model
    def _mapped(self, endpoint, kind, code):
        mapping = self.env["mfg.mapping"].search(
            [
                ("endpoint_id", "=", endpoint.id),
                ("kind", "=", kind),
                ("code", "=", code),
            ]
        )
        return mapping.record.exists() if mapping.record else None

    @api.model
    def _only(self, records):
        """A key that leads to two records leads nowhere: never guess."""
        return records if len(records) == 1 else records.browse()

    @api.model
    def _lookup_material(self, endpoint, code):
        products = self.env["product.product"]
        company = ("company_id", "in", (endpoint.company_id.id, False))
        found = products.search([("default_code", "=", code), company], limit=2)
        return self._only(
            found or products.search([("barcode", "=", code), company], limit=2)
        )

    @api.model
    def _lookup_location(self, endpoint, code):
        locations = self.env["stock.location"]
        company = ("company_id", "in", (endpoint.company_id.id, False))
        found = locations.search([("barcode", "=", code), company], limit=2)
        return self._only(
            found or locations.search([("complete_name", "=", code), company], limit=2)
        )

    @api.model
    def _lookup_lot(self, endpoint, code, product):
        return self._only(
            self.env["stock.lot"].search(
                [
                    ("name", "=", code),
                    ("product_id", "=", product.id),
                    ("company_id", "in", (endpoint.company_id.id, False)),
                ],
                limit=2,
            )
        )

    @api.model
    def _lookup_person(self, endpoint, code):
        return self.env["res.partner"].browse()

    @api.model
    def _lookup_reason(self, endpoint, code):
        """By its name in English, whoever's language it is: here that is a code."""
        tags = self.env["stock.scrap.reason.tag"].with_context(lang=None)
        found = self._only(tags.search([("name", "=", code)], limit=2))
        return found.with_env(self.env)

    @api.model
    def quantity(self, endpoint, value, product, pointer):
        """A plant quantity as Decimal in the product's own unit, not rounded.

        Units: UN/ECE Recommendation 20 or the endpoint's crosswalk.

        :raise Failure: quantity-invalid, unknown-unit, unit-mismatch
        """
        amount = quantities.positive(value, pointer)
        return self._converted(endpoint, amount, product, pointer)

    @api.model
    def unit(self, endpoint, code, pointer):
        """The Odoo unit of a unit code, and how many of it one is (Decimal).

        :raise Failure: unknown-unit
        """
        crosswalk = self.env["mfg.uom.crosswalk"]
        key = ("unit", endpoint.id, code)
        found = self._remembered(key, lambda: crosswalk._meaning(endpoint, code))
        if not found:
            raise self._unknown(endpoint, "unit", code, pointer)
        return found

    @api.model
    def _converted(self, endpoint, amount, product, pointer):
        pointer = f"{pointer}/unitCode"
        uom, factor = self.unit(endpoint, amount.unit_code, pointer)
        if not uom._has_common_reference(product.uom_id):
            detail = self.env._(
                "%(product)s is counted in %(own)s; %(unit)s cannot be converted.",
                product=product.display_name,
                own=product.uom_id.name,
                unit=amount.unit_code,
            )
            raise Failure("unit-mismatch", detail, [FieldError(pointer, detail)])
        # divided last: twelve pieces are one dozen, and no 0.99…9
        size = self._uom_size(uom) * factor
        return amount.value * size / self._uom_size(product.uom_id)

    @api.model
    def _uom_ratio(self, uom, other):
        """How many ``other`` one ``uom`` is, as the units' own definitions say.

        Not by Odoo's absolute factors: products of floats, they drift.
        """
        return self._uom_size(uom) / self._uom_size(other)

    def _uom_size(self, uom):
        """In the reference unit, as Decimal."""
        size = Decimal(1)
        while uom:
            size *= Decimal(repr(uom.relative_factor))
            uom = uom.relative_uom_id
        return size
