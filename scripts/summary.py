"""Ends a test run as pytest would: one line over all suites.

    summary.py FOLDER [name of a failed suite…]

The folder has a file per suite with the last line that pytest printed for it.
"""

import re
import sys
from collections import Counter
from pathlib import Path

from settings import main

OUTCOMES = ("failed", "passed", "skipped", "xfailed", "errors", "subtests passed")


def _counts(line):
    """What pytest's own last line says: "2 failed, 57 passed, 1 warning in 3.62s"."""
    found = Counter()
    for number, outcome in re.findall(r"(\d+) ([a-z ]+?)(?=,| in )", line):
        found["errors" if outcome == "error" else outcome] += int(number)
    seconds = re.search(r" in ([\d.]+)s", line)
    found["seconds"] = float(seconds[1]) if seconds else 0
    return found


def _main():
    folder, *failed = sys.argv[1:]
    total = Counter()
    for path in sorted(Path(folder).glob("*.txt")):
        line = path.read_text().strip()
        total.update(_counts(line))
        print(f"{path.stem}: {line}")
    words = ", ".join(f"{total[name]} {name}" for name in OUTCOMES if total[name])
    # A suite may also fail outside its tests: lint, an addon that does not install.
    suites = f" (failed: {', '.join(failed)})" if failed else ""
    print(f"=== {words or 'no tests ran'} in {total['seconds']:.2f}s ==={suites}")
    return bool(failed)


if __name__ == "__main__":
    main(_main)
