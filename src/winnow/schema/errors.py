"""Every error that Winnow raises on purpose.

Each message is a sentence or more: what came, what was wanted, what to do. Programming errors keep Python's own types.
"""


class WinnowError(Exception):
    """A failure that the caller can understand and mend."""


class SchemaError(WinnowError):
    """A schema, or a table held against it, is wrong."""


class DataError(WinnowError):
    """Rows cannot be read, or cannot be trained on."""


class LeakError(WinnowError):
    """What is evaluated was known to training, so that figures would be flattered."""


class RecipeError(WinnowError):
    """A recipe cannot be loaded, or its parts do not fit together."""


class BundleError(WinnowError):
    """A bundle is damaged, mixed from two, or newer than this program."""


class CheckpointError(WinnowError):
    """A checkpoint of a training is damaged, or is of another training."""


class EncoderError(WinnowError):
    """An encoder of texts or pictures cannot be had, or its vectors cannot be kept."""


class RequestError(WinnowError):
    """A request holds a value that cannot be answered.

    Args:
        message: for whoever sent the value.
        unquoted: the same without the value, for everybody else; the message where it quotes none.
    """

    def __init__(self, message: str, unquoted: str = "") -> None:
        super().__init__(message)
        self.unquoted = unquoted or message


class SettingsError(WinnowError):
    """A setting of the service is missing or out of range."""


class Unavailable(WinnowError):
    """A store or client does not answer; stages that may be skipped catch this and only this."""
