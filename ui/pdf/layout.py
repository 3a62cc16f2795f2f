"""Lay out an answer on one A4 page: the font shrinks until it fits, then steps in the middle are omitted.

Lines are broken here and drawn one by one, so that a word is measured once for all sizes and Persian text
is copied from the PDF in its order. Positions are in millimetres; ``start`` counts from the edge where lines
start, the right one in Persian.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial

import segno
from fpdf import FPDF
from fpdf.fonts import TTFFont

from logic.core.rounding import HUNDRED_PERCENT
from ui.assets import PDF_FONTS, is_fetched, pdf_fonts
from ui.pdf.content import REPRODUCE_COMMAND, Line, PrintableAnswer, Table

FONT = "sheet"
"""The name under which this module knows the files of `pdf_fonts`."""
WIDTH, HEIGHT, MARGIN = 210.0, 297.0, 14.0
CONTENT_WIDTH = WIDTH - 2 * MARGIN
FONT_SIZES = (10.0, 9.5, 9.0, 8.5, 8.0, 7.5, 7.0)
"""Sizes of the text in points, largest first."""
MM_PER_POINT = 25.4 / 72
MAX_LEADING, MIN_LEADING, FOOTER_LEADING = 1.6, 1.3, 1.55
"""Line heights as multiples of the font size: at the largest size, at the smallest, and in the footer."""
HEADER_HEIGHT = 25.0
CELL_PADDING = 0.06
"""Millimetres above and below a row per point of its font size."""
QR_SIZE = 27.0

PETROL, PETROL_SOFT, WHITE = (10, 57, 64), (207, 227, 229), (255, 255, 255)
INK, INK2, EDGE, HAIRLINE = (16, 39, 43), (63, 86, 90), (113, 134, 137), (211, 221, 222)
PETROL_TINT, COMPANY = (223, 238, 238), (69, 134, 143)
SAFFRON, SAFFRON_TINT, SAFFRON_INK = (227, 154, 18), (252, 239, 213), (122, 70, 0)
SAFFRON_ON_PETROL = (240, 174, 58)
LAM_ALEF: dict[tuple[int, ...], int] = {
    (0x0644, 0x0622): 0xFEF5,
    (0x0644, 0x0623): 0xFEF7,
    (0x0644, 0x0625): 0xFEF9,
    (0x0644, 0x0627): 0xFEFB,
}
Colour = tuple[int, int, int]


def render_pdf(answer: PrintableAnswer) -> bytes:
    """Return an answer as a PDF of one page."""
    document = _Document(answer)
    step_count = len(answer.steps)
    for size in FONT_SIZES:
        layout = _Layout(document, size, step_count)
        if layout.fits:
            return layout.render()
    for count in range(step_count - 1, 0, -1):
        layout = _Layout(document, FONT_SIZES[-1], count)
        if layout.fits:
            return layout.render()
    return _Layout(document, FONT_SIZES[-1], 0).render()


class _Document:
    """The PDF file with its fonts, and a cache of word widths."""

    def __init__(self, answer: PrintableAnswer) -> None:
        self.answer = answer
        self.rtl = answer.language == "fa"
        self.pdf = FPDF(format="A4")
        self.pdf.c_margin = 0
        self.pdf.set_margins(0, 0, 0)
        self.pdf.set_auto_page_break(auto=False)
        for style, name in pdf_fonts().items():
            self.pdf.add_font(FONT, style, name)
        self.pdf.set_title(f"{answer.labels['app']} · {answer.title}")
        self.pdf.set_lang(answer.language)
        self.set_direction(rtl=self.rtl)
        self._widths: dict[tuple[str, str], float] = {}

    def set_direction(self, *, rtl: bool) -> None:
        """Set the direction of the text that follows."""
        # The kerning of Amiri splits words when text is copied.
        features = {"kern": is_fetched(*PDF_FONTS.values())}
        if rtl:
            self.pdf.set_text_shaping(
                use_shaping_engine=True, direction="rtl", script="arab", language="fas", features=features
            )
        else:
            self.pdf.set_text_shaping(
                use_shaping_engine=True, direction="ltr", script="latn", language="eng", features=features
            )

    def name_lam_alef_ligatures(self) -> None:
        """Map lam-alef glyphs to one code point: PDF readers reverse the two letters of a single glyph."""
        for font in self.pdf.fonts.values():
            if isinstance(font, TTFFont):
                for glyph in dict(font.subset.items()):
                    if glyph and isinstance(glyph.unicode, tuple) and glyph.unicode in LAM_ALEF:
                        glyph.unicode = (LAM_ALEF[glyph.unicode],)

    def word_width(self, word: str, style: str) -> float:
        """Return the width of a word in millimetres at a font size of one point."""
        width = self._widths.get((word, style))
        if width is None:
            self.pdf.set_font(FONT, style, 100)
            width = self._widths[word, style] = self.pdf.get_string_width(word) / 100
        return width

    def break_lines(self, text: str, size: float, width: float, style: str = "") -> list[str]:
        """Return the lines of a text in a column of a width in millimetres."""
        space = self.word_width(" ", style)
        lines: list[str] = []
        line_width = 0.0
        for word in text.split():
            word_width = self.word_width(word, style)
            if lines and (line_width + space + word_width) * size <= width:
                lines[-1] += f" {word}"
                line_width += space + word_width
            else:
                fits = word_width * size <= width
                lines += [word] if fits else _split_word(word, int(len(word) * width / (word_width * size)))
                line_width = self.word_width(lines[-1], style)
        return lines or [""]


def _split_word(word: str, length: int) -> list[str]:
    """Split a word that is wider than a line, such as a URL, into parts of a length."""
    step = max(1, length)
    return [word[start : start + step] for start in range(0, len(word), step)]


@dataclass
class _Cell:
    """A text in a column, with the column's position and the style of the text."""

    text: str
    start: float
    width: float
    style: str = ""
    colour: Colour = INK
    scale: float = 1.0
    """Font size as a multiple of the layout's."""
    align_end: bool = False


@dataclass
class _Layout:
    """The layout of an answer at one font size; it is drawn by ``render`` only."""

    document: _Document
    size: float
    shown_steps: int
    """How many steps are shown."""
    y: float = 0.0
    """Where the next row starts."""
    footer_top: float = 0.0
    draw_commands: list[Callable[[], object]] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Lay out everything, from the header to the footer."""
        answer = self.document.answer
        self._add_header(answer)
        self._add_headline(answer)
        self._add_inputs(answer)
        for table in answer.presented.tables:
            self._add_table(table)
        self._add_readings(answer)
        self._add_steps(answer)
        self._add_documents(answer)
        self._add_notices(answer)
        self._content_end = self.y
        self._add_footer(answer)

    @property
    def fits(self) -> bool:
        """Whether the content ends above the footer."""
        return self._content_end <= self.footer_top - 4

    def render(self) -> bytes:
        """Draw the page and return the PDF."""
        self.document.pdf.add_page()
        for draw in self.draw_commands:
            draw()
        self.document.name_lam_alef_ligatures()
        return bytes(self.document.pdf.output())

    # ------------------------------------------------------------------------------------------ parts
    def _add_header(self, answer: PrintableAnswer) -> None:
        self._add_rectangle(0, 0, WIDTH, HEADER_HEIGHT, PETROL)
        self._add_rectangle(0, HEADER_HEIGHT, WIDTH, 1.1, SAFFRON)
        half = CONTENT_WIDTH / 2
        self._add_text(answer.labels["app"], MARGIN, 4.5, half, 10.5, style="B", colour=SAFFRON_ON_PETROL)
        self._add_text(answer.title, MARGIN, 11, CONTENT_WIDTH, 17, style="B", colour=WHITE)
        self._add_text(
            answer.labels["created"], MARGIN + half, 4.5, half, 9, colour=PETROL_SOFT, align_end=True
        )
        self.y = HEADER_HEIGHT + 6

    def _add_headline(self, answer: PrintableAnswer) -> None:
        presented = answer.presented
        if not presented.label:
            return
        scale, width = self.size / FONT_SIZES[0], CONTENT_WIDTH - 10
        top, start = self.y, MARGIN + 6
        background_index = len(self.draw_commands)
        self.y += 3 * scale
        self._add_row([_Cell(presented.label, start, width, "B", INK2)])
        figure_size = 26 * scale
        figure_width = self.document.word_width(presented.figure, "B")
        while figure_size > self.size and figure_width * figure_size > width * 0.8:
            figure_size -= 1
        lines = self.document.break_lines(presented.figure, figure_size, width, "B")
        for index, line in enumerate(lines):
            self._add_text(line, start, self.y, width, figure_size, style="B", colour=PETROL)
            if presented.unit and index == len(lines) - 1:
                unit_start = start + self.document.word_width(line, "B") * figure_size + 2.5
                unit_y = self.y + (figure_size - 12 * scale) * MM_PER_POINT * self.line_height * 0.62
                unit_width = width + start - unit_start
                self._add_text(
                    presented.unit, unit_start, unit_y, unit_width, 12 * scale, style="B", colour=INK2
                )
            self.y += figure_size * MM_PER_POINT * 1.4
        if presented.line:
            self._add_row([_Cell(presented.line, start, width)])
        if presented.share is not None:
            self._add_share_bar(presented.share, presented.payers, start, width)
        self.y += 3 * scale
        height = self.y - top
        self.draw_commands[background_index:background_index] = [
            lambda: self._draw_rectangle(MARGIN, top, CONTENT_WIDTH, height, PETROL_TINT, radius=3),
            lambda: self._draw_rectangle(MARGIN + 2, top + 3, 1.6, height - 6, SAFFRON, radius=0.8),
        ]
        self.y += 3 * scale

    def _add_share_bar(
        self, share: float, payers: Sequence[tuple[str, str]], start: float, width: float
    ) -> None:
        """Add a bar, saffron for the customer and petrol for the other payer, with their names below."""
        height, customer_width = self.size * MM_PER_POINT, width * share / HUNDRED_PERCENT
        company_width = width - customer_width
        self.y += 1
        self._add_rectangle(start, self.y, max(0.0, customer_width - 0.3), height, SAFFRON)
        self._add_rectangle(
            start + customer_width + 0.3, self.y, max(0.0, company_width - 0.3), height, COMPANY
        )
        self.y += height + 1
        half = width / 2
        cells = [
            _Cell(f"{name}: {amount}", start + index * half, half, "B", scale=0.95, align_end=index == 1)
            for index, (name, amount) in enumerate(payers)
        ]
        if cells:
            self._add_row(cells)

    def _add_inputs(self, answer: PrintableAnswer) -> None:
        if not answer.input_summary:
            return
        self._add_heading(answer.labels["inputs"])
        gap, inputs = 8.0, answer.input_summary
        column_width = (CONTENT_WIDTH - gap) / 2
        half = column_width * 0.5
        for index in range(0, len(inputs), 2):
            cells = []
            for column, (label, value) in enumerate(inputs[index : index + 2]):
                start = MARGIN + column * (column_width + gap)
                cells += [
                    _Cell(label, start, half - 2, "", INK2),
                    _Cell(value, start + half, half, "B", align_end=True),
                ]
            self._add_row(cells, rule=True)

    def _add_table(self, table: Table) -> None:
        self._add_heading(table.title)
        columns = max(map(len, table.rows), default=1)
        name_width = CONTENT_WIDTH * (0.4 if columns > 2 else 0.6)  # noqa: PLR2004 - a name and one value
        value_width = (CONTENT_WIDTH - name_width) / max(1, columns - 1)

        def cells(row: Sequence[str], style: str, colour: Colour) -> list[_Cell]:
            name = [_Cell(row[0], MARGIN, name_width - 3, style, colour)]
            return name + [
                _Cell(value, MARGIN + name_width + index * value_width, value_width - 2, "B", colour)
                for index, value in enumerate(row[1:])
            ]

        if table.header:
            self._add_row(cells(table.header, "", INK2), rule=True)
        for row in table.rows:
            self._add_row(cells(row, "", INK), rule=True)

    def _add_readings(self, answer: PrintableAnswer) -> None:
        for line in answer.readings:
            top, background_index = self.y + 1.5, len(self.draw_commands)
            self.y = top + 1.5
            self._add_row([_Cell(line.value, MARGIN + 4, CONTENT_WIDTH - 8, "B", SAFFRON_INK)])
            self._add_row([_Cell(_with_clause(line), MARGIN + 4, CONTENT_WIDTH - 8)])
            self.y += 1.5
            height = self.y - top
            background = partial(
                self._draw_rectangle, MARGIN, top, CONTENT_WIDTH, height, SAFFRON_TINT, radius=2.0
            )
            self.draw_commands.insert(background_index, background)
        if answer.readings:
            self.y += 1

    def _add_steps(self, answer: PrintableAnswer) -> None:
        if not answer.steps or answer.presented.tables_replace_steps:
            return
        self._add_heading(answer.labels["steps"])
        omitted = len(answer.steps) - self.shown_steps
        first_omitted = (self.shown_steps + 1) // 2
        for index, step in enumerate(answer.steps):
            if omitted and index == first_omitted:
                text = answer.omitted_text(omitted)
                self._add_row([_Cell(text, MARGIN + 6, CONTENT_WIDTH - 6, "B", SAFFRON_INK)], rule=True)
            if first_omitted <= index < first_omitted + omitted:
                continue
            last = index == len(answer.steps) - 1
            self._add_row(
                [
                    _Cell(step.text, MARGIN, CONTENT_WIDTH * 0.52, "B" if last else ""),
                    _Cell(step.clause, MARGIN + CONTENT_WIDTH * 0.54, CONTENT_WIDTH * 0.22, "", INK2, 0.88),
                    _Cell(
                        step.value, MARGIN + CONTENT_WIDTH * 0.77, CONTENT_WIDTH * 0.23, "B", align_end=True
                    ),
                ],
                rule=not last,
            )

    def _add_documents(self, answer: PrintableAnswer) -> None:
        documents = answer.presented.documents
        if not documents:
            return
        self._add_heading(answer.labels["documents"])
        gap = 6.0
        column_width, padding = (CONTENT_WIDTH - gap) / 2, self.size * CELL_PADDING
        box_size = self.size * MM_PER_POINT
        box_offset = box_size * (self.line_height - 1) / 2 + padding
        for index in range(0, len(documents), 2):
            cells = []
            for column, document in enumerate(documents[index : index + 2]):
                start = MARGIN + column * (column_width + gap)
                self._add_checkbox(start, self.y + box_offset, box_size)
                cells.append(_Cell(document, start + box_size + 2, column_width - box_size - 2))
            self._add_row(cells)

    def _add_notices(self, answer: PrintableAnswer) -> None:
        if not answer.notices:
            return
        self._add_heading(answer.labels["confirm"])
        for line in answer.notices:
            middle = self.y + self.size * MM_PER_POINT * self.line_height / 2 + 0.3
            self._add_rectangle(MARGIN + 0.4, middle - 0.5, 1, 1, COMPANY)
            self._add_row([_Cell(_with_clause(line), MARGIN + 4, CONTENT_WIDTH - 4, scale=0.95)])

    def _add_footer(self, answer: PrintableAnswer) -> None:
        """Add the QR code of the link, the code, the command and the editions, at the bottom of the page."""
        start, label_width = MARGIN + QR_SIZE + 5, 26.0
        width, labels = CONTENT_WIDTH - QR_SIZE - 5, answer.labels
        code_width = width - label_width
        rows = [(labels["scan"], 8.5, "B", INK, False)]
        code_lines = self.document.break_lines(answer.code.replace("-", "- "), 8.5, code_width, "B")
        rows += [(line.replace("- ", "-"), 8.5, "B", PETROL, True) for line in code_lines]
        command = f"{REPRODUCE_COMMAND} {answer.code.replace('-', '')}"
        rows += [(line, 7.5, "", INK, True) for line in self.document.break_lines(command, 7.5, code_width)]
        for text in (labels["editions"], labels["basis"]):
            rows += [(line, 7.0, "", INK2, False) for line in self.document.break_lines(text, 7.0, width)]
        height = sum(size * MM_PER_POINT * FOOTER_LEADING for _, size, _, _, _ in rows)
        self.footer_top = HEIGHT - MARGIN / 2 - max(QR_SIZE, height)
        self._add_rectangle(MARGIN, self.footer_top - 2.5, CONTENT_WIDTH, 0.25, EDGE)
        self._add_qr_code(answer.link, MARGIN, self.footer_top)
        row_labels = {1: labels["code"], 1 + len(code_lines): labels["reproduce"]}
        y = self.footer_top
        for index, (text, size, style, colour, latin) in enumerate(rows):
            row_start, row_width = (start + label_width, code_width) if latin else (start, width)
            self._add_text(text, row_start, y, row_width, size, style=style, colour=colour, latin=latin)
            if index in row_labels:
                self._add_text(row_labels[index], start, y, label_width, 7.5, colour=INK2)
            y += size * MM_PER_POINT * FOOTER_LEADING

    # ------------------------------------------------------------------------------------------ elements
    @property
    def line_height(self) -> float:
        """Line height as a multiple of the font size; smaller at smaller sizes."""
        relative_size = (self.size - FONT_SIZES[-1]) / (FONT_SIZES[0] - FONT_SIZES[-1])
        return MIN_LEADING + (MAX_LEADING - MIN_LEADING) * relative_size

    def _add_heading(self, text: str) -> None:
        self.y += self.size * 0.3
        bar_height = self.size * MM_PER_POINT * 1.1
        self._add_rectangle(MARGIN, self.y + bar_height * 0.28, 1.2, bar_height, SAFFRON)
        self._add_row([_Cell(text, MARGIN + 3, CONTENT_WIDTH - 3, "B", PETROL, 1.12)])
        self.y += 0.2

    def _add_row(self, cells: Sequence[_Cell], *, rule: bool = False) -> None:
        """Add cells side by side, as high as the highest; ``rule`` adds a hairline below."""
        padding = self.size * CELL_PADDING
        row_end = self.y
        for cell in cells:
            size = self.size * cell.scale
            y = self.y + padding
            for line in self.document.break_lines(cell.text, size, cell.width, cell.style):
                self._add_text(
                    line,
                    cell.start,
                    y,
                    cell.width,
                    size,
                    style=cell.style,
                    colour=cell.colour,
                    align_end=cell.align_end,
                )
                y += size * MM_PER_POINT * self.line_height
            row_end = max(row_end, y + padding)
        self.y = row_end
        if rule:
            self._add_rectangle(MARGIN, self.y, CONTENT_WIDTH, 0.15, HAIRLINE)

    def _add_text(
        self,
        text: str,
        start: float,
        y: float,
        width: float,
        size: float,
        *,
        style: str = "",
        colour: Colour = INK,
        align_end: bool = False,
        latin: bool = False,
    ) -> None:
        """Add one line. ``latin``: from left to right in any language, aligned at the start."""
        rtl, line_height = self.document.rtl, self.line_height

        def draw() -> None:
            pdf = self.document.pdf
            if latin and rtl:
                self.document.set_direction(rtl=False)
            pdf.set_font(FONT, style, size)
            pdf.set_text_color(*colour)
            pdf.set_xy(self._left_edge(start, width), y)
            pdf.cell(width, size * MM_PER_POINT * line_height, text, align="R" if rtl != align_end else "L")
            if latin and rtl:
                self.document.set_direction(rtl=True)

        self.draw_commands.append(draw)

    def _add_rectangle(self, start: float, y: float, width: float, height: float, colour: Colour) -> None:
        """Add a filled rectangle."""
        self.draw_commands.append(lambda: self._draw_rectangle(start, y, width, height, colour))

    def _draw_rectangle(
        self, start: float, y: float, width: float, height: float, colour: Colour, *, radius: float = 0.0
    ) -> None:
        """Draw a filled rectangle now, with rounded corners if ``radius`` is not zero."""
        pdf = self.document.pdf
        pdf.set_fill_color(*colour)
        pdf.rect(
            self._left_edge(start, width),
            y,
            width,
            height,
            style="F",
            round_corners=bool(radius),
            corner_radius=radius,
        )

    def _add_checkbox(self, start: float, y: float, side: float) -> None:
        """Add an empty checkbox."""

        def draw() -> None:
            pdf = self.document.pdf
            pdf.set_draw_color(*EDGE)
            pdf.set_line_width(0.3)
            pdf.rect(self._left_edge(start, side), y, side, side, round_corners=True, corner_radius=0.6)

        self.draw_commands.append(draw)

    def _add_qr_code(self, link: str, start: float, y: float) -> None:
        """Add the QR code of a link."""

        def draw() -> None:
            pdf = self.document.pdf
            rows = [[*row] for row in segno.make(link, micro=False, error="m").matrix]
            module_size, left = QR_SIZE / len(rows), self._left_edge(start, QR_SIZE)
            pdf.set_fill_color(*INK)
            for row_index, row in enumerate(rows):
                for first, length in _dark_runs(row):
                    pdf.rect(
                        left + first * module_size,
                        y + row_index * module_size,
                        length * module_size,
                        module_size,
                        style="F",
                    )

        self.draw_commands.append(draw)

    def _left_edge(self, start: float, width: float) -> float:
        """Return the distance from the left edge of the page."""
        return WIDTH - start - width if self.document.rtl else start


def _dark_runs(row: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Yield the index and length of each run of dark modules in a row of a QR code."""
    first: int | None = None
    for index, dark in enumerate([*row, 0]):
        if dark and first is None:
            first = index
        elif not dark and first is not None:
            yield first, index - first
            first = None


def _with_clause(line: Line) -> str:
    """Return the text of a line with its clause in parentheses."""
    return f"{line.text} ({line.clause})"
