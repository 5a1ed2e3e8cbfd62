"""Which files may come in: by the ending of the name, and by what the bytes say they are."""

import unicodedata
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import BinaryIO

import puremagic

# As much of a file as is looked at to tell what it is.
LOOKED_AT = 64 * 1024
LONGEST_NAME = 255
LONGEST_ENDING = 10
OFFICE = "application/vnd.openxmlformats-officedocument"
OPEN_DOCUMENT = "application/vnd.oasis.opendocument"
TEXT_SIGNS = {"\t", "\n", "\r", "\f"}


@dataclass(frozen=True)
class FileType:
    media_type: str
    holds: Callable[[BinaryIO], bool]


def clean_name(name: str) -> str:
    """One line that shows what it is: no folders, no signs that steer the terminal, the text or its direction."""
    last = unicodedata.normalize("NFC", name).replace("\\", "/").rpartition("/")[2]
    shown = "".join(" " if sign.isspace() else sign for sign in last if _is_shown(sign))
    shown = " ".join(shown.split()).strip(". ")
    if len(shown) <= LONGEST_NAME:
        return shown
    ending = PurePosixPath(shown).suffix[:LONGEST_ENDING]
    return shown[: LONGEST_NAME - len(ending)] + ending


def _is_shown(sign: str) -> bool:
    # Cc, Cf, Cs, Co, Cn: controls, marks of direction, halves of pairs.
    return sign.isspace() or not unicodedata.category(sign).startswith("C")


def ending_of(name: str) -> str:
    return PurePosixPath(name).suffix.lower().removeprefix(".")


def type_of(name: str, content: BinaryIO) -> FileType | None:
    """The type that the ending names, if the bytes agree; the stream is left at its beginning."""
    kind = TYPES.get(ending_of(name))
    if kind is None:
        return None
    try:
        return kind if kind.holds(content) else None
    finally:
        content.seek(0)


def is_shown(content: BinaryIO, media_type: str) -> bool:
    """Asked again before a browser may draw or play it."""
    kinds = [kind for kind in TYPES.values() if kind.media_type == media_type]
    try:
        return any(kind.holds(content) for kind in kinds)
    finally:
        content.seek(0)


def _head(content: BinaryIO) -> bytes:
    content.seek(0)
    return content.read(LOOKED_AT)


def _found(content: BinaryIO) -> list[puremagic.PureMagicWithConfidence]:
    try:
        return list(puremagic.magic_string(_head(content)))
    except (puremagic.PureError, ValueError):
        return []


def _magic(*endings: str) -> Callable[[BinaryIO], bool]:
    return lambda content: any(found.extension.removeprefix(".") in endings for found in _found(content))


def _zipped(*parts: str) -> Callable[[BinaryIO], bool]:
    """An archive with a part of such a name; every office document of today is one."""

    def holds(content: BinaryIO) -> bool:
        content.seek(0)
        try:
            with zipfile.ZipFile(content) as archive:
                return any(name.startswith(parts) for name in archive.namelist())
        except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
            return False

    return holds


def _open_document(media_type: str) -> Callable[[BinaryIO], bool]:
    """The type stands in the first part, stored as it is, so that it is read without unpacking anything."""
    mark = f"mimetype{media_type}".encode()
    return lambda content: mark in _head(content)[:200]


def _text(content: BinaryIO) -> bool:
    head = _head(content)
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        text = head[: len(head) // 2 * 2].decode("utf-16", "replace")
    else:
        # Any bytes are Latin letters; what tells a program from a text are the signs that no text has.
        text = head.decode("latin-1")
    return not any(sign < " " and sign not in TEXT_SIGNS for sign in text)


# What telephones record: the ending, the type, and what the bytes may call themselves.
VOICES = (
    ("webm", "webm", ("webm", "mkv")),
    ("ogg", "ogg", ("ogg", "oga", "opus")),
    ("m4a", "mp4", ("m4a", "mp4", "mov", "m4v")),
    ("mp3", "mpeg", ("mp3",)),
    ("wav", "wav", ("wav",)),
    ("amr", "amr", ("amr",)),
)

TYPES: dict[str, FileType] = {
    "pdf": FileType("application/pdf", _magic("pdf")),
    "png": FileType("image/png", _magic("png")),
    "jpg": FileType("image/jpeg", _magic("jpg")),
    "jpeg": FileType("image/jpeg", _magic("jpg")),
    "gif": FileType("image/gif", _magic("gif")),
    "webp": FileType("image/webp", _magic("webp")),
    "heic": FileType("image/heic", _magic("heic", "heif")),
    **{ending: FileType(f"audio/{kind}", _magic(*signs)) for ending, kind, signs in VOICES},
    "docx": FileType(f"{OFFICE}.wordprocessingml.document", _zipped("word/")),
    "xlsx": FileType(f"{OFFICE}.spreadsheetml.sheet", _zipped("xl/")),
    "pptx": FileType(f"{OFFICE}.presentationml.presentation", _zipped("ppt/")),
    "odt": FileType(f"{OPEN_DOCUMENT}.text", _open_document(f"{OPEN_DOCUMENT}.text")),
    "ods": FileType(f"{OPEN_DOCUMENT}.spreadsheet", _open_document(f"{OPEN_DOCUMENT}.spreadsheet")),
    "odp": FileType(f"{OPEN_DOCUMENT}.presentation", _open_document(f"{OPEN_DOCUMENT}.presentation")),
    "doc": FileType("application/msword", _magic("doc")),
    "xls": FileType("application/vnd.ms-excel", _magic("xls", "doc")),
    "ppt": FileType("application/vnd.ms-powerpoint", _magic("ppt", "doc")),
    "msg": FileType("application/vnd.ms-outlook", _magic("msg", "doc")),
    "eml": FileType("message/rfc822", _text),
    "txt": FileType("text/plain", _text),
    "md": FileType("text/plain", _text),
    "csv": FileType("text/csv", _text),
    "vcf": FileType("text/vcard", _text),
    "ics": FileType("text/calendar", _text),
    "zip": FileType("application/zip", _zipped("")),
}
