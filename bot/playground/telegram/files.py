"""Files that travel through the cloud: where they are kept and what Telegram says about them."""

import mimetypes
import struct
import zlib
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from bot.playground.telegram.answers import Refusal, bad_request

MAX_DOWNLOAD = 20 * 1024 * 1024
MAX_PHOTO = 10 * 1024 * 1024

_FOLDERS = {
    "photo": "photos",
    "voice": "voice",
    "video": "videos",
    "audio": "music",
    "sticker": "stickers",
    "animation": "animations",
    "video_note": "video_notes",
    "document": "documents",
}
_ENDINGS = {
    "photo": ("jpg", "image/jpeg"),
    "voice": ("oga", "audio/ogg"),
    "video": ("mp4", "video/mp4"),
    "audio": ("mp3", "audio/mpeg"),
    "sticker": ("webp", "image/webp"),
    "animation": ("mp4", "video/mp4"),
    "video_note": ("mp4", "video/mp4"),
    "document": ("bin", "application/octet-stream"),
}


@dataclass(slots=True)
class File:
    """One stored file; `path` is what getFile answers, below /file/bot<token>/."""

    file_id: str
    unique_id: str
    kind: str
    data: bytes
    name: str
    mime: str
    path: str
    width: int = 0
    height: int = 0
    duration: int = 0
    extra: dict[str, Any] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """The object of the Bot API (Voice, Document, …); photos have sizes instead."""
        about: dict[str, Any] = {
            "file_id": self.file_id,
            "file_unique_id": self.unique_id,
            "file_size": len(self.data),
        }
        if self.kind in ("document", "audio", "video", "animation"):
            about |= {"file_name": self.name, "mime_type": self.mime}
        if self.kind == "voice":
            about["mime_type"] = self.mime
        if self.kind in ("voice", "video", "audio", "animation", "video_note"):
            about["duration"] = self.duration
        if self.kind in ("video", "animation", "sticker"):
            about |= {"width": self.width, "height": self.height}
        if self.kind == "video_note":
            about["length"] = 240
        if self.kind == "sticker":
            about |= {"type": "regular", "is_animated": False, "is_video": False}
        return about | self.extra

    def photo_sizes(self) -> list[dict[str, Any]]:
        """A thumbnail and the photo itself, smallest first as Telegram sends them."""
        full = {
            "file_id": self.file_id,
            "file_unique_id": self.unique_id,
            "file_size": len(self.data),
            "width": self.width,
            "height": self.height,
        }
        if max(self.width, self.height) <= 90:
            return [full]
        scale = 90 / max(self.width, self.height)
        small = full | {
            "file_id": self.file_id + "-s",
            "file_unique_id": self.unique_id + "-s",
            "width": max(1, round(self.width * scale)),
            "height": max(1, round(self.height * scale)),
        }
        return [small, full]


class FileStore:
    """Every file of the cloud, in memory, by id and by path."""

    def __init__(self) -> None:
        self._by_id: dict[str, File] = {}
        self._by_path: dict[str, File] = {}
        self._by_unique_id: dict[str, File] = {}
        self._numbers = count(1)

    def keep(self, kind: str, data: bytes, name: str = "", mime: str = "") -> File:
        number = next(self._numbers)
        ending, mime = _described(kind, name, mime)
        measured = image_size(data)
        if measured is not None and data.startswith(b"\x89PNG"):
            ending, mime = "png", "image/png"
        width, height = measured or ((320, 240) if kind != "sticker" else (512, 512))
        path = f"{_FOLDERS[kind]}/file_{number}.{ending}"
        file = File(
            file_id=f"PLAY{kind[:3].upper()}{number:08d}AAQ",
            unique_id=f"AQAD{number:08d}",
            kind=kind,
            data=data,
            name=name or f"file_{number}.{ending}",
            mime=mime,
            path=path,
            width=width,
            height=height,
        )
        self._by_id[file.file_id] = self._by_id[file.file_id + "-s"] = file
        self._by_path[path] = self._by_unique_id[file.unique_id] = file
        return file

    def by_id(self, file_id: str) -> File:
        """The stored file, or Telegram's refusal of an id that it never gave out."""
        file = self._by_id.get(file_id)
        if file is None:
            raise bad_request("wrong file identifier/HTTP URL specified")
        return file

    def by_path(self, path: str) -> File | None:
        return self._by_path.get(path)

    def by_unique_id(self, unique_id: str) -> File | None:
        return self._by_unique_id.get(unique_id)

    def about(self, file_id: str) -> dict[str, Any]:
        """What getFile answers."""
        file = self._by_id.get(file_id)
        if file is None:
            raise bad_request("invalid file_id")
        if len(file.data) > MAX_DOWNLOAD:
            raise bad_request("file is too big")
        return {
            "file_id": file.file_id,
            "file_unique_id": file.unique_id,
            "file_size": len(file.data),
            "file_path": file.path,
        }


def check_size(kind: str, data: bytes) -> None:
    if kind == "photo" and len(data) > MAX_PHOTO:
        raise Refusal(413, "Request Entity Too Large")
    if not data:
        raise bad_request("file must be non-empty")


def image_size(data: bytes) -> tuple[int, int] | None:
    """Width and height of a PNG or a JPEG, read from its header."""
    if data.startswith(b"\x89PNG\r\n\x1a\n") and len(data) >= 24:
        width, height = struct.unpack(">II", data[16:24])
        return width, height
    if data.startswith(b"\xff\xd8"):
        return _jpeg_size(data)
    return None


def _jpeg_size(data: bytes) -> tuple[int, int] | None:
    at = 2
    while at + 9 < len(data) and data[at] == 0xFF:
        marker, length = data[at + 1], int.from_bytes(data[at + 2 : at + 4], "big")
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            height, width = struct.unpack(">HH", data[at + 5 : at + 9])
            return width, height
        at += 2 + length
    return None


def _described(kind: str, name: str, mime: str) -> tuple[str, str]:
    """Ending and type of a file: Telegram trusts the sender for documents, else its own eyes."""
    ending, usual = _ENDINGS[kind]
    if kind not in ("document", "video", "audio"):
        return ending, usual
    suffix = name.rpartition(".")[2].lower() if "." in name else ""
    if suffix.isascii() and suffix.isalnum() and len(suffix) <= 5:
        ending = suffix
    if mime in ("", "application/octet-stream"):
        mime = mimetypes.guess_type(name)[0] or usual
    return ending, mime


def sample_png(width: int = 240, height: int = 160) -> bytes:
    """A small evening sky, so that a demo photo looks like something."""
    rows = bytearray()
    for y in range(height):
        warm = y * 255 // height
        rows.append(0)
        for x in range(width):
            sun = (x - width * 2 // 3) ** 2 + (y - height * 3 // 5) ** 2 < (height // 7) ** 2
            rows += bytes((255, 214, 120) if sun else (60 + warm * 3 // 4, 80 + warm // 4, 150))
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + _png_chunk(b"IHDR", header)
        + _png_chunk(b"IDAT", zlib.compress(bytes(rows), 9))
        + _png_chunk(b"IEND", b"")
    )


def _png_chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def sample_ogg(seconds: int = 2) -> bytes:
    """Silence as Ogg Opus, in the shape in which Telegram's clients record a voice message."""
    head = b"OpusHead" + struct.pack("<BBHIhB", 1, 1, 312, 48000, 0, 0)
    tags = b"OpusTags" + struct.pack("<I", 4) + b"play" + struct.pack("<I", 0)
    pages = [_ogg_page(2, 0, 0, [head]), _ogg_page(0, 0, 1, [tags])]
    # One packet is 20 ms (960 samples) of silence; a page of fifty is a second.
    for second in range(seconds):
        last = second == seconds - 1
        pages.append(
            _ogg_page(4 if last else 0, (second + 1) * 48000, second + 2, [b"\xf8\xff\xfe"] * 50)
        )
    return b"".join(pages)


def _ogg_page(flags: int, position: int, number: int, packets: list[bytes]) -> bytes:
    head = b"OggS" + struct.pack("<BBqII", 0, flags, position, 0x52415050, number)
    table = bytes([len(packets)]) + bytes(len(packet) for packet in packets)
    body = b"".join(packets)
    checksum = _ogg_checksum(head + b"\0\0\0\0" + table + body)
    return head + struct.pack("<I", checksum) + table + body


def _ogg_checksum(page: bytes) -> int:
    checksum = 0
    for byte in page:
        checksum ^= byte << 24
        for _ in range(8):
            checksum = (checksum << 1) ^ (0x04C11DB7 if checksum & 0x80000000 else 0)
        checksum &= 0xFFFFFFFF
    return checksum


SAMPLE_STICKER = (
    b"RIFF\x1a\x00\x00\x00WEBPVP8L\r\x00\x00\x00/\x00\x00\x00\x10"
    b"\x07\x10\x11\x11\x88\x88\xfe\x07\x00"
)
SAMPLE_VIDEO = b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom\x00\x00\x00\x08mdat"
SAMPLE_PDF = (
    b"%PDF-1.1\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
    b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 100]>>endobj\n"
    b"trailer<</Root 1 0 R>>\n%%EOF\n"
)
