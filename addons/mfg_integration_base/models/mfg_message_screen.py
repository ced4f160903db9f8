# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
import json
from functools import partial

from babel.dates import format_timedelta

from odoo import api, fields, models
from odoo.tools import format_datetime
from odoo.tools.misc import babel_locale_parse, get_lang

from ..engine import catalogue, delivery_codes, ordering, states, strict_json
from ..engine.failure import Failure
from ..tools import payload_html, payload_table
from ..tools.translation import translated


class MfgMessage(models.Model):
    """What the screens show of a message: nothing here is stored or decides anything.

    Apart from the message itself, so that the engine's file stays about the engine.
    """

    _inherit = "mfg.message"

    type_title = fields.Char(string="Message", compute="_compute_type_title")
    sentence = fields.Char(string="What Happened", compute="_compute_sentence")
    error_title = fields.Char(string="Problem", compute="_compute_error_texts")
    next_action = fields.Char(string="What to Do", compute="_compute_error_texts")
    approvable = fields.Boolean(
        compute="_compute_approvable",
        search="_search_approvable",
        help="Parked for a limit a person may lift.",
    )
    approval = fields.Char(
        compute="_compute_approval", help="Who lifted a limit for it, and why."
    )
    age = fields.Char(compute="_compute_age", help="How long it has been unsettled.")
    payload_table = fields.Html(
        string="Content", compute="_compute_payload_table", sanitize=False
    )
    payload_json = fields.Text(string="Event as Sent", compute="_compute_payload_json")
    edited_json = fields.Text(string="Event as Edited", compute="_compute_payload_json")
    wanted_code = fields.Char(string="Unknown Code", compute="_compute_wanted_code")
    same_key_count = fields.Integer(compute="_compute_same_key_count")
    held_by_id = fields.Many2one(
        "mfg.message", string="Held Back By", compute="_compute_held_by_id"
    )

    @api.depends("type")
    @api.depends_context("lang")
    def _compute_type_title(self):
        titles = dict(self.env["mfg.interface"]._selection_type())
        for message in self:
            message.type_title = titles.get(message.type, message.type)

    @api.depends("type", "subject")
    @api.depends_context("lang")
    def _compute_display_name(self):
        """What it says of what; its event id tells a planner nothing."""
        for message in self:
            names = filter(None, (message.type_title, message.subject))
            message.display_name = ", ".join(names)

    @api.depends("state", "error_code")
    @api.depends_context("lang")
    def _compute_error_texts(self):
        for message in self:
            message.error_title, message.next_action = message._error_texts()

    def _error_texts(self):
        """What is wrong and what to do, by the catalogue unless the code is another's.

        :return: (title, next action), False each where nothing is wrong
        """
        if self.state == "refused" and self.error_code != delivery_codes.REFUSED:
            return self.env._("The plant refused it"), self.env._(
                "Put right what the plant names, here or there, then retry the "
                "message; or cancel it."
            )
        if not self.error_code:
            return False, False
        entry = catalogue.entry_or_internal(self.error_code)
        texts = (entry.title, entry.next_action)
        return tuple(translated(self.env, text) for text in texts)

    @api.depends("state", "error_code")
    def _compute_approvable(self):
        for message in self:
            entry = catalogue.entry_or_internal(message.error_code)
            message.approvable = message.state == "parked" and entry.approvable

    @api.model
    def _search_approvable(self, operator, value):
        if operator != "in":
            return NotImplemented
        codes = [e.code for e in catalogue.CATALOGUE.values() if e.approvable]
        return [("state", "=", "parked"), ("error_code", "in", codes)]

    @api.depends("approved", "decision_ids")
    def _compute_approval(self):
        for message in self:
            decisions = message.decision_ids.filtered(lambda d: d.action == "approve")
            message.approval = (
                bool(message.approved and decisions)
                and self.env._(
                    "Approved by %(user)s on %(time)s: %(reason)s",
                    user=decisions[:1]
                    .user_id.sudo()
                    .name,  # a name, of whatever company
                    time=format_datetime(
                        self.env, decisions[:1].create_date, dt_format="short"
                    ),
                    reason=decisions[:1].reason,
                )
            )

    @api.depends("state", "error_detail", "next_try_at", "attempts", "reversed_by_id")
    @api.depends_context("tz", "lang")
    def _compute_sentence(self):
        for message in self:
            message.sentence = message._sentence()

    def _sentence(self):
        """One sentence a planner understands: what became of this message."""
        if self.reversed_by_id:
            return self._sentence_reversed()
        told = getattr(self, f"_sentence_{self.state}", None)
        return told() if told else ""

    def _sentence_queued(self):
        if self.endpoint_id.state == "paused":
            return self.env._("Stored. The endpoint is paused; it goes on afterwards.")
        if self.direction == "out":
            return self.env._("Ready for the plant to fetch.")
        return self.env._("Stored. Its turn will come in a moment.")

    def _sentence_waiting(self):
        if not self.held_by_id:
            return self.env._(
                "Waiting for an earlier message of %(key)s.", key=self.key
            )
        words = dict(self._fields["state"]._description_selection(self.env))
        return self.env._(
            "Waiting behind “%(message)s” of %(time)s: %(state)s.",
            message=self.held_by_id.type_title,
            time=self.held_by_id._when("received_at"),
            state=words[self.held_by_id.state],
        )

    def _sentence_retrying(self):
        return self.env._(
            "%(problem)s: tried %(attempts)s times, next try %(time)s.",
            problem=self.error_title or self.env._("A passing failure"),
            attempts=self.attempts,
            time=self._when("next_try_at") or self.env._("soon"),
        )

    def _sentence_parked(self):
        return self.error_detail or self.error_title or self.env._("Needs a person.")

    def _sentence_reversed(self):
        reason = self.reversed_by_id._event_data().get("reason")
        if self.state == "cancelled":
            return self.env._(
                "The plant took it back before it took effect: %(reason)s",
                reason=reason,
            )
        return self.env._(
            "The plant took it back on %(time)s: %(reason)s",
            time=self.reversed_by_id._when("posted_at"),
            reason=reason,
        )

    def _sentence_reversing(self):
        return self.env._(
            "Took back “%(message)s” of %(time)s.",
            message=self.reverses_id.type_title,
            time=self.reverses_id._when("received_at"),
        )

    def _sentence_posted(self):
        if self.reverses_id:
            return self._sentence_reversing()
        created = self._link_names("created")
        changed = self._link_names("changed")
        if created and changed:
            return self.env._(
                "Created %(created)s; changed %(changed)s.",
                created=created,
                changed=changed,
            )
        if created:
            return self.env._("Created %(created)s.", created=created)
        if changed:
            return self.env._("Changed %(changed)s.", changed=changed)
        return self.env._("Posted; nothing had to change.")

    def _link_names(self, role, limit=3):
        links = self.link_ids.filtered(lambda link: link.role == role)
        names = [link.res_name or link.res_model for link in links[:limit]]
        if len(links) > limit:
            more = len(links) - limit
            names.append(self.env._("%(count)s more", count=more))
        return ", ".join(names)

    def _sentence_cancelled(self):
        decision = self.decision_ids.filtered(lambda d: d.action == "cancel")[:1]
        if not decision and self.error_code:
            return self.error_detail  # it was rehearsed only
        if not decision:
            return self.error_detail or self.env._("Cancelled without effect.")
        return self.env._(
            "Cancelled by %(user)s: %(reason)s",
            user=decision.user_id.sudo().name,  # a name, of whatever company
            reason=decision.reason,
        )

    def _sentence_rejected(self):
        return self.env._(
            "Refused at the door, nothing was posted: %(detail)s",
            detail=self.error_detail or self.error_title or "",
        )

    def _sentence_sent(self):
        return self.env._("Delivered; the plant has not acknowledged it yet.")

    def _sentence_acknowledged(self):
        return self.env._("Acknowledged by the plant.")

    def _sentence_refused(self):
        return self.env._(
            "Refused by the plant: %(detail)s",
            detail=self.error_detail or self.env._("no reason given"),
        )

    def _when(self, name):
        return format_datetime(self.env, self[name], dt_format="short")

    @api.depends("state", "received_at")
    @api.depends_context("lang")
    def _compute_age(self):
        now = fields.Datetime.now()
        locale = babel_locale_parse(get_lang(self.env).code)
        for message in self:
            unsettled = message.state in states.UNSETTLED and message.received_at
            message.age = unsettled and format_timedelta(
                now - message.received_at, format="short", locale=locale
            )

    @api.depends("payload", "payload_edited", "error_fields")
    @api.depends_context("tz", "lang")
    def _compute_payload_table(self):
        units = self.env["mfg.uom.crosswalk"]
        for message in self:
            try:
                event = message._event()
                sent = strict_json.loads((message.payload or "{}").encode())
                message.payload_table = payload_html.table(
                    self.env,
                    event.get("data"),
                    sent.get("data"),
                    message._pointed_at(),
                    partial(units._name_of, message.endpoint_id),
                )
            except (Failure, AttributeError):  # refused at the door: no event at all
                message.payload_table = payload_html.raw(message.payload)

    def _pointed_at(self):
        """JSON pointer → what is wrong there."""
        errors = json.loads(self.error_fields or "[]")
        return {error["pointer"]: error["detail"] for error in errors}

    @api.depends("payload", "payload_edited")
    def _compute_payload_json(self):
        for message in self:
            message.payload_json = self._pretty(message.payload)
            message.edited_json = self._pretty(message.payload_edited)

    @api.model
    def _pretty(self, text):
        try:
            return text and payload_table.pretty(strict_json.loads(text.encode()))
        except Failure:
            return text

    @api.depends("wanted")
    def _compute_wanted_code(self):
        for message in self:
            message.wanted_code = (message.wanted or "").partition(":")[2]

    @api.depends("endpoint_id", "key")
    def _compute_same_key_count(self):
        groups = self._read_group(
            [
                ("endpoint_id", "in", self.endpoint_id.ids),
                ("key", "in", [key for key in self.mapped("key") if key]),
            ],
            ["endpoint_id", "key"],
            ["__count"],
        )
        counts = {(endpoint.id, key): number for endpoint, key, number in groups}
        for message in self:
            mine = (message.endpoint_id.id, message.key)
            message.same_key_count = counts.get(mine, 0)

    @api.depends("state", "key", "endpoint_id")
    def _compute_held_by_id(self):
        for message in self:
            held = message.state == "waiting" and message._ahead()
            message.held_by_id = held or self.browse()

    def _ahead(self):
        """The first unsettled message of the same key that came before this one."""
        return self.search(
            [
                ("endpoint_id", "=", self.endpoint_id.id),
                ("direction", "=", self.direction),
                ("key", "=", self.key),
                ("state", "in", states.UNSETTLED),
                ("out_of_turn", "=", False),
                ("error_code", "not in", ordering.IDLE),
                ("id", "!=", self.id),
                "|",
                ("id", "<", self.id),
                ("state", "=", "parked"),
            ],
            order="id",
            limit=1,
        )

    def _followers(self):
        """Unsettled messages of the same keys: what a decision on these touches."""
        followers = self.browse()
        for message in self.filtered("key"):
            followers |= self.search(
                [
                    ("endpoint_id", "=", message.endpoint_id.id),
                    ("direction", "=", message.direction),
                    ("key", "=", message.key),
                    ("state", "in", states.OPEN),
                    ("id", "not in", self.ids),
                ]
            )
        return followers

    def action_same_key(self):
        """All messages of the same order or machine: its story."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "mfg_integration_base.mfg_message_action"
        )
        action["name"] = self.env._("Messages of %(key)s", key=self.key)
        action["domain"] = [
            ("endpoint_id", "=", self.endpoint_id.id),
            ("key", "=", self.key),
        ]
        action["context"] = {}
        return action

    def action_reverses(self):
        """Open the message that this one took back."""
        return self.reverses_id._get_records_action(context={})

    def action_reversed_by(self):
        """Open the message that took this one back."""
        return self.reversed_by_id._get_records_action(context={})

    def action_create_mapping(self):
        """Say what the unknown code means; that heals every message parked for it."""
        self.ensure_one()
        kind, _colon, code = (self.wanted or "").partition(":")
        return self._mapping_action(kind, code)

    def _mapping_action(self, kind, code):
        """The dialog in which a code of this kind is made known."""
        model = "mfg.uom.crosswalk" if kind == "unit" else "mfg.mapping"
        view = f"mfg_integration_base.{model.replace('.', '_')}_view_form_dialog"
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("What does “%(code)s” mean?", code=code),
            "res_model": model,
            "views": [(self.env.ref(view).id, "form")],
            "target": "new",
            "context": {
                "default_endpoint_id": self.endpoint_id.id,
                "default_kind": kind,
                "default_code": code,
            },
        }
