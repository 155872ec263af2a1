"""Why an item is or is not in an answer, for people."""

from collections.abc import Sequence

from winnow.api.why import MovedBy, RankingSaid, SourceSaid, WhyResponse

REMOVED = {
    "allowed": "it is out of stock or withdrawn",
    "wanted": "it does not fit the filters, or is not on the list of those that may come",
    "exclude": "the request excludes it",
    "seen": "the visitor has had it, and there were enough others",
}
MOVED: dict[MovedBy, str] = {
    "score": "its score was not enough",
    "diversity": "diversity was weighed against score",
    "chance": "the recipe leaves it to a draw",
    "pin": "the recipe pins it to a place",
    "cap": "the answer holds as many of its kind as a cap of the recipe lets it",
    "over_cap": "a cap was full, and nothing else was left",
    "others": "pins or caps moved other items",
}


def why_sentence(why: WhyResponse, k: int) -> str:
    """The answer in words.

    Args:
        why: all of it but the sentence.
        k: items that were wanted.
    """
    where = f"at rank {why['rank']} of the answer" if why["in_answer"] else "not in the answer"
    skipped = f"; it might be otherwise with what was skipped: {', '.join(why['degraded'])}" if why["degraded"] else ""
    return f"'{why['item_id']}' is {where}: {_reason(why, k)}{skipped}."


def _reason(why: WhyResponse, k: int) -> str:
    ranking, reranking = why["ranking"], why["reranking"]
    if ranking is None or reranking is None:
        if why["removed_by"]:
            return _removed(why)
        return f"no source proposed it; {_misses(why['sources'])}"
    moved = reranking["moved_by"]
    told = [_proposed(why), _ranked(ranking, k)]
    if moved is not None and not (moved == "score" and ranking["place"] > k):
        told.append(MOVED[moved])
    if why["in_answer"] and why["seen"]:
        told.append("the visitor has had it, and it is back only because too few others were left")
    return "; ".join(told)


def _removed(why: WhyResponse) -> str:
    reasons = [f"{REMOVED.get(name, 'it takes it out')} (filter '{name}')" for name in why["removed_by"]]
    return f"{', and '.join(reasons)}; {_proposed(why)}"


def _proposed(why: WhyResponse) -> str:
    proposed = [each for each in why["sources"] if each["proposed"]]
    if proposed:
        *others, last = map(_place, proposed)
        return f"{', '.join(others)} and {last} proposed it" if others else f"{last} proposed it"
    if why["filled"]:
        return "no source proposed it, and it came in because there were too few others"
    return "no source proposed it"


def _place(said: SourceSaid) -> str:
    return f"{said['source']} (rank {said['rank']} of at most {said['quota']})"


def _ranked(ranking: RankingSaid, k: int) -> str:
    own = f"its score {_figure(ranking['score'])} is at place {ranking['place']} of {ranking['of']} candidates"
    if k == 0:
        return f"{own}, and no item was wanted"
    if ranking["place"] <= k:
        return own
    return f"{own}, and that at place {min(k, ranking['of'])} is {_figure(ranking['kth_score'])}"


def _misses(sources: Sequence[SourceSaid]) -> str:
    told = [_miss(each) for each in sources if each["rank"] is not None]
    if unasked := [each["source"] for each in sources if not each["asked"]]:
        told.append(f"the time was spent before {', '.join(unasked)} could say whether they know it")
    return ", ".join(told) or "none of them knows it"


def _miss(said: SourceSaid) -> str:
    own = f"for {said['source']} it is at rank {said['rank']:,} with {_figure(said['score'])}"
    if said["rank"] is not None and said["rank"] <= said["quota"]:
        return f"{own}, and the search, which is not exact, missed it"
    return f"{own}, and the quota is {said['quota']}, which ended at {_figure(said['last_score'])}"


def _figure(score: float | None) -> str:
    return "that is no number" if score is None else f"{score:.4g}"
