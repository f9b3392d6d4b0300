"""What builds and runs the image elsewhere: sound by its schema and by a linter. None of it can run here."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
WORKFLOWS = sorted((ROOT / ".github/workflows").glob("*.yml"))


def check(schema: str, path: Path) -> str:
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", schema, str(path)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    return done.stdout + done.stderr if done.returncode else ""


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_a_workflow_is_one_by_githubs_schema(path: Path) -> None:
    assert check("vendor.github-workflows", path) == ""


def test_a_security_linter_finds_nothing_in_the_workflows() -> None:
    linter = Path(sys.executable).with_name("zizmor")
    done = subprocess.run(
        [linter, "--offline", "--no-progress", *WORKFLOWS], capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_servers_services_are_some_by_the_schema_of_compose() -> None:
    assert check("vendor.compose-spec", ROOT / "compose.yaml") == ""


def test_no_service_may_reach_the_network_write_to_its_root_or_keep_rights() -> None:
    from ruamel.yaml import YAML

    services = YAML(typ="safe").load((ROOT / "compose.yaml").read_text(encoding="utf-8"))["services"]
    assert set(services) == {"inbox", "nightly"}
    for service in services.values():
        assert (service["network_mode"], service["read_only"], service["cap_drop"]) == ("none", True, ["ALL"])
        assert "no-new-privileges" in service["security_opt"]
        assert service["user"].startswith("${GRADER:?"), "never by accident as root"
