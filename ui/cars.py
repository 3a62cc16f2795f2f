"""The cars that have a service table, as tiles: what people call the car, and the engine that decides."""

from collections.abc import Mapping

from logic.models import Level
from logic.service_schedule import Gearbox
from ui.text import Text

CARS: Mapping[str, tuple[str, str]] = {
    "xu7_l3": ("samand", "xu7_l3"), "xu7_l4": ("pars_elx", "xu7_l4"), "ef7": ("samand_ef7", "ef7"),
    "tu5": ("pars", "tu5"), "peugeot_206": ("peugeot_206", "tu5"), "tondar90": ("tondar90", "k4m"),
    "roa": ("roa", "ohv"), "grand_vitara": ("grand_vitara", "j20a"), "mvm_fx": ("mvm_fx", "fx"),
}  # fmt: skip
"""The tiles: every table once, and the TU5 cars that follow another car's. Tile → vehicle, engine."""
STARS = (Level.TWO_STAR, Level.THREE_STAR, Level.FOUR_STAR)


def gearboxes(car: str) -> tuple[Gearbox, ...]:
    """The gearboxes that a tile's car is sold with."""
    return ("manual", "dct", "cvt") if car == "mvm_fx" else ("manual", "automatic")


def car_name(t: Text, car: str) -> str:
    """A tile's car on one line."""
    return t("clause.separator").join(dict.fromkeys((t.label("car", car), t.label("engine", CARS[car][1]))))


def tiles(t: Text) -> dict[str, str]:
    """The label of each tile: the car, and its engine on a second line."""
    return {
        car: f"**{t.label('car', car)}**  \n{t.label('engine', engine)}" for car, (_, engine) in CARS.items()
    }
