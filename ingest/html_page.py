"""Lines of text put together as a mail reader shows them: blocks, lists, quoted blocks and cells inside one another."""

from __future__ import annotations

import re

_SPACE = re.compile(r"[ \t\n\r\f]+")
_WIDE = 60  # characters; a table with a longer cell is not made even
_EVEN_CELLS = 5_000
_BETWEEN_CELLS = "   "


class Page:
    """Lines, the last of which may still grow."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self._line: list[str] = []
        self._margin = 0  # blank lines wanted before the next words
        self._space = True  # would a blank here be one too many?

    def write(self, text: str) -> None:
        """Words that flow: any white space is one blank."""
        text = _SPACE.sub(" ", text)
        if self._space:
            text = text.lstrip(" ")
        if text:
            self._put(text)

    def write_as_it_is(self, text: str) -> None:
        """Words whose lines and blanks count."""
        first, *others = text.split("\n")
        if first:
            self._put(first)
        for line in others:
            self.end_line()
            if line:
                self._put(line)

    def hold_line(self) -> None:
        """A blank that counts, so that its line is there though nothing else is on it."""
        if self._line:
            self.write(" ")
        elif self.lines:
            self._put("")
            self._space = True

    def end_line(self) -> None:
        """A line break: a second one leaves a blank line."""
        if self._line or self.lines:
            self._make_room()
            self.lines.append("".join(self._line).rstrip())
        self._line, self._space = [], True

    def block(self, margin: int = 0) -> None:
        """What follows begins on a line of its own, so many blank lines below."""
        if self._line:
            self.end_line()
        self._margin = max(self._margin, margin)

    def add(self, lines: list[str]) -> None:
        """Whole lines, made elsewhere."""
        self.block()
        if lines:
            self._make_room()
            self.lines += lines

    def done(self) -> list[str]:
        """All lines, without blank ones at either end."""
        self.block()
        start, end = 0, len(self.lines)
        while start < end and not self.lines[start]:
            start += 1
        while end > start and not self.lines[end - 1]:
            end -= 1
        return self.lines[start:end]

    def _put(self, text: str) -> None:
        if not self._line:
            self._make_room()
        self._line.append(text)
        self._space = text[-1:] == " "

    def _make_room(self) -> None:
        if self.lines:
            blank = 0
            while blank < self._margin and blank < len(self.lines) and not self.lines[-1 - blank]:
                blank += 1
            self.lines += [""] * (self._margin - blank)
        self._margin = 0


class Grid:
    """A table while it is read: rows of cells, each cell lines."""

    def __init__(self) -> None:
        self.rows: list[list[list[str]]] = []

    def row(self) -> None:
        self.rows.append([])

    def cell(self, lines: list[str]) -> None:
        if not self.rows:
            self.row()
        self.rows[-1].append(lines)

    def done(self) -> list[str]:
        """Rows as lines where every cell is one; else, as layouts have it, the cells one below the other."""
        rows = [[cell for cell in row if cell] if _is_layout(row) else row for row in self.rows if any(row)]
        flat = [[cell[0] if cell else "" for cell in row] for row in rows if not _is_layout(row)]
        widths = _widths(flat)
        lines: list[str] = []
        for row in rows:
            if _is_layout(row):
                for cell in row:
                    lines += cell
            else:
                cells = [cell[0] if cell else "" for cell in row]
                cells = [cell.ljust(width) for cell, width in zip(cells, widths, strict=False)] if widths else cells
                lines.append(_BETWEEN_CELLS.join(cells).rstrip())
        return lines


def _is_layout(row: list[list[str]]) -> bool:
    return any(len(cell) > 1 for cell in row)


def _widths(rows: list[list[str]]) -> list[int]:
    """How wide each column is, where that is not too wide to be read; else nothing."""
    columns = max(map(len, rows), default=0)
    if columns < 2 or columns * len(rows) > _EVEN_CELLS:
        return []
    widths = [max((len(row[column]) for row in rows if column < len(row)), default=0) for column in range(columns)]
    return widths if max(widths) <= _WIDE else []
