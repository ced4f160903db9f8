# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from decimal import Decimal

from odoo import Command, models

from odoo.addons.mfg_integration_base.engine import catalogue
from odoo.addons.mfg_integration_base.engine.failure import Failure, FieldError, pointer
from odoo.addons.mfg_integration_base.engine.texts import marker

_lt = marker(__name__)

catalogue.register(
    catalogue.Entry(
        "unknown-bom",
        _lt("The bill of materials is not known"),
        catalogue.VALUE,
        _lt(
            "Accept the proposal of the bill of materials first, or give the bill of "
            "materials this reference in Odoo; then retry the message."
        ),
    )
)
LINES = {"materials": "bom_line_ids", "byProducts": "byproduct_ids"}


class MfgHandlerPublishedBom(models.AbstractModel):
    """A plant would have a bill of materials: whether Odoo gets it, a person decides.

    Its lines are compared as a whole: a plant that lists materials lists all of them.
    """

    _name = "mfg.handler.published.bom"
    _inherit = ["mfg.handler.published.bom", "mfg.handler.owned"]
    _mfg_direction = "both"
    _mfg_kind = "bom"
    _mfg_kind_title = _lt("Bills of materials")
    _mfg_model = "mrp.bom"
    _mfg_naming = ("reference", "routingId")

    def _find(self, endpoint, data):
        boms = self.env["mrp.bom"].with_context(active_test=False)
        here = ("company_id", "in", (endpoint.company_id.id, False))
        found = boms.search([("code", "=", self._code(data)), here], limit=2)
        return found if len(found) == 1 else boms.browse()

    def _is_called(self, endpoint, data, record):
        """A bill that is told under its number keeps its reference."""
        reference = data.get("fields", {}).get("reference")
        return reference in (None, record.code)

    def _called(self, endpoint, record):
        return record.code or ""

    def _renamed(self, endpoint, data, record):
        """A new reference, which no other bill has."""
        if self._is_called(endpoint, data, record):
            return {}
        if other := self._find(endpoint, data):
            raise self._taken(endpoint, data, other, record)
        return {"code": self._code(data)}

    def _check(self, message):
        """What a plant's bill cannot say of Odoo's is refused, not left out."""
        members = message._event_data().get("fields", {})
        for name in LINES:
            for number, line in enumerate(members.get(name, ())):
                if line.get("onlyFor"):
                    place = pointer("data", "fields", name, number, "onlyFor")
                    detail = self.env._("Which variants a line is for, Odoo says.")
                    raise Failure("not-owner", detail, [FieldError(place, detail)])

    # -- doing it ------------------------------------------------------------------

    def _take_over(self, changes, data, record, members):
        endpoint = changes.endpoint
        values = self._made(endpoint, members, record) | {"active": True}
        if "bomType" in members:
            values["type"] = "phantom" if members["bomType"] == "kit" else "normal"
        if "quantity" in members:
            amount, unit = self._amount(endpoint, members["quantity"], "quantity")
            values |= {"product_qty": float(amount), "product_uom_id": unit.id}
        for name, column in LINES.items():
            if name in members:
                old = record[column] if record else ()
                values[column] = self._commands(endpoint, name, members[name], old)
        if record:
            values |= self._renamed(endpoint, data, record)
            changes.replace(record, values)
            return record
        named = {"code": self._code(data), "company_id": endpoint.company_id.id}
        return changes.make(self.env["mrp.bom"], named | values)

    def _made(self, endpoint, members, record):
        """The product, or all variants of it, that the bill makes."""
        place = "/data/fields/materialDefinitionIds"
        codes = members.get("materialDefinitionIds", [])
        products = self.env["product.product"].union(
            *(
                self.env["mfg.resolver"].resolve(endpoint, "material", code, place)
                for code in codes
            )
        )
        template = products.product_tmpl_id
        if len(template) > 1 or not (template or record):
            detail = self.env._("A bill of materials makes one product.")
            raise Failure("unknown-material", detail, [FieldError(place, detail)])
        if not template:
            return {}
        one = len(products) == 1 and template.product_variant_count > 1
        return {
            "product_tmpl_id": template.id,
            "product_id": products.id if one else False,
        }

    def _commands(self, endpoint, name, lines, old):
        """What makes Odoo's lines those of the plant; a line that is there stays."""
        left, commands = list(old), []
        for number, line in enumerate(lines):
            values = self._line(endpoint, name, number, line)
            match = next(
                (o for o in left if o.product_id.id == values["product_id"]), None
            )
            if match:
                left.remove(match)
                commands.append(Command.update(match.id, values))
            else:
                commands.append(Command.create(values))
        return commands + [Command.delete(gone.id) for gone in left]

    def _line(self, endpoint, name, number, line):
        place = pointer("data", "fields", name, number, "materialDefinitionId")
        product = self.env["mfg.resolver"].resolve(
            endpoint, "material", line["materialDefinitionId"], place
        )
        amount, unit = self._amount(endpoint, line["quantity"], name)
        if not unit._has_common_reference(product.uom_id):
            detail = self.env._(
                "%(product)s is not counted in %(unit)s.",
                product=product.display_name,
                unit=unit.name,
            )
            raise Failure("unit-mismatch", detail, [FieldError(place, detail)])
        return {
            "product_id": product.id,
            "product_qty": float(amount),
            "product_uom_id": unit.id,
        }

    def _amount(self, endpoint, quantity, name):
        """A quantity in an Odoo unit, as (Decimal, unit)."""
        place = pointer("data", "fields", name)
        resolver = self.env["mfg.resolver"]
        unit, factor = resolver.unit(endpoint, quantity["unitCode"], place)
        return Decimal(str(quantity["value"])) * factor, unit

    # -- in words ------------------------------------------------------------------

    def _shown(self, endpoint, record, member):
        if member == "quantity":
            return self._counted(record.product_qty, record.product_uom_id)
        if member == "bomType":
            return self._type_words(record.type == "phantom")
        if member == "materialDefinitionIds":
            made = record.product_id or record.product_tmpl_id.product_variant_ids
            return ", ".join(sorted(made.mapped("display_name")))
        return "\n".join(
            sorted(
                f"{self._counted(line.product_qty, line.product_uom_id)} "
                f"{line.product_id.display_name}"
                for line in record[LINES[member]]
            )
        )

    def _said(self, endpoint, member, value):
        if member == "quantity":
            return self._quantity_words(endpoint, value)
        if member == "bomType":
            return self._type_words(value == "kit")
        if member == "materialDefinitionIds":
            return ", ".join(sorted(self._product_words(endpoint, v) for v in value))
        return "\n".join(
            sorted(
                f"{self._quantity_words(endpoint, line['quantity'])} "
                f"{self._product_words(endpoint, line['materialDefinitionId'])}"
                for line in value
            )
        )

    def _type_words(self, is_kit):
        return self.env._("Kit") if is_kit else self.env._("Manufactured")

    def _counted(self, amount, unit):
        return f"{self._words(round(Decimal(str(amount)), 6))} {unit.name}"

    def _quantity_words(self, endpoint, quantity):
        if not self.env["mfg.uom.crosswalk"]._meaning(endpoint, quantity["unitCode"]):
            return f"{quantity['value']} {quantity['unitCode']}"
        return self._counted(*self._amount(endpoint, quantity, "quantity"))

    def _product_words(self, endpoint, code):
        found = self.env["mfg.resolver"]._found(endpoint, "material", code)
        return found.display_name if found else code
