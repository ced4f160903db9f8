# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""What a plant reports (ProductionPerformance, OperationsPerformance, JobResponse).

One reader for all versions: they agree in what an order, a segment and an actual is,
and differ in names, which are tried one after the other.
"""

from functools import cached_property

from . import times, values
from .fact import Fact
from .refusal import Refusal

CONSUMED, PRODUCED, BY_PRODUCT, SCRAPPED, NOTHING = range(5)
USES = {
    "consumed": CONSUMED,
    "consumable": CONSUMED,
    "material consumed": CONSUMED,
    "produced": PRODUCED,
    "material produced": PRODUCED,
    "yield produced": PRODUCED,
    "by-product produced": BY_PRODUCT,
    "co-product produced": BY_PRODUCT,
    "destructive sample": SCRAPPED,
    "retained sample": SCRAPPED,
    "scrap": SCRAPPED,
    "scrapped": SCRAPPED,
    "reject": SCRAPPED,
    "rejected": SCRAPPED,
    "waste": SCRAPPED,
    "returned sample": NOTHING,
    "resurned sample": NOTHING,  # as older versions of the schemas have it
}
# elements of V0401 that say by their name what later versions say by MaterialUse
ACTUALS = {
    "materialactual": None,
    "materialproducedactual": PRODUCED,
    "materialconsumedactual": CONSUMED,
    "consumableactual": CONSUMED,
}
STATES = {
    "running": "started",
    "resumed": "resumed",
    "holding": "paused",
    "held": "paused",
    "paused": "paused",
    "suspended": "paused",
    "completed": "completed",
    "closed": "completed",
    "ready": None,
    "waiting": None,
}
OTHER_TYPES = ("maintenance", "quality", "inventory")
REASONS = ("reasoncode", "reason", "scrapreasoncode", "scrapreason")
SEGMENTS = (
    "OperationsSegmentID",
    "ProductSegmentID",
    "ProcessSegmentID",
    "SegmentRequirementID",
)
STARTS = ("ActualStartTime", "StartTime")
ENDS = ("ActualEndTime", "EndTime")
PUBLISHED = ("PostingDate", "PublishedDate")
MOST_FACTS = 1_000  # as events in a batch of JSON
LEFT = ("segmentdata", "productiondata", "jobresponsedata", "physicalassetactual")


class Block:
    """A response or a segment of one: whose actuals it holds, and of when."""

    def __init__(self, node, order, segment=None, time=None):
        self.node = node
        self.order = order
        self.segment = segment
        self.time = time  # of its facts; None where the document gives none
        self.start = self.end = None

    @cached_property
    def equipment(self):
        return values.equipment(self.node)

    def data(self, **more):
        found = {
            "jobOrderId": self.order,
            "operationsSegmentId": self.segment,
            **more,
        }
        return {name: value for name, value in found.items() if value is not None}


class PerformanceReader:
    """Reads one performance; `facts` and `ignored` are what it found."""

    def __init__(self, created=None, zone="UTC"):
        self.created = created
        self.zone = zone
        self.facts = []
        self.ignored = []  # (node, why)
        self.over = set()  # orders that are told to be complete

    # -- the three kinds of document -------------------------------------------------

    def performance(self, node):
        """ProductionPerformance, OperationsPerformance, WorkPerformance."""
        self._check_type(node)
        time = self._time(node, None)
        for child in node.nodes:
            if child.name in ("productionresponse", "operationsresponse"):
                self.response(child, time)
            elif child.name in ("workresponse", "workperformancechild"):
                self.work(child, time)

    def work(self, node, time=None):
        """WorkResponse, WorkPerformance within another one, JobResponseList."""
        self._check_type(node)
        time = self._time(node, time)
        for child in node.nodes:
            if child.name == "jobresponse":
                self.job(child, time)
            elif child.name in ("workresponse", "workresponsechild"):
                self.work(child, time)

    def response(self, node, time=None):
        """ProductionResponse, OperationsResponse: what happened on one order."""
        self._check_type(node)
        order = node.word("ProductionRequestID", "OperationsRequestID", "ID")
        block = self._block(node, order, None, time)
        for child in node.all("SegmentResponse"):
            self.segment(child, block)
        self._state(block, node.one("ResponseState"), started=False)

    def segment(self, node, outer):
        """A SegmentResponse, and those within it."""
        self._check_type(node)
        order = node.word("OperationsRequestID") or outer.order
        segment = node.word(*SEGMENTS) or outer.segment
        if segment is None and not outer.segment:
            segment = node.word("ID")
        # a segment named as its order is the order as a whole
        segment = None if segment == order else segment
        block = self._block(node, order, segment, outer.time)
        self._read(block, node.one("SegmentState"))

    def job(self, node, time=None):
        """A JobResponse: on a job order, or on one node of its workflow."""
        self._check_type(node)
        order = node.word("JobOrderID")
        segment = node.word("WorkflowSpecificationNodeID", "WorkMasterID")
        block = self._block(node, order, None if segment == order else segment, time)
        self._read(block, node.one("JobState"))

    # -- one block ---------------------------------------------------------------------

    def _block(self, node, order, segment, time):
        if not order:
            raise node.refuse("schema", "does not say which order it is about")
        block = Block(node, order, segment)
        block.start, block.end = values.interval(node, self.zone, STARTS, ENDS)
        block.time = self._time(node, time, block)
        return block

    def _time(self, node, outer, block=None):
        """When what an element tells happened: its end, its start, as around it."""
        if block is None:
            start, end = values.interval(node, self.zone, STARTS, ENDS)
        else:
            start, end = block.start, block.end
        return end or start or values.moment(node, self.zone, *PUBLISHED) or outer

    def _read(self, block, state):
        """Its facts in the order they happen in: begun, used, worked, made, over."""
        self._state(block, state, ended=False)
        self._materials(block)
        self._labour(block)
        for child in block.node.all("SegmentResponse", "SegmentResponseChild"):
            self.segment(child, block)
        self._state(block, state, started=False)
        self._left(block.node)

    def _state(self, block, node, started=True, ended=True):
        """Progress: begun before its materials, paused and over after them."""
        word = self._meant(node)
        if not word:
            return
        if word not in STATES:
            raise node.refuse("not-supported", f"“{word}” has no event")
        name = STATES[word]
        if not name or not (started if name in ("started", "resumed") else ended):
            return
        began, over = name in ("started", "resumed"), {}
        if name == "completed" and not block.segment:
            if block.order in self.over:
                return  # said of the response and of its outermost segment
            self.over.add(block.order)
            over["final"] = True  # of the whole order, whatever its operations
        time = self._state_time(block, began)
        if not time:
            raise node.refuse("time-invalid", "needs a time")
        data = block.data(equipmentId=block.equipment, time=times.show(time), **over)
        self._add(f"jobresponse.{name}", node, block, data, time)

    def _state_time(self, block, began):
        """Of an order without times of its own: when the last of it happened."""
        time = (block.start if began else block.end) or block.time
        told = [f.time for f in self.facts if f.subject == block.order and f.time]
        return time or (None if began else max(told, default=None)) or self.created

    def _meant(self, node):
        """What a coded element says; of “Other” what its OtherValue says."""
        if node is None or not node.text:
            return None
        other = node.element.get("OtherValue")
        word = other if other and node.text.lower() == "other" else node.text
        return " ".join(word.lower().split())

    def _check_type(self, node):
        """Maintenance, quality and inventory are told in other ways."""
        kind = node.one("OperationsType", "WorkType")
        if kind is not None and self._meant(kind) in OTHER_TYPES:
            raise kind.refuse("not-supported", f"“{kind.text}” is not read from B2MML")

    # -- materials ---------------------------------------------------------------------

    def _materials(self, block):
        by_use = {use: [] for use in range(5)}
        for node in block.node.all(*ACTUALS):
            use = self._use(node)
            if use == NOTHING:
                self.ignored.append((node, "a returned sample moves no stock"))
                continue
            amount = values.quantity(node)
            if amount:
                by_use[use].append((node, amount))
            else:
                self.ignored.append((node, "the quantity is 0"))
        self._consumed(block, by_use[CONSUMED])
        self._produced(block, by_use[PRODUCED], by_use[BY_PRODUCT])
        for node, amount in by_use[SCRAPPED]:
            self._scrapped(block, node, amount)

    def _use(self, node):
        use = node.one("MaterialUse")
        word = self._meant(use)
        if word in USES:
            return USES[word]
        if word:
            raise use.refuse("not-supported", f"“{word}” has no event")
        by_name = ACTUALS[node.name]
        if by_name is None:
            raise node.refuse("schema", "has no MaterialUse")
        return by_name

    def _part(self, node, amount, material=True):
        """A quantity of a material, with its lots."""
        code = node.word("MaterialDefinitionID")
        if material and not code:
            raise node.refuse("schema", "has no MaterialDefinitionID")
        found = {"materialDefinitionId": code, "quantity": amount}
        found["lots"] = values.lots(node) or None
        return {name: value for name, value in found.items() if value is not None}

    def _consumed(self, block, actuals):
        if not actuals:
            return
        materials, places = [], {}
        for number, (node, amount) in enumerate(actuals):
            place = values.location(node)
            stored = {"storageLocation": place} if place else {}
            materials.append({**self._part(node, amount), **stored})
            places[f"/data/materials/{number}"] = node
        data = block.data(materials=materials, time=self._shown(block))
        self._add("material.consumed", block.node, block, data, places=places)

    def _produced(self, block, produced, by_products):
        if by_products and not produced:
            detail = "a by-product is reported with what is produced beside it"
            raise by_products[0][0].refuse("not-supported", detail)
        for node, amount in produced:
            data = block.data(
                **self._part(node, amount, material=False), time=self._shown(block)
            )
            places = {}
            if by_products:
                data["byProducts"] = [self._part(*one) for one in by_products]
                for number, (other, _amount) in enumerate(by_products):
                    places[f"/data/byProducts/{number}"] = other
                by_products = ()
            self._add("production.reported", node, block, data, places=places)

    def _scrapped(self, block, node, amount):
        found = values.properties(node)
        reasons = (found[name] for name in REASONS if name in found)
        reason = next(reasons, None) or self._meant(node.one("MaterialUse"))
        data = block.data(**self._part(node, amount, material=False))
        data.pop("operationsSegmentId", None)
        data["reasonCode"] = reason
        time = self._shown(block)
        if time:
            data["time"] = time
        self._add("production.scrapped", node, block, data)

    # -- labour ------------------------------------------------------------------------

    def _labour(self, block):
        for node in block.node.all("PersonnelActual"):
            length = values.duration(node)
            if length:
                worked = {"duration": length, "time": self._shown(block)}
            elif block.start and block.end:
                worked = {
                    "startTime": times.show(block.start),
                    "endTime": times.show(block.end),
                }
            else:
                self.ignored.append((node, "it says neither how long nor from when"))
                continue
            data = block.data(
                personId=node.word("PersonID"),
                equipmentId=block.equipment,
                **worked,
            )
            self._add("labor.reported", node, block, data)

    # -- noting ------------------------------------------------------------------------

    def _shown(self, block):
        """The time for the data: the document's own time is not that of its facts."""
        return block.time and times.show(block.time)

    def _left(self, node):
        for one in node.nodes:
            if one.name in LEFT:
                self.ignored.append((one, "Odoo has no place for it"))

    def _add(self, name, node, block, data, time=None, places=None):
        self.tell(
            Fact(
                type=f"mfg.{name}.v1",
                subject=block.order,
                data=data,
                time=time or block.time or self.created,
                node=node,
                places=places or {},
            )
        )

    def tell(self, fact):
        """Note what becomes an event: whatever reads a document adds it here.

        :raise Refusal: more than one request may bring
        """
        if len(self.facts) >= MOST_FACTS:
            detail = f"more than {MOST_FACTS} events"
            raise Refusal("payload-too-large", detail, fact.node.path, fact.node.line)
        self.facts.append(fact)
