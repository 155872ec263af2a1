"""Where the way of an item through the stages ended."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from winnow.api.why import WhyResponse
from winnow.ui.glass.funnel import Funnel, Part
from winnow.ui.glass.stage_words import lost_words, moved_words, ordinal, source_words, stage_words


class Fate(StrEnum):
    """What became of an item at a stage."""

    PASSED = "passed"
    LOST = "lost"
    UNREACHED = "unreached"


@dataclass(frozen=True, slots=True, kw_only=True)
class WayStop:
    """One stage on the way of an item.

    Attributes:
        name: in the trace, or `answer`.
        words: what is asked there.
        fate: what became of the item.
        told: with which figures.
    """

    name: str
    words: str
    fate: Fate
    told: str = ""


def way_stops(why: WhyResponse) -> list[WayStop]:
    """The way of an item through all stages that may lose it, to the answer."""
    filters = [each.name for each in Funnel.of(why["trace"]).all_of(Part.FILTER)]
    return _followed([_retrieved(why), *(_filtered(why, name) for name in filters), _ranked(why), _answered(why)])


def _retrieved(why: WhyResponse) -> WayStop:
    found = sorted((each["rank"] or 0, each["source"]) for each in why["sources"] if each["proposed"])
    told = "came in to make up the number" if why["filled"] else "no source proposed it"
    if found:
        rank, source = found[0]
        told = f"{ordinal(rank)} for {source_words(source)}" + (f", and {len(found) - 1} more" if found[1:] else "")
    fate = Fate.PASSED if found or why["filled"] else Fate.LOST
    return WayStop(name="retrieve", words="Retrieved", fate=fate, told=told)


def _filtered(why: WhyResponse, name: str) -> WayStop:
    # What is back for want of others was ranked all the same.
    if name in why["removed_by"] and why["ranking"] is None and not why["in_answer"]:
        return WayStop(name=name, words=stage_words(name), fate=Fate.LOST, told=lost_words(name))
    return WayStop(name=name, words=stage_words(name), fate=Fate.PASSED)


def _ranked(why: WhyResponse) -> WayStop:
    ranking = why["ranking"]
    if ranking is None:
        fate = Fate.PASSED if why["in_answer"] else Fate.UNREACHED
        return WayStop(name="rank", words="Ranked", fate=fate, told="by no model" if why["in_answer"] else "")
    told = f"{ordinal(ranking['place'])} of {ranking['of']:,}"
    told += "" if ranking["score"] is None else f", score {ranking['score']:.2f}"
    return WayStop(name="rank", words="Ranked", fate=Fate.PASSED, told=told)


def _answered(why: WhyResponse) -> WayStop:
    rank, ranking, reranking = why["rank"], why["ranking"], why["reranking"]
    if rank is not None:
        move = "" if reranking is None else f", {moved_words(reranking['place'] - rank, reranking['moved_by'])}"
        return WayStop(name="answer", words="Answered", fate=Fate.PASSED, told=ordinal(rank) + move)
    if ranking is None:
        return WayStop(name="answer", words="Answered", fate=Fate.UNREACHED)
    kth = ranking["kth_score"]
    told = "not chosen" if kth is None else f"not chosen: the last score that fits is {kth:.2f}"
    return WayStop(name="answer", words="Answered", fate=Fate.LOST, told=told)


def _followed(stops: Sequence[WayStop]) -> list[WayStop]:
    """After the first stage that lost it, what it would have passed was not reached."""
    lost = next((place for place, each in enumerate(stops) if each.fate is Fate.LOST), len(stops))
    return [
        each
        if place <= lost or each.fate is Fate.LOST
        else WayStop(name=each.name, words=each.words, fate=Fate.UNREACHED)
        for place, each in enumerate(stops)
    ]
