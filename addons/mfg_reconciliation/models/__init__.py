# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from . import mfg_snapshot
from . import mfg_inbox
from . import mfg_interface
from . import mfg_reconciliation
from . import mfg_reconciliation_line
from . import mfg_reconciliation_line_screen
from . import mfg_reconciliation_correction
from . import mfg_reconciliation_fresh
from . import mfg_reconciliation_limit
from . import mfg_reconciliation_events
from . import mfg_reconciliation_run
from . import mfg_reconciler
from . import mfg_reconciler_books
from . import mfg_reconciler_counts
from . import mfg_reconciler_evidence
from . import mfg_reconciler_late
from . import mfg_reconciler_missing
from . import mfg_reconciler_goods
from . import mfg_reconciler_order
