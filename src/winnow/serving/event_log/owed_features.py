"""What a feature store is still to be told."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import orjson

from winnow.schema.errors import DataError
from winnow.serving.event_log.part_file import publish, staged

FILE_NAME = "_owed_features.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class OwedFeatures:
    """Kept in the folder of a log, which does not hold back what nobody could be told of.

    Attributes:
        changed: names of those who did something.
        forgotten: names, with the UTC seconds until when what was written is to go.
    """

    changed: frozenset[str] = frozenset()
    forgotten: Mapping[str, float] = field(default_factory=dict[str, float])

    def __bool__(self) -> bool:
        return bool(self.changed or self.forgotten)

    @staticmethod
    def read(folder: Path) -> "OwedFeatures":
        """As it stands in the folder of a log; nothing where nothing stands there.

        Raises:
            DataError: the file is damaged.
        """
        path = folder / FILE_NAME
        try:
            told = orjson.loads(path.read_bytes())
            return OwedFeatures(changed=frozenset(told["changed"]), forgotten=told["forgotten"])
        except FileNotFoundError:
            return OwedFeatures()
        except (orjson.JSONDecodeError, TypeError, KeyError) as error:
            raise DataError(
                f"{path} is damaged. It says what Feast is still to be told; remove it, run `winnow feast apply`, and "
                "forget again whoever was forgotten lately."
            ) from error

    def save(self, folder: Path) -> None:
        """Has it stand there. Raises OSError where that is not possible; what stood there before stays."""
        path = folder / FILE_NAME
        if self:
            told = {"changed": sorted(self.changed), "forgotten": dict(self.forgotten)}
            publish([staged(path, orjson.dumps(told))])
        else:
            path.unlink(missing_ok=True)

    def without(self, other: "OwedFeatures") -> "OwedFeatures":
        """Without what another one holds of people; of the forgotten, if it means the same instant."""
        left = {name: at for name, at in self.forgotten.items() if other.forgotten.get(name) != at}
        return OwedFeatures(changed=self.changed - other.changed, forgotten=left)

    def with_changed(self, names: Iterable[str]) -> "OwedFeatures":
        """Of more people who did something."""
        return OwedFeatures(changed=self.changed | frozenset(names), forgotten=self.forgotten)

    def with_forgotten(self, names: Mapping[str, float]) -> "OwedFeatures":
        """Of more people who were forgotten."""
        later = {name: max(at, self.forgotten.get(name, at)) for name, at in names.items()}
        return OwedFeatures(changed=self.changed, forgotten={**self.forgotten, **later})
