# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from . import codes
from . import mfg_b2mml_document
from . import mfg_b2mml_inbox
from . import mfg_b2mml_origin
from . import mfg_contract
from . import mfg_endpoint
from . import mfg_message
from . import mfg_outbox
