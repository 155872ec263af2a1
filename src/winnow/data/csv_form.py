"""How a CSV file is written, found out from its first lines."""

import codecs
import gzip
import re
from dataclasses import dataclass
from io import BufferedReader
from pathlib import Path

from winnow.schema.errors import DataError

SEPARATORS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
HEAD_BYTES, BLOCK_BYTES = 65_536, 1 << 20
FOREIGN = {
    b"PK\x03\x04": "an Excel workbook or another zip archive; save the sheet as CSV UTF-8",
    b"PAR1": "a Parquet file; give it the ending .parquet",
    b"\x1f\x8b": "compressed with gzip; give it the ending .csv.gz or .tsv.gz",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class CsvForm:
    """What a reader must know before it starts.

    Attributes:
        separator: one of `SEPARATORS`.
        encoding: "utf-8", or "utf-16" where the file begins with the mark of it.
        lines: how many there are, the header among them.
    """

    separator: str
    encoding: str
    lines: int


def csv_form_of(path: Path) -> CsvForm:
    """The form of a CSV or TSV file.

    The separator is the one that the ending promises if the header holds it outside quotes, else the only other one
    that the header holds. Encodings without a mark cannot be told apart for certain, so none is guessed.

    Raises:
        DataError: it is no UTF-8 or UTF-16 text, or two other separators are in the header.
    """
    with opened(path) as file:
        head = file.read(HEAD_BYTES)
    for mark, what in FOREIGN.items():
        if head.startswith(mark):
            raise DataError(f"The file {path} is no CSV text but {what}.")
    encoding = "utf-16" if head.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8"
    if encoding == "utf-8" and b"\x00" in head:
        raise DataError(
            f"The file {path} holds zero bytes, so it is no UTF-8 text; perhaps it is UTF-16 without the mark of "
            "it. Save it as UTF-8."
        )
    separator = _separator(path, head.decode(encoding, "replace"))
    return CsvForm(separator=separator, encoding=encoding, lines=_lines(path, encoding))


def opened(path: Path) -> gzip.GzipFile | BufferedReader:
    """The bytes of a text file, decompressed where its ending says so."""
    return gzip.open(path) if path.suffix == ".gz" else path.open("rb")


def _lines(path: Path, encoding: str) -> int:
    """Decodes the whole file, because a reader that meets a wrong byte cannot say where it is."""
    decoder, lines, last = codecs.getincrementaldecoder(encoding)(), 0, "\n"
    with opened(path) as file:
        block = b"not yet at the end"
        while block:
            block = file.read(BLOCK_BYTES)
            try:
                text = decoder.decode(block, final=not block)
            except UnicodeDecodeError as error:
                raise DataError(_undecodable(path, error, lines)) from error
            lines += text.count("\n")
            last = text[-1:] or last
    return lines + (last != "\n")


def _undecodable(path: Path, error: UnicodeDecodeError, lines_before: int) -> str:
    read, at = error.object, error.start
    line = lines_before + read[:at].count(b"\n") + 1
    around = read[:at].rsplit(b"\n", 1)[-1][-20:] + read[at:].split(b"\n", 1)[0][:20]
    word = around.decode("cp1252", "replace").strip()
    return (
        f"The file {path} is not {error.encoding.upper()} text: byte 0x{read[at]:02X} in line {line}. Windows-1252 "
        f"would make it {word!r}; if that looks right, convert it: iconv -f WINDOWS-1252 -t UTF-8 {path.name} > "
        "new.csv, or in a spreadsheet program save it as 'CSV UTF-8'."
    )


def _separator(path: Path, head: str) -> str:
    bare = re.sub('"[^"]*"', "", head.lstrip("\ufeff\r\n"))
    header = re.split("[\r\n]", bare, maxsplit=1)[0]
    found = [each for each in SEPARATORS if each in header]
    promised = "\t" if path.name.endswith((".tsv", ".tsv.gz")) else ","
    if promised in found or not found:
        return promised
    if len(found) > 1:
        names = " and a ".join(SEPARATORS[each] for each in found)
        raise DataError(
            f"The header of the file {path} holds a {names}, and either may stand between columns: {header[:200]!r}. "
            f"Save it with a {SEPARATORS[promised]} between columns, or put names that hold such a character in quotes."
        )
    return found[0]
