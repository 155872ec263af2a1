"""What the first bytes of an image file say of it."""

from dataclasses import dataclass

# What begins a frame, and so tells its size: C0 to CF but tables and an extension.
JPEG_FRAMES = {*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC}

Size = tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureHead:
    """Kind and size of a picture. Nothing is decoded: what a file of few bytes unfolds to is known before.

    Attributes:
        media_type: of a JPEG, PNG, WebP or GIF file, such as image/png.
        width, height: in pixels, as the file says.
    """

    media_type: str
    width: int
    height: int

    @staticmethod
    def of(content: bytes) -> "PictureHead | None":
        """The head of a file; None for what is no such picture, or ends too early."""
        for sign, media_type, size_of in KINDS:
            if content.startswith(sign):
                size = size_of(content) if len(content) > 30 else None
                return size and PictureHead(media_type=media_type, width=size[0], height=size[1])
        return None


def _png(content: bytes) -> Size | None:
    if content[12:16] != b"IHDR":
        return None
    return int.from_bytes(content[16:20], "big"), int.from_bytes(content[20:24], "big")


def _gif(content: bytes) -> Size:
    return int.from_bytes(content[6:8], "little"), int.from_bytes(content[8:10], "little")


def _webp(content: bytes) -> Size | None:
    match content[8:16]:
        case b"WEBPVP8 ":
            return int.from_bytes(content[26:28], "little") & 0x3FFF, int.from_bytes(content[28:30], "little") & 0x3FFF
        case b"WEBPVP8L":
            bits = int.from_bytes(content[21:25], "little")
            return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
        case b"WEBPVP8X":
            return int.from_bytes(content[24:27], "little") + 1, int.from_bytes(content[27:30], "little") + 1
        case _:
            return None


def _jpeg(content: bytes) -> Size | None:
    at = 2
    while at + 9 <= len(content) and content[at] == 0xFF:
        if content[at + 1] in JPEG_FRAMES:
            height, width = (int.from_bytes(content[at + each : at + each + 2], "big") for each in (5, 7))
            return width, height
        # 0xFF before a marker fills up; any other segment says how long it is.
        at += 1 if content[at + 1] == 0xFF else 2 + int.from_bytes(content[at + 2 : at + 4], "big")
    return None


KINDS = (
    (b"\xff\xd8\xff", "image/jpeg", _jpeg),
    (b"\x89PNG\r\n\x1a\n", "image/png", _png),
    (b"RIFF", "image/webp", _webp),
    (b"GIF87a", "image/gif", _gif),
    (b"GIF89a", "image/gif", _gif),
)
