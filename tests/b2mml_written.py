# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""B2MML as the tests write it: the smallest documents that say what is asked for."""

import pytest
from b2mml import document
from b2mml.refusal import Refusal

V7 = "http://www.mesa.org/xml/B2MML"
V4 = "http://www.wbf.org/xml/B2MML-V0401"
SPACES = {
    "V0401": V4,
    "V0500": "http://www.mesa.org/xml/B2MML-V0500",
    "V0600": "http://www.mesa.org/xml/B2MML-V0600",
    "V7": V7,
}


def quantity(value, unit="C62"):
    unit = f"<UnitOfMeasure>{unit}</UnitOfMeasure>" if unit is not None else ""
    return (
        f"<Quantity><QuantityString>{value}</QuantityString>"
        f"<DataType>decimal</DataType>{unit}</Quantity>"
    )


def actual(use="Consumed", code="BOARD", amount=None, more="", lot=None, before=""):
    amount = quantity(5) if amount is None else amount
    lot = f"<MaterialLotID>{lot}</MaterialLotID>" if lot else ""
    code = f"<MaterialDefinitionID>{code}</MaterialDefinitionID>" if code else ""
    use = use if use.startswith("<") or not use else f"<MaterialUse>{use}</MaterialUse>"
    return (
        f"<MaterialActual>{before}<ID>a</ID>{code}{lot}{use}{amount}{more}"
        "</MaterialActual>"
    )


def bod(noun, space=V7, bodid="B-1", created="2026-01-31T14:00:00Z", verb="Sync"):
    bodid = f"<BODID>{bodid}</BODID>" if bodid else ""
    return (
        f'<{verb}Thing xmlns="{space}" releaseID=""><ApplicationArea><Sender>'
        f"<LogicalID>MES</LogicalID></Sender><CreationDateTime>{created}"
        f"</CreationDateTime>{bodid}</ApplicationArea><DataArea><{verb}/>{noun}"
        f"</DataArea></{verb}Thing>"
    )


def operations(inside, order="WH/MO/1", more="", segment="Cut", times=""):
    return (
        "<OperationsPerformance><ID>P</ID><OperationsResponse><ID>R</ID>"
        f"<OperationsRequestID>{order}</OperationsRequestID>{more}"
        f"<SegmentResponse><ID>S</ID>{times}"
        f"<OperationsSegmentID>{segment}</OperationsSegmentID>{inside}"
        "</SegmentResponse></OperationsResponse></OperationsPerformance>"
    )


def job(inside, order="WH/MO/1", state=""):
    order = f"<JobOrderID>{order}</JobOrderID>" if order else ""
    state = f"<JobState>{state}</JobState>" if state else ""
    return f"<JobResponse><ID>J</ID>{order}{state}{inside}</JobResponse>"


def read(text, **options):
    text = text if isinstance(text, bytes) else text.encode()
    return document.read(text, **options)


def facts(text, **options):
    return [(f.type[4:-3], f.data) for f in read(text, **options).facts]


def refused(text, code, path=None, **options):
    with pytest.raises(Refusal) as caught:
        read(text, **options)
    refusal = caught.value
    assert refusal.code == code, refusal
    if path:
        assert refusal.path.endswith(path), refusal.path
        assert refusal.line
    return refusal
