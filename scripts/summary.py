"""Adds up pytest's JUnit files: a line per suite, then one as pytest itself would end.

summary.py unit.xml addons.xml …
"""

import sys
import xml.etree.ElementTree as ElementTree
from collections import Counter
from pathlib import Path

from settings import main


def _counts(path):
    found = Counter()
    for suite in ElementTree.parse(path).getroot().iter("testsuite"):
        count = {
            name: int(suite.get(name, 0)) for name in ("failures", "errors", "skipped")
        }
        found["failed"] += count["failures"]
        found["error"] += count["errors"]
        found["skipped"] += count["skipped"]
        found["passed"] += int(suite.get("tests", 0)) - sum(count.values())
        found["seconds"] += float(suite.get("time", 0))
    return found


def _line(count):
    names = ("failed", "error", "passed", "skipped")
    words = ", ".join(f"{count[name]} {name}" for name in names if count[name])
    return f"{words or 'no tests ran'} in {count['seconds']:.2f}s"


def _main():
    total = Counter()
    for path in map(Path, sys.argv[1:]):
        if path.exists():
            count = _counts(path)
            total.update(count)
            print(f"{path.stem}: {_line(count)}")
    print(f"=== {_line(total)} ===")
    return bool(total["failed"] or total["error"])


if __name__ == "__main__":
    main(_main)
