# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
import logging

from odoo import SUPERUSER_ID, api
from odoo.service.model import retrying

_logger = logging.getLogger(__name__)


def after_commit(model, method, notes):
    """Have a method called after the commit, once for all that a transaction notes.

    On a cursor of its own. It is never the reason why what is committed looks as if
    it had failed: its sender, or whoever pressed a button, must hear that all went
    well. So it may only hasten what a sweep or a person does as well.

    :param model: whose method it is; called as superuser
    :param notes: dict; the method gets those of the whole transaction
    """
    if not notes:
        return
    postcommit, name = model.env.cr.postcommit, model._name
    noted = postcommit.data.setdefault((name, method), {})
    if not noted:
        registry = model.env.registry
        postcommit.add(lambda: _call(registry, name, method, noted))
    noted.update(notes)


def _call(registry, name, method, noted):
    try:
        with registry.cursor() as cr:
            model = api.Environment(cr, SUPERUSER_ID, {})[name]
            retrying(lambda: getattr(model, method)(noted), model.env)
    except Exception:
        _logger.warning("%s.%s failed after a commit", name, method, exc_info=True)
