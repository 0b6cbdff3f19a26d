"""A workspace to play a story in: the sandbox and the bot as real processes, driven as people drive them."""

from tests.harness.answer import Answer
from tests.harness.message import Message
from tests.harness.person import Person
from tests.harness.place import Place
from tests.harness.workspace import Starter, Workspace

__all__ = ["Answer", "Message", "Person", "Place", "Starter", "Workspace"]
