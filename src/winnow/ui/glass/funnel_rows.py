"""The same as the picture in rows: bars for a narrow screen, the times, and a table of everything."""

from markupsafe import Markup

from winnow.ui.glass.figures import figures
from winnow.ui.glass.funnel import PARTS, Funnel, FunnelStep, Part
from winnow.ui.glass.stage_words import as_ms, source_hue

HEADS = ("Stage", "Part", "In", "Out", "Taken out", "Time", "Trouble")
SHOWN = {Part.SOURCE, Part.MERGE, Part.FILTER, Part.FILL, Part.SELECT}


def funnel_bars(funnel: Funnel) -> Markup:
    """A list from the top to the bottom of a narrow screen; what the picture shows on a wide one."""
    most = max(funnel.proposed, funnel.ranked, 1)
    steps = [each for each in funnel.steps if each.part in SHOWN] + funnel.ranking
    steps.sort(key=lambda each: list(PARTS).index(each.part))
    return Markup('<ol class="funnel-bars">{}</ol>').format(Markup("").join(_bar(each, most) for each in steps))


def _bar(step: FunnelStep, most: int) -> Markup:
    hue = Markup(' style="--hue: {}"').format(source_hue(step.name)) if step.part is Part.SOURCE else ""
    lost = (
        Markup('<span class="lost">&minus;{:,} {}</span>').format(step.removed, step.why_removed)
        if step.removed
        else ""
    )
    fault = Markup('<span class="fault-words">skipped: {}</span>').format(step.fault) if step.fault else ""
    return Markup(
        '<li class="fb is-{}"{}><span class="fb-words">{}</span><span class="fb-count">{:,}</span>'
        '<span class="fb-track" aria-hidden="true"><i class="fb-stays" style="width: {:.1f}%"></i>'
        '<i class="fb-falls" style="width: {:.1f}%"></i></span>{}{}</li>'
    ).format(
        step.part, hue, step.words, step.rows_out, 100 * step.rows_out / most, 100 * step.removed / most, lost, fault
    )


def time_bar(funnel: Funnel) -> Markup:
    """Where the time went: one bar, and its legend."""
    spent = [(part, words, ms) for part, words in PARTS.items() if (ms := funnel.ms_of(part))]
    bar = Markup("").join(
        Markup('<i class="time is-{}" style="flex-grow: {:.4f}"></i>').format(part, ms) for part, _, ms in spent
    )
    legend = Markup("").join(
        Markup('<li><i class="time is-{}"></i>{} <b>{}</b></li>').format(part, words, as_ms(ms))
        for part, words, ms in spent
    )
    return Markup('<div class="times" aria-hidden="true">{}</div><ul class="time-legend">{}</ul>').format(bar, legend)


def funnel_table(funnel: Funnel) -> Markup:
    """Every stage with all of its figures, closed until somebody opens it."""
    return figures("Every stage as a table", HEADS, [_row(each) for each in funnel.steps])


def _row(step: FunnelStep) -> Markup:
    cells = Markup("").join(
        Markup('<td class="number">{}</td>').format(each) for each in (*_counts(step), as_ms(step.ms))
    )
    return Markup(
        '<tr data-stage="{}"><th scope="row">{} <code>{}</code></th><td>{}</td>{}<td class="fault-words">{}</td></tr>'
    ).format(step.name, step.words, step.name, PARTS[step.part], cells, step.fault or "")


def _counts(step: FunnelStep) -> tuple[str, str, str]:
    if step.part is Part.VISITOR:  # one request before and after, which tells nothing
        return "", "", ""
    before = "" if step.part is Part.SOURCE else f"{step.rows_in:,}"
    return before, f"{step.rows_out:,}", f"{step.removed:,}" if step.removed else ""
