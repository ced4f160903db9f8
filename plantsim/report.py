# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""What the demo says: a progress line, tables, a summary."""

import sys
import time


class Console:
    """Progress on one line of a terminal, every few seconds in a log file."""

    EVERY = 5.0

    def __init__(self, out=sys.stdout):
        self.out, self.live = out, out.isatty()
        self.last, self.open = 0.0, False

    def say(self, text=""):
        if self.open:
            self.out.write("\n")
        self.open = False
        self.out.write(f"{text}\n")
        self.out.flush()

    def progress(self, text):
        if not self.live:
            if time.monotonic() - self.last > self.EVERY:
                self.last = time.monotonic()
                self.say(text)
            return
        self.out.write(f"\r\x1b[K{text}")
        self.out.flush()
        self.open = True


def table(head, rows):
    """Lines of a table; the first and the last column are words, the others numbers."""
    rows = [[str(cell) for cell in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(head, *rows, strict=True)]
    yield _row(head, widths)
    yield "  ".join("-" * width for width in widths)
    for row in rows:
        yield _row(row, widths)


def _row(cells, widths):
    last = len(cells) - 1
    words = [
        cell.ljust(width) if number in (0, last) else cell.rjust(width)
        for number, (cell, width) in enumerate(zip(cells, widths, strict=True))
    ]
    return "  ".join(words).rstrip()


def number(value):
    """A quantity without trailing zeros."""
    text = f"{value:.2f}"
    return text.rstrip("0").rstrip(".")


def pair(left, right):
    """One number where both agree, else both."""
    left, right = number(left), number(right)
    return left if left == right else f"{left} / {right}"


def duration(seconds):
    return f"{seconds:.1f} s" if seconds < 90 else f"{seconds / 60:.1f} min"
