# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    """What documents say is kept with the first that was taken under each identity.

    Those of before are read again for it: sent once more with other content, they
    contradict themselves like any other.
    """
    env = api.Environment(cr, SUPERUSER_ID, {})
    documents = env["mfg.b2mml.document"]
    firsts = documents._read_group(
        [("state", "=", "accepted"), ("meaning", "=", False)],
        ["endpoint_id", "identity"],
        ["id:min"],
    )
    for _endpoint, _identity, id_ in firsts:
        documents.browse(id_)._note_meaning()
        env.invalidate_all()  # its content may be megabytes
