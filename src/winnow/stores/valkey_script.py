"""Programs that a Valkey server runs in one piece."""

import hashlib
from dataclasses import dataclass
from importlib.resources import files


@dataclass(frozen=True, slots=True, kw_only=True)
class Script:
    """Lua, and the name under which a server remembers it.

    Attributes:
        text: of the program.
        sha: SHA-1 of the text, in hex.
    """

    text: str
    sha: str

    @staticmethod
    def of(name: str) -> "Script":
        """The file `<name>.lua` beside this one."""
        text = (files("winnow.stores") / f"{name}.lua").read_text(encoding="utf-8")
        return Script(text=text, sha=hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest())
