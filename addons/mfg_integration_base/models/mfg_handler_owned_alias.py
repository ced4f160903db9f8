# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import models

from ..engine.failure import Failure, FieldError
from ..engine.texts import marker

_lt = marker(__name__)

PLACE = "/data/fields/standsFor"


class MfgHandlerOwnedAlias(models.AbstractModel):
    """Another code of the plant's for something: a row of Odoo's mappings."""

    _name = "mfg.handler.owned.alias"
    _inherit = "mfg.handler.owned"
    _description = "Alternative Code"
    _mfg_type = "mfg.master.alias.v1"
    _mfg_title = _lt("Master data: alternative code")
    _mfg_kind = "alias"
    _mfg_kind_title = _lt("Alternative codes")
    _mfg_model = "mfg.mapping"
    _mfg_owners = ("odoo", "plant", "propose")
    _mfg_recodes = False  # it is a code
    _mfg_naming = (None, "materialDefinitionId")

    def _identity(self, endpoint, data):
        return f"{data['kind']}:{data['id']}"

    def _find(self, endpoint, data):
        if data["kind"] not in self.env["mfg.mapping"]._kind_models():
            detail = self.env._("Odoo maps no codes of this kind.")
            raise Failure("not-permitted", detail, [FieldError("/data/kind", detail)])
        mappings = self.env["mfg.mapping"].with_context(active_test=False)
        return mappings.search(
            [
                ("endpoint_id", "=", endpoint.id),
                ("kind", "=", data["kind"]),
                ("code", "=", data["id"]),
            ]
        )

    def _take_over(self, changes, data, record, members):
        endpoint = changes.endpoint
        meant = self._meant(endpoint, data)
        values = {"record": f"{meant._name},{meant.id}", "active": True}
        if record:
            changes.change(record, values)
            return record
        named = {"endpoint_id": endpoint.id, "kind": data["kind"], "code": data["id"]}
        return changes.make(self.env["mfg.mapping"], named | values)

    def _meant(self, endpoint, data):
        """The record that the code stands for."""
        members, resolver = data["fields"], self.env["mfg.resolver"]
        context = {}
        if data["kind"] == "lot":
            code = members.get("materialDefinitionId", "")
            place = "/data/fields/materialDefinitionId"
            context["product"] = resolver.resolve(endpoint, "material", code, place)
        return resolver.resolve(
            endpoint, data["kind"], members["standsFor"], PLACE, **context
        )

    def _differences(self, endpoint, data, record):
        """In words of the record that is meant, which needs the whole message."""
        if data.get("deleted"):
            return []
        meant = self._meant(endpoint, data).display_name
        if record.active and self._shown(endpoint, record, "standsFor") == meant:
            return []
        [field] = self.env["mfg.ownership.field"]._offered(self._mfg_kind).values()
        return [{"member": field.code, "name": field.name, "proposed": meant}]

    def _shown(self, endpoint, record, member):
        return record.record.display_name if record.record else ""
