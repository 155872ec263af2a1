"""`winnow data`: make, import, check and export data sets."""

from dataclasses import replace
from pathlib import Path
from typing import Annotated, Literal

import typer

from winnow.cli.printing import console, notes, print_lines

data_app = typer.Typer(
    no_args_is_help=True,
    help="""Make, import, check and export data sets.

Example: `winnow data check my-shop/`

Example: `winnow data import my-shop/ --events events/ --out next/`""",
)

SchemaPath = Annotated[
    Path | None, typer.Option("--schema", help="Schema file (YAML) for a folder that has none of its own.")
]
Force = Annotated[bool, typer.Option("--force", help="Replace what is there, if it is of the same kind.")]


@data_app.command("simulate")
def data_simulate(
    *,
    out: Annotated[Path, typer.Option(help="Folder to write.")],
    recipe: Annotated[str, typer.Option(help="How large the shop is: tiny, demo, published or large.")] = "demo",
    seed: Annotated[int | None, typer.Option(help="The same seed gives the same shop, byte for byte.")] = None,
    users: Annotated[int | None, typer.Option(help="Another number of users than the recipe's.")] = None,
    items: Annotated[int | None, typer.Option(help="Another number of items.")] = None,
    days: Annotated[int | None, typer.Option(help="Another number of days.")] = None,
    without: Annotated[list[str], typer.Option(help="An effect to leave out, such as picture; may be repeated.")] = [],  # noqa: B006 - typer copies it
    drift_day: Annotated[
        int | None, typer.Option(help="Day, from 0, on which the world changes; none by default.")
    ] = None,
    drift_users: Annotated[float, typer.Option(help="Share of users whose taste then changes.")] = 0.3,
    drift_rise: Annotated[float, typer.Option(help="Logits by which a category then rises.")] = 1.5,
    drift_mobile: Annotated[float, typer.Option(help="Share of people who then take to their phone.")] = 0.3,
    jobs: Annotated[
        int, typer.Option(min=0, help="Threads, 0 for one a processor; the shop is the same for any number.")
    ] = 0,
    force: Force = False,
) -> None:
    """Make a shop whose visitors follow planted tastes, with the truth kept apart.

    Example: `winnow data simulate --out my-shop`

    Example: `winnow data simulate --out drifting --drift-day 20 --drift-users 0.3`
    """
    from winnow.data.shop.shop_spec import Drift, spec_of
    from winnow.data.shop.write_shop import write_shop
    from winnow.ops.progress_bars import progress_bars

    changed = {"seed": seed, "users": users, "items": items, "days": days}
    spec = spec_of(recipe, {name: value for name, value in changed.items() if value is not None}, without)
    if drift_day is not None:
        drift = Drift(day=drift_day, users=drift_users, category_rise=drift_rise, mobile=drift_mobile)
        spec = replace(spec, drift=drift)
    with progress_bars(notes) as progress:
        write_shop(spec, out, progress, force=force, jobs=jobs)
    console.print(f"Wrote {out}; {out / 'data_card.md'} tells what is in it.", soft_wrap=True)
    console.print(f"Next: winnow train --recipe demo --data {out} --out bundle", soft_wrap=True)


@data_app.command("import")
def data_import(
    data: Annotated[Path, typer.Argument(help="Folder with the raw files, or a file of sequences.")],
    out: Annotated[Path, typer.Option(help="Folder to write.")],
    schema: SchemaPath = None,
    changes: Annotated[
        Path | None,
        typer.Option(help="State folder of a service (WINNOW_STATE): its items are added, replaced and withdrawn."),
    ] = None,
    events: Annotated[
        Path | None,
        typer.Option(
            help="Event log of a service (WINNOW_EVENTS), as `winnow worker` writes it: its events are added."
        ),
    ] = None,
    force: Force = False,
) -> None:
    """Read files as a schema describes them, or sequences, check every row, and write a clean data set.

    Example: `winnow data import my-shop/ --out clean/`

    Example: `winnow data import my-shop/ --events events/ --out next/`
    """
    from winnow.ops.import_data import import_data
    from winnow.ops.service_records import ServiceRecords

    records = ServiceRecords(changes=changes, events=events)
    print_lines(import_data(data, schema, notes, out=out, records=records, force=force))
    console.print(f"Wrote {out}.")


@data_app.command("check")
def data_check(
    data: Annotated[Path, typer.Argument(help="Folder of a data set, or a file of sequences.")],
    *,
    leaks: Annotated[
        bool,
        typer.Option("--leaks", help="Look for leaks across a cut in time as well; exit with 1 where there are some."),
    ] = False,
    holdout_days: Annotated[float, typer.Option(help="Newest days that would be held out, for --leaks.")] = 7.0,
    schema: SchemaPath = None,
) -> None:
    """Check a data set without writing anything; say what training would drop, and why.

    Example: `winnow data check my-shop/`

    Example: `winnow data check my-shop/ --leaks --holdout-days 3`
    """
    if not leaks:
        from winnow.ops.import_data import import_data

        print_lines(import_data(data, schema, notes))
        return
    from winnow.ops.leak_check import check_leaks_of_folder

    report, found = check_leaks_of_folder(data, schema, notes, holdout_days)
    print_lines(report)
    print_lines(found)
    if found.leaks:
        raise typer.Exit(1)


@data_app.command("export")
def data_export(
    data: Annotated[Path, typer.Argument(help="Folder of a data set, or a file of sequences.")],
    out: Annotated[Path, typer.Option(help="Folder to write.")],
    layout: Annotated[Literal["retail-demo-store"], typer.Option("--format", help="Whose layout the files get.")],
    schema: SchemaPath = None,
    force: Force = False,
) -> None:
    """Write a data set as files that other programs know, so that importing them gives the same data set again.

    Example: `winnow data export my-shop --format retail-demo-store --out elsewhere`
    """
    from winnow.ops.export_data import export_data

    report, losses = export_data(data, schema, notes, out=out, force=force)
    print_lines(report)
    for line in losses:
        console.print(line, markup=False, highlight=False, soft_wrap=True)
    console.print(f"Wrote {out} in the layout {layout}; read back, it is the same data set.", soft_wrap=True)


@data_app.command("labels")
def data_labels(
    *,
    data: Annotated[Path, typer.Option("--data", help="Folder of a data set; it is not changed.")],
    feature: Annotated[str, typer.Option(help="A category of items that some lack, such as category.")],
    labels: Annotated[
        str | None,
        typer.Option(help="Labels to choose from, commas between them; the feature's own values by default."),
    ] = None,
    by: Annotated[
        Literal["texts", "pictures"], typer.Option(help="What items are known by; pictures need clip.")
    ] = "texts",
    encoder: Annotated[
        str | None,
        typer.Option(
            help="sentence-bert (default for texts) or clip (for pictures); behind a colon an id or a folder of its "
            "weights."
        ),
    ] = None,
    template: Annotated[list[str], typer.Option(help="A prompt such as 'a kind of {label}'; may be repeated.")] = [],  # noqa: B006 - typer copies it
    k: Annotated[int, typer.Option(min=1, max=1000, help="Suggestions for each item.")] = 3,
    check: Annotated[int, typer.Option(min=0, help="Most items with a label to measure the suggestions on.")] = 5000,
    out: Annotated[Path | None, typer.Option(help="CSV file to write; must not be there yet.")] = None,
    schema: SchemaPath = None,
) -> None:
    """Suggest a category for items that lack one, from their texts or pictures; what the shop said is never touched.

    Example: `winnow data labels --data my-shop --feature category --out labels.csv`
    """
    from winnow.ops.progress_bars import progress_bars
    from winnow.ops.suggest_labels import LabelJob, labels_of_text, suggest_labels_of_folder

    job = LabelJob(
        feature=feature,
        labels=labels_of_text(labels),
        by=by,
        encoder=encoder or "",
        templates=tuple(template),
        k=k,
        checked=check,
    )
    with progress_bars(notes) as progress:
        report = suggest_labels_of_folder(data, schema, job, progress, out)
    for line in [*report.lines(), *(report.first_rows() if out is None else [f"Wrote {out}."])]:
        console.print(line, markup=False, highlight=False, soft_wrap=True)
