"""What a service said instead of an answer."""

from winnow.schema.errors import RequestError


class RefusedError(RequestError):
    """The service did not do what was asked; the sentence is its own.

    Args:
        status: of HTTP, 400 to 499.
        code: for programs, as `winnow.api.errors` describes it; empty where the answer had none.
        message: for people.
    """

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status, self.code = status, code
