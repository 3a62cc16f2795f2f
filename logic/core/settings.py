"""What may be set from outside: environment variables that begin with ``KHODROYAR_``, checked at start."""

import os
from functools import cache
from typing import Annotated, Final

from pydantic import (
    DirectoryPath,
    Field,
    HttpUrl,
    StringConstraints,
    ValidationError,
    ValidationInfo,
    field_validator,
)
from pydantic_settings import BaseSettings, SettingsConfigDict

from logic.core.errors import SettingError

PREFIX: Final = "KHODROYAR_"
Hosts = Annotated[str, StringConstraints(pattern=r"^(\*|[A-Za-z0-9.*:\[\]-]+(,[A-Za-z0-9.*:\[\]-]+)*)$")]
TileUrl = Annotated[str, StringConstraints(pattern=r"^(https?://[^\s\"'<>;,]+)?$")]


class Settings(BaseSettings):
    """Every setting with its default. Frozen; a value that cannot be used stops the start with its name."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, use_attribute_docstrings=True)

    data: DirectoryPath | None = None
    """Another data folder than the shipped one."""
    tiles: TileUrl = ""
    """A tile server's address for the map, in Leaflet's form (``https://tiles.example.ir/{z}/{x}/{y}.png``)."""
    tiles_credit: str = ""
    """Whom the map names for the tiles."""
    base_url: HttpUrl | None = None
    """Where visitors reach the app: the address in sheets and QR codes. Unset: as the browser has it."""
    hosts: Hosts = "*"
    """The host names that are answered, with commas between; others get status 400. ``*``: all."""
    thursday_works: bool = True
    """Whether Thursday is a working day where a page does not ask."""
    host: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9.:-]+$")] = "127.0.0.1"
    """The address on which ``make serve`` listens."""
    port: int = Field(default=8501, ge=1, le=65535)
    """Its port."""
    proxies: Annotated[str, StringConstraints(pattern=r"^[0-9A-Fa-f.:/*,]+$")] = "127.0.0.1"
    """The proxies in front that are believed about the visitor's scheme and address, with commas between."""
    internal_port: int | None = Field(default=None, ge=1, le=65535)
    """Where set: the port that alone answers health checks and metrics, and nothing else."""
    read_seconds: int = Field(default=20, ge=1, le=3600)
    """Seconds in which a client must send the header of a request, and each further piece of its body."""
    body_kb: int = Field(default=64, ge=1, le=10_000)
    """The largest request to a calculator over HTTP, in kB."""
    batch_kb: int = Field(default=4_000, ge=1, le=100_000)
    """The largest batch over HTTP, in kB."""
    batch_lines: int = Field(default=5_000, ge=1, le=1_000_000)
    """The most lines of a batch over HTTP."""
    batch_response_mb: int = Field(default=100, ge=1, le=10_000)
    """The largest response to a batch over HTTP, in MB; the lines beyond it are refused one by one."""
    uploads_mb: int = Field(default=100, ge=1, le=10_000)
    """The most that the files of all visitors on the fleet page may take in memory, in MB."""
    fleet_cars: int = Field(default=20_000, ge=1, le=100_000)
    """The most cars in a file on the fleet page."""

    @field_validator("internal_port")
    @classmethod
    def _is_another_port(cls, port: int | None, info: ValidationInfo) -> int | None:
        if port is not None and port == info.data.get("port"):
            raise ValueError("this is the public port too")
        return port

    @property
    def host_names(self) -> list[str]:
        """The answered host names one by one."""
        return self.hosts.split(",")


def settings() -> Settings:
    """The settings of the environment as it is now. Raises SettingError with the variable's name."""
    return _settings(frozenset((k, v) for k, v in os.environ.items() if k.startswith(PREFIX)))


@cache
def _settings(_environment: frozenset[tuple[str, str]]) -> Settings:
    try:
        return Settings()
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        raise SettingError(f"{PREFIX}{first['loc'][0]}".upper(), first["input"], first["msg"]) from None
