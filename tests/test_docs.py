"""What the pages promise: links lead somewhere, and examples of the schema are read."""

import re
from pathlib import Path

import pytest

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


@pytest.mark.parametrize("name", ["concepts/schema.md", "howto/bring-your-own-data.md"])
def test_examples_of_the_schema_file_are_read(name, tmp_path):
    example = EXAMPLE.findall((ROOT / "docs" / name).read_text())[0]
    path = tmp_path / "shop.yaml"
    path.write_text(example if "tables:" in example else TABLES + example)
    assert len(read_schema_file(path).schema.features) >= 4


def test_the_schema_page_names_every_kind_with_its_transforms():
    page = (ROOT / "docs" / "concepts" / "schema.md").read_text()
    table = {
        row[0]: re.findall(r"`(\w+)`", row[1]) for row in re.findall(r"^\| `(\w+)` \| (.*) \|$", page, re.MULTILINE)
    }
    assert table == {
        kind: [re.sub(r"(?<!^)(?=[A-Z])", "_", each.__name__).lower() for each in transforms]
        for kind, transforms in TRANSFORMS_OF_KIND.items()
    }
