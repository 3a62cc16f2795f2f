"""Settings from environment variables that begin with ``KHODROYAR_``, validated at startup."""

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
    """The settings and their defaults. Frozen. If one is invalid, the app refuses to start and names it."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, use_attribute_docstrings=True)

    data: DirectoryPath | None = None
    """A data folder that replaces the shipped one."""
    tiles: TileUrl = ""
    """The URL template of a tile server for the map (``https://tiles.example.ir/{z}/{x}/{y}.png``)."""
    tiles_credit: str = ""
    """The attribution of the tiles, shown on the map."""
    base_url: HttpUrl | None = None
    """The public URL of the app, used in printed answers and QR codes. Unset: the URL in the browser."""
    hosts: Hosts = "*"
    """The accepted host names, separated by commas; other hosts get status 400. ``*``: all."""
    thursday_works: bool = True
    """Whether Thursday is a working day on pages that do not ask for it."""
    host: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9.:-]+$")] = "127.0.0.1"
    """The address on which ``make serve`` listens."""
    port: int = Field(default=8501, ge=1, le=65535)
    """The port on which ``make serve`` listens."""
    proxies: Annotated[str, StringConstraints(pattern=r"^[0-9A-Fa-f.:/*,]+$")] = "127.0.0.1"
    """Reverse proxies whose ``X-Forwarded-*`` headers are trusted, separated by commas."""
    internal_port: int | None = Field(default=None, ge=1, le=65535)
    """A port that serves only health checks and metrics; if set, the public port does not serve them."""
    read_seconds: int = Field(default=20, ge=1, le=3600)
    """The time limit in seconds for the header of a request, and for each chunk of its body."""
    body_kb: int = Field(default=64, ge=1, le=10_000)
    """The maximum size of a request to a calculator over HTTP, in kB."""
    batch_kb: int = Field(default=4_000, ge=1, le=100_000)
    """The maximum size of a batch over HTTP, in kB."""
    batch_lines: int = Field(default=5_000, ge=1, le=1_000_000)
    """The maximum number of lines of a batch over HTTP."""
    batch_response_mb: int = Field(default=100, ge=1, le=10_000)
    """The maximum size of the response to a batch over HTTP, in MB; each line beyond it gets an error."""
    uploads_mb: int = Field(default=100, ge=1, le=10_000)
    """The memory limit for the uploaded files of all visitors on the fleet page, in MB."""
    fleet_cars: int = Field(default=20_000, ge=1, le=100_000)
    """The maximum number of cars in a file on the fleet page."""

    @field_validator("internal_port")
    @classmethod
    def _is_another_port(cls, port: int | None, info: ValidationInfo) -> int | None:
        if port is not None and port == info.data.get("port"):
            raise ValueError("must differ from the public port")
        return port

    @property
    def host_names(self) -> list[str]:
        """The accepted host names as a list."""
        return self.hosts.split(",")


def settings() -> Settings:
    """Return the settings from the current environment.

    Raises:
        SettingError: a variable is invalid.

    """
    return _settings(frozenset((k, v) for k, v in os.environ.items() if k.startswith(PREFIX)))


@cache
def _settings(_environment: frozenset[tuple[str, str]]) -> Settings:
    try:
        return Settings()
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        raise SettingError(f"{PREFIX}{first['loc'][0]}".upper(), first["input"], first["msg"]) from None
