"""`winnow client`: ask a service that runs, and tell it what happened."""

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import orjson
import typer

from winnow.cli.ask import Context, Exclude, K, context_of
from winnow.cli.printing import console, print_items, print_scores, print_shop, print_trace, print_why
from winnow.schema.errors import RequestError

if TYPE_CHECKING:
    from winnow.api.client import Client
    from winnow.api.recommendations import Choice

client_app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode="markdown",
    help="""Ask a service that runs, and tell it what happened.

Start one with `winnow serve BUNDLE`, or `winnow demo`. Then, for example:

    winnow client recommend --user u1 --k 5
    winnow client event --user u1 --item i00004 --type click
    winnow client why --user u1 --item i00004

On the service's own machine only `event` needs an API key; from elsewhere all commands do. It is read from
WINNOW_API_KEY.""",
)

Url = Annotated[str, typer.Option(envvar="WINNOW_URL", help="Where the service listens.")]
Key = Annotated[
    str,
    typer.Option(
        envvar="WINNOW_API_KEY",
        help="API key of the service. Set the variable instead: a command line can be read by others on the machine.",
    ),
]
User = Annotated[str, typer.Option(help="Outside name of the user; nobody by default.")]
Session = Annotated[str, typer.Option(help="Of a visitor who has not logged in, instead of a user.")]
Filters = Annotated[
    str, typer.Option(help='Which items may come, as JSON: {"category": ["shoes"], "price": {"max": 50}}.')
]
AsJson = Annotated[bool, typer.Option("--json", help="Print the answer as JSON instead of a table.")]
LOCAL = "http://127.0.0.1:8080"


@client_app.command()
def recommend(
    *,
    user: User = "",
    session: Session = "",
    k: K = 10,
    context: Context = [],  # noqa: B006 - typer copies it
    exclude: Exclude = [],  # noqa: B006 - typer copies it
    filters: Filters = "{}",
    diversity: Annotated[float | None, typer.Option(help="0 to 1, within the limits of the recipe.")] = None,
    explore: Annotated[float | None, typer.Option(help="Temperature of the draw, likewise; 0 for no chance.")] = None,
    allow: Annotated[list[str], typer.Option(help="Only such an item may come back; may be repeated.")] = [],  # noqa: B006
    cursor: Annotated[str, typer.Option(help="For the next page: what the answer before ended with.")] = "",
    budget_ms: Annotated[float | None, typer.Option(help="Milliseconds within which the answer is wanted.")] = None,
    trace: Annotated[bool, typer.Option("--trace", help="Show what every stage did.")] = False,
    url: Url = LOCAL,
    key: Key = "",
    as_json: AsJson = False,
) -> None:
    """Recommend items to a visitor.

    Example: `winnow client recommend --user u1 --context device_type=phone --filters '{"price": {"max": 50}}' --trace`
    """
    choice: Choice = {
        "session_id": session or None,
        "filters": _json_object("--filters", filters),
        "allow": allow or None,
        "diversity": diversity,
        "explore": explore,
        "cursor": cursor or None,
        "budget_ms": budget_ms,
        "trace": trace,
    }
    with _client(url, key) as client:
        answer = client.recommend(user or None, context_of(context), k, exclude, **choice)

    def shown(answer: Any) -> None:
        print_items(answer["items"], k)
        print_trace(answer.get("trace", []))
        if answer["cursor"]:
            # Unbroken, to be copied.
            console.print(
                f"More: --cursor {answer['cursor']}", style="dim", markup=False, highlight=False, soft_wrap=True
            )

    _print(answer, as_json, shown)
    if answer["degraded"]:
        console.print(f"Skipped, for want of an answer: {', '.join(answer['degraded'])}.", style="yellow")


@client_app.command()
def event(
    *,
    item: Annotated[str, typer.Option(help="The item that it was done to.")],
    kind: Annotated[str, typer.Option("--type", help="impression, view, click, cart, purchase or dismiss.")] = "click",
    user: Annotated[str, typer.Option(help="Who did it; this or --session.")] = "",
    session: Session = "",
    request: Annotated[str, typer.Option(help="request_id of the answer in which the item was shown.")] = "",
    url: Url = LOCAL,
    key: Key = "",
    as_json: AsJson = False,
) -> None:
    """Tell the service what a visitor did; the visitor's next request knows it. Needs an API key.

    Example: `winnow client event --user u1 --item i00004 --type purchase`
    """
    from winnow.api.events import VisitorEvent
    from winnow.schema.schema import EventType

    if kind not in list(EventType):
        raise RequestError(f"The type '{kind}' is none that there is; --type is one of: {', '.join(EventType)}.")
    told = VisitorEvent(
        user_id=user or None, session_id=session or None, item_id=item, type=EventType(kind), request_id=request
    )
    with _client(url, key) as client:
        answer = client.events([told])
    _print(answer, as_json, lambda _: console.print(f"{kind} of {item}: stored.", markup=False, highlight=False))


@client_app.command()
def score(
    items: Annotated[list[str], typer.Argument(help="Item ids.")],
    *,
    user: User = "",
    session: Session = "",
    context: Context = [],  # noqa: B006 - typer copies it
    filters: Filters = "{}",
    url: Url = LOCAL,
    key: Key = "",
    as_json: AsJson = False,
) -> None:
    """Rank given items for a visitor, and say which filters would keep them out; nothing is filtered.

    Example: `winnow client score --user u1 i00004 i00059 i00007`
    """
    from winnow.api.score import ScoreRequest

    asked = ScoreRequest(
        items=items,
        user_id=user or None,
        session_id=session or None,
        context=context_of(context),
        filters=_json_object("--filters", filters),
    )
    with _client(url, key) as client:
        answer = client.score(asked)
    _print(answer, as_json, print_scores)


@client_app.command()
def why(
    *,
    item: Annotated[str, typer.Option(help="The item that is asked about.")],
    user: User = "",
    session: Session = "",
    k: K = 10,
    context: Context = [],  # noqa: B006 - typer copies it
    exclude: Exclude = [],  # noqa: B006 - typer copies it
    filters: Filters = "{}",
    request: Annotated[str, typer.Option(help="request_id of an answer that was drawn, to draw it again.")] = "",
    url: Url = LOCAL,
    key: Key = "",
    as_json: AsJson = False,
) -> None:
    """Say why an item is or is not recommended to a visitor: how far it came, and what decided it.

    Example: `winnow client why --user u1 --item i00004 --k 5`
    """
    from winnow.api.why import WhyRequest

    rest = {"context": context_of(context), "exclude": exclude, "filters": _json_object("--filters", filters)}
    asked = json.dumps({name: value for name, value in rest.items() if value})
    with _client(url, key) as client:
        answer = client.why(
            WhyRequest(item_id=item, user_id=user, session_id=session, k=k, request_id=request, asked=asked)
        )
    _print(answer, as_json, print_why)


@client_app.command()
def shop(*, url: Url = LOCAL, key: Key = "", as_json: AsJson = False) -> None:
    """Say what may be asked of the bundle that serves: context, limits, likeness; and what its cards hold.

    Example: `winnow client shop`
    """
    with _client(url, key) as client:
        answer = client.shop()
    _print(answer, as_json, print_shop)


@client_app.command()
def batch(
    file: Annotated[Path, typer.Argument(help="One request a line, as JSON; - reads standard input.")],
    *,
    url: Url = LOCAL,
    key: Key = "",
) -> None:
    """Answer many requests of a file in one call; prints one answer or refusal a line, as JSON.

    Each line is what `POST /v1/recommendations` takes, such as {"user_id": "u1", "k": 5}; 256 lines at most.

    Example: `winnow client batch requests.jsonl | jq -c '[.items[].item_id]'`
    """
    text = sys.stdin.read() if str(file) == "-" else file.read_text(encoding="utf-8")
    lines = [(number, line) for number, line in enumerate(text.splitlines(), 1) if line.strip()]
    requests = [_json_object(f"line {number} of {file}", line) for number, line in lines]
    with _client(url, key) as client:
        answer = client.batch(requests)
    for each in answer["answers"]:
        sys.stdout.write(orjson.dumps(each).decode() + "\n")


@contextmanager
def _client(url: str, key: str) -> "Iterator[Client]":
    from winnow.api.client import Client

    client = Client(url, key or None)
    try:
        yield client
    finally:
        client.close()


def _json_object(what: str, text: str) -> dict[str, Any]:
    try:
        value = json.loads(text)
    except json.JSONDecodeError as error:
        raise RequestError(f"{what} is not JSON: {error}.") from error
    if not isinstance(value, dict):
        raise RequestError(f'{what} is {text[:60]}; a JSON object such as {{"user_id": "u1"}} is wanted.')
    return value


def _print(answer: Any, as_json: bool, show: Callable[[Any], None]) -> None:
    if as_json:
        console.print_json(json.dumps(answer))
    else:
        show(answer)
