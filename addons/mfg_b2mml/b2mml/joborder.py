# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""What of a job order every document says: its materials, part by part.

Reads the data of mfg.joborder.released.v1 (and .changed, .cancelled).
"""

from dataclasses import dataclass

REQUEST_STATES = {"Pending": "Waiting", "Dispatched": "Released"}


@dataclass
class JobOrder:
    """An event's data with its envelope's facts."""

    event: dict

    @property
    def data(self):
        return self.event["data"]

    @property
    def id(self):
        return self.data["jobOrderId"]

    @property
    def cancelled(self):
        return "reason" in self.data and "segments" not in self.data

    @property
    def status(self):
        """Its dispatch status (B2MML JobOrderDispatchStatus)."""
        return "Cancelled" if self.cancelled else self.data["dispatchStatus"]

    @property
    def request_state(self):
        """The same as a RequestState has it."""
        return REQUEST_STATES.get(self.status, self.status)

    @property
    def name(self):
        """What it makes; of a cancelled one, why it is not made."""
        return self.data["reason"] if self.cancelled else self.material["name"]

    @property
    def material(self):
        return self.data.get("material", {})

    @property
    def product(self):
        return self.material.get("materialDefinitionId", self.id)

    @property
    def version(self):
        return str(self.data["version"])

    @property
    def priority(self):
        priority = self.data.get("priority")
        return None if priority is None else str(priority)

    @property
    def segments(self):
        return self.data.get("segments", [])

    @property
    def segment_codes(self):
        return [segment["operationsSegmentId"] for segment in self.segments]

    @property
    def produced(self):
        """The product as a requirement like the others; none of a cancelled order."""
        if self.cancelled:
            return []
        product = {
            "materialRequirementId": "product",
            "quantity": self.data["quantity"],
            "materialUse": "Produced",
            **self.material,
        }
        return [product]

    def requirements(self, segment=None):
        """Of one segment; None: of those that belong to no segment of the order."""
        known = self.segment_codes
        return [
            one
            for one in self.data.get("materialRequirements", [])
            if (segment is None and one.get("operationsSegmentId") not in known)
            or (segment is not None and one.get("operationsSegmentId") == segment)
        ]
