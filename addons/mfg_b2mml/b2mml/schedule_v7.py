# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""A job order as B2MML V7.0.1: OperationsSchedule or JobList.

The order is the outermost segment, with what it makes; its operations are the
segments in it. A plant that names a segment as it is named here is understood.
"""

from .joborder import JobOrder
from .making import Maker, duration

make = Maker("V0701")


def operations_schedule(event):
    """The text of SyncOperationsSchedule."""
    order = JobOrder(event)
    request = make(
        "OperationsRequest",
        make("ID", order.id),
        make.maybe("Description", order.name),
        make("Version", order.version),
        _times(order, "StartTime", "EndTime"),
        _plant(order),
        make("OperationsType", "Production"),
        make.maybe("Priority", order.priority),
        make("RequestState", order.request_state),
        _whole(order),
    )
    schedule = make(
        "OperationsSchedule",
        make("ID", event["id"]),
        make("PublishedDate", event["time"]),
        make("OperationsType", "Production"),
        request,
    )
    return make.sync(event, "OperationsSchedule", schedule)


def job_list(event):
    """The text of SyncJobList."""
    order = JobOrder(event)
    job = make(
        "JobOrder",
        make("ID", order.id),
        make.maybe("Description", order.name),
        make("Version", order.version),
        _times(order, "StartTime", "EndTime"),
        _plant(order),
        make("WorkType", "Production"),
        make.maybe("Priority", order.priority),
        make("DispatchStatus", order.status),
        [_machine(one, with_segment=True) for one in order.segments],
        [_material(one) for one in order.produced],
        [_material(one) for one in order.data.get("materialRequirements", [])],
        [make("SegmentRequirementID", code) for code in order.segment_codes],
    )
    jobs = make(
        "JobList",
        make("ID", event["id"]),
        make("PublishedDate", event["time"]),
        make("WorkType", "Production"),
        job,
    )
    return make.sync(event, "JobList", jobs)


def _times(order, start, end):
    times = order.data.get("startTime"), order.data.get("endTime")
    return [make.maybe(start, times[0]), make.maybe(end, times[1])]


def _plant(order):
    plant = order.data.get("plant")
    if not plant:
        return None
    levels = make("EquipmentID", plant), make("EquipmentLevel", "Site")
    return make("HierarchyScope", *levels)


def _whole(order):
    return make(
        "SegmentRequirement",
        make("ID", order.id),
        _times(order, "EarliestStartTime", "LatestEndTime"),
        make("ProcessSegmentID", order.id),
        make("OperationsDefinitionID", order.product),
        make("OperationsSegmentID", order.id),
        make("SegmentState", order.request_state),
        [_material(one) for one in order.produced],
        [_material(one) for one in order.requirements()],
        [_segment(order, one) for one in order.segments],
    )


def _segment(order, segment):
    code = segment["operationsSegmentId"]
    return make(
        "SegmentRequirementChild",
        make("ID", code),
        make.maybe("Description", segment["name"]),
        make("ProcessSegmentID", code),
        make.maybe("Duration", duration(segment["duration"])),
        make("OperationsDefinitionID", order.product),
        make("OperationsSegmentID", code),
        _parameter("Sequence", str(segment["sequence"])),
        [_parameter("DependsOn", before) for before in segment["dependsOn"]],
        _machine(segment),
        [_material(one) for one in order.requirements(code)],
    )


def _parameter(name, text):
    return make("SegmentParameter", make("ID", name), make.value(text))


def _machine(segment, with_segment=False):
    """Where an operation is done; in a list of jobs also which operation it is."""
    code = segment["operationsSegmentId"]
    return make(
        "EquipmentRequirement",
        make("ID", code),
        make("EquipmentID", segment["equipmentId"]),
        make.maybe("Description", with_segment and segment["name"] or None),
    )


def _material(requirement):
    name = requirement.get("name")
    return make(
        "MaterialRequirement",
        make("ID", requirement["materialRequirementId"]),
        make("MaterialDefinitionID", requirement["materialDefinitionId"]),
        make.maybe("Description", name),
        make("MaterialUse", requirement["materialUse"]),
        make.quantity(requirement["quantity"]),
        make.properties(
            "MaterialRequirementProperty",
            {
                "Tracking": requirement.get("tracking"),
                "OperationsSegmentID": requirement.get("operationsSegmentId"),
            },
        ),
    )
