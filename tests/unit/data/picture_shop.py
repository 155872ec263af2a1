"""A folder with two tables and some pictures, for tests to damage."""

from collections.abc import Mapping
from pathlib import Path

SCHEMA = """\
tables: {items: things.csv, events: clicks.csv}
events: {type: null}
media: photos
features:
  - {name: item, of: item, kind: id, column: item_id, transform: vocabulary}
  - {name: front, of: item, kind: image, transform: image_vector}
  - {name: back, of: item, kind: image, card: true}
"""
ITEMS = """\
item_id,front,back
a,a.png,
b,shoes/b.png,shoes/b-back.png
c,,a.png
"""
FILES = {"a.png": b"a", "shoes/b.png": b"b", "shoes/b-back.png": b"back", "nobody.png": b"named by none"}


def write_picture_shop(folder: Path, items: str = ITEMS, files: Mapping[str, bytes] = FILES) -> Path:
    (folder / "photos").mkdir(parents=True)
    (folder / "schema.yaml").write_text(SCHEMA)
    (folder / "things.csv").write_text(items)
    (folder / "clicks.csv").write_text("user_id,item_id,timestamp\nu,a,1767268800\nv,b,1767268801\n")
    for name, content in files.items():
        (folder / "photos" / name).parent.mkdir(exist_ok=True)
        (folder / "photos" / name).write_bytes(content)
    return folder
