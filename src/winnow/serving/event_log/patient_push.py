"""Tells a feature store what users do, at once or as soon as it answers again."""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from winnow.schema.errors import Unavailable
from winnow.serving.event_log.event_folder import WRITE_LOCK
from winnow.serving.event_log.feature_push import FeaturePush, names_of
from winnow.serving.event_log.forgotten_names import ForgottenNames
from winnow.serving.event_log.owed_features import FILE_NAME, OwedFeatures
from winnow.stores.back_off import BackOff
from winnow.stores.folder_lock import folder_lock
from winnow.stores.log_entry import LogEntry

logger = logging.getLogger(__name__)

RETRY_S = 10.0


@dataclass(slots=True, kw_only=True)
class PatientPush:
    """Notes on disk whom the store is to be told of, tells it, and crosses them out.

    What was to be told is what holds of somebody, so that it is never too late for it, and twice does no harm. While
    the store is silent the log goes on without it.

    Attributes:
        push: tells.
        folder: of the log.
        back_off: how long a silent store is left alone.
    """

    push: FeaturePush
    folder: Path
    back_off: BackOff = field(default_factory=lambda: BackOff(RETRY_S))
    _is_silent: bool = field(default=False, init=False)

    def publish(self, entries: Sequence[LogEntry]) -> None:
        """Of everybody whom some entries name. Raises Unavailable where it cannot be noted; give the same again."""
        self._note(lambda owed: owed.with_changed(names_of(entries)))
        self.catch_up()

    def forget(self, names: Mapping[str, float]) -> None:
        """That people were forgotten, with the UTC seconds until when that is meant. Raises as `publish` does."""
        self._note(lambda owed: owed.with_forgotten(names))
        self.catch_up()

    def catch_up(self) -> None:
        """Tells what is noted, if there is anything and it is time to try. Raises as `publish` does."""
        if self.back_off.left_s():
            return
        owed = OwedFeatures.read(self.folder)
        if not owed:
            return
        try:
            self._tell(owed)
        except Unavailable as error:
            self.back_off.failed()
            if not self._is_silent:
                missed = self.folder / FILE_NAME
                logger.warning("%s Events go on to the log; %s says what is to be made up for.", error, missed)
            self._is_silent = True
            return
        self.back_off.succeeded()
        # The command that forgets somebody may have been here meanwhile.
        self._note(lambda noted: noted.without(owed))
        if self._is_silent:
            logger.info("The feature store knows again what users do: %d of them were made up for.", len(owed.changed))
        self._is_silent = False

    def _tell(self, owed: OwedFeatures) -> None:
        if owed.forgotten:
            self.push.store.forget(owed.forgotten)
        once = ForgottenNames.read(self.folder)
        gone = {name for name in owed.changed if name in owed.forgotten or once.holds(name)}
        self.push(sorted(owed.changed), gone)

    def _note(self, change: Callable[[OwedFeatures], OwedFeatures]) -> None:
        try:
            with folder_lock(self.folder / WRITE_LOCK):
                before = OwedFeatures.read(self.folder)
                after = change(before)
                if after != before:
                    after.save(self.folder)
        except OSError as error:
            raise Unavailable(
                f"What Feast is to be told cannot be noted in {self.folder}: {error.strerror or error}. See to it."
            ) from error
