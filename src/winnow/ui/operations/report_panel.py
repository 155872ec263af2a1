"""How good the bundle was found to be before it served, in pictures."""

from collections.abc import Sequence

from nicegui import ui

from winnow.ui.fault import Fault, FaultKind
from winnow.ui.notice import fault_notice, notice
from winnow.ui.operations.chart import Bar, against_diagonal, bars, bars_px, groups
from winnow.ui.operations.evaluation import OURS, Evaluation, K, Row
from winnow.ui.operations.panel import panel
from winnow.ui.operations.words import percent, plain
from winnow.ui.shelf import title

STRANGER = "popular"
BRACKETS_PX = 130
ADVICE = "The report is kept beside the bundle; this page shows it when it is opened again."
SOURCES = "Share of the wanted items that are among its candidates, and how many those are."
FUNNEL = "Share of the wanted items that are still there, from all candidates to the few that are shown."
COMPARED = (OURS, "ease", STRANGER)


def report_panel(found: Evaluation | Fault) -> None:
    """Draws it into whatever is open; a bundle that nobody has judged yet is refused by the service."""
    with ui.element("section").classes("ops-part"):
        title("How good it was found to be")
        if not isinstance(found, Fault):
            _pictures(found)
        elif found.kind is FaultKind.REFUSED:
            notice("Nobody has judged this bundle yet", found.sentence, ADVICE, icon="rule")
        else:
            fault_notice(found)


def _pictures(evaluation: Evaluation) -> None:
    models = evaluation.models("ndcg")
    if models:
        ui.label(_verdict(models)).classes("ops-note")
    for each in evaluation.leaks():
        notice("These figures are flattered", each["sentence"], icon="warning").classes("is-fault")
    with ui.element("div").classes("ops-charts is-three"):
        _baselines(models)
        _found("What each source finds", SOURCES, evaluation.sources(), is_ours=False)
        _found("The funnel", FUNNEL, evaluation.funnel(), is_ours=True)
    with ui.element("div").classes("ops-charts is-two"):
        _reliability(evaluation)
        _slices(evaluation)


def _verdict(models: Sequence[Row]) -> str:
    found = {row["model"]: row["value"] for row in models}
    if found.get(OURS) and found.get(STRANGER):
        ratio = found[OURS] / found[STRANGER]
        return f"The wanted items stand {ratio:.1f} times as high as in a list of what is popular."
    return "On requests after the training time, which it has never seen."


def _baselines(models: Sequence[Row]) -> None:
    if not models:
        return
    note = f"NDCG of {K} items: how high the wanted ones stand. In brackets: 95 % certain."
    drawn = [
        Bar(name=_model(row["model"]), value=row["value"], told=_between(row), is_ours=row["model"] == OURS)
        for row in models
    ]
    panel("Against simple recommenders", note, bars(drawn, BRACKETS_PX), bars_px(len(drawn)))


def _between(row: Row) -> str:
    if row.get("low") is None or row.get("high") is None:
        return f"{row['value']:.3f}"
    return f"{row['value']:.3f} [{row['low']:.3f}, {row['high']:.3f}]"


def _found(heading: str, note: str, rows: Sequence[Row], *, is_ours: bool) -> None:
    if not rows:
        return
    drawn = [
        Bar(
            name=plain(row["stage"]),
            value=row["recall"],
            told=f"{percent(row['recall'])} in {row['candidates']:.0f}",
            is_ours=is_ours,
        )
        for row in rows
    ]
    panel(heading, note, bars(drawn), bars_px(len(drawn)))


def _reliability(evaluation: Evaluation) -> None:
    points, clicks = evaluation.reliability(), evaluation.clicks()
    if not points:
        return
    error, auc = clicks.get("calibration_error"), clicks.get("auc")
    note = f"Said chance of a click (across), share that came (up). Error {percent(error, 2)}, AUC {percent(auc)}."
    panel("Does 10 % mean 10 %?", note, against_diagonal(points), 300)


def _slices(evaluation: Evaluation) -> None:
    found = [
        {row["model"]: round(row["value"], 4) for row in evaluation.models("ndcg", which)}
        for which in evaluation.slices()
    ]
    models = [model for model in COMPARED if any(model in row for row in found)]
    if not models:
        return
    series = {_model(model): [row.get(model) for row in found] for model in models}
    note = f"NDCG of {K} items: for visitors with and without a past, and for items that are new."
    panel("Cold start", note, groups([plain(which) for which in evaluation.slices()], series), 300)


def _model(name: str) -> str:
    return "this bundle" if name == OURS else {"ease": "EASE"}.get(name, plain(name))
