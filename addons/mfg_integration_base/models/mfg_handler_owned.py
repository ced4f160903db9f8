# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
import hashlib
from decimal import Decimal

from odoo import api, models

from ..engine import ownership_codes
from ..engine.failure import Failure, FieldError, pointer
from ..engine.fingerprint import canonical
from ..tools.translation import translated
from .owned_changes import Changes, take_back

VERSIONS = "mfg.received.version"
PROPOSALS = "mfg.proposal"
FIRST = (VERSIONS, PROPOSALS)  # what may forbid a reversal says it best


class MfgHandlerOwned(models.AbstractModel):
    """What a plant says of master data: taken over, proposed or refused.

    Who owns the kind decides (`mfg.ownership`), versions decide between two messages
    about one record. What a kind is in Odoo is the concrete handler's to know.
    """

    _name = "mfg.handler.owned"
    _inherit = "mfg.handler"
    _description = "Plant Master Data Handler"

    _mfg_lane = "batch"
    _mfg_order_policy = "continue"  # versions put right what comes out of order
    _mfg_chosen = False
    _mfg_kind = None  # as in the type: mfg.master.<kind>.v1
    _mfg_kind_title = None  # as a planner calls the records
    _mfg_model = None  # what its records are in Odoo
    _mfg_owners = ("odoo", "propose")  # who may own it at all
    _mfg_naming = ()  # members that say which record it is; the first one is its code
    _mfg_recodes = True  # whether a record may get another code
    _mfg_ends = True  # whether Odoo can archive its records
    _mfg_columns = {}  # member of the message -> field in Odoo, where it is as simple

    # -- kinds -------------------------------------------------------------------------

    @api.model
    def _kinds(self):
        """Kind -> its handler."""
        handlers = (
            self.env[name] for name in self.env["mfg.handler"]._registry().values()
        )
        masters = (h for h in handlers if getattr(h, "_mfg_kind", None))
        return {handler._mfg_kind: handler for handler in masters}

    @api.model
    def _of_kind(self, kind):
        return self._kinds().get(kind, self)

    @api.model
    def _selection_kind(self):
        found = [
            (kind, translated(self.env, handler._mfg_kind_title))
            for kind, handler in self._kinds().items()
        ]
        return sorted(found, key=lambda kind: kind[1])

    # -- what a kind says of itself ----------------------------------------------------

    def _identity(self, endpoint, data):
        """What tells the plant's records of this kind apart, for their versions."""
        return data["id"]

    def _code(self, data):
        """The code under which the plant's other messages name the record."""
        name = self._mfg_naming[0] if self._mfg_naming else None
        return data.get("fields", {}).get(name) or data["id"]

    def _members(self, data):
        """What is said of the record, without what says which one it is."""
        members = data.get("fields", {})
        return {n: v for n, v in members.items() if n not in self._mfg_naming}

    def _record(self, endpoint, data):
        """The record in Odoo; what the plant has called by this id stays the same."""
        known = self._is_known(endpoint, data) or ()
        record = self.env[self._mfg_model].browse(known).exists()
        return record or self._find(endpoint, data)

    def _is_known(self, endpoint, data):
        """Id of the record that earlier versions led to; 0 when none did."""
        code = self._identity(endpoint, data)
        # sudo: only the engine looks at what it received
        versions = self.env[VERSIONS].sudo()
        return versions._known(endpoint, self._mfg_kind, code)

    def _find(self, endpoint, data):
        """The record of the code, an archived one, too; empty when there is none."""
        raise NotImplementedError

    def _values(self, endpoint, members):
        """Members of a message as Odoo's fields; raises Failure on what is unknown."""
        return {self._mfg_columns[name]: value for name, value in members.items()}

    def _take_over(self, changes, data, record, members):
        """Do in Odoo what the plant says of a record, or make it."""
        raise NotImplementedError

    def _end(self, changes, data, record):
        """The plant says that a record is no more: archive it."""
        changes.change(record, {"active": False})

    # -- posting -----------------------------------------------------------------------

    def _post_one(self, message, facts):
        endpoint, data = message.endpoint_id, message._event_data()
        owner = self.env["mfg.ownership"]._of(endpoint, self._mfg_kind)
        members = self._members(data)
        self._check_owner(owner, data, members)
        self._check_end(data)
        row = self._news(message, data)
        if not row:
            return
        # sudo: the service user sees no proposal
        self.env[PROPOSALS].sudo()._overtake(endpoint, self, data)
        if owner.mode == "propose":
            self.env[PROPOSALS]._propose(self, message, data)
        else:
            # sudo: that the plant owns this is the right a manager gave it; only the
            # fields that the kind offers are written, in the endpoint's company
            handler = self.sudo()._in_company(endpoint.company_id)
            row.res_id = handler._own(message, data, owner, members).id

    def _in_company(self, company):
        """Itself in a company, and in the language in which its plants hear names."""
        language = self.env["mfg.master"]._language(company)
        return self.with_company(company).with_context(lang=language)

    def _own(self, message, data, owner, members):
        endpoint = message.endpoint_id
        record = self._record(endpoint, data)
        if owner.mode == "shared":
            members = self._shared(owner, endpoint, data, record, members)
        changes = Changes(endpoint, message)
        if not data.get("deleted"):
            return self._take_over(changes, data, record, members)
        if record:
            self._end(changes, data, record)
        return record

    def _news(self, message, data):
        """Let this version hold: its row, or None when it does so already."""
        endpoint = message.endpoint_id
        code = self._identity(endpoint, data)
        mark = hashlib.sha256(canonical(data).encode()).hexdigest()
        # sudo: only the engine writes what it received
        versions = self.env[VERSIONS].sudo()
        version = int(data["version"])
        row, before = versions._take(endpoint, self._mfg_kind, code, version, mark)
        if before is False:
            message._link(row, "changed")
            return None
        undo = {"version": version, "previous": before}
        message._link(row, "changed" if before else "created", undo)
        return row

    # -- who may -----------------------------------------------------------------------

    def _check_owner(self, owner, data, members):
        """Refuse what is Odoo's, naming each field; where fields are shared, that
        depends on the record: see :meth:`_shared`."""
        offered = self.env["mfg.ownership.field"]._offered(self._mfg_kind)
        if owner.mode == "odoo":
            raise self._not_owner(data, members, offered)
        foreign = members.keys() - offered.keys()
        if foreign and owner.mode != "shared":
            raise self._not_owner(data, foreign, offered)

    def _check_end(self, data):
        if data.get("deleted") and not self._mfg_ends:
            detail = self.env._(
                "%(kind)s are kept in Odoo, also when the plant has them no more.",
                kind=translated(self.env, self._mfg_kind_title),
            )
            raise Failure(
                "not-permitted", detail, [FieldError("/data/deleted", detail)]
            )

    def _shared(self, owner, endpoint, data, record, members):
        """The members to write where the plant may write some fields only.

        What it repeats is no change, and fine: as it was told, or in other words.
        """
        if not record:
            raise self._unknown(endpoint, data)
        if record._active_name and not record[record._active_name]:
            raise self._archived(data)
        if data.get("deleted"):
            raise self._not_owner(data, (), {}, "/data/deleted")
        told = self._told(endpoint, record)
        news = {n: v for n, v in members.items() if v != told.get(n)}
        offered = self.env["mfg.ownership.field"]._offered(self._mfg_kind)
        foreign = [
            name
            for name, value in news.items()
            if name not in owner.members
            and not (name in offered and self._is_so(endpoint, record, name, value))
        ]
        if foreign:
            raise self._not_owner(data, foreign, offered)
        return {n: v for n, v in news.items() if n in owner.members}

    def _told(self, endpoint, record):
        """What the plant is told of a record."""
        master = self.env["mfg.master"]._of_kind(self._mfg_kind)
        documents = master._documents(self.env.company, endpoint, record.ids)
        return documents.get(record.id, {})

    def _is_so(self, endpoint, record, member, value):
        said = self._said(endpoint, member, value)
        return said == self._shown(endpoint, record, member)

    def _not_owner(self, data, members, offered, place="/data/id"):
        if not members:
            detail = self.env._(
                "%(kind)s: Odoo says what there is, not the plant.",
                kind=translated(self.env, self._mfg_kind_title),
            )
            return Failure(
                ownership_codes.NOT_OWNER, detail, [FieldError(place, detail)]
            )
        detail = self.env._(
            "%(kind)s “%(code)s”: these fields are Odoo's: %(fields)s.",
            kind=translated(self.env, self._mfg_kind_title),
            code=self._code(data),
            fields=", ".join(
                offered[name].name if name in offered else name
                for name in sorted(members)
            ),
        )
        errors = [
            FieldError(pointer("data", "fields", name), self.env._("Odoo owns it."))
            for name in sorted(members)
        ]
        return Failure(ownership_codes.NOT_OWNER, detail, errors)

    def _archived(self, data):
        detail = self.env._(
            "%(kind)s “%(code)s” is archived in Odoo: to bring it back is Odoo's.",
            kind=translated(self.env, self._mfg_kind_title),
            code=self._code(data),
        )
        errors = [FieldError("/data/id", detail)]
        return Failure(ownership_codes.NOT_OWNER, detail, errors)

    def _unknown(self, endpoint, data):
        kind, code = self._mfg_kind, self._code(data)
        return self.env["mfg.resolver"]._unknown(endpoint, kind, code, "/data/id")

    # -- taking back -------------------------------------------------------------------

    def _reverse(self, original, reversal):
        """What was before holds again: the last change is taken back first."""
        links = original.sudo().link_ids  # sudo: of its own message
        handler = self._in_company(original.endpoint_id.company_id)
        for link in links.sorted(lambda l: (l.res_model not in FIRST, -l.id)):
            # sudo: as when it was posted
            record = handler.env[link.res_model].sudo().browse(link.res_id)
            if link.undo is not None:
                reversal._link(record.exists(), "changed")
                self._take_back(record, link.undo)

    def _take_back(self, record, undo):
        # sudo (by the caller): as when it was posted
        if record._name == VERSIONS:
            self._take_back_version(record, undo)
        elif record._name == PROPOSALS:
            record._withdraw()
        else:
            take_back(record, undo)

    def _take_back_version(self, row, undo):
        held = row.exists() and row._give_back(undo["version"], undo["previous"])
        if not held:
            detail = self.env._("A later version came since. Take that back first.")
            raise Failure("not-reversible", detail)

    # -- in words ----------------------------------------------------------------------

    def _differences(self, endpoint, data, record):
        """What the plant says otherwise than Odoo does, as lines of a proposal."""
        if data.get("deleted"):
            return []
        offered = self.env["mfg.ownership.field"]._offered(self._mfg_kind)
        lines = []
        for name, value in self._members(data).items():
            said = self._said(endpoint, name, value)
            if said != (self._shown(endpoint, record, name) if record else ""):
                lines.append(
                    {"member": name, "name": offered[name].name, "proposed": said}
                )
        return lines

    def _present(self, endpoint, record, member):
        """What a line of a proposal is about, as it is by now."""
        if self._mfg_recodes and member == self._mfg_naming[0]:
            return self._called(endpoint, record) if record else ""
        return self._shown(endpoint, record, member)

    def _shown(self, endpoint, record, member):
        """A member's present value in Odoo, in words."""
        column = self._mfg_columns[member]
        return self._words(record[column]) if record else ""

    def _said(self, endpoint, member, value):
        """A member's value as the plant says it, in words."""
        return self._words(value)

    def _words(self, value):
        if value is True or value is False:
            return self.env._("yes") if value else ""
        if value is None:
            return ""
        if isinstance(value, float | Decimal):
            return format(Decimal(str(value)).normalize(), "f")
        return getattr(value, "display_name", None) or str(value)
