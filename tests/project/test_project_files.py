"""The files around the code: locks, packaging, container and CI say the same as the code they carry."""

import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path
from typing import Any

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from bot.settings import Settings
from bot.settings_loading import load
from bot.status import names
from handlers.web import status as web_status

ROOT = Path(__file__).parents[2]
LOCKS = ["requirements.txt", "requirements-backup.txt", "requirements-dev.txt", "requirements-build.txt"]
PACKAGES = ["bot", "handlers", "sandbox", "storage"]


def text(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def project() -> dict[str, Any]:
    found: dict[str, Any] = tomllib.loads(text("pyproject.toml"))
    return found


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(text("docker-compose.yml"))
    return found


@pytest.fixture(scope="module")
def service(compose: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = compose["services"]["bot"]
    return found


@pytest.fixture(scope="module")
def image() -> list[tuple[str, str]]:
    """The instructions of the Dockerfile's last stage: keyword and the rest, continuation lines joined."""
    lines = [line for line in text("Dockerfile").splitlines() if not line.lstrip().startswith("#")]
    whole = re.sub(r"\\\n\s*", "", "\n".join(lines))
    stages = [list[tuple[str, str]]()]
    for line in filter(None, whole.splitlines()):
        keyword, _, rest = line.partition(" ")
        if keyword == "FROM":
            stages.append([])
        stages[-1].append((keyword, rest))
    return stages[-1]


def pins(lock: str) -> dict[str, Requirement]:
    lines = [line.removesuffix(" \\") for line in text(lock).splitlines() if re.match(r"\w", line)]
    return {canonicalize_name(pin.name): pin for pin in map(Requirement, lines)}


def wanted(name: str) -> set[str]:
    lines = [line.partition("#")[0].strip() for line in text(name).splitlines()]
    return {str(Requirement(line)) for line in lines if line and not line.startswith("-")}


def known_variables() -> set[str]:
    aliases = {str(field.validation_alias) for field in Settings.model_fields.values() if field.validation_alias}
    return aliases | {"WATCHBILL_CONFIG"}


@pytest.mark.parametrize("lock", LOCKS)
def test_every_pin_of_a_lock_has_an_exact_version_and_hashes(lock: str) -> None:
    blocks = re.split(r"\n(?=\w)", text(lock).partition("\n\n")[2] or text(lock))
    pinned = [block for block in blocks if re.match(r"\w", block)]
    assert pinned
    assert [
        block.splitlines()[0] for block in pinned if not re.match(r"[\w.-]+==\S+ .*\\\n +--hash=sha256:", block)
    ] == []


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_holds_no_address_and_no_path(lock: str) -> None:
    assert re.findall(r"\w+://\S+|@ \S+|--(?:index-url|extra-index-url|find-links)\S*|file:\S+", text(lock)) == []


def test_requirements_and_project_ask_for_the_same(project: dict[str, Any]) -> None:
    assert {str(Requirement(line)) for line in project["project"]["dependencies"]} == wanted("requirements.in")


@pytest.mark.parametrize(
    ("asked", "lock"),
    [
        ("requirements.in", "requirements.txt"),
        ("requirements.in", "requirements-dev.txt"),
        ("requirements-dev.in", "requirements-dev.txt"),
        ("requirements-backup.in", "requirements-backup.txt"),
        ("requirements-build.in", "requirements-build.txt"),
    ],
)
def test_a_lock_satisfies_what_is_asked_for(asked: str, lock: str) -> None:
    pinned = pins(lock)
    for requirement in map(Requirement, wanted(asked)):
        (version,) = [spec.version for spec in pinned[canonicalize_name(requirement.name)].specifier]
        assert requirement.specifier.contains(version), requirement


@pytest.mark.parametrize("lock", ["requirements.txt", "requirements-backup.txt", "requirements-build.txt"])
def test_what_runs_is_what_was_tested(lock: str) -> None:
    tested = pins("requirements-dev.txt")
    assert {name: pin.specifier for name, pin in pins(lock).items()}.items() <= {
        name: pin.specifier for name, pin in tested.items()
    }.items()


def test_the_wheel_carries_the_packages_with_their_data(tmp_path: Path) -> None:
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True, timeout=60)
    (wheel,) = tmp_path.glob("watchbill-*.whl")
    with zipfile.ZipFile(wheel) as held:
        names = set(held.namelist())
        (entry_points,) = [name for name in names if name.endswith("entry_points.txt")]
        assert "watchbill = bot.cli:main" in held.read(entry_points).decode()
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", *PACKAGES],
        cwd=ROOT,
        check=False,
        capture_output=True,
        text=True,
        timeout=60,
    )
    there = {name for name in listed.stdout.splitlines() if (ROOT / name).is_file()} or {"sandbox/facts.json"}
    assert there <= names
    assert any(name.endswith("licenses/LICENSE") for name in names)


def test_the_image_runs_the_bot_as_nobody_in_particular(image: list[tuple[str, str]]) -> None:
    said = dict(image)
    assert said["CMD"] == '["watchbill", "run"]'
    assert said["USER"] == "watchbill"
    assert said["VOLUME"] == "/data"
    assert "/healthz" in said["HEALTHCHECK"]
    # What comes after USER runs without root's rights; nothing that needs them may follow.
    assert "RUN" not in [keyword for keyword, _ in image[[keyword for keyword, _ in image].index("USER") :]]


def test_the_image_is_built_from_tagged_bases_and_locked_packages() -> None:
    bases = re.findall(r"^FROM (\S+)", text("Dockerfile"), re.MULTILINE)
    assert bases
    assert all(re.fullmatch(r"python:3\.\d+-slim-\w+", base) for base in bases)
    installs = re.findall(r"pip install [^&\n]*", text("Dockerfile"))
    assert installs
    assert all("--require-hashes" in line or "--no-deps --no-index" in line for line in installs)


def test_what_the_dockerfile_copies_is_not_ignored() -> None:
    let_in = set(re.findall(r"^!(\S+)", text(".dockerignore"), re.MULTILINE))
    locks = {lock for lock in LOCKS if lock != "requirements-dev.txt"}
    assert {*PACKAGES, "LICENSE", "README.md", "pyproject.toml", *locks} == let_in


def test_compose_keeps_the_data_and_little_else(service: dict[str, Any]) -> None:
    assert "data:/data" in service["volumes"]
    assert service["environment"]["WATCHBILL_DATABASE_URL"] == "sqlite:////data/watchbill.db"
    assert service["restart"] == "unless-stopped"
    assert service["read_only"] is True
    assert service["init"] is True
    assert all(port.startswith("127.0.0.1:") for port in service["ports"])
    assert int(service["stop_grace_period"].removesuffix("s")) > 8


def test_compose_has_a_server_for_the_page_that_needs_nothing_of_the_bot(compose: dict[str, Any]) -> None:
    bot, server = compose["services"]["bot"], compose["services"]["status"]
    assert compose["volumes"].keys() == {"data", "status"}
    assert "status:/srv/status" in bot["volumes"]
    assert not any(volume.startswith("data:") for volume in server["volumes"])
    assert "status:/srv/status:ro" in server["volumes"]
    assert all(volume.endswith(":ro") for volume in server["volumes"])
    assert all((ROOT / volume.partition(":")[0]).is_file() for volume in server["volumes"] if volume.startswith("./"))
    assert re.fullmatch(r"[\w/.-]+:\d[\w.-]+", server["image"]), "a tag that stays what it is"
    assert server["profiles"] == ["status"], "who has no page starts none"
    assert "depends_on" not in server, "the page outlives the bot"
    for hardened in ("read_only", "cap_drop", "security_opt", "restart", "init"):
        assert server[hardened] == bot[hardened]
    # A named volume is owned as the folder of the image that it is laid over.
    assert re.search(r"install -d -o watchbill .* /srv/status$", text("Dockerfile"), re.MULTILINE)


def test_the_server_of_the_page_says_what_the_bot_says() -> None:
    said = text("deploy/status-nginx.conf")
    policies = re.findall(r'"(default-src [^"]+)";', said)
    assert policies == [web_status._POLICY.decode(), web_status._LOGO_POLICY.decode()]
    headers = dict(re.findall(r'add_header (\S+) "?([^"]+?)"?(?: always)?;', said))
    assert headers.pop("Content-Security-Policy") == "$watchbill_policy"
    known = {name.decode(): value.decode() for name, value in web_status._HEADERS if name != b"vary"}
    assert {name.lower(): value for name, value in headers.items()} == known
    listed = re.search(r"types \{([^}]+)\}", said)
    assert listed
    kinds = {f".{end}": kind for kind, end in re.findall(r"(\S+) (\w+);", listed[1])}
    with_charset = {"text/html", *re.findall(r"\S+/\S+", re.findall(r"charset_types ([^;]+);", said)[0])}
    full = {end: f"{kind}; charset=utf-8" if kind in with_charset else kind for end, kind in kinds.items()}
    assert full == names._TYPES
    assert "root /srv/status/current;" in said


def test_every_variable_named_outside_is_known_to_the_settings(service: dict[str, Any]) -> None:
    in_image = re.findall(r"\bWATCHBILL_[A-Z_]+(?==)", text("Dockerfile"))
    in_example = re.findall(r"^(?:# )?([A-Z_]+)=", text(".env.example"), re.MULTILINE)
    assert {"SLACK_BOT_TOKEN", "SLACK_APP_TOKEN"} <= set(in_example)
    assert {*service["environment"], *in_image, *in_example} - known_variables() == set()


def test_ci_makes_test() -> None:
    run = ROOT / ".ci" / "run"
    assert run.stat().st_mode & 0o111
    assert re.search(r"^make test\b|\bmake test 2>&1", run.read_text(encoding="utf-8"), re.MULTILINE)
    assert "set -euo pipefail" in run.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["README.md", "CONTRIBUTING.md"])
def test_the_commands_that_are_told_exist(name: str) -> None:
    targets = set(re.findall(r"^([a-z]+):", text("Makefile"), re.MULTILINE))
    told = set(re.findall(r"(?:^ {4}|`|^\$ |PYTHON=\S+ )make ([a-z]+)", text(name), re.MULTILINE))
    told |= set(re.findall(r"^make ([a-z]+)", text(name), re.MULTILINE))
    assert {"sandbox", "test"} <= told
    assert told <= targets


def test_contributing_tells_the_lock_command_that_make_uses() -> None:
    (command,) = re.findall(r"^LOCK := (.*)$", text("Makefile"), re.MULTILINE)
    assert command.replace(" --quiet", "") in text("CONTRIBUTING.md")


def test_the_settings_of_make_sandbox_are_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    [named] = re.findall(r"WATCHBILL_CONFIG:-(\S+?)}", text("Makefile"))
    monkeypatch.setenv("WATCHBILL_CONFIG", str(ROOT / named))
    settings = load()
    assert [one.name for one in settings.components][:2] == ["applications", "dedicated-databases"]
    assert settings.status.folder
