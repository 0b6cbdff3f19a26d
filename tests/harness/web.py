"""A browser without a screen, at the bot's own pages: real HTTP, one cookie, the buttons that are there."""

import http.client
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from html import unescape
from urllib.parse import urlencode, urlsplit


@dataclass
class Web:
    """Somebody's browser; `text` is what it shows: visible words only, as `html` has the rest."""

    url: str
    cookie: str = ""
    status: int = 0
    html: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    here: str = "/"

    def goes(self, address: str) -> "Web":
        """Go to an address of the bot."""
        return self._ask("GET", address)

    def presses(self, label: str, **typed: str) -> "Web":
        """Press the button of this label, with what was typed into its form."""
        action, fields = self.form(label)
        return self.sends(action, {**fields, **typed})

    def form(self, label: str) -> tuple[str, dict[str, str]]:
        """Where the form of this button leads, and its hidden fields."""
        forms = [form for form in re.findall(r"<form.*?</form>", self.html, re.DOTALL) if label in unescape(form)]
        assert forms, f"there is no button {label!r} on {self.text!r}"
        action = re.search(r'action="([^"]*)"', forms[0])
        return unescape(action[1]) if action else self.here, dict(re.findall(r'name="(\w+)" value="([^"]*)"', forms[0]))

    def sends(self, address: str, fields: Mapping[str, str]) -> "Web":
        """Send a form, and follow where it leads."""
        self._ask("POST", address, urlencode(fields))
        return self.goes(self.headers["location"]) if self.status == 303 else self

    def says(self, *words: str) -> "Web":
        """Assert that the page shows all these words."""
        missing = [word for word in words if word not in self.text]
        assert not missing, f"{missing} not on {self.here}: {self.text}"
        return self

    @property
    def text(self) -> str:
        words = unescape(re.sub(r"<[^>]*>", " ", self.html.partition("<body>")[2]))
        return re.sub(r"\s+([,.:)])", r"\1", " ".join(words.split()))

    def _ask(self, method: str, address: str, body: str = "") -> "Web":
        parts = urlsplit(address)
        self.here = parts.path + (f"?{parts.query}" if parts.query else "")
        headers = {"Cookie": self.cookie, "Content-Type": "application/x-www-form-urlencoded"}
        connection = http.client.HTTPConnection(urlsplit(self.url).netloc, timeout=20)
        try:
            connection.request(method, self.here, body or None, headers)
            answer = connection.getresponse()
            self.status, self.html = answer.status, answer.read().decode()
        finally:
            connection.close()
        self.headers = {name.lower(): value for name, value in answer.getheaders()}
        self.cookie = self.headers.get("set-cookie", self.cookie).partition(";")[0]
        return self
