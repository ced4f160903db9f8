# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import models

from ..engine import ownership_codes
from ..engine.failure import Failure, FieldError, pointer


class MfgHandlerOwned(models.AbstractModel):
    """The codes by which a plant's messages name what it tells of."""

    _inherit = "mfg.handler.owned"

    def _by_code(self, endpoint, code, *keys):
        """The record of a code: as for any message, else an archived one."""
        found = self.env["mfg.resolver"]._found(endpoint, self._mfg_kind, code)
        if found:
            return found
        records = self.env[self._mfg_model].with_context(active_test=False)
        here = ("company_id", "in", (endpoint.company_id.id, False))
        for key in keys:
            archived = [(key, "=", code), here, ("active", "=", False)]
            if found := records.search(archived, limit=1):
                return found
        return records.with_context(active_test=True)

    def _map(self, changes, data, record, **context):
        """See to it that the plant's code leads to the record, and robs no other."""
        endpoint, code = changes.endpoint, self._code(data)
        found = self._meant_by(endpoint, code, **context)
        if found == record:
            return
        mapping = self._mapping(endpoint, code)
        meant = found or (mapping.record.exists() if mapping.record else found)
        if meant and meant != record:
            raise self._taken(endpoint, data, meant, record)
        values = {"record": f"{record._name},{record.id}", "active": True}
        if mapping:
            changes.change(mapping, values)
        else:
            named = {"kind": self._mfg_kind, "code": code}
            named["endpoint_id"] = endpoint.id
            changes.make(self.env["mfg.mapping"], named | values)

    def _meant_by(self, endpoint, code, **context):
        """What a code means in the plant's messages until now; empty: nothing."""
        resolver = self.env["mfg.resolver"]
        return resolver._found(endpoint, self._mfg_kind, code, **context)

    def _mapping(self, endpoint, code):
        """The row of a code, an archived one, too."""
        mappings = self.env["mfg.mapping"].with_context(active_test=False)
        return mappings.search(
            [
                ("endpoint_id", "=", endpoint.id),
                ("kind", "=", self._mfg_kind),
                ("code", "=", code),
            ]
        )

    def _taken(self, endpoint, data, meant, record):
        """The code means another record, or did until somebody ended that."""
        kind, code, member = self._mfg_kind, self._code(data), self._mfg_naming[0]
        is_said = member in data.get("fields", {})
        place = pointer("data", "fields", member) if is_said else "/data/id"
        detail = self.env._(
            "“%(code)s” of %(endpoint)s stands for %(meant)s in Odoo; the message is "
            "about %(record)s.",
            code=code,
            endpoint=endpoint.name,
            meant=meant.display_name,
            record=record.display_name,
        )
        errors = [FieldError(place, detail)]
        taken = ownership_codes.CODE_TAKEN
        failure = Failure(taken, detail, errors, wanted=(kind, code))
        resolver = self.env["mfg.resolver"]
        failure.seen = resolver._means_by_now(endpoint, kind, code)
        return failure

    # -- in words ----------------------------------------------------------------------

    def _is_called(self, endpoint, data, record):
        """Whether the code of a message leads to its record already."""
        return self._find(endpoint, data) == record

    def _called(self, endpoint, record):
        """The code by which the plant is told of a record."""
        resolver = self.env["mfg.resolver"]
        return resolver.code(endpoint, self._mfg_kind, record)

    def _recoding(self, endpoint, data, record):
        """That the record is to have another code, as lines of a proposal."""
        if not record or data.get("deleted") or not self._mfg_recodes:
            return []
        if self._is_called(endpoint, data, record):
            return []
        name = self.env._("Plant Code")
        member, code = self._mfg_naming[0], self._code(data)
        return [{"member": member, "name": name, "proposed": code}]
