# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from . import mfg_endpoint
from . import mfg_interface
from . import mfg_mapping
from . import mfg_workcenter_crosswalk
from . import mfg_resolver
from . import mfg_joborder
from . import stock_move
from . import mrp_workorder
from . import mrp_workcenter_productivity
from . import mrp_production
from . import mrp_production_consumption
from . import mrp_production_output
from . import mrp_production_closing
from . import mrp_production_screen
