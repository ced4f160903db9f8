# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""Schemathesis makes up requests from the published OpenAPI, good ones and bad ones.

Whatever comes, the server answers as the document says: a status that is there, with
the media type, the headers and the body that go with it, and never an error of its own.
"""

from datetime import timedelta

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi import checks

HEALTH = "GET /mfg/v1/health"
PROBLEM = "application/problem+json"
CONFORMITY = [
    not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_headers_conformance,
    checks.response_schema_conformance,
]
BOUNDED = settings(
    max_examples=25,  # per operation, and as many bad ones
    deadline=timedelta(seconds=30),
    derandomize=True,  # the same requests in every run
    database=None,
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture(scope="module")
def plant(world):
    return world.endpoint()


@pytest.fixture(scope="module")
def headers(plant):
    return {"Authorization": f"Bearer {plant.key}"}


@pytest.fixture(scope="module")
def operations(world, headers):
    url = f"{world.url}/mfg/v1/openapi.json"
    found = schemathesis.openapi.from_url(url, headers=headers).get_all_operations()
    return [operation.ok() for operation in found]


def one_answer(case, url, headers):
    if case.operation.path.endswith("/outbox"):
        (case.query or {}).pop("wait", None)  # a long poll does as it is told
    answer = case.call(base_url=url, headers=headers, timeout=30)
    case.validate_response(answer, checks=CONFORMITY)
    if answer.status_code >= 400:
        assert answer.headers["content-type"] == [PROBLEM]
    return answer.status_code


def tried(operation, mode, url, headers):
    """The statuses of the answers to what is made up for an operation."""
    seen = []

    @BOUNDED
    @given(case=operation.as_strategy(generation_mode=mode))
    def one(case):
        seen.append(one_answer(case, url, headers))

    one()
    return seen


@pytest.mark.parametrize("mode", GenerationMode, ids=lambda mode: mode.value)
def test_every_answer_is_in_the_contract(subtests, world, operations, headers, mode):
    for operation in operations:
        with subtests.test(operation.label):
            # nothing can be wrong with a request that has no key and no parameter
            if (operation.label, mode) != (HEALTH, GenerationMode.NEGATIVE):
                assert tried(operation, mode, world.url, headers)
