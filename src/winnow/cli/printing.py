"""Where the commands print, and how they print what several of them show."""

from typing import TYPE_CHECKING, cast

from rich.console import Console

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from winnow.api.recommendations import RecommendedItem
    from winnow.api.score import ScoreResponse
    from winnow.api.shop import Leeway, ShopResponse
    from winnow.api.similar import SimilarResponse
    from winnow.api.stage_told import StageTold
    from winnow.api.why import WhyResponse
    from winnow.bundle.manifest import Manifest
    from winnow.data.report import DataReport
    from winnow.evaluation.leaks.leak_report import LeakReport

console = Console(emoji=False)  # a title or a file may hold :x:, which is what it is
notes = Console(stderr=True, emoji=False)
MOST_PROBLEMS = 5


def print_lines(report: "DataReport | LeakReport") -> None:
    """What was read and what was dropped and why, or what was looked for and what was found."""
    for line in report.lines():
        console.print(line, markup=False, highlight=False, soft_wrap=True)


def print_found(leaks: "LeakReport") -> None:
    """Leaks and warnings; what is in order is passed over."""
    for line in [line for each in (*leaks.leaks, *leaks.warnings) for line in each.lines()]:
        console.print(line, markup=False, highlight=False, soft_wrap=True)


def print_manifest(manifest: "Manifest") -> None:
    """What a bundle is made of, and from what."""
    commit = manifest.git_commit[:8] + manifest.git_commit[40:]  # what follows the hash says that it is not all
    told = {
        "bundle": manifest.name,
        "digest": manifest.digest,
        "made": f"{manifest.created_at} by Winnow {manifest.winnow_version} {commit}",
        "data": f"{manifest.data['source']} ({manifest.data['digest'][:12]})",
        "parts": ", ".join(sorted(manifest.parts)),
        **{name: f"{value:.4f}" for name, value in manifest.training_metrics.items()},
    }
    for name, value in told.items():
        console.print(f"{name:<16} {value}", markup=False, highlight=False, soft_wrap=True)


def print_problems(problems: "Sequence[str]", file: "Path") -> None:
    """Content that could not be read: the first few, and where all of them stand."""
    for line in problems[:MOST_PROBLEMS]:
        console.print(line, markup=False, highlight=False, soft_wrap=True)
    if len(problems) > MOST_PROBLEMS:
        more = f"... and {len(problems) - MOST_PROBLEMS:,} more; {file} lists all."
        console.print(more, markup=False, highlight=False, soft_wrap=True)
    if problems:
        console.print("They count as missing.", highlight=False)


def print_items(items: "Sequence[RecommendedItem]", asked: int) -> None:
    """An answer, one item a line: rank, score, id and title; or that there is none, though some were asked for."""
    if asked and not items:
        console.print(
            "No item to show: filters, excluded and allowed items, or the pages before, leave none.", style="yellow"
        )
    for item in items:
        again = "  (had before)" if item["seen"] else ""
        line = f"{item['rank']:>3}  {item['score']:>8.3f}  {item['item_id']}  {item['title'] or ''}{again}"
        console.print(line, markup=False, highlight=False, soft_wrap=True)


def print_trace(stages: "Sequence[StageTold]") -> None:
    """What every stage did, one a line: candidates before and after, and milliseconds."""
    for stage in stages:
        line = f"{stage['name']:<10} {stage['rows_in']:>6} -> {stage['rows_out']:<6} {stage['ms']:8.3f} ms"
        told = ", ".join(f"{count} by {rule}" for rule, count in stage["rules"].items() if count)
        console.print(f"{line}  {stage['fault'] or told}".rstrip(), style="dim", markup=False, highlight=False)


def print_scores(answer: "ScoreResponse") -> None:
    """Scored items, one a line: rank, score, id, title, and what would keep the item out."""
    for item in answer["items"]:
        score = "no number" if item["score"] is None else f"{item['score']:.3f}"
        out = f"  (out by: {', '.join(item['removed_by'])})" if item["removed_by"] else ""
        line = f"{item['rank']:>3}  {score:>9}  {item['item_id']}  {item['title'] or ''}{out}"
        console.print(line, markup=False, highlight=False, soft_wrap=True)
    if answer["unknown"]:
        console.print(f"Unknown: {', '.join(answer['unknown'])}.", markup=False, highlight=False, soft_wrap=True)


def print_why(answer: "WhyResponse") -> None:
    """The sentence, and what every source says."""
    console.print(answer["sentence"], markup=False, highlight=False, soft_wrap=True)
    for said in answer["sources"]:
        place = "does not know it" if said["rank"] is None else f"rank {said['rank']:,}, score {said['score']}"
        mark = "*" if said["proposed"] else " "
        line = f"{mark} {said['source']:<10} quota {said['quota']:>4}  {place}"
        console.print(line, style="dim", markup=False, highlight=False, soft_wrap=True)
    print_trace(answer["trace"])


def print_shop(answer: "ShopResponse") -> None:
    """What may be asked, one a line, and what cards hold."""
    lines = {f"context.{each['name']}": ", ".join(each["values"]) or each["kind"] for each in answer["context"]}
    for name, leeway in cast("dict[str, Leeway | None]", answer["limits"]).items():
        lines[name] = f"{leeway['min']:g} to {leeway['max']:g}, {leeway['default']:g} by default" if leeway else "no"
    lines["by"] = ", ".join(each["name"] for each in answer["likeness"])
    lines["filters"] = ", ".join(each["name"] for each in answer["card"] if each["filterable"])
    lines["card"] = ", ".join(f"{each['name']} ({each['kind']})" for each in answer["card"])
    for name, told in {name: told for name, told in lines.items() if told}.items():
        console.print(f"{name:<20} {told}", markup=False, highlight=False, soft_wrap=True)


def print_similar(response: "SimilarResponse") -> None:
    """Similar items, one a line: rank, score, the cosine of each part, id and title."""
    parts = list(response["by"])
    widths = [max(len(name), 9) for name in parts]
    heads = [f"{name:>{width}}" for name, width in zip(parts, widths, strict=True)]
    lines = ["  ".join(["rank", "    score", *heads, "item"])]
    for item in response["items"]:
        cosines = [f"{item['parts'][name]:>{width}.3f}" for name, width in zip(parts, widths, strict=True)]
        told = [f"{item['rank']:>4}", f"{item['score']:>9.3f}", *cosines, item["item_id"], item["title"] or ""]
        lines.append("  ".join(told))
    if response["missing"]:
        lines.append(f"Did not count, for {response['item_id']} lacks it: {', '.join(response['missing'])}.")
    for line in lines:
        console.print(line, markup=False, highlight=False, soft_wrap=True)
