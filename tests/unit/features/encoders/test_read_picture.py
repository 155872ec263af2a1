import struct
import zlib
from io import BytesIO

import pytest
from PIL import Image

from winnow.features.encoders.read_picture import MAX_BYTES, BrokenPictureError, read_picture


def file(picture, kind="PNG", **settings):
    content = BytesIO()
    picture.save(content, kind, **settings)
    return content.getvalue()


def chunk(name, body):
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def png_that_says_it_has(width, height):
    """A few bytes whose header promises many pixels."""
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(b"\0" * 1000)) + chunk(b"IEND", b"")


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF"])
def test_every_kind_is_read_as_rgb(kind):
    picture = read_picture(file(Image.new("RGB", (30, 20), (200, 30, 30)), kind))
    assert (picture.mode, picture.size) == ("RGB", (30, 20))
    assert picture.getpixel((5, 5)) == pytest.approx((200, 30, 30), abs=6)


@pytest.mark.parametrize("mode", ["L", "1", "P", "LA", "RGBA", "CMYK", "I;16"])
def test_every_colour_mode_is_read_as_rgb(mode):
    kind = "JPEG" if mode == "CMYK" else "PNG"
    assert read_picture(file(Image.new(mode, (4, 4)), kind)).mode == "RGB"


def test_what_is_transparent_is_white():
    assert read_picture(file(Image.new("RGBA", (4, 4), (255, 0, 0, 0)))).getpixel((0, 0)) == (255, 255, 255)


def test_a_palette_with_a_transparent_colour_is_white_there():
    assert read_picture(file(Image.new("P", (4, 4), 0), transparency=0)).getpixel((0, 0)) == (255, 255, 255)


def test_a_turned_camera_is_turned_back():
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by a quarter
    assert read_picture(file(Image.new("RGB", (30, 20)), "JPEG", exif=exif)).size == (20, 30)


def test_of_a_moving_picture_the_first_frame_is_read():
    red, blue = Image.new("RGB", (4, 4), (255, 0, 0)), Image.new("RGB", (4, 4), (0, 0, 255))
    assert read_picture(file(red, "GIF", save_all=True, append_images=[blue])).getpixel((0, 0)) == (255, 0, 0)


@pytest.mark.parametrize("content", [b"", b"no picture", b"<svg/>", b"\x89PNG\r\n\x1a\n"])
def test_what_is_no_picture_is_broken(content):
    with pytest.raises(BrokenPictureError, match=r"cannot be read .*; wanted is a whole file"):
        read_picture(content)


def test_a_kind_that_is_not_asked_for_is_broken():
    with pytest.raises(BrokenPictureError, match="cannot be read"):
        read_picture(file(Image.new("RGB", (4, 4)), "TIFF"))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_half_a_file_is_broken(kind):
    content = file(Image.effect_noise((64, 64), 50).convert("RGB"), kind)
    with pytest.raises(BrokenPictureError, match="cannot be read"):
        read_picture(content[: len(content) // 2])


@pytest.mark.parametrize("side", [6_400, 10_000, 50_000])
def test_a_small_file_that_unfolds_to_too_many_pixels_is_not_decoded(side):
    with pytest.raises(BrokenPictureError, match=r"pixels; at most 40,000,000|cannot be read \(DecompressionBomb"):
        read_picture(png_that_says_it_has(side, side))


@pytest.mark.parametrize("size", [(1, 21), (30_000, 2)])
def test_a_line_is_no_picture(size):
    with pytest.raises(BrokenPictureError, match="one side may be 20 times the other"):
        read_picture(file(Image.new("RGB", size)))


def test_a_picture_at_the_limit_of_its_sides_is_read():
    assert read_picture(file(Image.new("RGB", (1, 20)))).size == (1, 20)


def test_a_file_of_too_many_bytes_is_not_opened():
    with pytest.raises(BrokenPictureError, match="20,971,521 bytes; at most 20,971,520"):
        read_picture(b"\0" * (MAX_BYTES + 1))
