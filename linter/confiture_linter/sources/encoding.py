"""Bytes that are not UTF-8: told, and replaced at equal length."""

import codecs

from confiture_linter.model import Span
from confiture_linter.sources.source_file import SourceProblem

BOM = b"\xef\xbb\xbf"
_SAMPLE = 4096
_BLANK = bytes(byte if byte in b"\n\r" else 0x20 for byte in range(256))
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_MAGIC = (
    (b"PGDMP", "a pg_dump archive in custom format; write it as SQL with pg_restore -f -"),
    (b"\x1f\x8b", "compressed with gzip"),
    (b"BZh", "compressed with bzip2"),
    (b"\x28\xb5\x2f\xfd", "compressed with zstd"),
    (b"\xfd7zXZ", "compressed with xz"),
    (b"PK\x03\x04", "a zip archive"),
    (b"SQLite format 3", "an SQLite database"),
    (b"\x7fELF", "a program"),
)
_CONTROL = bytes(byte for byte in range(32) if byte not in b"\t\n\r\f\v\x1b\x1a")


def _question_marks(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return "?" * (error.end - error.start), error.end


codecs.register_error("confiture-question-marks", _question_marks)


def repaired(data: bytes) -> tuple[bytes, tuple[SourceProblem, ...]]:
    """Make valid UTF-8 of any bytes: same length, same line ends, at most one problem of a kind."""
    whole = Span(0, len(data))
    if _is_utf16(data):
        message = "is UTF-16 (or UTF-32); PostgreSQL reads UTF-8: convert it, iconv -f UTF-16 -t UTF-8"
        return data.translate(_BLANK), (SourceProblem("utf-16", whole, message),)
    if what := _binary(data):
        return data.translate(_BLANK), (SourceProblem("binary", whole, f"is not text: {what}"),)
    problems = []
    text = data
    try:
        text.decode()
    except UnicodeDecodeError as error:
        problems.append(SourceProblem("encoding", Span(error.start, error.end), _guess(data, error.start)))
        text = text.decode("utf-8", "confiture-question-marks").encode()
    nul = text.find(b"\0")
    if nul >= 0:
        problems.append(
            SourceProblem("nul-byte", Span(nul, nul + 1), "NUL byte: PostgreSQL ends reading here")
        )
        text = text.replace(b"\0", b" ")
    if text.startswith(BOM):
        text = b"   " + text[3:]
    return text, tuple(problems)


def _is_utf16(data: bytes) -> bool:
    if data.startswith(_UTF16) or data.startswith(b"\0\0\xfe\xff"):
        return True
    sample = data[:_SAMPLE]
    half = len(sample) // 2
    if half < 2 or b"\0" not in sample:
        return False
    even, odd = sample[0 : 2 * half : 2].count(0), sample[1 : 2 * half : 2].count(0)
    return min(even, odd) * 10 <= half and max(even, odd) * 10 >= half * 7


def _binary(data: bytes) -> str:
    for magic, what in _MAGIC:
        if data.startswith(magic):
            return what
    sample = data[:_SAMPLE]
    strange = len(sample) - len(sample.translate(None, _CONTROL))
    return "much of it is control characters" if strange > 4 and strange * 10 > len(sample) else ""


def _guess(data: bytes, at: int) -> str:
    """Say which single-byte encoding it probably is, and how to convert."""
    byte = data[at]
    name = "Windows-1252" if any(0x80 <= each < 0xA0 for each in data) else "Latin-1"
    codec = "cp1252" if name == "Windows-1252" else "latin-1"
    letter = bytes((byte,)).decode(codec, "replace")
    return (
        f"byte 0x{byte:02X} is not UTF-8; the file is probably {name} ({letter!r}): "
        f"convert it, iconv -f {codec.upper()} -t UTF-8"
    )
