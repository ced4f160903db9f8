# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from . import joborder
from . import master
from . import master_bom
from . import master_equipment
from . import master_reason
from . import master_routing
from . import order
from . import version
from . import joborder_answer
from . import lots
from . import tolerance
from . import reversal
from . import jobresponse
from . import waiting
from . import material_consumed
from . import material_returned
from . import production_reported
from . import production_scrapped
from . import labor_reported
from . import production_reworked
from . import inventory_counted
from . import equipment
from . import equipment_downtime
from . import equipment_summary
