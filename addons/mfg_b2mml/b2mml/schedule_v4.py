# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""A job order as B2MML V0401: ProductionSchedule.

The same shape as in V7: the order is the outermost segment, operations are in it.
"""

from .joborder import JobOrder
from .making import V4, Maker, duration, text_of

make = Maker(V4)
RELEASE = "V0401"
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
    return text_of(sync(event, "ProductionSchedule", schedule))


def sync(event, noun, *content):
    """The business object document around what it brings; its id is the event's."""
    area = make(
        "ApplicationArea",
        make("Sender", make("LogicalID", event["source"])),
        make("CreationDateTime", event["time"]),
        make("BODID", event["id"]),
    )
    data = make("DataArea", make("Sync"), *content)
    return make(f"Sync{noun}", area, data, releaseID=RELEASE)


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
    parameter = make("Parameter", make("ID", name), _value(text))
    return make("ProductionParameter", parameter)


def _value(text):
    return make(
        "Value",
        make("ValueString", text),
        make("DataType", "string"),
        make("UnitOfMeasure"),
    )


def _material(requirement):
    quantity, use = requirement["quantity"], requirement["materialUse"]
    properties = {
        "MaterialRequirementID": requirement["materialRequirementId"],
        "Tracking": requirement.get("tracking"),
    }
    return make(
        "MaterialRequirement",
        make("MaterialDefinitionID", requirement["materialDefinitionId"]),
        make.maybe("Description", requirement.get("name")),
        make("MaterialUse", use)
        if use in USES
        else make("MaterialUse", "Other", OtherValue=use),
        make(
            "Quantity",
            make("QuantityString", str(quantity["value"])),
            make("DataType", "decimal"),
            make("UnitOfMeasure", quantity["unitCode"]),
        ),
        [
            make("MaterialRequirementProperty", make("ID", name), _value(text))
            for name, text in properties.items()
            if text
        ],
    )
