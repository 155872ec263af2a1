from io import BytesIO

import pytest
from PIL import Image

from winnow.serving.items.picture_head import PictureHead

KINDS = {
    "JPEG": ("image/jpeg", {}),
    "progressive JPEG": ("image/jpeg", {"progressive": True, "exif": b"Exif\0\0" + bytes(300)}),
    "PNG": ("image/png", {}),
    "GIF": ("image/gif", {}),
    "WEBP": ("image/webp", {}),
    "lossless WEBP": ("image/webp", {"lossless": True}),
    "extended WEBP": ("image/webp", {"exif": b"Exif\0\0" + bytes(20)}),
}


def written(kind: str, width: int, height: int) -> bytes:
    file = BytesIO()
    Image.linear_gradient("L").resize((width, height)).convert("RGB").save(
        file, kind.rsplit(maxsplit=1)[-1], **KINDS[kind][1]
    )
    return file.getvalue()


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("size", [(1, 1), (37, 300), (301, 5)])
def test_kind_and_size_are_those_of_the_file(kind, size):
    head = PictureHead.of(written(kind, *size))
    assert head == PictureHead(media_type=KINDS[kind][0], width=size[0], height=size[1])


@pytest.mark.parametrize("kind", KINDS)
def test_of_a_file_that_ends_early_nothing_is_said_or_what_is_true(kind):
    content = written(kind, 37, 300)
    whole = PictureHead.of(content)
    assert {PictureHead.of(content[:end]) for end in range(len(content))} == {None, whole}


@pytest.mark.parametrize("content", [b"", b"<html><script>" * 9, b"BM" + bytes(99), b"\xff\xd8\xff" + bytes(99)])
def test_what_is_no_picture_has_no_head(content):
    assert PictureHead.of(content) is None
    assert PictureHead.of(b"RIFF1234WAVEfmt " + content + bytes(30)) is None
    assert PictureHead.of(b"\x89PNG\r\n\x1a\n" + content + bytes(30)) is None
