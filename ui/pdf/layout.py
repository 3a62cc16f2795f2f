"""A sheet as a page of A4: it is set smaller until it fits, then the middle of the working gives way.

Lines are broken here and drawn one by one: so a word is measured once for all sizes, and Persian copies out
of the file in its order. Places are counted from the edge at which the language begins.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

import segno
from fpdf import FPDF
from fpdf.fonts import TTFFont

from logic.core.rounding import HUNDRED_PERCENT
from ui.assets import PDF_FONTS, is_fetched, pdf_fonts
from ui.pdf.content import COMMAND, Line, PrintableAnswer, Table

FONT = "sheet"
"""The name under which this module knows the files of `pdf_fonts`."""
WIDTH, HEIGHT, MARGIN = 210.0, 297.0, 14.0
INNER = WIDTH - 2 * MARGIN
SIZES = (10.0, 9.5, 9.0, 8.5, 8.0, 7.5, 7.0)
"""Points of the text, largest first; nothing is set smaller than the last."""
MM_A_POINT = 25.4 / 72
LEADING, TIGHTEST, FOOT_LEADING = 1.6, 1.3, 1.55
"""Heights of a line in sizes of its text: at the largest size, at the smallest, and in the foot."""
HEADER_HEIGHT = 25.0
CELL_PADDING = 0.06
"""Millimetres above and below a row, for each point of its text."""
QR_SIZE = 27.0

BAR, SOFT, WHITE = (10, 57, 64), (207, 227, 229), (255, 255, 255)
INK, INK2, EDGE, HAIR = (16, 39, 43), (63, 86, 90), (113, 134, 137), (211, 221, 222)
TINT, SAFFRON, SAFFRON_TINT, SAFFRON_INK = (223, 238, 238), (227, 154, 18), (252, 239, 213), (122, 70, 0)
CO, SAFFRON_ON_BAR = (69, 134, 143), (240, 174, 58)
LAM_ALEF: dict[tuple[int, ...], int] = {
    (0x0644, 0x0622): 0xFEF5,
    (0x0644, 0x0623): 0xFEF7,
    (0x0644, 0x0625): 0xFEF9,
    (0x0644, 0x0627): 0xFEFB,
}
Colour = tuple[int, int, int]


def pdf(sheet: PrintableAnswer) -> bytes:
    """The sheet as a file of one page."""
    paper = _Document(sheet)
    whole = len(sheet.steps)
    for size in SIZES:
        laid = _Layout(paper, size, whole)
        if laid.fits:
            return laid.render()
    kept = next(
        count for count in range(whole - 1, -1, -1) if count == 0 or _Layout(paper, SIZES[-1], count).fits
    )
    return _Layout(paper, SIZES[-1], kept).render()


class _Document:
    """The file with its fonts, and the widths of the words that it has met."""

    def __init__(self, sheet: PrintableAnswer) -> None:
        self.sheet = sheet
        self.rtl = sheet.language == "fa"
        self.file = FPDF(format="A4")
        self.file.c_margin = 0
        self.file.set_margins(0, 0, 0)
        self.file.set_auto_page_break(auto=False)
        for style, name in pdf_fonts().items():
            self.file.add_font(FONT, style, name)
        self.file.set_title(f"{sheet.labels['app']} · {sheet.title}")
        self.file.set_lang(sheet.language)
        self.shape(rtl=self.rtl)
        self._widths: dict[tuple[str, str], float] = {}

    def shape(self, *, rtl: bool) -> None:
        """Set what follows from right to left, or from left to right."""
        features = {"kern": is_fetched(*PDF_FONTS.values())}  # Amiri's would split words that are copied out
        if rtl:
            self.file.set_text_shaping(
                use_shaping_engine=True, direction="rtl", script="arab", language="fas", features=features
            )
        else:
            self.file.set_text_shaping(
                use_shaping_engine=True, direction="ltr", script="latn", language="eng", features=features
            )

    def name_ligatures(self) -> None:
        """Call each lam-alef by its one character: readers turn two of a single glyph the wrong way round."""
        for font in self.file.fonts.values():
            if isinstance(font, TTFFont):
                for glyph in dict(font.subset.items()):
                    if glyph and isinstance(glyph.unicode, tuple) and glyph.unicode in LAM_ALEF:
                        glyph.unicode = (LAM_ALEF[glyph.unicode],)

    def width(self, word: str, style: str) -> float:
        """Millimetres of a word at one point."""
        known = self._widths.get((word, style))
        if known is None:
            self.file.set_font(FONT, style, 100)
            known = self._widths[word, style] = self.file.get_string_width(word) / 100
        return known

    def lines(self, text: str, size: float, width: float, style: str = "") -> list[str]:
        """The text broken into lines that are no wider."""
        space = self.width(" ", style)
        found: list[str] = []
        room = 0.0
        for word in text.split():
            needs = self.width(word, style)
            if found and (room + space + needs) * size <= width:
                found[-1] += f" {word}"
                room += space + needs
            else:
                fits = needs * size <= width
                found += [word] if fits else _pieces(word, int(len(word) * width / (needs * size)))
                room = self.width(found[-1], style)
        return found or [""]


def _pieces(word: str, letters: int) -> list[str]:
    """A word that no line can hold, such as an address, in parts."""
    step = max(1, letters)
    return [word[start : start + step] for start in range(0, len(word), step)]


@dataclass
class _Cell:
    """A text in a column: where it starts, how wide it is, how it looks."""

    text: str
    start: float
    width: float
    style: str = ""
    colour: Colour = INK
    scale: float = 1.0
    end: bool = False
    """Set at the far edge of the column."""


@dataclass
class _Layout:
    """A sheet at one size: where everything stands, drawn only when it fits."""

    document: _Document
    size: float
    steps: int
    """How many steps of the working are kept."""
    y: float = 0.0
    foot: float = 0.0
    """Where the foot begins."""
    draw_commands: list[Callable[[], object]] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Lay out everything, from the head to the last notice."""
        sheet = self.document.sheet
        self._head(sheet)
        self._answer(sheet)
        self._asked(sheet)
        for table in sheet.presented.tables:
            self._table(table)
        self._readings(sheet)
        self._working(sheet)
        self._documents(sheet)
        self._notices(sheet)
        self._end = self.y
        self._foot(sheet)

    @property
    def fits(self) -> bool:
        """Whether nothing runs into the foot."""
        return self._end <= self.foot - 4

    def render(self) -> bytes:
        """The file."""
        self.document.file.add_page()
        for act in self.draw_commands:
            act()
        self.document.name_ligatures()
        return bytes(self.document.file.output())

    # ------------------------------------------------------------------------------------------ parts
    def _head(self, sheet: PrintableAnswer) -> None:
        self._box(0, 0, WIDTH, HEADER_HEIGHT, BAR)
        self._box(0, HEADER_HEIGHT, WIDTH, 1.1, SAFFRON)
        half = INNER / 2
        self._text(sheet.labels["app"], MARGIN, 4.5, half, 10.5, style="B", colour=SAFFRON_ON_BAR)
        self._text(sheet.title, MARGIN, 11, INNER, 17, style="B", colour=WHITE)
        self._text(sheet.labels["made"], MARGIN + half, 4.5, half, 9, colour=SOFT, end=True)
        self.y = HEADER_HEIGHT + 6

    def _answer(self, sheet: PrintableAnswer) -> None:
        said = sheet.presented
        if not said.label:
            return
        scale, inside = self.size / SIZES[0], INNER - 10
        top, start = self.y, MARGIN + 6
        first = len(self.draw_commands)
        self.y += 3 * scale
        self._row([_Cell(said.label, start, inside, "B", INK2)])
        big = 26 * scale
        while big > self.size and self.document.width(said.figure, "B") * big > inside * 0.8:
            big -= 1
        lines = self.document.lines(said.figure, big, inside, "B")
        for place, line in enumerate(lines):
            self._text(line, start, self.y, inside, big, style="B", colour=BAR)
            if said.unit and place == len(lines) - 1:
                after = start + self.document.width(line, "B") * big + 2.5
                low = self.y + (big - 12 * scale) * MM_A_POINT * self.leading * 0.62
                self._text(said.unit, after, low, inside + start - after, 12 * scale, style="B", colour=INK2)
            self.y += big * MM_A_POINT * 1.4
        if said.line:
            self._row([_Cell(said.line, start, inside)])
        if said.share is not None:
            self._share(said.share, said.payers, start, inside)
        self.y += 3 * scale
        height = self.y - top
        self.draw_commands.insert(first, lambda: self._fill(MARGIN, top, INNER, height, TINT, radius=3))
        self.draw_commands.insert(
            first + 1, lambda: self._fill(MARGIN + 2, top + 3, 1.6, height - 6, SAFFRON, radius=0.8)
        )
        self.y += 3 * scale

    def _share(self, share: float, payers: Sequence[tuple[str, str]], start: float, width: float) -> None:
        """Who pays what: saffron is the customer, petrol the other one; and their names below."""
        high, mine = self.size * MM_A_POINT, width * share / HUNDRED_PERCENT
        self.y += 1
        self._box(start, self.y, max(0.0, mine - 0.3), high, SAFFRON)
        self._box(start + mine + 0.3, self.y, max(0.0, width - mine - 0.3), high, CO)
        self.y += high + 1
        half = width / 2
        cells = [
            _Cell(f"{name}: {amount}", start + place * half, half, "B", scale=0.95, end=place == 1)
            for place, (name, amount) in enumerate(payers)
        ]
        if cells:
            self._row(cells)

    def _asked(self, sheet: PrintableAnswer) -> None:
        if not sheet.input_summary:
            return
        self._heading(sheet.labels["asked"])
        gap, pairs = 8.0, sheet.input_summary
        column = (INNER - gap) / 2
        for place in range(0, len(pairs), 2):
            cells = []
            for side, (label, value) in enumerate(pairs[place : place + 2]):
                start = MARGIN + side * (column + gap)
                cells += [
                    _Cell(label, start, column * 0.5 - 2, "", INK2),
                    _Cell(value, start + column * 0.5, column * 0.5, "B", end=True),
                ]
            self._row(cells, rule=True)

    def _table(self, table: Table) -> None:
        self._heading(table.title)
        count = max(map(len, table.rows), default=1)
        first = INNER * (0.4 if count > 2 else 0.6)  # noqa: PLR2004 - a name and one value
        other = (INNER - first) / max(1, count - 1)

        def cells(row: Sequence[str], style: str, colour: Colour) -> list[_Cell]:
            name = [_Cell(row[0], MARGIN, first - 3, style, colour)]
            return name + [
                _Cell(value, MARGIN + first + place * other, other - 2, "B", colour)
                for place, value in enumerate(row[1:])
            ]

        if table.head:
            self._row(cells(table.head, "", INK2), rule=True)
        for row in table.rows:
            self._row(cells(row, "", INK), rule=True)

    def _readings(self, sheet: PrintableAnswer) -> None:
        for line in sheet.readings:
            top, first = self.y + 1.5, len(self.draw_commands)
            self.y = top + 1.5
            self._row([_Cell(line.value, MARGIN + 4, INNER - 8, "B", SAFFRON_INK)])
            self._row([_Cell(_with_clause(line), MARGIN + 4, INNER - 8)])
            self.y += 1.5
            height = self.y - top
            self.draw_commands.insert(
                first, _deferred(self._fill, (MARGIN, top, INNER, height, SAFFRON_TINT), radius=2.0)
            )
        if sheet.readings:
            self.y += 1

    def _working(self, sheet: PrintableAnswer) -> None:
        if not sheet.steps or sheet.presented.tables_say_all:
            return
        self._heading(sheet.labels["working"])
        lost = len(sheet.steps) - self.steps
        before = (self.steps + 1) // 2
        for place, step in enumerate(sheet.steps):
            if lost and place == before:
                self._row(
                    [_Cell(sheet.omitted_text(lost), MARGIN + 6, INNER - 6, "B", SAFFRON_INK)], rule=True
                )
            if before <= place < before + lost:
                continue
            last = place == len(sheet.steps) - 1
            self._row(
                [
                    _Cell(step.text, MARGIN, INNER * 0.52, "B" if last else ""),
                    _Cell(step.clause, MARGIN + INNER * 0.54, INNER * 0.22, "", INK2, 0.88),
                    _Cell(step.value, MARGIN + INNER * 0.77, INNER * 0.23, "B", end=True),
                ],
                rule=not last,
            )

    def _documents(self, sheet: PrintableAnswer) -> None:
        papers = sheet.presented.documents
        if not papers:
            return
        self._heading(sheet.labels["documents"])
        gap = 6.0
        column, tick, air = (INNER - gap) / 2, self.size * MM_A_POINT, self.size * CELL_PADDING
        for place in range(0, len(papers), 2):
            cells = []
            for side, paper in enumerate(papers[place : place + 2]):
                start = MARGIN + side * (column + gap)
                self._tick(start, self.y + self.size * MM_A_POINT * (self.leading - 1) / 2 + air, tick)
                cells.append(_Cell(paper, start + tick + 2, column - tick - 2))
            self._row(cells)

    def _notices(self, sheet: PrintableAnswer) -> None:
        if not sheet.notices:
            return
        self._heading(sheet.labels["confirm"])
        for line in sheet.notices:
            middle = self.y + self.size * MM_A_POINT * self.leading / 2 + 0.3
            self._box(MARGIN + 0.4, middle - 0.5, 1, 1, CO)
            self._row([_Cell(_with_clause(line), MARGIN + 4, INNER - 4, scale=0.95)])

    def _foot(self, sheet: PrintableAnswer) -> None:
        """The picture to scan, the code to type, which editions were read; from the bottom up."""
        start, label = MARGIN + QR_SIZE + 5, 26.0
        width, own = INNER - QR_SIZE - 5, sheet.labels
        beside = width - label
        rows = [(own["scan"], 8.5, "B", INK, False)]
        groups = self.document.lines(sheet.code.replace("-", "- "), 8.5, beside, "B")
        rows += [(line.replace("- ", "-"), 8.5, "B", BAR, True) for line in groups]
        command = f"{COMMAND} {sheet.code.replace('-', '')}"
        rows += [(line, 7.5, "", INK, True) for line in self.document.lines(command, 7.5, beside)]
        for text in (own["editions"], own["basis"]):
            rows += [(line, 7.0, "", INK2, False) for line in self.document.lines(text, 7.0, width)]
        high = sum(size * MM_A_POINT * FOOT_LEADING for _, size, _, _, _ in rows)
        self.foot = HEIGHT - MARGIN / 2 - max(QR_SIZE, high)
        self._box(MARGIN, self.foot - 2.5, INNER, 0.25, EDGE)
        self._qr(sheet.link, MARGIN, self.foot)
        names = {1: own["code"], 1 + len(groups): own["reproduce"]}
        y = self.foot
        for place, (text, size, style, colour, latin) in enumerate(rows):
            at, wide = (start + label, beside) if latin else (start, width)
            self._text(text, at, y, wide, size, style=style, colour=colour, latin=latin)
            if place in names:
                self._text(names[place], start, y, label, 7.5, colour=INK2)
            y += size * MM_A_POINT * FOOT_LEADING

    # ------------------------------------------------------------------------------------------ pieces
    @property
    def leading(self) -> float:
        """The height of a line, which grows tighter with the size."""
        loose = (self.size - SIZES[-1]) / (SIZES[0] - SIZES[-1])
        return TIGHTEST + (LEADING - TIGHTEST) * loose

    def _heading(self, said: str) -> None:
        self.y += self.size * 0.3
        high = self.size * MM_A_POINT * 1.1
        self._box(MARGIN, self.y + high * 0.28, 1.2, high, SAFFRON)
        self._row([_Cell(said, MARGIN + 3, INNER - 3, "B", BAR, 1.12)])
        self.y += 0.2

    def _row(self, cells: Sequence[_Cell], *, rule: bool = False) -> None:
        """Cells side by side, as high as the highest, with a hairline below."""
        air = self.size * CELL_PADDING
        lowest = self.y
        for cell in cells:
            size = self.size * cell.scale
            y = self.y + air
            for line in self.document.lines(cell.text, size, cell.width, cell.style):
                self._text(
                    line, cell.start, y, cell.width, size, style=cell.style, colour=cell.colour, end=cell.end
                )
                y += size * MM_A_POINT * self.leading
            lowest = max(lowest, y + air)
        self.y = lowest
        if rule:
            self._box(MARGIN, self.y, INNER, 0.15, HAIR)

    def _text(
        self,
        text: str,
        start: float,
        y: float,
        width: float,
        size: float,
        *,
        style: str = "",
        colour: Colour = INK,
        end: bool = False,
        latin: bool = False,
    ) -> None:
        """One line. ``latin``: from left to right, whatever the language, at the start of its place."""
        rtl, leading = self.document.rtl, self.leading

        def act() -> None:
            file = self.document.file
            if latin and rtl:
                self.document.shape(rtl=False)
            file.set_font(FONT, style, size)
            file.set_text_color(*colour)
            file.set_xy(self._left(start, width), y)
            file.cell(width, size * MM_A_POINT * leading, text, align="R" if rtl != end else "L")
            if latin and rtl:
                self.document.shape(rtl=True)

        self.draw_commands.append(act)

    def _box(self, start: float, y: float, width: float, height: float, colour: Colour) -> None:
        self.draw_commands.append(lambda: self._fill(start, y, width, height, colour))

    def _fill(
        self, start: float, y: float, width: float, height: float, colour: Colour, *, radius: float = 0.0
    ) -> None:
        file = self.document.file
        file.set_fill_color(*colour)
        file.rect(
            self._left(start, width),
            y,
            width,
            height,
            style="F",
            round_corners=bool(radius),
            corner_radius=radius,
        )

    def _tick(self, start: float, y: float, side: float) -> None:
        """A box to tick off by hand."""

        def act() -> None:
            file = self.document.file
            file.set_draw_color(*EDGE)
            file.set_line_width(0.3)
            file.rect(self._left(start, side), y, side, side, round_corners=True, corner_radius=0.6)

        self.draw_commands.append(act)

    def _qr(self, link: str, start: float, y: float) -> None:
        def act() -> None:
            rows = [[*row] for row in segno.make(link, micro=False, error="m").matrix]
            dot, left = QR_SIZE / len(rows), self._left(start, QR_SIZE)
            self.document.file.set_fill_color(*INK)
            for line, row in enumerate(rows):
                for first, length in _runs(row):
                    self.document.file.rect(left + first * dot, y + line * dot, length * dot, dot, style="F")

        self.draw_commands.append(act)

    def _left(self, start: float, width: float) -> float:
        return WIDTH - start - width if self.document.rtl else start


def _runs(row: Sequence[int]) -> Iterator[tuple[int, int]]:
    """The dark runs of a row of dots: where each begins and how long it is."""
    first: int | None = None
    for place, dark in enumerate([*row, 0]):
        if dark and first is None:
            first = place
        elif not dark and first is not None:
            yield first, place - first
            first = None


def _with_clause(line: Line) -> str:
    return f"{line.text} ({line.clause})"


def _deferred(draw: Callable[..., object], given: Sequence[object], **more: object) -> Callable[[], object]:
    """A drawing for later, with what it has now."""
    return lambda: draw(*given, **more)
