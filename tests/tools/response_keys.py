"""Make tests/sandbox/response_keys.json again: which keys Slack's answers have, as Slack's own samples show them.

By hand, when Slack's Node client has a newer version:

    npm pack @slack/web-api && tar xzf slack-web-api-*.tgz && python -m tests.tools.response_keys package

The package (MIT) declares one type an answer, generated from recorded answers. Only the names of keys are taken over:
those at the top, and those of the objects directly below.
"""

import json
import re
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from sandbox.facts import METHODS

TARGET = Path(__file__).parents[1] / "sandbox" / "response_keys.json"
TYPE = re.compile(r"^export (?:interface|type) (\w+) (?:= WebAPICallResult & )?\{\n(.*?)^\}", re.MULTILINE | re.DOTALL)
KEY = re.compile(r"^ {4}(\w+)\?: (\w*)", re.MULTILINE)

Keys = dict[str, str]


def declared(source: str) -> Mapping[str, Keys]:
    """Every type of a declaration file: its keys, and each key's type without brackets; "" if that has no name."""
    return {name: dict(KEY.findall(body)) for name, body in TYPE.findall(source)}


def keys(types: Mapping[str, Keys], answer: str) -> Iterator[tuple[str, str]]:
    """The keys at the top of an answer, under "", and those of each object below, under its key."""
    yield "", " ".join(types[answer])
    for key, held in types[answer].items():
        # An object whose keys are data, not names, is declared without any.
        if types.get(held):
            yield key, " ".join(types[held])


def answer_of(method: str) -> str:
    """chat.postMessage: ChatPostMessageResponse."""
    return "".join(part[0].upper() + part[1:] for part in method.split(".")) + "Response"


def main(package: Path) -> None:
    version = json.loads((package / "package.json").read_text(encoding="utf-8"))["version"]
    lines = []
    for method in sorted(METHODS):
        answer = answer_of(method)
        source = package / "dist" / "types" / "response" / f"{answer}.d.ts"
        if source.is_file():
            found = dict(keys(declared(source.read_text(encoding="utf-8")), answer))
            lines.append(f"    {json.dumps(method)}: {json.dumps(found)}")
    head = f'  "source": "@slack/web-api {version}",\n  "methods": {{\n'
    TARGET.write_text("{\n" + head + ",\n".join(lines) + "\n  }\n}\n", encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
