# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""What others' tools say of the contract as the server publishes it.

ajv, the parser of AsyncAPI and Redocly come from npm, openapi-spec-validator from PyPI;
none of them had a part in making the documents.
"""

import json
import os
import subprocess
from pathlib import Path

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator
from settings import SCRIPTS

HERE = Path(__file__).parent
PREFIX = "/mfg/v1"
QUIET = {"REDOCLY_TELEMETRY": "off", "REDOCLY_SUPPRESS_UPDATE_NOTICE": "true"}


@pytest.fixture(scope="module")
def tools():
    """The folder of the npm tools; without npm this fails, and says what to do."""
    done = subprocess.run(
        [SCRIPTS / "node_tools.sh"],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return Path(done.stdout.strip())


@pytest.fixture(scope="module")
def published(world, tmp_path_factory):
    """The documents as a plant gets them, each in a file."""
    folder = tmp_path_factory.mktemp("contract")
    (folder / "schemas").mkdir()
    endpoint = world.endpoint()
    for name in ("openapi", "asyncapi"):
        answer = endpoint.get(f"{PREFIX}/{name}.json")
        (folder / f"{name}.json").write_text(answer.text)
    for entry in endpoint.get(f"{PREFIX}/schemas").json()["schemas"]:
        answer = endpoint.get(entry["href"])
        (folder / "schemas" / f"{entry['type']}.json").write_text(answer.text)
    return folder


def node(tools, *command):
    done = subprocess.run(
        ["node", *map(str, command)],
        env={"PATH": os.environ["PATH"], "NODE_PATH": str(tools), **QUIET},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
    return done.stdout


def types(published):
    return {path.stem for path in (published / "schemas").glob("*.json")}


def test_ajv_and_asyncapi_agree(tools, published):
    said = json.loads(node(tools, HERE / "second_opinion.js", published))
    assert said["asyncapi"] == []
    assert {name: wrong for name, wrong in said["schemas"].items() if wrong} == {}
    assert said["examples"] >= len(said["schemas"]) >= 20


def test_openapi_is_valid_to_two_tools(tools, published):
    path = published / "openapi.json"
    errors = OpenAPIV31SpecValidator(json.loads(path.read_text())).iter_errors()
    assert [error.message for error in errors] == []
    redocly = tools / "@redocly" / "cli" / "bin" / "cli.js"
    config = f"--config={HERE / 'redocly.yaml'}"
    said = node(tools, redocly, "lint", path, config, "--format=json")
    assert json.loads(said)["totals"] == {"errors": 0, "warnings": 0, "ignored": 0}


def test_both_documents_tell_the_types_there_are(published):
    """No type is missing in one of them, and none is made up."""
    openapi = json.loads((published / "openapi.json").read_text())
    asyncapi = json.loads((published / "asyncapi.json").read_text())
    schemas = openapi["components"]["schemas"]
    listed = {one for one in schemas if f"Event.{one}" in schemas}
    assert listed == types(published)
    assert set(asyncapi["components"]["messages"]) == types(published)
    for kind, name in (
        ("receive", "EventIn"),
        ("send", "EventOut"),
        ("push", "EventOut"),
    ):
        found = {
            key.removeprefix(f"{kind}.")
            for key in asyncapi["operations"]
            if key.startswith(f"{kind}.")
        }
        assert found == set(schemas[name]["discriminator"]["mapping"]), kind


def test_both_documents_tell_the_same_routes(published):
    openapi = json.loads((published / "openapi.json").read_text())
    asyncapi = json.loads((published / "asyncapi.json").read_text())
    for operation in asyncapi["operations"].values():
        name = operation["channel"]["$ref"].rpartition("/")[2]
        address = asyncapi["channels"][name]["address"]
        method = operation["bindings"]["http"]["method"].lower()
        # without an address it is the plant's own
        paths = openapi["paths"] if address else openapi["webhooks"]
        assert paths[address or "event"][method]["operationId"] == name
