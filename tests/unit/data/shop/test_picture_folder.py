import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from winnow.data.shop.draw_picture import draw_picture
from winnow.data.shop.items import make_items
from winnow.data.shop.looks import LOOKS_FILE, looks_table
from winnow.data.shop.picture_folder import PictureFolder
from winnow.data.shop.shop_spec import SIZES
from winnow.schema.errors import DataError, RequestError

ODD = ["i0", "I0", "../../i0", "a/b", "..", "", "naïve 100 %", "x" * 300, "~i0", ".i0"]
LOOKS = looks_table(
    make_items(replace(SIZES["tiny"], items=40)), 0, pa.array(ODD + [f"i{row}" for row in range(1, 31)])
)


@pytest.fixture
def folder(tmp_path):
    pq.write_table(LOOKS, tmp_path / LOOKS_FILE)
    return tmp_path


def write_column(folder, name, values):
    looks = LOOKS.set_column(LOOKS.column_names.index(name), name, values)
    pq.write_table(looks, folder / LOOKS_FILE)


def test_a_picture_is_drawn_on_first_demand_and_kept(folder):
    pictures = PictureFolder(folder)
    assert not (folder / "pictures").exists()
    path = pictures.path("i7")
    assert path == folder / "pictures" / "i7.png"
    assert path.read_bytes() == pictures.png("i7") == draw_picture(pictures.look("i7"))
    path.write_bytes(b"kept")
    assert PictureFolder(folder).png("i7") == b"kept"


@pytest.mark.parametrize("item_id", ODD, ids=range(len(ODD)))
def test_any_id_has_a_file_of_its_own_within_the_folder(folder, item_id):
    pictures = PictureFolder(folder)
    paths = {pictures.path(each) for each in ODD}
    assert len({str(path).lower() for path in paths}) == len(ODD)
    assert pictures.path(item_id).resolve().parent == (folder / "pictures").resolve()
    assert pictures.png(item_id) == draw_picture(pictures.look(item_id))


def test_an_unknown_id_is_a_sentence_and_leaves_nothing(folder):
    with pytest.raises(RequestError, match=r"There is no item 'i99' in .*looks\.parquet, so it has no picture"):
        PictureFolder(folder).png("i99")
    assert sorted(each.name for each in folder.iterdir()) == [LOOKS_FILE]


def test_many_may_ask_at_once_and_nothing_is_left_but_pictures(folder):
    pictures = PictureFolder(folder)
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(pictures.png, ["i1", "i2"] * 12))
    assert set(found) == {draw_picture(pictures.look("i1")), draw_picture(pictures.look("i2"))}
    assert sorted(each.name for each in (folder / "pictures").iterdir()) == ["i1.png", "i2.png"]


def test_a_place_that_cannot_be_written_is_a_sentence(folder):
    (folder / "pictures").write_text("a file where the folder should be")
    with pytest.raises(DataError, match=r"cannot be written: .* Make room there"):
        PictureFolder(folder).path("i1")


def test_a_folder_without_looks_is_a_sentence(tmp_path):
    with pytest.raises(DataError, match=re.escape(f"There is no file {tmp_path / LOOKS_FILE}")):
        PictureFolder(tmp_path)


def test_a_damaged_file_is_a_sentence(folder):
    (folder / LOOKS_FILE).write_bytes(b"PAR1 and no more")
    with pytest.raises(DataError, match=r"cannot be read: .* Simulate the shop again"):
        PictureFolder(folder)


def test_a_missing_column_an_unknown_word_a_gap_and_a_wrong_type_are_sentences(folder):
    pq.write_table(LOOKS.drop_columns(["shade", "pattern"]), folder / LOOKS_FILE)
    with pytest.raises(DataError, match="lacks the columns pattern, shade"):
        PictureFolder(folder)
    write_column(folder, "colour", pa.array(["red"] * 39 + ["mauve"]))
    with pytest.raises(DataError, match="has the colour 'mauve'; wanted is one of: red, orange"):
        PictureFolder(folder)
    write_column(folder, "colour", pa.array(["red"] * 39 + [None]))
    with pytest.raises(DataError, match="has rows without colour"):
        PictureFolder(folder)
    write_column(folder, "seed", pa.array(["many"] * 40))
    with pytest.raises(DataError, match="holds other types than wanted"):
        PictureFolder(folder)
