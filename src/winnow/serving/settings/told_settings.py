"""Where each setting was told: by an option, the environment, a file, or nobody."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import yaml

from winnow.schema.errors import SettingsError
from winnow.serving.settings.setting import PREFIX, Setting

SETTINGS_FILE = "WINNOW_SETTINGS"
"""Variable that names the settings file, where no option does."""
FORM = "it takes lines such as `port: 8080`"
OTHERS = {SETTINGS_FILE, "WINNOW_DATA", "WINNOW_SEAT"}
"""Variables that are none of the settings, and known all the same: of the tests, and of workers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldSettings:
    """What was told, before anything is made of it.

    Attributes:
        values: by attribute; only what somebody told.
        origins: by attribute, for people: "option", "environment" or the file.
        strays: sentences about variables that look like settings and are none.
    """

    values: Mapping[str, Any]
    origins: Mapping[str, str]
    strays: tuple[str, ...]


def told_settings(
    declared: Sequence[Setting], environment: Mapping[str, str], file: Path | None, options: Mapping[str, Any]
) -> ToldSettings:
    """Puts together what was told: options come before the environment, and that before the file.

    Args:
        declared: all settings.
        environment: variables by name.
        file: YAML, a mapping of names to values; by default the one that WINNOW_SETTINGS names, if it does.
        options: values by attribute.

    Raises:
        SettingsError: the file cannot be read, or has a field that is no setting; or a text is no value of its setting.
    """
    named = environment.get(SETTINGS_FILE, "").strip()
    place = file or (Path(named) if named else None)
    told = {} if place is None else dict(_in_file(declared, place))
    told |= {each.attribute: _read(each, text, each.variable) for each, text in _set(declared, environment)}
    origins = {} if place is None else {attribute: str(place) for attribute in told}
    origins |= {each.attribute: "environment" for each, _ in _set(declared, environment)}
    return ToldSettings(
        values=told | dict(options),
        origins=origins | dict.fromkeys(options, "option"),
        strays=tuple(_strays(declared, environment)),
    )


def _set(declared: Sequence[Setting], environment: Mapping[str, str]) -> list[tuple[Setting, str]]:
    return [(each, environment[each.variable]) for each in declared if each.variable in environment]


def _in_file(declared: Sequence[Setting], file: Path) -> Iterator[tuple[str, Any]]:
    by_name = {each.name: each for each in declared}
    for name, value in _fields(file).items():
        if name not in by_name:
            raise SettingsError(f"'{name}' of {file} is no setting.{_nearest(str(name), by_name)}")
        said, place = by_name[name], f"'{name}' of {file}"
        yield said.attribute, _read(said, _text(said, value, place), place)


def _fields(file: Path) -> Mapping[Any, Any]:
    try:
        found = yaml.safe_load(file.read_text())
    except OSError as error:
        raise SettingsError(f"The settings file {file} cannot be read: {error.strerror}.") from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        # What YAML itself says quotes the line, which may hold a secret.
        mark = getattr(error, "problem_mark", None)
        line = "" if mark is None else f" near line {mark.line + 1}"
        raise SettingsError(
            f"The settings file {file} is not YAML{line}; it takes lines such as `port: 8080`."
        ) from None
    if found is None:
        return {}
    if not isinstance(found, dict):
        raise SettingsError(f"The settings file {file} is no mapping; {FORM}.")
    return found


def _text(said: Setting, value: Any, place: str) -> str:
    match value:
        case None:
            return ""
        case list():
            return ",".join(_text(said, each, place) for each in value)
        case bool():
            return str(value).lower()
        # YAML reads 0123 as another number than is written: of a secret that would be another secret.
        case int() | float() if not said.is_secret:
            return str(value)
        case str():
            return value
        case _ if said.is_secret:
            raise SettingsError(f"{place} is no text; write it in quotes.")
        case _:
            raise SettingsError(f"{place} is '{value}'; it takes {said.kind.takes}.")


def _read(said: Setting, text: str, place: str) -> Any:
    try:
        value = said.kind.read(text)
        said.kind.check(value)
    except ValueError as error:
        raise SettingsError(f"{place} {error}.") from error
    return value


def _strays(declared: Sequence[Setting], environment: Mapping[str, str]) -> Iterator[str]:
    known = {each.variable for each in declared} | OTHERS
    for name in sorted(name for name in environment if name.startswith(PREFIX) and name not in known):
        yield f"The variable {name} is no setting of Winnow, and is not read.{_nearest(name, known)}"


def _nearest(name: str, known: Mapping[str, Any] | set[str]) -> str:
    near = get_close_matches(name, sorted(known), 1)
    return f" Was {near[0]} meant?" if near else ""
