import hashlib
import os
import subprocess
import sys
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pytest

from winnow.features.encoders.encoded import Encoded
from winnow.features.encoders.vector_cache import VectorCache
from winnow.schema.errors import EncoderError
from winnow.schema.progress import silent


def vector(text, width):
    digest = hashlib.sha512(text.encode()).digest()[:width]
    row = np.frombuffer(digest, np.uint8).astype(np.float32) + 1
    return row / np.linalg.norm(row)


@dataclass
class Recorder:
    """Encodes by hash and remembers what it was given; fails when its patience is at its end."""

    id: str = "recorder 1"
    width: int = 4
    patience: int = 1_000_000
    seen: list = field(default_factory=list)
    calls: list = field(default_factory=list)

    def encode(self, contents, batch_size=32, progress=silent):
        if len(self.seen) + len(contents) > self.patience:
            raise KeyboardInterrupt
        self.seen += contents
        self.calls.append((len(contents), batch_size))
        rows = [vector(text, self.width) if "broken" not in text else np.zeros(self.width) for text in contents]
        progress("texts encoded", len(contents), len(contents))
        problems = {place: f"No sense in {text}." for place, text in enumerate(contents) if "broken" in text}
        return Encoded(vectors=np.array(rows, np.float32).reshape(-1, self.width), problems=problems)


@pytest.fixture
def cache(tmp_path):
    return VectorCache(file=tmp_path / "cache" / "vectors.arrow")


def texts(count):
    return [f"text {number}" for number in range(count)]


def wanted(contents, width=4):
    rows = [np.zeros(width) if each is None else vector(each, width) for each in contents]
    return np.array(rows, np.float32)


def taken(kept):
    return kept.vectors.take(np.arange(len(kept.vectors)))


def test_vectors_come_in_the_order_of_the_items(cache):
    kept = cache.encode(Recorder(), texts(50))
    np.testing.assert_array_equal(taken(kept), wanted(texts(50)))
    np.testing.assert_array_equal(kept.vectors.take(np.array([7, 3, 7])), wanted(["text 7", "text 3", "text 7"]))
    assert kept.encoded == 50


def test_what_is_known_is_not_encoded_again(cache):
    cache.encode(Recorder(), texts(20))
    again = Recorder()
    kept = VectorCache(file=cache.file).encode(again, texts(20)[::-1])
    assert (again.seen, kept.encoded) == ([], 0)
    np.testing.assert_array_equal(taken(kept), wanted(texts(20)[::-1]))


def test_changing_one_item_encodes_one_item(cache):
    cache.encode(Recorder(), texts(20))
    changed = [*texts(19), "another text"]
    again = Recorder()
    np.testing.assert_array_equal(taken(cache.encode(again, changed)), wanted(changed))
    assert again.seen == ["another text"]


def test_equal_contents_are_encoded_once(cache):
    encoder = Recorder()
    np.testing.assert_array_equal(taken(cache.encode(encoder, ["a", "b", "a", "a"])), wanted(["a", "b", "a", "a"]))
    assert encoder.seen == ["a", "b"]


def test_items_without_content_are_missing_and_no_problem(cache):
    kept = cache.encode(Recorder(), ["a", None, "b"])
    np.testing.assert_array_equal(taken(kept), wanted(["a", None, "b"]))
    assert kept.vectors.present.tolist() == [True, False, True]
    assert kept.problems == {}


def test_problems_are_told_by_the_items_place_and_tried_again(cache):
    contents = ["a", None, "broken 1", "b", "broken 2", "broken 1"]
    kept = VectorCache(file=cache.file, part_items=2).encode(Recorder(), contents)
    both = {2: "No sense in broken 1.", 4: "No sense in broken 2.", 5: "No sense in broken 1."}
    assert kept.problems == both
    assert kept.vectors.present.tolist() == [True, False, False, True, False, False]
    again = Recorder()
    assert cache.encode(again, contents).problems == both
    assert again.seen == ["broken 1", "broken 2"]


def test_encoders_share_the_file_and_not_their_vectors(cache):
    cache.encode(Recorder(), texts(5))
    other = Recorder(id="recorder 2", width=6)
    np.testing.assert_array_equal(taken(cache.encode(other, texts(7))), wanted(texts(7), 6))
    assert other.seen == texts(7)
    np.testing.assert_array_equal(taken(cache.encode(Recorder(patience=0), texts(5))), wanted(texts(5)))


@pytest.mark.parametrize("patience", [0, 1, 10, 25, 39])
def test_work_that_is_interrupted_goes_on_where_it_was(cache, patience):
    small = VectorCache(file=cache.file, part_items=10)
    first, second = Recorder(patience=patience), Recorder()
    with pytest.raises(KeyboardInterrupt):
        small.encode(first, texts(40))
    kept = small.encode(second, texts(40))
    assert first.seen + second.seen == texts(40)
    np.testing.assert_array_equal(taken(kept), wanted(texts(40)))
    assert sorted(each.name for each in cache.file.parent.iterdir()) == ["vectors.arrow", "vectors.arrow.lock"]


def test_a_crash_between_merging_and_removing_parts_doubles_nothing(cache, monkeypatch):
    def crash(_):
        raise KeyboardInterrupt

    monkeypatch.setattr("pathlib.Path.unlink", crash)
    with pytest.raises(KeyboardInterrupt):
        cache.encode(Recorder(), texts(5))
    monkeypatch.undo()
    assert len(list(cache.file.parent.glob("*.part-*"))) == 1
    np.testing.assert_array_equal(taken(cache.encode(Recorder(patience=2), texts(6))), wanted(texts(6)))
    with pa.ipc.open_file(cache.file) as reader:
        assert reader.read_all().num_rows == 6


def test_what_a_killed_process_left_is_cleared_away(cache):
    left = cache.file.parent / ".vectors.arrow.part-1.abc"
    left.mkdir(parents=True)
    (left / "new").write_bytes(b"half")
    cache.encode(Recorder(), texts(2))
    assert not left.exists()


def test_parts_end_at_their_items_or_bytes_so_that_memory_is_bounded(cache):
    encoder = Recorder()
    VectorCache(file=cache.file, part_items=3, part_bytes=20).encode(encoder, ["x" * 30, "a", "b", "c", "d"], 8)
    assert encoder.calls == [(1, 8), (3, 8), (1, 8)]


def test_one_item_at_a_time_leaves_one_batch(cache):
    for text in texts(12):
        cache.encode(Recorder(), [text])
    with pa.ipc.open_file(cache.file) as reader:
        assert reader.num_record_batches == 1


def test_progress_counts_all_items_known_ones_too(cache):
    cache.encode(Recorder(), texts(5))
    heard = []
    small = VectorCache(file=cache.file, part_items=2)
    small.encode(Recorder(), texts(8), progress=lambda *step: heard.append(step))
    assert heard == [("texts encoded", 7, 8), ("texts encoded", 8, 8)]


def test_no_items_give_no_vectors(cache):
    assert taken(cache.encode(Recorder(), [])).shape == (0, 4)
    assert taken(cache.encode(Recorder(), [None])).tolist() == [[0, 0, 0, 0]]


def test_pieces_are_the_rows_in_order(cache):
    vectors = cache.encode(Recorder(), texts(10)).vectors
    pieces = list(vectors.pieces(4))
    assert [len(piece) for piece in pieces] == [4, 4, 2]
    np.testing.assert_array_equal(np.concatenate(pieces), wanted(texts(10)))


def test_vectors_that_were_read_outlive_the_file_they_came_from(cache):
    before = cache.encode(Recorder(), texts(10))
    cache.encode(Recorder(), ["new"])
    cache.file.unlink()
    np.testing.assert_array_equal(taken(before), wanted(texts(10)))


@pytest.mark.parametrize("content", [b"", b"ARROW1 and no more", None])
def test_a_damaged_file_is_told_and_left_as_it_is(cache, content):
    cache.encode(Recorder(), texts(10))
    damaged = cache.file.read_bytes()[:-40] if content is None else content
    cache.file.write_bytes(damaged)
    with pytest.raises(
        EncoderError, match=r"vectors\.arrow cannot be read .* delete it, and its vectors are made again"
    ):
        cache.encode(Recorder(), texts(10))
    assert cache.file.read_bytes() == damaged


def test_an_arrow_file_of_other_columns_is_told(cache):
    cache.file.parent.mkdir()
    with pa.ipc.new_file(cache.file, pa.schema({"a": pa.int8()})):
        pass
    with pytest.raises(EncoderError, match="its columns are not those of a vector cache"):
        cache.encode(Recorder(), texts(1))


def test_a_folder_that_cannot_be_made_is_told(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(EncoderError, match="cannot be written"):
        VectorCache(file=tmp_path / "file" / "vectors.arrow").encode(Recorder(), texts(1))


def test_who_comes_while_another_process_writes_waits_for_its_end(cache):
    cache.encode(Recorder(), texts(1))
    hold = "import fcntl, sys; f = open(sys.argv[1], 'w'); fcntl.flock(f, fcntl.LOCK_EX); print(1, flush=True); input()"
    told = []
    with subprocess.Popen(
        [sys.executable, "-c", hold, f"{cache.file}.lock"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=os.environ,
    ) as other:
        other.stdout.readline()

        def heard(what, done, total):
            if what.startswith("waited"):
                told.append((what, done, total, other.poll()))
                other.stdin.close()

        assert cache.encode(Recorder(), texts(2), progress=heard).encoded == 1
    what = f"waited for another process that writes {cache.file}"
    assert [each[:3] for each in told] == [(what, 0, 1), (what, 1, 1)]
    assert told[0][3] is None
