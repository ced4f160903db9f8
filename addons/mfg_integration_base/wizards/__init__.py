# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from . import mfg_endpoint_key
from . import mfg_endpoint_setup
from . import mfg_endpoint_setup_line
from . import mfg_interface_review
from . import mfg_interface_review_difference
from . import mfg_message_decide
from . import mfg_message_edit
from . import mfg_message_edit_line
from . import mfg_proposal_decide
from . import mfg_push_rotate
from . import mfg_received_version_anew
