"""What the recipe in service leaves to those who ask."""

from collections.abc import Mapping
from typing import Any

from winnow.ui.fault import Fault
from winnow.ui.service import Service

LEFT = ("diversity", "explore")
TRIED = (0.0, 0.25, 0.5, 1.0)


async def refusals(service: Service) -> Mapping[str, str]:
    """By name, the service's own sentence why no value of it is taken; absent: some is, or nobody knows.

    No route tells of it, so it is tried, with lists of no items.
    """
    requests = [{"k": 0, name: value} for name in LEFT for value in TRIED]
    answer = await service.ask(lambda client: client.batch(requests))
    return {} if isinstance(answer, Fault) else _refused(answer["answers"])


def _refused(answers: Any) -> Mapping[str, str]:
    found = {}
    for place, name in enumerate(LEFT):
        own = answers[place * len(TRIED) : (place + 1) * len(TRIED)]
        if all("error" in each for each in own):
            found[name] = str(own[-1]["error"]["message"])
    return found
