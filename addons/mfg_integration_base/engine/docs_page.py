# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""The contract as one readable page: no script, nothing loaded, everything escaped.

Made from the same OpenAPI document, schemas and catalogue that the code runs on.
"""

import json

from markupsafe import Markup, escape

from .docs_fields import fields
from .docs_style import STYLE
from .openapi import example_event
from .routes import BATCH, PREFIX, STRUCTURED
from .versions import in_words

_PAGE = Markup(
    '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">'
    '<meta name="viewport" content="width=device-width, initial-scale=1">'
    "<title>{title}</title><style>{style}</style></head>\n"
    '<body><div class="page">{nav}\n<main>{main}</main></div></body></html>\n'
)
_LIMITS = (
    ("One event", "1 MiB"),
    ("A batch", "8 MiB, 1,000 events"),
    ("Nesting", "32 levels"),
    ("Values in one event", "10,000"),
    ("Items of one list", "1,000"),
    ("Digits of a number", "34, written out"),
)
_CLASSES = {
    "passing": "tried again by itself",
    "value": "parked; the mapping heals it",
    "stock": "as the interface says",
    "rule": "parked for a decision",
    "moot": "ended without effect",
    "bug": "parked for the administrator",
    "door": "refused, not stored as an event",
}


def render(openapi, schemas, catalogue):
    """Return the page as HTML text.

    `openapi` is what `openapi.build` returned, `schemas` the SchemaStore, `catalogue`
    a dict of code to Entry.
    """
    incoming, outgoing = _mapped(openapi, "EventIn"), _mapped(openapi, "EventOut")
    sections = (
        _start(openapi, incoming, schemas),
        _envelope(openapi),
        _routes(openapi),
        _events("in", "Events from the plant", incoming, schemas),
        _events("out", "Events to the plant", outgoing, schemas),
        _errors(catalogue),
    )
    return str(
        _PAGE.format(
            title=openapi["info"]["title"],
            style=Markup(STYLE),
            nav=_nav(openapi, incoming, outgoing),
            main=_join(sections),
        )
    )


# -- small pieces of HTML ------------------------------------------------------------


def _join(parts, glue=""):
    return Markup(glue).join(parts)


def _table(heads, rows):
    """`rows` are sequences of cells; a row may be (id, cells) for an anchor."""
    head = _join(Markup("<th>{}</th>").format(name) for name in heads)
    body = _join(_row(row) for row in rows)
    table = '<div class="scroll"><table><thead><tr>{}</tr></thead><tbody>{}</tbody>'
    return Markup(table + "</table></div>").format(head, body)


def _row(row):
    anchor = ""
    if len(row) == 2 and isinstance(row[1], tuple):
        anchor, row = Markup(' id="{}"').format(row[0]), row[1]
    cells = _join(Markup("<td>{}</td>").format(cell) for cell in row)
    return Markup("<tr{}>{}</tr>").format(anchor, cells)


def _code(text):
    return Markup("<code>{}</code>").format(text)


def _block(text):
    return Markup("<pre><code>{}</code></pre>").format(text)


def _heading(level, anchor, content):
    return Markup('<h{0} id="{1}">{2}</h{0}>').format(level, anchor, content)


def _paragraph(content, css=""):
    attribute = Markup(' class="{}"').format(css) if css else ""
    return Markup("<p{}>{}</p>").format(attribute, content)


def _json(value):
    return json.dumps(value, indent=2, ensure_ascii=False)


def _link(anchor, text):
    return Markup('<a href="#{}">{}</a>').format(anchor, text)


# -- the parts of the page -------------------------------------------------------------


def _mapped(openapi, name):
    choice = openapi["components"]["schemas"][name]
    return list(choice.get("discriminator", {}).get("mapping", ()))


def _nav(openapi, incoming, outgoing):
    parts = [Markup("<strong>{}</strong>").format("Contract")]
    parts += [
        _link("start", "Getting started"),
        _link("envelope", "Envelope and limits"),
        _link("errors", "Error codes"),
    ]
    groups = (
        ("Routes", [(_anchor(o), f"{m} {p}") for m, p, o in _operations(openapi)]),
        ("From the plant", [(f"in-{one}", one) for one in incoming]),
        ("To the plant", [(f"out-{one}", one) for one in outgoing]),
    )
    for title, links in groups:
        parts.append(Markup("<strong>{}</strong>").format(title))
        parts += [_link(*link) for link in links]
    return Markup("<nav>{}</nav>").format(_join(parts, "\n"))


def _start(openapi, incoming, schemas):
    info = openapi["info"]
    examples = (example_event(schemas, one) for one in incoming)
    first = next(filter(None, examples), None)
    return _join(
        [
            _heading(1, "start", info["title"]),
            _paragraph(f"{info['summary']} Version {info['version']}.", "lead"),
            _paragraph(info["description"]),
            _heading(2, "authentication", "Getting started"),
            _paragraph(
                "Every request carries the endpoint's key. An integration manager "
                "makes it in Odoo; it is shown once and opens these routes only."
            ),
            _block(
                "export ODOO=https://odoo.example.com\nexport KEY=the-endpoints-key\n"
                f'curl -H "Authorization: Bearer $KEY" "$ODOO{PREFIX}/schemas"'
            ),
            _paragraph(
                "Send an event; 202 means it is stored and will take effect once, "
                "however often it is sent again. The answer's href tells what became "
                "of it."
            ),
            _block(curl(first)) if first else "",
            _block(
                f'curl -H "Authorization: Bearer $KEY" "$ODOO{PREFIX}/events/1"\n'
                f'curl -H "Authorization: Bearer $KEY" "$ODOO{PREFIX}/outbox?wait=30"'
            ),
            _paragraph(
                "A batch is a JSON array of events with the content type "
                f"{BATCH}; every event of it is answered by itself."
            ),
        ]
    )


def _envelope(openapi):
    schema = openapi["components"]["schemas"]["Envelope"]
    return _join(
        [
            _heading(2, "envelope", "Envelope and limits"),
            _paragraph(schema["description"]),
            _fields_table(fields(schema)),
            _paragraph(
                "Text is UTF-8. A member named twice, NaN, Infinity, NUL and half of a "
                "surrogate pair are refused, and so is what exceeds these limits:"
            ),
            _table(("What", "At most"), _LIMITS),
        ]
    )


def _fields_table(rows):
    return _table(("Field", "Type", "Meaning"), [_field_row(row) for row in rows])


def _field_row(row):
    must = Markup(' <span class="must">required</span>') if row.required else ""
    rules = "; ".join(row.rules)
    small = Markup("<small>{}</small>").format(rules) if rules else ""
    name = Markup('<span class="d{}">{}</span>').format(row.depth, _code(row.name))
    return name + must, row.kind + small, row.description


def _operations(openapi):
    for path, item in openapi["paths"].items():
        for method, operation in item.items():
            yield method.upper(), path.removeprefix(PREFIX), operation


def _anchor(operation):
    return f"route-{operation['operationId']}"


def _routes(openapi):
    common = _common(openapi)
    parts = [
        _heading(2, "routes", "Routes"),
        _paragraph("Every route that needs a key may also answer:"),
        _status_table(common),
    ]
    for method, path, operation in _operations(openapi):
        parts += _route(method, path, operation, common)
    return _join(parts)


def _common(openapi):
    """The (status, description) that every route with a key has: said only once."""
    answers = [
        {(status, answer["description"]) for status, answer in one["responses"].items()}
        for _method, _path, one in _operations(openapi)
        if one.get("security") != []
    ]
    return set.intersection(*answers)


def _status_table(rows):
    rows = [(status, _marked(words)) for status, words in sorted(rows)]
    return _table(("Status", "Meaning"), rows)


def _marked(words):
    """Show what stands in `backticks` as code, as the OpenAPI tools do."""
    parts = words.split("`")
    return _join(_code(one) if i % 2 else escape(one) for i, one in enumerate(parts))


def _route(method, path, operation, common):
    badge = Markup('<span class="method {}">{}</span>').format(method.lower(), method)
    yield _heading(3, _anchor(operation), badge + _code(PREFIX + path))
    yield _paragraph(f"{operation['summary']}. {operation.get('description', '')}")
    if operation.get("security") == []:
        yield _paragraph("Needs no key.")
    if operation.get("parameters"):
        yield _table(
            ("Parameter", "In", "Meaning"),
            [
                (_code(one["name"]), one["in"], one["description"])
                for one in operation["parameters"]
            ],
        )
    if "requestBody" in operation:
        kinds = (_code(kind) for kind in operation["requestBody"]["content"])
        yield _paragraph(Markup("Content type: {}").format(_join(kinds, ", ")))
    responses = operation["responses"].items()
    own = {(status, answer["description"]) for status, answer in responses}
    own -= common if operation.get("security") != [] else set()
    yield _status_table(own)


def _events(prefix, title, event_types, schemas):
    parts = [_heading(2, f"events-{prefix}", title)]
    if not event_types:
        parts.append(_paragraph("None is installed."))
    for event_type in event_types:
        parts += _event(prefix, event_type, schemas)
    return _join(parts)


def _event(prefix, event_type, schemas):
    document = schemas.document(event_type)
    yield _heading(3, f"{prefix}-{event_type}", _code(event_type))
    title, words = document.get("title", ""), document.get("description", "")
    yield _paragraph(Markup("<b>{}.</b> {}").format(title, words))
    if ending := schemas.ending(event_type):
        yield _paragraph(Markup("<b>Deprecated.</b> {}").format(in_words(ending)))
    yield _fields_table(fields(document))
    event = example_event(schemas, event_type)
    if event:
        yield _block(curl(event) if prefix == "in" else _json(event))


def curl(event):
    """Return the shell command that sends an event; $ODOO and $KEY are the reader's."""
    body = _json(event).replace("'", "'\\''")
    return (
        f'curl "$ODOO{PREFIX}/events" \\\n'
        '  -H "Authorization: Bearer $KEY" \\\n'
        f'  -H "Content-Type: {STRUCTURED}" \\\n'
        f"  --data-binary '{body}'"
    )


def _errors(catalogue):
    rows = [
        (
            f"error-{entry.code}",
            (
                _code(entry.code),
                entry.http_status or "",
                _what(entry),
                entry.next_action,
            ),
        )
        for entry in sorted(catalogue.values(), key=lambda entry: entry.code)
    ]
    return _join(
        [
            _heading(2, "errors", "Error codes"),
            _paragraph(
                "Errors are application/problem+json with code, detail and errors, a "
                "JSON Pointer for every field. A status stands where the code can be "
                "the answer to a request; the others appear at the event's href and "
                "in mfg.event.parked.v1."
            ),
            _table(("Code", "Status", "Meaning", "What to do"), rows),
        ]
    )


def _what(entry):
    tag = _CLASSES[entry.failure_class]
    return Markup("{}<small>{}</small>").format(entry.title, tag)
