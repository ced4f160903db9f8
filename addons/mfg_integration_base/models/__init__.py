# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from . import ir_http
from . import mfg_endpoint
from . import mfg_interface
from . import mfg_issue
from . import mfg_message
from . import mfg_message_decision
from . import mfg_message_attempt
from . import mfg_message_link
from . import mfg_mapping
from . import mfg_uom_crosswalk
from . import mfg_resolver
from . import mfg_retention
from . import mfg_handler
from . import mfg_handler_connection
from . import mfg_handler_answer
from . import mfg_inbox
from . import mfg_drain
from . import mfg_drain_key
from . import mfg_outbox
from . import mfg_endpoint_screen
from . import mfg_issue_screen
from . import mfg_mapping_screen
from . import mfg_message_link_screen
from . import mfg_message_screen
