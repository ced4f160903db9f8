# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
import math
from decimal import Decimal

import pytest
from engine.prometheus import Family, Sample, render
from hypothesis import given
from hypothesis import strategies as st
from prometheus_client.parser import text_string_to_metric_families


def gauge(*samples, name="mfg_messages", text="Messages."):
    return Family(name, "gauge", text, samples)


def test_the_text_of_a_family():
    family = gauge(Sample(3, {"state": "parked", "lane": "batch"}), Sample(0.25))
    assert render([family]) == (
        "# HELP mfg_messages Messages.\n"
        "# TYPE mfg_messages gauge\n"
        'mfg_messages{state="parked",lane="batch"} 3\n'
        "mfg_messages 0.25\n"
    )


def test_a_family_without_samples_still_has_its_type():
    assert render([gauge()]).count("\n") == 2
    assert render([]) == ""


@given(st.text(), st.text(), st.floats(allow_nan=False))
def test_the_clients_own_parser_reads_back_what_was_written(label, words, value):
    words = words.replace("\r", " ").strip() or "x"
    samples = [Sample(value, {"code": label})]
    text = render([gauge(*samples, text=words)])
    if any(len(line.splitlines()) > 1 for line in text.split("\n")):
        return  # the parser takes more than \n for the end of a line
    [family] = text_string_to_metric_families(text)
    assert family.samples[0].labels == {"code": label}
    assert family.samples[0].value == value


def test_label_and_help_are_escaped():
    text = render([gauge(Sample(1, {"a": 'b"c\\d\ne'}), text='x\\y\n"z"')])
    assert '# HELP mfg_messages x\\\\y\\n"z"\n' in text
    assert 'a="b\\"c\\\\d\\ne"' in text


@pytest.mark.parametrize(
    ("value", "text"),
    [(math.nan, "NaN"), (math.inf, "+Inf"), (-math.inf, "-Inf"), (True, "1")]
    + [
        (Decimal("2.50"), "2.5"),
        (10**15, str(10**15)),
        (-0.5, "-0.5"),
        (1e-7, "1e-07"),
    ],
)
def test_values(value, text):
    assert render([gauge(Sample(value))]).splitlines()[-1] == f"mfg_messages {text}"


def test_a_histogram_has_suffixes():
    samples = (
        Sample(2, {"le": "0.5"}, "_bucket"),
        Sample(3, {"le": "+Inf"}, "_bucket"),
        Sample(1.5, suffix="_sum"),
        Sample(3, suffix="_count"),
    )
    text = render([Family("mfg_wait_seconds", "histogram", "Waits.", samples)])
    [family] = text_string_to_metric_families(text)
    assert family.type == "histogram"
    assert [sample.name for sample in family.samples][-1] == "mfg_wait_seconds_count"


@pytest.mark.parametrize(
    "family",
    [
        gauge(name="1x"),
        gauge(name="a-b"),
        gauge(name=""),
        gauge(name="a\nb 1"),
        Family("x", "number", "Words."),
        gauge(Sample(1, {"a-b": "x"})),
        gauge(Sample(1, {"__name": "x"})),
    ],
)
def test_names_prometheus_would_refuse_are_refused(family):
    with pytest.raises(ValueError):
        render([family])
