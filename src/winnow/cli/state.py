"""`winnow state`: look at what a service knows of its visitors, and of its items."""

import json
from pathlib import Path
from typing import Annotated

import typer

from winnow.cli.bundle import BundlePath
from winnow.cli.printing import console
from winnow.cli.worker import EventsPath, worker_settings

state_app = typer.Typer(
    no_args_is_help=True,
    help="""Look at what a service knows of its visitors, and of its items.

Example: `WINNOW_STATE=state winnow state audit bundles/shop --events events/`

Example: `WINNOW_VALKEY_URL=valkey://localhost:6379/0 winnow state items state/`""",
)


@state_app.command("audit")
def state_audit(
    bundle: BundlePath,
    *,
    events: EventsPath = None,
    pairs: Annotated[int, typer.Option(min=1, help="Of users and items that they have not had.")] = 100_000,
    seed: Annotated[int, typer.Option(min=0, help="Of what is drawn.")] = 0,
    json_file: Annotated[Path | None, typer.Option("--json", help="Write what was found to this file.")] = None,
) -> None:
    """Ask the seen filter about pairs of which the event log knows the truth: what it hides wrongly, and what not.

    The state is that of the server (WINNOW_VALKEY_URL), where services may go on, or of a folder (WINNOW_STATE) whose
    service is stopped. Ends with 1 if the filter errs more than the recipe states, or shows what a user had.

    Example: `WINNOW_STATE=state winnow state audit bundles/shop --events events/`
    """
    from winnow.ops.seen_audit.audit_seen import audit_seen
    from winnow.ops.seen_audit.audited_state import audited_state
    from winnow.ops.writable_file import check_writable
    from winnow.serving.process.run_worker import events_folder

    settings = worker_settings(events)
    if json_file is not None:
        check_writable(json_file)
    with audited_state(settings) as opened:
        audit = audit_seen(bundle, opened, events_folder(settings), pairs=pairs, seed=seed)
    for line in audit.lines():
        console.print(line, markup=False, highlight=False, soft_wrap=True)
    if json_file is not None:
        json_file.write_text(json.dumps(audit.to_dict(), indent=1) + "\n", encoding="utf-8")
        console.print(f"Wrote {json_file}.", markup=False, highlight=False)
    if not audit.holds:
        raise typer.Exit(1)


@state_app.command("items")
def state_items(
    folder: Annotated[Path, typer.Argument(help="That `winnow data import --changes` is given then.")],
) -> None:
    """Copy what was said of items over HTTP from the server (WINNOW_VALKEY_URL) to a folder.

    Services go on meanwhile. Copied again, the folder gets what is new.

    Example: `WINNOW_VALKEY_URL=valkey://localhost:6379/0 winnow state items state/`
    """
    from winnow.serving.items.copy_items import copy_items
    from winnow.serving.settings.settings import read_settings

    console.print(f"Copied {copy_items(read_settings(), folder):,} changes of items to {folder}.")
