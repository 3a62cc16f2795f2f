"""Run Debian's nginx with the shipped configuration."""

import os
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path

from tools import system_packages
from tools.harness import ROOT
from tools.harness.app_server import free_port, wait_for

TEMPLATE = ROOT / "deploy" / "nginx" / "khodroyar.conf.template"
HSTS = "max-age=31536000"
_MAIN = """
{user}
pid {folder}/nginx.pid;
error_log {folder}/error.log warn;
worker_processes 1;
daemon off;
events {{}}
http {{
  client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
  include {folder}/khodroyar.conf;
}}
"""
"""The main configuration, as in the stock image, but in a folder of the test, so that root is not needed."""


@contextmanager
def running_nginx(folder: Path, *replicas: int) -> Iterator[str]:
    """Start nginx in front of the replicas at these ports and yield its address.

    The variables are replaced as in the image. Everything that nginx logs is in ``*.log`` in ``folder``.
    """
    nginx = system_packages.find("nginx")
    assert nginx, "no nginx: make test-all installs it, or says what to install"
    port = free_port()
    variables = {
        "LISTEN": str(port),
        "TLS_PROXY": "127.0.0.1",
        "HSTS": HSTS,
        "REPLICAS": "".join(
            f"server 127.0.0.1:{replica} max_fails=1 fail_timeout=5s;" for replica in replicas
        ),
    }
    configuration = TEMPLATE.read_text()
    for name, value in variables.items():
        configuration = configuration.replace(f"${{KHODROYAR_{name}}}", value)
    assert "${KHODROYAR" not in configuration
    (folder / "khodroyar.conf").write_text(configuration)
    user = "" if os.geteuid() else "user root;"  # so that its workers may write into the folder
    (folder / "nginx.conf").write_text(_MAIN.format(folder=folder, user=user))
    command = [nginx, "-p", str(folder), "-c", str(folder / "nginx.conf")]
    check = subprocess.run([*command, "-t"], capture_output=True, text=True, check=False)
    assert check.returncode == 0, check.stderr
    with (
        (folder / "access.log").open("wb") as access,
        (folder / "stderr.log").open("wb") as errors,
        subprocess.Popen(command, stdout=access, stderr=errors) as server,
    ):
        wait_for(partial(_accepts, port), "nginx to start")
        try:
            yield f"http://localhost:{port}"
        finally:
            server.terminate()


def _accepts(port: int) -> bool:
    with suppress(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port)).close()
        return True
    return False
