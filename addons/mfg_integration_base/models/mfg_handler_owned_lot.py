# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from datetime import timezone

from odoo import fields, models
from odoo.tools import html2plaintext, plaintext2html

from ..engine.failure import Failure, FieldError
from ..engine.texts import marker
from ..engine.times import parse_time

_lt = marker(__name__)

EXPIRY = "expirationTime"


class MfgHandlerPublishedLot(models.AbstractModel):
    """What a lot or serial number is like: its reference, expiry and description.

    Never how much of it there is: stock is what was moved, made and used.
    """

    _name = "mfg.handler.published.lot"
    _inherit = ["mfg.handler.published.lot", "mfg.handler.owned"]
    _mfg_direction = "both"
    _mfg_kind = "lot"
    _mfg_kind_title = _lt("Lots")
    _mfg_model = "stock.lot"
    _mfg_owners = ("odoo", "plant", "shared", "propose")
    _mfg_naming = ("materialLotId", "materialDefinitionId")
    _mfg_ends = False
    _mfg_columns = {"reference": "ref", "description": "note", EXPIRY: None}

    def _identity(self, endpoint, data):
        return f"{self._product(endpoint, data).id}:{data['id']}"

    def _product(self, endpoint, data):
        code = data.get("fields", {}).get("materialDefinitionId")
        place = "/data/fields/materialDefinitionId"
        if not code:
            detail = self.env._("Say of which material the lot is.")
            raise Failure("lot-mismatch", detail, [FieldError(place, detail)])
        return self.env["mfg.resolver"].resolve(endpoint, "material", code, place)

    def _find(self, endpoint, data):
        product = self._product(endpoint, data)
        resolver = self.env["mfg.resolver"]
        lot = resolver._found(endpoint, "lot", self._code(data), product=product)
        if lot and lot.product_id != product:
            detail = self.env._(
                "Lot %(lot)s is of %(own)s.",
                lot=self._code(data),
                own=lot.product_id.display_name,
            )
            raise Failure("lot-mismatch", detail, [FieldError("/data/id", detail)])
        return lot or self.env["stock.lot"]

    def _meant_by(self, endpoint, code, product):
        """A mapping means one lot, whatever the material: a lot of that name of another
        material would lose its code by it."""
        here = ("company_id", "in", (endpoint.company_id.id, False))
        found = super()._meant_by(endpoint, code, product=product)
        lots = self.env["stock.lot"]
        return found or lots.search([("name", "=", code), here], limit=1)

    def _values(self, endpoint, members):
        values = {}
        for name, value in members.items():
            if name == "reference":
                values["ref"] = value
            elif name == "description":
                values["note"] = plaintext2html(value) if value else False
            elif name == EXPIRY:
                values["expiration_date"] = self._expiry(value)
        return values

    def _expiry(self, value):
        if "expiration_date" not in self.env["stock.lot"]._fields:
            detail = self.env._("Expiry dates are not installed in Odoo.")
            errors = [FieldError(f"/data/fields/{EXPIRY}", detail)]
            raise Failure("not-permitted", detail, errors)
        moment = value and parse_time(value).astimezone(timezone.utc)
        return moment.replace(tzinfo=None, microsecond=0) if moment else False

    def _take_over(self, changes, data, record, members):
        endpoint = changes.endpoint
        values, product = self._values(endpoint, members), self._product(endpoint, data)
        if record:
            changes.change(record, values)
            self._map(changes, data, record, product=product)
            return record
        self._check_tracked(product)
        self.env["mfg.drain"]._touch(product)  # of two that make one lot, one does
        named = {"name": self._code(data), "product_id": product.id}
        company = {"company_id": endpoint.company_id.id}
        return changes.make(self.env["stock.lot"], named | company | values)

    def _called(self, endpoint, record):
        return self.env["mfg.resolver"].lot_codes(endpoint, record)[record.id]

    def _check_tracked(self, product):
        if product.tracking == "none":
            detail = self.env._("%s is not tracked by lots.", product.display_name)
            place = "/data/fields/materialDefinitionId"
            raise Failure("lot-mismatch", detail, [FieldError(place, detail)])

    def _shown(self, endpoint, record, member):
        if member == "description":
            return html2plaintext(record.note or "").strip()
        if member == EXPIRY:
            has_expiry = "expiration_date" in record._fields
            return self._moment(record.expiration_date if has_expiry else False)
        return super()._shown(endpoint, record, member)

    def _said(self, endpoint, member, value):
        if member == EXPIRY:
            return self._moment(self._expiry(value))
        return super()._said(endpoint, member, value)

    def _moment(self, moment):
        return f"{fields.Datetime.to_string(moment)} UTC" if moment else ""
