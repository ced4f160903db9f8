# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
import os
from pathlib import Path

from odoo.addons.mfg_integration_base.tests.http_common import DoorCase
from odoo.addons.mfg_mes_connector.tests.common import MesCase

XML = "application/xml"
V7 = "http://www.mesa.org/xml/B2MML"
PLACE = "shared/data/b2mml"


def data_folder():
    """MESA's schemas and a vendor's documents; without them a test proves nothing."""
    told = os.environ.get("MFG_B2MML_DATA")
    ups = Path(__file__).resolve().parents
    for place in [Path(told)] if told else [up / PLACE for up in ups]:
        if (place / "xsd").is_dir():
            return place
    raise AssertionError(
        f"This test needs MESA's schemas and the vendor's documents in {PLACE} beside "
        "the project, or wherever MFG_B2MML_DATA says."
    )


def quantity(value, unit="C62"):
    return (
        f"<Quantity><QuantityString>{value}</QuantityString>"
        f"<DataType>decimal</DataType><UnitOfMeasure>{unit}</UnitOfMeasure></Quantity>"
    )


def actual(use, code, value, unit="C62", more=""):
    return (
        f"<MaterialActual><ID>a</ID><MaterialDefinitionID>{code}</MaterialDefinitionID>"
        f"{more}<MaterialUse>{use}</MaterialUse>{quantity(value, unit)}"
        "</MaterialActual>"
    )


def segment(inside, name="Cut", start="08:00", end="10:00", day="2026-01-10"):
    return (
        f"<SegmentResponse><ID>S</ID><ActualStartTime>{day}T{start}:00Z"
        f"</ActualStartTime><ActualEndTime>{day}T{end}:00Z</ActualEndTime>"
        f"<OperationsSegmentID>{name}</OperationsSegmentID>{inside}</SegmentResponse>"
    )


class B2mmlCase(MesCase, DoorCase):
    """A plant that speaks B2MML over HTTP, and the table factory behind Odoo."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.endpoint.tz = "Europe/Berlin"

    def setUp(self):
        super().setUp()
        self.order = self.make_order()
        self.code = self.order.mfg_job_order_id

    def document(self, *segments, bodid="BOD-1", order=None, more="", space=V7):
        """SyncOperationsPerformance of one order, one line per segment."""
        inside = "\n".join(segments)
        return (
            f'<?xml version="1.0" encoding="UTF-8"?>\n<SyncOperationsPerformance '
            f'xmlns="{space}" releaseID="7"><ApplicationArea><CreationDateTime>'
            f"2026-01-10T12:00:00Z</CreationDateTime><BODID>{bodid}</BODID>"
            "</ApplicationArea><DataArea><Sync/><OperationsPerformance><ID>P</ID>"
            f"<OperationsResponse><ID>R</ID><OperationsRequestID>{order or self.code}"
            f"</OperationsRequestID>\n{inside}\n{more}</OperationsResponse>"
            "</OperationsPerformance></DataArea></SyncOperationsPerformance>"
        )

    def send_xml(self, text, content_type=XML, **options):
        return self.call("/b2mml", text, content_type, **options)

    def taken(self, text, *statuses, **options):
        """Send a document that reads well; its answer."""
        answer = self.send_xml(text, **options)
        self.assertIn(answer.status_code, (202, 207), answer.text)
        body = answer.json()
        found = [result["status"] for result in body["results"]]
        self.assertEqual(found, list(statuses))
        self.assertEqual(answer.status_code == 202, {*statuses} <= GOOD)
        return body

    def documents(self, endpoint=None):
        return self.env["mfg.b2mml.document"].search(
            [("endpoint_id", "=", (endpoint or self.endpoint).id)]
        )

    def inbound(self):
        return self.messages().filtered(lambda m: m.direction == "in")


GOOD = {"accepted", "duplicate"}
