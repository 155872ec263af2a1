"""What the pages promise: links lead somewhere, and examples of the schema are read."""

import re
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from winnow.data.open_dataset import open_dataset
from winnow.schema.feature import TRANSFORMS_OF_KIND
from winnow.schema.schema_file import read_schema_file

ROOT = Path(__file__).resolve().parents[1]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
LINK = re.compile(r"(?:\]\(|href=\")(?!https?:|#)([^)\"#]+)")
EXAMPLE = re.compile(r"```yaml\n(.*?)```", re.DOTALL)
TABLES = "tables: {items: items.csv, users: users.csv, events: events.csv}\n"


@pytest.mark.parametrize("page", [*PAGES, ROOT / "docs" / "winnow.svg"], ids=lambda page: page.name)
def test_every_link_leads_to_a_file(page):
    targets = LINK.findall(page.read_text())
    assert [target for target in targets if not (page.parent / target).exists()] == []


def example_of(name):
    return EXAMPLE.findall((ROOT / "docs" / name).read_text())[0]


def test_the_example_on_the_schema_page_is_read(tmp_path):
    path = tmp_path / "schema.yaml"
    path.write_text(TABLES + example_of("concepts/schema.md"))
    assert [feature.name for feature in read_schema_file(path).schema] == ["age", "category", "words", "hour"]


def test_the_window_on_the_schema_page_is_read_beside_the_example(tmp_path):
    features, window = EXAMPLE.findall((ROOT / "docs" / "concepts" / "schema.md").read_text())
    (tmp_path / "schema.yaml").write_text(TABLES + features + window)
    assert list(read_schema_file(tmp_path / "schema.yaml").schema.windows) == ["top_category"]


def test_a_folder_as_the_how_to_describes_it_is_opened(tmp_path):
    (tmp_path / "schema.yaml").write_text(example_of("howto/bring-your-own-data.md"))
    (tmp_path / "products.csv").write_text(
        "product_id,product_name,category,price,description\n7,Kettle,kitchen,19.90,boils water\n8,Lamp,home,5,warm\n"
    )
    (tmp_path / "customers.csv").write_text("customer_id,country\nann,DE\nbob,FR\n")
    events = {
        "customer_id": ["ann", "bob", None],
        "visit_id": [1, 2, 3],
        "product_id": ["7", "8", "8"],
        "happened_at": [1_700_000_000_000, 1_700_000_001_000, 1_700_000_002_000],
        "action": ["seen", "bought", "seen"],
        "device": ["phone", None, "desktop"],
    }
    pq.write_table(pa.table(events), tmp_path / "clicks.parquet")
    dataset = open_dataset(tmp_path)
    assert dataset.events["user_id"].to_pylist() == ["ann", "bob", "session:3"]
    assert dataset.events["event_type"].to_pylist() == ["view", "purchase", "view"]
    assert dataset.events["at"].to_pylist() == [1.7e9, 1.7e9 + 1, 1.7e9 + 2]


def test_a_folder_with_pictures_as_the_how_to_shows_it_is_opened(tmp_path):
    page = (ROOT / "docs" / "howto" / "bring-your-own-data.md").read_text()
    (tmp_path / "schema.yaml").write_text(EXAMPLE.findall(page)[2])
    rows = re.findall(r"^ *(?:products\.csv +)?((?:product_id|\d),.*)$", page, re.MULTILINE)
    (tmp_path / "products.csv").write_text("\n".join(rows) + "\n")
    for name in ("lamp.png", "kitchen/kettle.jpg"):
        (tmp_path / "photos" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "photos" / name).touch()
    events = {"customer_id": ["ann", "bob"], "product_id": ["7", "8"], "happened_at": [1_700_000_000_000] * 2}
    pq.write_table(pa.table(events), tmp_path / "clicks.parquet")
    dataset = open_dataset(tmp_path)
    assert dataset.items["photo"].to_pylist() == ["kitchen/kettle.jpg", "lamp.png", None]
    assert dataset.report.findings == ()
    assert dataset.media == tmp_path / "photos"


def test_the_schema_page_names_every_kind_with_its_transforms():
    page = (ROOT / "docs" / "concepts" / "schema.md").read_text()
    table = {
        row[0]: re.findall(r"`(\w+)`", row[1]) for row in re.findall(r"^\| `(\w+)` \| (.*) \|$", page, re.MULTILINE)
    }
    assert table == {
        kind: [re.sub(r"(?<!^)(?=[A-Z])", "_", each.__name__).lower() for each in transforms]
        for kind, transforms in TRANSFORMS_OF_KIND.items()
    }
