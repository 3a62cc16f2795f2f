from logic.core.models import Level
from logic.finder.tables import overview
from ui.frame.page import open_page
from ui.inputs import fields
from ui.views import finder_lists, guide

NO_CARD = "no_card"

with open_page("guide") as page:
    t = page.t
    situations = overview().situations
    with page.two_columns() as (inputs, result):
        with inputs:
            needs = [*dict.fromkeys(row.need for row in situations.values())]
            need = fields.choice(
                page, "need", needs, t.names_of("need", needs), style="pills", default=needs[0]
            )
            situation_ids = [name for name, row in situations.items() if row.need == need]
            names = t.names_of("situation", situation_ids)
            situation = fields.choice(
                page,
                "situation",
                situation_ids,
                names,
                style="list",
                default=situation_ids[0],
                url_default=next(iter(situations)),
            )
            level = NO_CARD
            if situations[situation].card_service:
                levels = {NO_CARD: t("guide.no_card"), **t.names_of("level", Level)}
                level = fields.choice(page, "level", [*levels], levels, style="list", default=NO_CARD)
        with result:
            guide.render(page, situations[situation], None if level == NO_CARD else Level(level))
    finder_lists.render(page)
