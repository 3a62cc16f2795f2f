"""The cars of the catalogue as tiles: the car's common name and the engine that decides its service table."""

from logic.core.models import Level
from logic.service.service_schedule import cars
from ui.l10n.text import Text

STARS = (Level.TWO_STAR, Level.THREE_STAR, Level.FOUR_STAR)


def vehicle_and_engine(car: str) -> tuple[str, str] | tuple[None, None]:
    """Return the request fields ``vehicle`` and ``engine`` of a tile's car; None for both if unknown."""
    row = cars().get(car)
    return (row.vehicle, row.engine) if row else (None, None)


def car_name(t: Text, car: str) -> str:
    """Return the car and engine of a tile on one line."""
    names = (t.name_of("car", car), t.name_of("engine", cars()[car].engine))
    return t("clause.separator").join(dict.fromkeys(names))


def tiles(t: Text) -> dict[str, str]:
    """Return the label of each tile: the car, and its engine on a second line."""
    return {
        car: f"**{t.name_of('car', car)}**  \n{t.name_of('engine', row.engine)}"
        for car, row in cars().items()
    }
