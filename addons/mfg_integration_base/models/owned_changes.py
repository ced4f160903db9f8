# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
import psycopg2

from odoo import fields
from odoo.exceptions import UserError

from ..engine.failure import Failure


def raw(record, names):
    """Fields as JSON values, to be compared and to be written back."""
    return {name: _raw(record, name) for name in names}


def _raw(record, name):
    return _plain(record._fields[name].convert_to_read(record[name], record, False))


def _plain(value):
    if hasattr(value, "isoformat"):
        return fields.Datetime.to_string(value)
    return str(value) if isinstance(value, str) else value


def _differing(record, values):
    """Those of the values that are not in the record yet."""
    found = {}
    for name, value in values.items():
        field = record._fields[name]
        cached = field.convert_to_cache(value, record)
        wanted = field.convert_to_record(cached, record)
        if _plain(field.convert_to_read(wanted, record, False)) != _raw(record, name):
            found[name] = value
    return found


class Changes:
    """What one message does to master data, noted so that it can be taken back.

    The links of the message are the notes: each holds the values before and after.
    """

    def __init__(self, endpoint, message):
        self.endpoint = endpoint
        self.message = message  # of an old proposal it may be gone

    def make(self, model, values):
        """Make a record; it is the message's until somebody changes it."""
        record = model.create(values)
        undo = {"made": True, "after": raw(record, self._plain_names(record, values))}
        self._note(record, "created", undo)
        return record

    def change(self, record, values):
        """Change what differs; a message that says what is known changes nothing."""
        wanted = _differing(record, values)
        if not wanted:
            return
        before = raw(record, wanted)
        record.write(wanted)
        undo = {"before": before, "after": raw(record, wanted)}
        self._note(record, "changed", undo)

    def activate(self, record, active=True):
        """Archive or bring back as Odoo's own buttons do, with what belongs to it."""
        if record.active == active:
            return
        _set_active(record, active)
        undo = {"before": {"active": not active}, "after": {"active": active}}
        self._note(record, "changed", undo)

    def replace(self, record, values):
        """Write lines as a whole, which only a person's acceptance does."""
        record.write(values)
        self._note(record, "changed", None)

    def _note(self, record, role, undo):
        if self.message:
            self.message._link(record, role, undo)

    def _plain_names(self, record, values):
        return [
            name for name in values if not record._fields[name].type.endswith("2many")
        ]


def take_back(record, undo):
    """Put a record as it was before the message.

    :raise Failure: not-reversible, when it was changed or used since
    """
    if not record.exists():
        raise _refusal(record.env._("A record that the event made or changed is gone."))
    later = [
        record._fields[name]._description_string(record.env)
        for name, value in raw(record, undo["after"]).items()
        if value != undo["after"][name]
    ]
    if later:
        raise _refusal(
            record.env._(
                "%(record)s was changed since: %(fields)s.",
                record=record.display_name,
                fields=", ".join(later),
            )
        )
    if undo.get("made"):
        _withdraw(record)
    else:
        before = dict(undo["before"])
        if "active" in before:
            _set_active(record, before.pop("active"))
        record.write(before)


def _set_active(record, active):
    """By the buttons, not the field: a template goes with its last variant."""
    if active:
        record.action_unarchive()
    else:
        record.action_archive()


def _withdraw(record):
    """Archived where Odoo can; else deleted, as long as nothing refers to it.

    A row that only says what a code means (`mfg.healing`) has no past of its own.
    """
    is_meaning = isinstance(record, record.env.registry["mfg.healing"])
    if "active" in record._fields and not is_meaning:
        _set_active(record, False)
        return
    used = record.env._("%s is used by now.", record.display_name)
    try:
        with record.env.cr.savepoint():
            record.unlink()
    except (psycopg2.IntegrityError, UserError) as error:
        raise _refusal(used) from error


def _refusal(detail):
    return Failure("not-reversible", detail)
