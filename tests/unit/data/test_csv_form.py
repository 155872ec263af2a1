import gzip

import pytest

from winnow.data.csv_form import csv_form_of
from winnow.schema.errors import DataError


def written(folder, name, content):
    path = folder / name
    path.write_bytes(gzip.compress(content) if name.endswith(".gz") else content)
    return path


@pytest.mark.parametrize(
    ("name", "content", "separator"),
    [
        ("a.csv", b"a,b\n", ","),
        ("a.csv", b"a;b\n1,5;2\n", ";"),
        ("a.csv", b"a\tb\n", "\t"),
        ("a.csv", b"a|b\n", "|"),
        ("a.csv.gz", b"a;b\n", ";"),
        ("a.tsv", b"a\tb, c\n", "\t"),
        ("a.tsv", b"a,b\n", ","),
        ("a.csv", b"id\n1;2\n", ","),
        ("a.csv", b'id;"name, long"\n', ";"),
        ("a.csv", b'id;"two\nlines, long"\n', ";"),
        ("a.csv", b"\n\r\na;b\n", ";"),
        ("a.csv", b"\xef\xbb\xbfa;b\n", ";"),
        ("a.csv", b"a,b|c\n", ","),
    ],
)
def test_the_header_tells_the_separator(tmp_path, name, content, separator):
    assert csv_form_of(written(tmp_path, name, content)).separator == separator


def test_a_header_with_two_separators_is_a_question(tmp_path):
    with pytest.raises(DataError, match=r"holds a semicolon and a bar.*'a;b\|c'\. Save it with a comma"):
        csv_form_of(written(tmp_path, "a.csv", b"a;b|c\n"))


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_utf_16_is_known_by_its_mark(tmp_path, encoding):
    mark = "" if encoding == "utf-16" else "\ufeff"
    form = csv_form_of(written(tmp_path, "a.csv", (mark + "a;Größe\n1;2\n").encode(encoding)))
    assert (form.encoding, form.separator, form.lines) == ("utf-16", ";", 2)


def test_utf_16_without_its_mark_is_refused(tmp_path):
    with pytest.raises(DataError, match=r"holds zero bytes.*perhaps it is UTF-16"):
        csv_form_of(written(tmp_path, "a.csv", "a,b\n".encode("utf-16-le")))


@pytest.mark.parametrize("rows", [3, 300_000])
def test_another_encoding_is_refused_with_its_line_and_how_it_would_read(tmp_path, rows):
    content = ("a,b\n" + "x,1\n" * rows + "Käthe in München,1\nCafé,2\n").encode("cp1252")
    with pytest.raises(DataError) as caught:
        csv_form_of(written(tmp_path, "a.csv", content))
    assert f"is not UTF-8 text: byte 0xE4 in line {rows + 2}. Windows-1252 would make it 'Käthe" in str(caught.value)
    assert "iconv -f WINDOWS-1252 -t UTF-8 a.csv" in str(caught.value)


def test_a_character_that_is_cut_off_at_the_end_is_refused(tmp_path):
    with pytest.raises(DataError, match="line 2"):
        csv_form_of(written(tmp_path, "a.csv", b"a,b\nx,\xc3"))


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"PK\x03\x04rest", "an Excel workbook or another zip archive"),
        (b"PAR1rest", r"a Parquet file; give it the ending \.parquet"),
        (gzip.compress(b"a,b\n", mtime=0), "compressed with gzip"),
    ],
)
def test_what_is_no_text_at_all_is_named(tmp_path, content, words):
    with pytest.raises(DataError, match=f"is no CSV text but {words}"):
        csv_form_of(written(tmp_path, "a.csv", content))


@pytest.mark.parametrize(("content", "lines"), [(b"a,b\n1,2\n", 2), (b"a,b\n1,2", 2), (b"a,b\r\n1,2\r\n\r\n", 3)])
def test_lines_are_counted_with_and_without_a_last_break(tmp_path, content, lines):
    assert csv_form_of(written(tmp_path, "a.csv", content)).lines == lines
