"""The rules of the house that no tool knows: see CONTRIBUTING.md and docs."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from statistics import median

ROOT = Path(__file__).parent.parent.parent
FILES = sorted(file for room in ("bot", "handlers", "storage", "sandbox") for file in (ROOT / room).rglob("*.py"))
PRODUCT = [file for file in FILES if "sandbox" not in file.relative_to(ROOT).parts]
MIGRATIONS = ROOT / "storage" / "migrations" / "versions"
# A migration is one step, kept as it was written: it is neither split nor shortened.
LIVING = [file for file in FILES if MIGRATIONS not in file.parents]
CLOCKS = {ROOT / "bot" / "clock.py", ROOT / "sandbox" / "clock.py"}
# What reads the wall clock; time.monotonic and the like measure durations only.
_WALL = {
    "datetime.now",
    "datetime.today",
    "datetime.utcnow",
    "date.today",
    "time.time",
    "time.time_ns",
    "time.localtime",
    "time.gmtime",
}
_READS = {name.split(".")[1] for name in _WALL}
_CLIENTS = {"AsyncWebClient", "WebClient", "AsyncWebhookClient", "WebhookClient"}


def where(file: Path, node: ast.AST) -> str:
    return f"{file.relative_to(ROOT)}:{getattr(node, 'lineno', 1)}"


@cache
def _nodes(file: Path) -> list[ast.AST]:
    # The context of a name, and each operator, is one object for all.
    return [node for node in ast.walk(ast.parse(file.read_text(), str(file))) if node._attributes]


def nodes(files: list[Path]) -> Iterator[tuple[Path, ast.AST]]:
    """Everything in them that has a place."""
    for file in files:
        for node in _nodes(file):
            yield file, node


def functions() -> Iterator[tuple[str, int]]:
    for file, node in nodes(LIVING):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.end_lineno:
            yield f"{where(file, node)} {node.name}", node.end_lineno - node.lineno + 1


def dotted(node: ast.AST) -> str:
    if isinstance(node, ast.Attribute):
        return f"{dotted(node.value)}.{node.attr}"
    return node.id if isinstance(node, ast.Name) else ""


def test_there_is_a_house() -> None:
    assert len(PRODUCT) > 50
    assert {file.parts[len(ROOT.parts)] for file in FILES} == {"bot", "handlers", "storage", "sandbox"}


def test_no_function_is_long_and_most_are_short() -> None:
    lengths = dict(functions())
    assert {name: lines for name, lines in lengths.items() if lines > 60} == {}
    assert median(lengths.values()) <= 10


def test_no_file_is_long() -> None:
    lengths = {str(file.relative_to(ROOT)): len(file.read_text().splitlines()) for file in LIVING}
    assert {name: lines for name, lines in lengths.items() if lines > 320} == {}


def test_what_catches_everything_is_a_named_boundary() -> None:
    found = [
        where(file, node)
        for file, node in nodes(PRODUCT)
        if isinstance(node, ast.ExceptHandler)
        and (node.type is None or any(dotted(part) in {"Exception", "BaseException"} for part in ast.walk(node.type)))
    ]
    assert len(found) <= 3, found


def test_only_the_clocks_read_the_time() -> None:
    found = [
        where(file, node)
        for file, node in nodes([file for file in FILES if file not in CLOCKS])
        if isinstance(node, ast.Attribute) and node.attr in _READS and dotted(node).endswith(tuple(_WALL))
    ]
    assert found == []


def test_no_client_of_slack_repeats_a_request_by_itself() -> None:
    made = [
        (file, node)
        for file, node in nodes(PRODUCT)
        if isinstance(node, ast.Call) and dotted(node.func).rsplit(".", 1)[-1] in _CLIENTS
    ]
    assert made
    for file, call in made:
        handlers = [keyword.value for keyword in call.keywords if keyword.arg == "retry_handlers"]
        assert [isinstance(value, ast.List) and not value.elts for value in handlers] == [True], where(file, call)


def test_nothing_is_mocked() -> None:
    named = {"unittest.mock", "mock", "pytest_mock"}
    # What is imported by its name has its name written out: only these need to be read as Python.
    tests = [file for file in sorted((ROOT / "tests").rglob("*.py")) if "mock" in file.read_text()]
    assert Path(__file__) in tests
    for file, node in nodes(tests):
        if isinstance(node, ast.ImportFrom):
            assert node.module not in named, where(file, node)
        if isinstance(node, ast.Import):
            assert not {alias.name for alias in node.names} & named, where(file, node)
