# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""A job order as B2MML V0401: ProductionSchedule.

The same shape as in V7: the order is the outermost segment, operations are in it.
"""

from .joborder import JobOrder
from .making import Maker, duration

make = Maker("V0401")
USES = ("Consumed", "Produced", "Consumable")  # others are named as Other


def production_schedule(event):
    """The text of SyncProductionSchedule."""
    order = JobOrder(event)
    request = make(
        "ProductionRequest",
        make("ID", order.id),
        make.maybe("Description", order.name),
        _plant(order),
        _times(order, "StartTime", "EndTime"),
        make.maybe("Priority", order.priority),
        _whole(order),
        _state("RequestState", order),
    )
    schedule = make(
        "ProductionSchedule",
        make("ID", event["id"]),
        make("PublishedDate", event["time"]),
        request,
    )
    return make.sync(event, "ProductionSchedule", schedule)


def _state(name, order):
    """V0401 knows an order that is forecast or released, and leaves the rest open."""
    if order.status in ("Ready", "Dispatched"):
        return make(name, "Released")
    return make(name, "Other", OtherValue=order.status)


def _times(order, start, end):
    times = order.data.get("startTime"), order.data.get("endTime")
    return [make.maybe(start, times[0]), make.maybe(end, times[1])]


def _plant(order):
    return _location(order.data.get("plant"), "Site")


def _location(code, level):
    if not code:
        return None
    levels = make("EquipmentID", code), make("EquipmentElementLevel", level)
    return make("Location", *levels)


def _whole(order):
    return make(
        "SegmentRequirement",
        make("ID", order.id),
        _times(order, "EarliestStartTime", "LatestEndTime"),
        _parameter("Version", order.version),
        [_material(one) for one in (*order.produced, *order.requirements())],
        [_segment(order, one) for one in order.segments],
    )


def _segment(order, segment):
    code = segment["operationsSegmentId"]
    return make(
        "SegmentRequirement",
        make("ID", code),
        make("ProcessSegmentID", code),
        make.maybe("Description", segment["name"]),
        make.maybe("Duration", duration(segment["duration"])),
        _parameter("Sequence", str(segment["sequence"])),
        [_parameter("DependsOn", before) for before in segment["dependsOn"]],
        make("EquipmentRequirement", make("EquipmentID", segment["equipmentId"])),
        [_material(one) for one in order.requirements(code)],
    )


def _parameter(name, text):
    parameter = make("Parameter", make("ID", name), make.value(text))
    return make("ProductionParameter", parameter)


def _material(requirement):
    return make(
        "MaterialRequirement",
        make("MaterialDefinitionID", requirement["materialDefinitionId"]),
        make.maybe("Description", requirement.get("name")),
        _use(requirement["materialUse"]),
        make.quantity(requirement["quantity"]),
        make.properties(
            "MaterialRequirementProperty",
            {
                "MaterialRequirementID": requirement["materialRequirementId"],
                "Tracking": requirement.get("tracking"),
            },
        ),
    )


def _use(use):
    if use in USES:
        return make("MaterialUse", use)
    return make("MaterialUse", "Other", OtherValue=use)
