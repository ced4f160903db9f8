# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
import re
from collections import defaultdict

from odoo import api, models

# the contract's identifier: 1 to 120 characters, no control characters, no outer blanks
CODE = re.compile(r"(?=\S)[^\x00-\x1f\x7f-\x9f]{1,120}(?<=\S)")
NUMBERED = re.compile(r"([a-z]+)-([0-9]{1,9})")


class MfgResolver(models.AbstractModel):
    """Odoo records to plant codes, for many records in a few queries.

    The endpoint's mapping first, then Odoo's own keys; a code that would not lead back
    to its record is passed over, and where none is left the record's number takes its
    place. Without endpoint: Odoo's own keys alone.
    """

    _inherit = "mfg.resolver"

    # kind -> Odoo's own keys, the first that is fit wins
    _own_keys = {
        "material": ("default_code", "barcode"),
        "location": ("barcode", "complete_name"),
    }
    _numbered = {"material": "product", "location": "location"}

    @api.model
    def code(self, endpoint, kind, record):
        """The code to publish for one record."""
        return self.codes(endpoint, kind, record)[record.id]

    @api.model
    def codes(self, endpoint, kind, records):
        """Record id -> the code to publish for it."""
        candidates = self._candidates(endpoint, kind, records)
        wanted = {code for codes in candidates.values() for code in codes}
        meant = self._meanings(endpoint, kind, wanted)
        word = self._numbered[kind]
        return {
            id_: next((c for c in codes if meant.get(c) == id_), f"{word}-{id_}")
            for id_, codes in candidates.items()
        }

    def _candidates(self, endpoint, kind, records):
        mapped = self._mapped_codes(endpoint, kind, records)
        return {
            record.id: [
                code
                for code in [*mapped[record.id], *self._own_codes(kind, record)]
                if code and CODE.fullmatch(code)
            ]
            for record in records
        }

    def _own_codes(self, kind, record):
        return [record[name] for name in self._own_keys[kind]]

    def _mapped_codes(self, endpoint, kind, records):
        """Record id -> the plant's own codes for it, the oldest first."""
        found = defaultdict(list)
        for mapping in self._mappings(endpoint, kind, ("res_id", "in", records.ids)):
            found[mapping.res_id].append(mapping.code)
        return found

    def _mappings(self, endpoint, kind, condition):
        mappings = self.env["mfg.mapping"]
        if not endpoint:
            return mappings
        mine = [("endpoint_id", "=", endpoint.id), ("kind", "=", kind)]
        return mappings.search([*mine, condition], order="id")

    def _meanings(self, endpoint, kind, codes):
        """Code -> id of the one record that an event with this code would find."""
        meant = self._keyed(endpoint, kind, codes)
        for mapping in self._mappings(endpoint, kind, ("code", "in", list(codes))):
            meant[mapping.code] = mapping.res_id
        return meant

    def _keyed(self, endpoint, kind, codes):
        """Code -> id by Odoo's own keys; None where it leads to several records."""
        meant = {}
        for name in reversed(self._own_keys[kind]):
            meant |= self._keyed_by(endpoint, kind, name, codes)
        return meant

    def _keyed_by(self, endpoint, kind, name, codes):
        model = self.env["mfg.mapping"]._kind_models()[kind]
        company = endpoint.company_id or self.env.company
        found = defaultdict(list)
        for record in self.env[model].search_fetch(
            [
                (name, "in", list(codes)),
                ("company_id", "in", (company.id, False)),
            ],
            [name],
        ):
            found[record[name]].append(record.id)
        return {code: ids[0] if len(ids) == 1 else None for code, ids in found.items()}

    @api.model
    def unit_codes(self, endpoint, units):
        """Unit id -> the code to write for it: the endpoint's own, else Rec 20, else
        its name in English, whoever's language it is."""
        rows = self.env["mfg.uom.crosswalk"].search(
            [
                ("uom_id", "in", units.ids),
                ("factor", "=", 1.0),
                ("endpoint_id", "in", (endpoint.id, False)),
            ]
        )
        ranked = rows.sorted(lambda r: (not r.endpoint_id, not r.preferred, r.id))
        codes = {unit.id: unit.with_context(lang=None).name for unit in units}
        for row in reversed(ranked):
            codes[row.uom_id.id] = row.code
        return codes

    # -- and back ----------------------------------------------------------------------

    @api.model
    def _lookup_material(self, endpoint, code):
        found = super()._lookup_material(endpoint, code)
        return found or self._by_number(endpoint, "material", code)

    @api.model
    def _lookup_location(self, endpoint, code):
        found = super()._lookup_location(endpoint, code)
        return found or self._by_number(endpoint, "location", code)

    def _by_number(self, endpoint, kind, code):
        """The record whose number was published, for want of a fit code."""
        records = self.env[self.env["mfg.mapping"]._kind_models()[kind]]
        number = NUMBERED.fullmatch(code)
        if not number or number[1] != self._numbered[kind]:
            return records
        company = ("company_id", "in", (endpoint.company_id.id, False))
        return records.search([("id", "=", int(number[2])), company])
