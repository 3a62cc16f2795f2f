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
"""What the stock image has around a site: here in a folder of the test's, so that nobody needs to be root."""


@contextmanager
def running_nginx(folder: Path, *replicas: int) -> Iterator[str]:
    """Start nginx before the replicas at these ports and yield its address.

    The variables are filled in as the image fills them. Everything that nginx logs is in ``*.log`` in ``folder``.
    """
    nginx = system_packages.find("nginx")
    assert nginx, "no nginx: make test-all installs it, or says what to install"
    port = free_port()
    variables = {
        "LISTEN": str(port),
        "TLS_PROXY": "127.0.0.1",
        "HSTS": HSTS,
        "REPLICAS": "".join(f"server 127.0.0.1:{each} max_fails=1 fail_timeout=5s;" for each in replicas),
    }
    filled = TEMPLATE.read_text()
    for name, value in variables.items():
        filled = filled.replace(f"${{KHODROYAR_{name}}}", value)
    assert "${KHODROYAR" not in filled
    (folder / "khodroyar.conf").write_text(filled)
    user = "" if os.geteuid() else "user root;"  # its workers write into the folder
    (folder / "nginx.conf").write_text(_MAIN.format(folder=folder, user=user))
    command = [nginx, "-p", str(folder), "-c", str(folder / "nginx.conf")]
    checked = subprocess.run([*command, "-t"], capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stderr
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
