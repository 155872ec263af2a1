"""Why a benchmark will not publish a number."""


class RefusedError(Exception):
    """What was asked cannot be measured, or may not be published; the message says what to do."""
