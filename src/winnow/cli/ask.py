"""`winnow recommend` and `winnow similar`: one question to a bundle, answered in this process."""

import json
import time
from typing import Annotated, Any

import typer

from winnow.cli.bundle import BundlePath
from winnow.cli.printing import console, print_items, print_similar, print_trace
from winnow.schema.errors import RequestError

Context = Annotated[list[str], typer.Option(help="Request context as name=value; may be repeated.")]
K = Annotated[int, typer.Option("--k", "-k", min=0, max=1000, help="Items wanted.")]
Exclude = Annotated[list[str], typer.Option(help="An item that must not come back; may be repeated.")]


def recommend(
    bundle: BundlePath,
    user: Annotated[str, typer.Option(help="Outside name of the user; nobody by default.")] = "",
    k: K = 10,
    context: Context = [],  # noqa: B006 - typer copies it
    exclude: Exclude = [],  # noqa: B006 - typer copies it
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")] = False,
) -> None:
    """Answer one request in this process, and show what every stage did.

    Example: `winnow recommend demo/bundle --user u01530`

    Example: `winnow recommend demo/bundle --context device_type=mobile --k 5`
    """
    from winnow.api.recommendations import RecommendationRequest
    from winnow.engine.open_engine import open_engine
    from winnow.serving.routes.recommendations_route import one_request, response_of
    from winnow.serving.routes.told_trace import told_trace

    engine = open_engine(bundle)
    asked = RecommendationRequest(user_id=user or None, context=context_of(context), k=k, exclude=exclude)
    answer = engine.pipeline(one_request(engine, asked, "cli", time.time()))
    response = response_of(engine, answer)
    if as_json:
        console.print_json(json.dumps(response))
        return
    print_items(response["items"], k)
    print_trace(told_trace(engine.pipeline, answer.trace))


def similar(
    bundle: BundlePath,
    item: Annotated[str, typer.Option(help="Outside name of the item that the others are to be like.")],
    by: Annotated[
        str, typer.Option(help="Parts and their weights, such as picture:0.5,description:0.3,behaviour:0.2.")
    ] = "behaviour",
    k: Annotated[int, typer.Option("--k", "-k", min=0, max=1000, help="Items wanted.")] = 10,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")] = False,
) -> None:
    """Show the items that are most like one item: by behaviour, by content, or by a mix.

    Example: `winnow similar demo/bundle --item i00004 -k 5`

    Example: `winnow similar demo/bundle --item i00004 --by picture:1,behaviour:1`
    """
    from winnow.api.similar import SimilarRequest
    from winnow.engine.open_engine import open_engine
    from winnow.serving.routes.similar_route import similar_of

    response = similar_of(open_engine(bundle), item, SimilarRequest(k=k, by=by), "cli")
    if as_json:
        console.print_json(json.dumps(response))
    else:
        print_similar(response)


def context_of(pairs: list[str]) -> dict[str, Any]:
    """name=value pairs; a value that is JSON is read as such, anything else is text."""
    context: dict[str, Any] = {}
    for pair in pairs:
        name, separator, value = pair.partition("=")
        if not separator:
            raise RequestError(f"The context '{pair}' is not name=value; write for example device_type=mobile.")
        try:
            context[name] = json.loads(value)
        except json.JSONDecodeError:
            context[name] = value
    return context
