import pytest

from winnow.data.open_dataset import open_dataset
from winnow.ops.item_texts import item_texts
from winnow.schema.errors import DataError

SCHEMA = """\
tables: {{items: things.csv, events: clicks.csv}}
events: {{type: null}}
{title}
features:
  - {{name: kind, of: item, kind: category, transform: vocabulary}}
  {text}
"""
TEXT = "- {name: words, of: item, kind: text}"


@pytest.fixture
def shop(tmp_path):
    def make(title="title: name", text=TEXT):
        (tmp_path / "schema.yaml").write_text(SCHEMA.format(title=title, text=text))
        (tmp_path / "things.csv").write_text(
            "item_id,kind,name,words\na,shoe,Boot,Made of leather\nb,,Lamp,\nc,,,It shines\nd,,,\ne,,Pan,Pan\n"
            "f,,Pan,A Pan of iron\n"
        )
        (tmp_path / "clicks.csv").write_text("user_id,item_id,timestamp\nu,a,1767268800\nv,b,1767268801\n")
        return open_dataset(tmp_path)

    return make


def test_title_and_texts_are_joined_once_and_an_item_of_which_nothing_is_said_has_none(shop):
    wanted = ["Boot. Made of leather", "Lamp", "It shines", None, "Pan", "A Pan of iron"]
    assert item_texts(shop()) == wanted


def test_a_title_alone_is_enough(shop):
    assert item_texts(shop(text="")) == ["Boot", "Lamp", None, None, "Pan", "Pan"]


def test_texts_alone_are_enough(shop):
    assert item_texts(shop(title=""))[0] == "Made of leather"


def test_the_column_that_is_to_be_told_is_not_read(shop):
    dataset = shop(text=TEXT + "\n  - {name: said, of: item, kind: text, column: kind}")
    assert item_texts(dataset)[0] == "Boot. Made of leather. shoe"
    assert item_texts(dataset, without="kind")[0] == "Boot. Made of leather"


def test_items_of_which_nothing_can_be_said_are_refused(shop):
    with pytest.raises(DataError, match="neither a title nor a feature of kind text"):
        item_texts(shop(title="", text=""))
