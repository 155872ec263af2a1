"""The way of one item through the stages, for who asks why it is not there."""

from markupsafe import Markup

from winnow.api.why import SourceSaid, WhyResponse
from winnow.ui.glass.figures import figures
from winnow.ui.glass.stage_words import ordinal, source_hue, source_words
from winnow.ui.glass.way_stops import Fate, WayStop, way_stops

HEADS = ("Source", "Place", "Proposes", "Score", "Its last score")
SIGNS = {Fate.PASSED: "check", Fate.LOST: "close", Fate.UNREACHED: "remove"}
FATES = {Fate.PASSED: "passed", Fate.LOST: "lost here", Fate.UNREACHED: "not reached"}


def way_picture(why: WhyResponse) -> Markup:
    """The stages with what became of the item at each, and what every source makes of it."""
    stops = Markup("").join(map(_stop, way_stops(why)))
    sources = figures("What every source makes of it", HEADS, [_source(each) for each in why["sources"]])
    return Markup('<ol class="stops">{}</ol>{}').format(stops, sources)


def _stop(stop: WayStop) -> Markup:
    return Markup(
        '<li class="stop is-{}" data-stage="{}"><i class="stop-sign" aria-hidden="true" data-icon="{}"></i>'
        '<span class="stop-words">{}</span><span class="stop-fate">{}</span><span class="stop-told">{}</span></li>'
    ).format(stop.fate, stop.name, SIGNS[stop.fate], stop.words, FATES[stop.fate], stop.told)


def _source(said: SourceSaid) -> Markup:
    unknown = "not known to it" if said["asked"] else "not asked, for want of time"
    place = unknown if said["rank"] is None else ordinal(said["rank"])
    scores = ["" if each is None else f"{each:.4g}" for each in (said["score"], said["last_score"])]
    return Markup(
        '<tr class="{}"><th scope="row"><i class="dot" style="--hue: {}"></i>{} <code>{}</code></th>'
        '<td>{}</td><td>{}</td><td class="number">{}</td><td class="number">{}</td></tr>'
    ).format(
        "is-found" if said["proposed"] else "",
        source_hue(said["source"]),
        source_words(said["source"]),
        said["source"],
        place,
        f"{'yes: ' if said['proposed'] else ''}at most {said['quota']:,}",
        *scores,
    )
