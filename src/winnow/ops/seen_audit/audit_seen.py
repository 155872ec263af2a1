"""Holds what the filter of what users have had says against what the event log knows."""

import time
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from winnow.engine.engine import Engine
from winnow.engine.open_engine import open_engine
from winnow.ops.seen_audit.asked_filter import AskedFilter
from winnow.ops.seen_audit.asked_users import AskedUsers, Doubts
from winnow.ops.seen_audit.audited_state import AuditedState
from winnow.ops.seen_audit.drawn_pairs import shares
from winnow.ops.seen_audit.evidence import Evidence, logged_by_name
from winnow.ops.seen_audit.findings import Findings
from winnow.ops.seen_audit.had_rule import HadRule
from winnow.ops.seen_audit.moves import Moves
from winnow.ops.seen_audit.seen_audit import SeenAudit
from winnow.schema.column import Array
from winnow.schema.errors import BundleError, DataError
from winnow.serving.event_log.forgotten_names import ForgottenNames
from winnow.serving.event_log.logged_past import LoggedPast
from winnow.stores.seen_layout import seen_day, seen_levels

K = 10
MOST_USERS = 2_000
"""Who are asked about, but for catalogues so small that pairs would be lacking."""
AT_ONCE = 50
SKEW_S = 60.0
"""By which clocks of machines may differ when a day ends."""


def audit_seen(
    bundle: Path,
    state: AuditedState,
    folder: Path,
    *,
    pairs: int,
    seed: int = 0,
    clock: Callable[[], float] = time.time,
) -> SeenAudit:
    """Asks the filter of a bundle's request path about users whom the log knows of the days that the filter remembers.

    A service and a worker may be at work on a server: users of whom anything comes meanwhile are left out.

    Args:
        bundle: its folder; its recipe says what counts as had.
        state: what the filter reads.
        folder: of the event log.
        pairs: of users and items that they have not had; fewer only where fewer exist.
        seed: of what is drawn.
        clock: UTC seconds.

    Raises:
        BundleError, SettingsError, Unavailable: one of the three cannot be opened or read.
        DataError: the log is damaged, or there is nobody to ask about.
    """
    engine, generator = open_engine(bundle, state.open), np.random.default_rng(seed)
    rule, asked, now = HadRule.of(engine), AskedFilter.of(engine), clock()
    # In this order. The log is listed before the state is read, so that what it says must be known there; what came in
    # between is found afterwards, still waiting or in a file that is new.
    past = LoggedPast.of(folder)
    moves, least = Moves.of(past.merges(), past.resets()), -(-2 * pairs // max(1, len(engine.catalogue)))
    users = generator.permutation(_users(past, rule, moves, now))[: max(MOST_USERS, least)].tolist()
    known = [asked.known(users[first : first + AT_ONCE], now, K) for first in range(0, len(users), AT_ONCE)]
    until, on_its_way = clock() + SKEW_S, state.waiting() | past.newer().names()
    evidence = _evidence(engine, rule, moves, past, users)
    groups = [
        AskedUsers(requests=each, had=[evidence.of(user, now, until) for user in each.user_ids]) for each in known
    ]
    doubts = Doubts(rule=rule, moves=moves, on_its_way=on_its_way, forgotten=ForgottenNames.read(folder))
    groups, left_out = _undoubted(groups, doubts)
    findings = Findings(asked=asked, catalogue=engine.catalogue, levels=seen_levels(rule.seen), generator=generator)
    _ask(findings, groups, pairs)
    return SeenAudit(
        bundle=engine.name,
        days=rule.seen.days,
        stated_rate=rule.seen.error_rate,
        users=sum(map(len, groups)),
        left_out=left_out,
        wanted=pairs,
        by_fill=findings.by_fill(),
        seen_pairs=findings.seen_pairs,
        missing=findings.missing,
        num_missing=findings.num_missing,
        k=K,
        page_items=findings.page_items,
        lost=sum(findings.lost_a_page),
        pages_short=sum(map(bool, findings.lost_a_page)),
        worst_page=max(findings.lost_a_page),
    )


def _users(past: LoggedPast, rule: HadRule, moves: Moves, now: float) -> Array:
    """Who had something lately, and is nobody else by now; str objects."""
    users = [
        each for each in past.users_since(seen_day(now) - rule.seen.days + 1, rule.types) if each not in moves.merges
    ]
    if not users:
        raise DataError(
            f"The event log {past.folder} knows of nobody who had an item in the last {rule.seen.days} days "
            f"({', '.join(rule.types)}); let `winnow worker` write what came, or wait until somebody does."
        )
    return np.array(users, object)


def _evidence(engine: Engine, rule: HadRule, moves: Moves, past: LoggedPast, users: Sequence[str]) -> Evidence:
    if engine.users is None:
        raise BundleError(f"The bundle {engine.name} does not say what its users had; open one that was trained.")
    names = {name for user in users for name in moves.names_of(user)}
    return Evidence(
        catalogue=engine.catalogue,
        rule=rule,
        moves=moves,
        past=engine.users.past,
        logged=logged_by_name(past.events_of(names), engine.catalogue),
    )


def _undoubted(groups: Sequence[AskedUsers], doubts: Doubts) -> tuple[list[AskedUsers], Counter[str]]:
    """Those of the users of whom enough is known, and how many are left out for which reason."""
    why = [doubts.of(users) for users in groups]
    left_out = Counter(reason for some in why for reason in some if reason)
    kept = [
        users.take([place for place, reason in enumerate(some) if not reason])
        for users, some in zip(groups, why, strict=True)
    ]
    kept = [users for users in kept if len(users)]
    if not kept:
        reasons = "; ".join(f"{count:,}: {reason}" for reason, count in left_out.items())
        raise DataError(f"There is nobody to ask about: all users who were drawn are left out ({reasons}).")
    return kept, left_out


def _ask(findings: Findings, groups: Sequence[AskedUsers], pairs: int) -> None:
    counts = [len(findings.catalogue) - len(had.perhaps) for users in groups for had in users.had]
    own = iter(shares(counts, pairs))
    for users in groups:
        findings.add(users, [next(own) for _ in range(len(users))])
