# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""States of a message that mean the same to whoever asks.

SQL that a partial index serves spells them out as the index does (``mfg.message``).
"""

# from plants
OPEN = ("queued", "waiting", "retrying")  # posted without anybody doing anything
UNSETTLED = (*OPEN, "parked")  # may have its effect yet
# to plants
UNDELIVERED = ("queued", "retrying", "sent")  # the plant has not answered yet
# both ways
CANCELLABLE = (*UNSETTLED, "refused")  # a person may end it
