"""What every process of the service does first."""

import logging
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from winnow.serving.meters.log_lines import open_log
from winnow.serving.settings.settings import Settings, told

logger = logging.getLogger(__name__)


def begin_process(file: Path | None = None, options: Mapping[str, Any] | None = None) -> Settings:
    """Reads the settings, opens the log as they say, and tells there of variables that nobody reads.

    Args:
        file: of settings, instead of the one that WINNOW_SETTINGS names.
        options: of the command line, by attribute of Settings.

    Raises:
        SettingsError: something told is not a value of its setting.
    """
    said = told(file=file, options=options)
    settings = Settings(**said.values)
    open_log(settings)
    for stray in said.strays:
        logger.warning(stray)
    return settings
