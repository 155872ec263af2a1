"""One setting as it is declared: beside its field, and nowhere else."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from functools import cache
from typing import Any

from winnow.serving.settings.setting_kinds import SettingKind

DECLARED = "setting"
PREFIX = "WINNOW_"


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """What the environment, the settings file, the docs and `winnow serve --check` know of a field of Settings.

    Attributes:
        attribute: of Settings.
        name: of the field in a settings file; the variable of the environment is WINNOW_ and it in capitals.
        default: where nobody says anything.
        kind: which values it takes, and how they are written.
        what: it is, for people.
        is_secret: never shown.
    """

    attribute: str
    name: str
    default: Any
    kind: SettingKind
    what: str
    is_secret: bool

    @property
    def variable(self) -> str:
        """Of the environment."""
        return f"{PREFIX}{self.name.upper()}"

    def shown(self, value: Any) -> str:
        """A value for people; of a secret only whether there is one."""
        if self.is_secret and value:
            return "(hidden)"
        return self.kind.shown(value)


def setting(default: Any, kind: SettingKind, what: str, *, name: str | None = None, is_secret: bool = False) -> Any:
    """Declares a field of Settings, whose name is also that of the setting unless another one is given."""
    declared = {"default": default, "kind": kind, "what": what, "name": name, "is_secret": is_secret}
    return field(default=default, repr=not is_secret, metadata={DECLARED: declared})


@cache
def declared_settings(kind: type) -> tuple[Setting, ...]:
    """All settings that a dataclass declares, in order; a field that is none has no `setting`."""
    return tuple(_declared(each.name, each.metadata[DECLARED]) for each in fields(kind) if DECLARED in each.metadata)


def _declared(attribute: str, said: Mapping[str, Any]) -> Setting:
    return Setting(attribute=attribute, **{**said, "name": said["name"] or attribute})
