"""What an operator may do to the bundles of a service."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from winnow.api.bundles import BundleStatus
from winnow.api.client import Client

SHARE = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """One thing to do, which is asked about before it is done.

    Attributes:
        name: on its button.
        question: above what is asked for.
        meaning: what comes of it, in full.
        done: what is said after it; `{}` is the bundle's name in the registry.
        run: with a client, a bundle's name and a share of the visitors.
        wants_name: whether it is about a bundle that is named.
        wants_share: whether it is for a part of the visitors.
    """

    name: str
    question: str
    meaning: str
    done: str
    run: Callable[[Client, str, float], BundleStatus]
    wants_name: bool = True
    wants_share: bool = False


SWAP = Move(
    name="Swap",
    question="Which bundle should serve?",
    meaning="Every worker opens it, tries it and only then switches; no request waits. "
    "The one that serves now stays open, to go back to.",
    done="{} serves now.",
    run=lambda client, name, _: client.promote(name),
)
SHADOW = Move(
    name="Shadow",
    question="Which bundle should be asked beside it?",
    meaning="It is asked what visitors ask, after they have their answer; nobody sees what it says.",
    done="{} is asked beside it now.",
    run=lambda client, name, _: client.shadow(name),
)
CANARY = Move(
    name="Canary",
    question="Which bundle should answer some of the visitors?",
    meaning="It answers a share of the visitors, the same ones as long as it lasts.",
    done="{} answers its share of the visitors now.",
    run=lambda client, name, share: client.canary(name, share),
    wants_share=True,
)
ROLL_BACK = Move(
    name="Roll back",
    question="Go back to the bundle that served before?",
    meaning="It serves again in every worker; a second time takes this back.",
    done="The one before serves again.",
    run=lambda client, _name, _share: client.roll_back(),
    wants_name=False,
)
END_SHADOW = Move(
    name="End the shadow",
    question="Ask it no longer?",
    meaning="It is let go. Visitors do not notice.",
    done="The shadow has ended.",
    run=lambda client, _name, _share: client.shadow(None),
    wants_name=False,
)
END_CANARY = Move(
    name="End the canary",
    question="Should the serving bundle answer all visitors again?",
    meaning="The canary is let go, and answers nobody any longer.",
    done="The canary has ended.",
    run=lambda client, _name, _share: client.canary(None),
    wants_name=False,
)


def moves_of(status: dict[str, Any] | BundleStatus) -> list[Move]:
    """Those that make sense now."""
    candidate = status["candidate"]
    ends = {"shadow": END_SHADOW, "canary": END_CANARY}
    found = [SWAP, SHADOW, CANARY]
    found += [ROLL_BACK] if status["previous"] else []
    return found + ([ends[candidate["role"]]] if candidate and candidate["role"] in ends else [])
