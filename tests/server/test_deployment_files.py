"""The files for Docker and Kubernetes, as far as they can be checked without either."""

import json
import re
import subprocess
import sys
from string import Template
from typing import Any
from urllib.parse import urlsplit

import kubernetes_validate
import pytest
import yaml

from logic.core.settings import PREFIX, Settings
from server.hosts import INTERNAL_PATHS
from tests.support.paths import ROOT
from tools.fetch_assets import NODE_WHEEL
from tools.harness.app_server import free_port, production_server
from tools.harness.nginx import TEMPLATE

DEPLOY = ROOT / "deploy"
KUBERNETES_VERSION = "1.31"
MANIFESTS: list[dict[str, Any]] = list(
    yaml.safe_load_all((DEPLOY / "kubernetes" / "khodroyar.yaml").read_text(encoding="utf-8"))
)


def manifest(kind: str) -> dict[str, Any]:
    return next(document for document in MANIFESTS if document["kind"] == kind)


@pytest.mark.parametrize("kind", [document["kind"] for document in MANIFESTS])
def test_a_manifest_is_valid_by_the_schemas_of_kubernetes(kind: str) -> None:
    kubernetes_validate.validate(manifest(kind), KUBERNETES_VERSION, strict=True)


def test_the_manifests_refer_to_each_other() -> None:
    pod = manifest("Deployment")["spec"]["template"]
    labels = pod["metadata"]["labels"].items()
    for kind in ("Deployment", "PodDisruptionBudget", "NetworkPolicy"):
        selector = "podSelector" if kind == "NetworkPolicy" else "selector"
        assert manifest(kind)["spec"][selector]["matchLabels"].items() <= labels
    service = manifest("Service")["spec"]
    assert service["selector"].items() <= labels
    container = pod["spec"]["containers"][0]
    ports = {port["name"]: port["containerPort"] for port in container["ports"]}
    assert {port["targetPort"] for port in service["ports"]} <= ports.keys()
    path = manifest("Ingress")["spec"]["rules"][0]["http"]["paths"][0]["backend"]["service"]
    assert path["name"] == manifest("Service")["metadata"]["name"]
    assert path["port"]["name"] in {port["name"] for port in service["ports"]}
    assert (
        manifest("HorizontalPodAutoscaler")["spec"]["scaleTargetRef"]["name"]
        == manifest("Deployment")["metadata"]["name"]
    )
    for probe in ("startupProbe", "readinessProbe", "livenessProbe"):
        assert container[probe]["httpGet"]["path"] in INTERNAL_PATHS
        assert container[probe]["httpGet"]["port"] == "internal"
    from_map = container["envFrom"][0]["configMapRef"]["name"]
    assert from_map == manifest("ConfigMap")["metadata"]["name"]
    assert pod["spec"]["enableServiceLinks"] is False


def test_probes_and_metrics_use_a_port_of_no_service() -> None:
    pod = manifest("Deployment")["spec"]["template"]
    (container,) = pod["spec"]["containers"]
    ports = {port["name"]: port["containerPort"] for port in container["ports"]}
    assert manifest("ConfigMap")["data"]["KHODROYAR_INTERNAL_PORT"] == str(ports["internal"])
    annotations = pod["metadata"]["annotations"]
    assert annotations["prometheus.io/port"] == str(ports["internal"])
    assert annotations["prometheus.io/path"] in INTERNAL_PATHS
    assert [port["targetPort"] for port in manifest("Service")["spec"]["ports"]] == ["http"]
    policy = manifest("NetworkPolicy")["spec"]
    assert policy["policyTypes"] == ["Ingress", "Egress"]
    assert policy["egress"] == []
    for rule, port in zip(policy["ingress"], ("http", "internal"), strict=True):
        assert [entry["port"] for entry in rule["ports"]] == [port]
        (source,) = rule["from"]
        assert source.keys() == {"namespaceSelector"}
        assert source["namespaceSelector"]["matchLabels"]


@pytest.mark.parametrize("name", ["app", "nginx"])
def test_a_container_has_no_more_rights_and_resources_than_it_needs(name: str) -> None:
    compose = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))
    service = compose["services"][name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["deploy"]["resources"]["limits"].keys() == {"cpus", "memory", "pids"}
    assert name == "app" or service["user"] == "101:101"  # the app's is in its image


def test_ignore_files_exclude_the_secrets_file() -> None:
    for name in (".dockerignore", ".gitignore"):
        lines = (ROOT / name).read_text(encoding="utf-8").split()
        assert any(line.removeprefix("/") == ".streamlit/secrets.toml" for line in lines), name


def test_variables_of_containers_are_settings_of_the_app() -> None:
    known = {f"{PREFIX}{name.upper()}" for name in Settings.model_fields}
    compose = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))
    container_settings = {*manifest("ConfigMap")["data"], *compose["services"]["app"]["environment"]} - {
        "STREAMLIT_SERVER_COOKIE_SECRET"
    }
    assert container_settings <= known
    assert "$" in compose["services"]["app"]["environment"]["STREAMLIT_SERVER_COOKIE_SECRET"]
    variables = {
        name for _, named, braced, _ in Template.pattern.findall(TEMPLATE.read_text()) if (name := braced)
    }
    assert variables == {"KHODROYAR_LISTEN", "KHODROYAR_TLS_PROXY", "KHODROYAR_HSTS", "KHODROYAR_REPLICAS"}
    assert variables <= compose["services"]["nginx"]["environment"].keys()


@pytest.mark.parametrize("internal", [True, pytest.param(False, marks=pytest.mark.slow)])
def test_the_health_check_of_the_image_works_with_any_settings(internal: bool) -> None:
    dockerfile = (DEPLOY / "Dockerfile").read_text(encoding="utf-8").replace("\\\n", "")
    _, _, check = json.loads(
        "[" + dockerfile.partition("HEALTHCHECK")[2].partition("[")[2].partition("\n")[0]
    )
    environment: dict[str, Any] = {"KHODROYAR_HOSTS": "localhost,khodroyar.example"}
    if internal:
        environment["KHODROYAR_INTERNAL_PORT"] = str(free_port())
    with production_server(**environment) as address:
        port = str(urlsplit(address).port)
        subprocess.run([sys.executable, "-c", check], env={**environment, "KHODROYAR_PORT": port}, check=True)


@pytest.mark.parametrize(
    "name",
    ["requirements.txt", "requirements-batch.txt", "requirements-dev.txt", "deploy/requirements-node.txt"],
)
def test_every_pinned_package_has_hashes_and_no_registry_is_named(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    packages = [block for block in re.split(r"^(?=\w)", text, flags=re.MULTILINE) if "==" in block]
    assert packages
    assert [block for block in packages if "--hash=sha256:" not in block] == []
    assert not re.search(r"://|--(extra-)?index|--find-links", text)


def test_the_image_installs_by_hash_alone() -> None:
    steps = (DEPLOY / "Dockerfile").read_text(encoding="utf-8").replace("\\\n", "")
    installs = re.findall(r"pip install .*?(?=&&|$)", steps, re.MULTILINE)
    assert len(installs) == 2
    assert all("--require-hashes -r " in step for step in installs)
    assert NODE_WHEEL in (DEPLOY / "requirements-node.txt").read_text(encoding="utf-8")


def test_base_images_can_be_given_by_digest() -> None:
    compose = (DEPLOY / "compose.yaml").read_text(encoding="utf-8")
    steps = (DEPLOY / "Dockerfile").read_text(encoding="utf-8")
    assert set(re.findall("^FROM ([^ \n]+)", steps, re.MULTILINE)) == {"${PYTHON}"}
    readme = (DEPLOY / "README.md").read_text(encoding="utf-8")
    for variable in ("KHODROYAR_PYTHON", "KHODROYAR_NGINX"):
        assert f"${{{variable}:-" in compose
        assert f"{variable}=" in readme


def test_the_image_contains_only_the_files_of_the_app() -> None:
    steps = (DEPLOY / "Dockerfile").read_text(encoding="utf-8").splitlines()
    allowed = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    copied = {
        part
        for line in steps
        if line.startswith("COPY ") and "--from" not in line
        for part in line.split()[1:-1]
    }
    assert copied == allowed
    for name in copied:
        assert (ROOT / name).exists(), name
    assert "USER 10001" in steps
    assert any(line.startswith("HEALTHCHECK") for line in steps)
    configuration = "\n".join(steps) + (DEPLOY / "compose.yaml").read_text()
    assert "tests" not in configuration
