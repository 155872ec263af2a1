"""`DELETE /v1/users/{user_id}`: a user asked to be forgotten."""

from typing import Annotated

from pydantic import Field
from typing_extensions import TypedDict


class ForgottenFeatures(TypedDict):
    """Rows of a user that are gone from a feature store."""

    online: Annotated[int, Field(description="From where requests read them.")]
    offline: Annotated[int, Field(description="From the files of the repository.")]


class ForgetReceipt(TypedDict):
    """What is gone, and where rows of the user lie until the next training."""

    user_id: str
    events: Annotated[
        int,
        Field(
            description="Events that were kept since the service was told of them, now deleted. From the files of a "
            "state folder, where there is one, they go within the hour; the name stays, marked as forgotten."
        ),
    ]
    past_events: Annotated[
        int, Field(description="Events that the bundle was trained on, no more read from now on; 0 the second time.")
    ]
    log_rows: Annotated[
        int | None,
        Field(
            description="Rows of the event log, of served lists too, that are gone, also those of sessions that had "
            "become the user's. What the worker has not written yet it leaves out. Null: this service has no log; the "
            "worker removes the rows when it hears of it."
        ),
    ]
    features: Annotated[
        ForgottenFeatures | None,
        Field(
            description="Rows of the feature store that are gone, also those of sessions that had become the user's. "
            "Null: this service reads from none."
        ),
    ]
    still_in: Annotated[
        str | None,
        Field(
            description="The bundle whose files hold rows of the user until one takes its place that was trained "
            "without them. Null: the bundle that answers holds none. Of other bundles and tables of the shop "
            "this service does not know."
        ),
    ]
