"""Takes the events of who was forgotten out of the files of a journal."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson

from winnow.stores.journal_folder import JournalFolder
from winnow.stores.journal_line import content_of, line_of_content
from winnow.stores.synced_folder import sync_folder

BLOCK_BYTES = 1 << 20
FEW = 4
"""Words that are sooner looked for in a line than the line is read."""
TELLING = (b',"forget",', b',"merge",')

Place = tuple[int, int]
"""Number of a segment, and byte of a line in it."""
START: Place = (0, -1)
Spans = Mapping[str, Sequence[tuple[Place, Place]]]
"""Of some names, between which places what they did has to go; neither place itself."""


@dataclass(slots=True)
class _Heard:
    """What lines told of names, in their order: each merge with where the source had been merged before."""

    gone: dict[str, list[tuple[Place, Place]]] = field(default_factory=dict[str, list[tuple[Place, Place]]])
    merges: list[tuple[Place, Place, str, str]] = field(default_factory=list[tuple[Place, Place, str, str]])
    moved: dict[str, Place] = field(default_factory=dict[str, Place])

    def hear(self, place: Place, told: Sequence[Any], *, is_new: bool) -> None:
        match told:
            case [_, _, "forget", name] if is_new:
                self.gone[name] = [(START, place)]
            case [_, _, "merge", source, target]:
                self.merges.append((self.moved.get(source, START), place, source, target))
                self.moved[source] = place
            case _:
                pass

    def spans(self) -> Spans:
        """With what was another's before it became theirs."""
        for before, place, source, target in reversed(self.merges):
            if _covers(self.gone, target, place):
                self.gone.setdefault(source, []).append((before, place))
        return self.gone


def scrub_journal(folder: JournalFolder, after: int, last: int) -> int:
    """Takes out what those did who were forgotten in some segments, in these and all before.

    A line keeps its place and its length: readers go on where they were, and what they look for is where it was. The
    lines that say who was forgotten, who became whom, and who began anew stay as they are. What one name did before it
    became another's goes with that.

    Args:
        folder: of the journal.
        after: number of a segment; what was forgotten until there was taken out before.
        last: number of the last segment, which nobody writes to any more.

    Returns:
        how many segments were written anew.

    Raises:
        OSError: one cannot be read or written; it is as it was.
    """
    numbers = [number for number in folder.all_segments() if number <= last]
    heard = _Heard()
    if not any(_tells_of_forgetting(folder.segment(number)) for number in numbers if number > after):
        return 0
    for number in numbers:
        for start, line in _lines(folder.segment(number), TELLING):
            heard.hear((number, start), _told(line), is_new=number > after)
    spans = heard.spans()
    return sum(_scrubbed(folder.segment(number), number, spans) for number in numbers)


def _tells_of_forgetting(path: Path) -> bool:
    return any(_told(line)[2:3] == ["forget"] for _, line in _lines(path, TELLING[:1]))


def _told(line: bytes) -> Sequence[Any]:
    """Of a line that is whole; nothing of any other, which is not ours to mend."""
    content = content_of(line)
    return () if content is None else orjson.loads(content)


def _lines(path: Path, words: Sequence[bytes]) -> Iterator[tuple[int, bytes]]:
    """The lines that hold any of some words, where they begin; some others too if the words are many."""
    start, is_few = 0, len(words) <= FEW
    with path.open("rb") as file:
        while block := file.read(BLOCK_BYTES) + file.readline():
            # Mostly nothing is found, and nothing more is done.
            if any(word in block for word in words):
                place = start
                for line in block.splitlines(keepends=True):
                    if not is_few or any(word in line for word in words):
                        yield place, line
                    place += len(line)
            start += len(block)


def _scrubbed(path: Path, number: int, spans: Spans) -> bool:
    """Writes a segment anew if it holds events that have to go; whether it does."""
    words = [orjson.dumps(name) for name in spans]
    changed = {start: new for start, line in _lines(path, words) if (new := _without(line, (number, start), spans))}
    if not changed:
        return False
    content = bytearray(path.read_bytes())
    for start, line in changed.items():
        content[start : start + len(line)] = line
    unfinished = path.with_name(f"{path.name}.new")
    unfinished.write_bytes(content)
    sync_folder(unfinished)
    unfinished.replace(path)
    sync_folder(path.parent)
    return True


def _without(line: bytes, place: Place, spans: Spans) -> bytes | None:
    """A line of the same length without the events that have to go; None if it holds none."""
    match _told(line):
        case [version, at, "append", events]:
            kept = [event for event in events if not _covers(spans, event[1], place)]
            if len(kept) == len(events):
                return None
            content = orjson.dumps([version, at, "append", kept])
            return line_of_content(content.ljust(len(line) - len(line_of_content(b""))))
        case _:
            return None


def _covers(spans: Spans, name: str, place: Place) -> bool:
    return any(start < place < end for start, end in spans.get(name, ()))
