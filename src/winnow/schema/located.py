"""A piece of a YAML file that knows where it stands, so that every error can say it."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

import yaml

from winnow.schema.errors import SchemaError

_NULL, _TEXT = "tag:yaml.org,2002:null", "tag:yaml.org,2002:str"
_WHOLE = re.compile(r"[-+]?[0-9]{1,18}")
_NUMBER = re.compile(r"[-+]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][-+]?[0-9]{1,3})?")
_TRUTH = re.compile(r"true|True|false|False")
_MOST_SHOWN = 80


@dataclass(frozen=True, slots=True)
class Located:
    """One node of a YAML file.

    Attributes:
        file: name for messages.
        node: the node as parsed; nothing in it is ever executed.
    """

    file: str
    node: yaml.Node

    def error(self, message: str) -> SchemaError:
        """A SchemaError that says where."""
        return SchemaError(f"{self.place}: {message}")

    @property
    def place(self) -> str:
        """File, line and column, counted from 1."""
        mark = self.node.start_mark
        return _place(self.file, mark.line, mark.column)

    def mapping(self, allowed: Iterable[str], required: Iterable[str] = ()) -> dict[str, "Located"]:
        """The values by key, only allowed keys, each once, all required ones."""
        names = tuple(allowed)
        entries = self.entries()
        for key in entries:
            if key not in names:
                raise self._key(key).error(f"the key {unknown(key, names)}")
        missing = [key for key in required if key not in entries]
        if missing:
            raise self.error(f"the key {', '.join(map(repr, missing))} is missing; allowed: {', '.join(names)}.")
        return entries

    def entries(self) -> dict[str, "Located"]:
        """The values by key, whatever the keys are, each once."""
        if not isinstance(self.node, yaml.MappingNode):
            raise self.error(f"{self.shown()} was found; a mapping of keys to values is wanted.")
        entries: dict[str, Located] = {}
        for key, value in self.node.value:
            if not isinstance(key, yaml.ScalarNode):
                raise Located(self.file, key).error("a key must be one word.")
            if key.value in entries:
                raise Located(self.file, key).error(f"the key '{key.value}' is given twice; give it once.")
            entries[key.value] = Located(self.file, value)
        return entries

    def _key(self, name: str) -> "Located":
        keys: Iterable[yaml.Node] = (key for key, _ in self.node.value)
        return Located(self.file, next(key for key in keys if key.value == name))

    def sequence(self) -> list["Located"]:
        """The elements of a list."""
        if not isinstance(self.node, yaml.SequenceNode):
            raise self.error(f"{self.shown()} was found; a list is wanted.")
        return [Located(self.file, each) for each in self.node.value]

    def is_null(self) -> bool:
        """Whether this is `null`, or nothing at all."""
        return self.node.tag == _NULL

    def is_mapping(self) -> bool:
        """Whether this has keys."""
        return isinstance(self.node, yaml.MappingNode)

    def text(self) -> str:
        """Text that is not empty."""
        if self._scalar("text").tag != _TEXT:
            raise self.error(f"{self.shown()} was found; text is wanted, so put it in quotes if you mean the word.")
        if not self.node.value:
            raise self.error("the text is empty; a word is wanted.")
        return self.node.value

    def whole(self) -> int:
        """A whole number."""
        return int(self._plain(_WHOLE, "a whole number"))

    def number(self) -> float:
        """A finite number."""
        return float(self._plain(_NUMBER, "a number"))

    def truth(self) -> bool:
        """True or false."""
        return self._plain(_TRUTH, "true or false").lower() == "true"

    def choice(self, allowed: Iterable[str], what: str = "known") -> str:
        """One word of a few; `what` ends the sentence "'x' is not ..."."""
        names = tuple(allowed)
        word = self.text()
        if word not in names:
            raise self.error(unknown(word, names, what))
        return word

    def _plain(self, pattern: re.Pattern[str], wanted: str) -> str:
        """A scalar without quotes that looks as wanted."""
        node = self._scalar(wanted)
        if node.style is not None or not pattern.fullmatch(node.value):
            raise self.error(f"{self.shown()} was found; {wanted} is wanted.")
        return node.value

    def _scalar(self, wanted: str) -> yaml.ScalarNode:
        if not isinstance(self.node, yaml.ScalarNode):
            raise self.error(f"{self.shown()} was found; {wanted} is wanted.")
        return self.node

    def shown(self) -> str:
        """What stands here, in words."""
        if isinstance(self.node, yaml.MappingNode):
            return "a mapping"
        if isinstance(self.node, yaml.SequenceNode):
            return "a list"
        return "nothing" if self.is_null() else f"'{_shortened(self.node.value)}'"


def read_located(path: Path) -> Located:
    """The root of a YAML file.

    Raises:
        SchemaError: the file is absent, is not UTF-8, is empty, is nested absurdly deep, or is not one YAML document.
    """
    try:
        root = yaml.SafeLoader(path.read_text("utf-8")).get_single_node()
    except OSError as error:
        raise SchemaError(f"The schema file {path} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise SchemaError(f"The schema file {path} is not UTF-8 text: byte {error.start} cannot be read.") from error
    except yaml.MarkedYAMLError as error:
        raise SchemaError(_malformed(path, error)) from error
    except RecursionError as error:
        raise SchemaError(f"{path} is nested too deep to be a schema; a schema has six levels at most.") from error
    except (yaml.YAMLError, ValueError) as error:
        raise SchemaError(f"{path} is not YAML: {error}.") from error
    if root is None:
        raise SchemaError(f"The schema file {path} is empty; it must have the keys 'tables' and 'features'.")
    return Located(str(path), root)


def unknown(word: str, allowed: tuple[str, ...], what: str = "known") -> str:
    """The sentence for a word that is not one of a few."""
    near = get_close_matches(word, allowed, 1)
    hint = f" Did you mean '{near[0]}'?" if near else ""
    return f"'{_shortened(word)}' is not {what}; allowed: {', '.join(allowed)}.{hint}"


def _shortened(text: str) -> str:
    """Of a file that is something else, one word may be all of it."""
    return text if len(text) <= _MOST_SHOWN else f"{text[:_MOST_SHOWN]} ..."


def _malformed(path: Path, error: yaml.MarkedYAMLError) -> str:
    mark = error.problem_mark or error.context_mark
    place = _place(str(path), mark.line, mark.column) if mark else str(path)
    return f"{place}: this is not YAML: {error.problem or error.context}."


def _place(file: str, line: int, column: int) -> str:
    return f"{file}, line {line + 1}, column {column + 1}"
