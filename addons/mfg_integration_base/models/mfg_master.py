# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
import hashlib
from collections import defaultdict

from odoo import api, models, tools
from odoo.fields import Domain
from odoo.tools import SQL

from ..engine import versions
from ..engine.fingerprint import canonical
from ..tools.translation import translated


class MfgMaster(models.AbstractModel):
    """What one kind of record means to plants; adding a kind is adding a model.

    ``mfg.master.material`` says of which Odoo model its records are, which changes
    matter, which records concern plants, and how one reads in a plant's words. When
    that is published, to whom and in which order is the publisher's business.
    """

    _name = "mfg.master"
    _description = "Kind of Published Record"

    _mfg_kind = None  # as in mfg.master.<kind>.v1 and GET /master/<kind>
    _mfg_title = None  # as people call its records
    _mfg_model = None  # what its records are
    # model -> names of fields whose change matters; None: all of them
    _mfg_watched = {}
    # of the watched models that are not its own: the path to its records
    _mfg_via = {}
    _mfg_names = ()  # other kinds whose codes stand in what is told of this one
    _mfg_is_master = True  # False: not among GET /master, and no events of its own

    @api.model
    @tools.ormcache(cache="stable")
    def _kinds(self):
        """Kind -> name of the model that describes it."""
        return {
            model._mfg_kind: name
            for name, model in self.env.registry.models.items()
            if name.startswith("mfg.master.") and getattr(model, "_mfg_kind", None)
        }

    @api.model
    def _selection_kind(self):
        found = [
            (kind, translated(self.env, self.env[name]._mfg_title))
            for kind, name in self._kinds().items()
        ]
        return sorted(found, key=lambda kind: kind[1])

    @api.model
    def _of_kind(self, kind):
        """Its model; what an addon published that is gone by now concerns nobody."""
        return self.env[self._kinds().get(kind, "mfg.master")]

    @api.model
    @tools.ormcache(cache="stable")
    def _watchers(self):
        """Odoo model -> [(kind, names of fields that matter or None)]."""
        watchers = defaultdict(list)
        for kind in self._kinds():
            for model, names in self._of_kind(kind)._mfg_watched.items():
                watchers[model].append((kind, names and frozenset(names)))
        return dict(watchers)

    # -- who wants it ----------------------------------------------------------------

    @api.model
    def _types(self):
        """Message types by which an endpoint says that it wants this kind: each version
        of it that there is."""
        name = f"mfg.master.{self._mfg_kind}"
        registry = self.env["mfg.handler"]._registry()
        return [known for known in registry if versions.split(known)[0] == name]

    @api.model
    def _naming(self, kind):
        """The kind and those that name it: whoever takes these has to hear of it."""
        kinds = self._kinds()
        return [k for k in kinds if k == kind or kind in self._of_kind(k)._mfg_names]

    @api.model
    @tools.ormcache()
    def _wanted(self):
        """Kind -> ids of companies some plant of which wants it, or what names it."""
        found = {}
        for kind in self._kinds():
            interfaces = self._interfaces(*self._naming(kind))
            if interfaces:
                found[kind] = tuple(sorted(interfaces.company_id.ids))
        return found

    @api.model
    @tools.ormcache()
    def _at_once(self):
        """The kinds that some plant wants to hear of within seconds, or what names
        them."""
        return frozenset(
            kind
            for kind in self._kinds()
            if self._of_kind(kind)._mfg_is_master
            and "now" in self._interfaces(*self._naming(kind)).mapped("publish")
        )

    @api.model
    def _interfaces(self, *kinds):
        """The interfaces by which plants are told of a kind, or of any of some."""
        types = [name for kind in kinds for name in self._of_kind(kind)._types()]
        # sudo: the configuration is not for whoever changes a product
        return (
            self.env["mfg.interface"]
            .sudo()
            .search(
                [
                    ("type", "in", types),
                    ("direction", "=", "out"),
                    ("stage", "=", "live"),
                    ("endpoint_id.active", "=", True),
                ]
            )
        )

    # -- taking note of changes ------------------------------------------------------

    @api.model
    def _note(self, records, names=None):
        """Mark what a change of records may have changed for plants.

        :param names: the fields that were written; None: it is new, or it ends
        """
        wanted = self._wanted()
        for kind, watched in self._watchers().get(records._name, ()):
            if kind not in wanted:
                continue
            if names is None or watched is None or not watched.isdisjoint(names):
                self._of_kind(kind)._mark(records)

    @api.model
    def _note_twins(self, records, names=None):
        """Before records give up a key: who shares it may have it to itself then."""
        keys = self.env["mfg.resolver"]._own_keys
        for kind in keys.keys() & self._wanted():
            master = self._of_kind(kind)
            if master._mfg_model == records._name and (
                names is None or not names.isdisjoint({*keys[kind], "active"})
            ):
                # sudo: whoever changes a product may not see the other one
                ids = master._sharing(records.sudo())
                self.env["mfg.publication.mark"]._note(kind, ids)

    @api.model
    def _note_left(self, records, names):
        """Before records go elsewhere: what they were a part of changes, too."""
        wanted = self._wanted()
        for kind, _watched in self._watchers().get(records._name, ()):
            master = self._of_kind(kind)
            path = master._mfg_via.get(records._name)
            if kind in wanted and path and path.split(".")[0] in names:
                master._mark(records)

    @api.model
    def _mark(self, records, forced=False):
        """Mark this kind's records that depend on these."""
        ids = self._concerned(records)
        self.env["mfg.publication.mark"]._note(self._mfg_kind, ids, forced)

    @api.model
    def _concerned(self, records):
        """Ids of this kind's records that tell of records of a watched model."""
        if records._name == self._mfg_model:
            return records.ids
        # sudo: whoever changes a part may not read the whole
        path = self._mfg_via[records._name]
        return records.sudo().with_context(active_test=False).mapped(path).ids

    @api.model
    def _recoded(self, kind, records, code):
        """A plant's code for records changed: new versions, of what names them too.

        So of whoever has the code as a key of its own: it is called otherwise while
        the plant means another one by it.
        """
        wanted = self._wanted()
        if kind not in wanted or not records:
            return
        master = self._of_kind(kind)
        if kind in self.env["mfg.resolver"]._own_keys:
            # sudo: whoever maps a code may not read what has it as its own
            nothing = records.sudo().browse()
            records |= records.browse(master._sharing(nothing, {code}))
        master._mark(records, forced=True)
        named = master._dependents(records.ids, dict.fromkeys(records.ids))
        for other, ids in named:
            if other in wanted:
                self.env["mfg.publication.mark"]._note(other, ids, forced=True)

    # -- what is published -----------------------------------------------------------

    @api.model
    def _domain(self, company):
        """Which of this kind's records concern the plants of a company."""
        return [("company_id", "in", (company.id, False))]

    @api.model
    def _language(self, company):
        """The language in which plants of a company are told of names."""
        # sudo: see _records
        return company.sudo().partner_id.lang or "en_US"

    @api.model
    def _records(self, company, ids):
        """Those of the records with these ids that concern plants; a few queries."""
        # sudo: read for the plants of a company, by its domain, whoever made the change
        records = self.env[self._mfg_model].sudo().with_company(company)
        records = records.with_context(lang=self._language(company))
        return records.search([("id", "in", ids), *self._domain(company)])

    @api.model
    def _all(self, company, after_id, limit):
        """Query of the next records that concern plants, by their ids."""
        # sudo: see _records
        records = self.env[self._mfg_model].sudo()
        domain = [("id", ">", after_id), *self._domain(company)]
        return records._search(domain, order="id", limit=limit)

    @api.model
    def _grouped(self, company, marks):
        """Marks by the records that are published, where several are told as one."""
        return marks

    @api.model
    def _data(self, endpoint, records):
        """Record id -> what is published of it, in a few queries for all of them.

        :param endpoint: whose codes to write; an empty one: Odoo's own, which is what
            versions are counted by
        :param records: as :meth:`_records` gives them, in the company's language
        """
        raise NotImplementedError

    @api.model
    def _documents(self, company, endpoint, ids):
        """Record id -> its data without empty members, of those that concern plants."""
        found = self._data(endpoint, self._records(company, ids))
        return {
            id_: {
                name: v
                for name, v in data.items()
                if not (v is None or v is False or v == "")
            }
            for id_, data in found.items()
        }

    @api.model
    def _states(self, company, ids):
        """Record id -> (name, fingerprint) of those that concern plants.

        A fingerprint of None is never the same as the one before.
        """
        nobody = self.env["mfg.endpoint"]
        documents = self._documents(company, nobody, ids)
        return {
            id_: (self._name_of(data), self._fingerprint(data))
            for id_, data in documents.items()
        }

    def _name_of(self, data):
        """What people recognize a record by: its first member is its code."""
        return next(iter(data.values()), None)

    def _fingerprint(self, data):
        return hashlib.sha256(canonical(data).encode()).hexdigest()

    @api.model
    def _dependents(self, changed, renamed):
        """(kind, ids) of other records whose content follows from these.

        :param changed: ids with a new version
        :param renamed: of these id -> the code it had, where it has another one now
        """
        return []

    def _twins(self, renamed):
        """Ids that share a key with what was renamed: a key of two records is none, so
        that theirs changes as well."""
        # sudo: see _records
        records = self.env[self._mfg_model].sudo().browse(renamed).exists()
        return self._sharing(records, {code for code in renamed.values() if code})

    def _sharing(self, records, codes=()):
        """Ids of other records with a key of these, or with one of the codes."""
        keys = self.env["mfg.resolver"]._own_keys[self._mfg_kind]
        codes = {record[key] for record in records for key in keys} | {*codes}
        codes = [code for code in codes if code]
        domain = Domain.OR([(key, "in", codes)] for key in keys)
        others = records.with_context(active_test=False)
        return (others.search(domain) - records).ids if codes else []

    # -- reading ---------------------------------------------------------------------

    @api.model
    def _sql_where(self, endpoint, **filters):
        """Which rows `p` of mfg_publication this endpoint may read."""
        return SQL("TRUE")

    @api.model
    def _sql_identity(self):
        """What a plant knows a record by: it stays when its code changes."""
        return SQL("p.res_id::text")

    @api.model
    def _identity(self, row):
        return {"id": str(row["res_id"]), "version": row["version"]}
