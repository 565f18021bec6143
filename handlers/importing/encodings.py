"""In which encoding a file is: told by its first bytes, or by what all of it can be read as."""

import codecs
import re
from pathlib import Path

from handlers.importing.alphabets import one_byte_each

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_PIECE = 1 << 20
# So much of what is not ASCII decides which of the old encodings it is.
_SAMPLE = 1 << 18
# So large a share of the words beyond ASCII must be possible in some language.
_PLAINLY = 0.9


def encoding_of(path: Path) -> str:
    """The encoding that a text file is most probably in, as Python calls it."""
    with path.open("rb") as file:
        head = file.read(4096)
    for mark, name in _MARKS:
        if head.startswith(mark):
            return name
    without_mark = _utf_16(head)
    if without_mark:
        return without_mark
    decoder = codecs.getincrementaldecoder("utf-8")()
    strange = bytearray()
    is_utf_8 = True
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            if is_utf_8:
                try:
                    decoder.decode(piece)
                except UnicodeDecodeError:
                    is_utf_8 = False
            if not is_utf_8 and len(strange) < _SAMPLE:
                strange += b"\n".join(part for part in piece.split(b"\n") if not part.isascii())
    if is_utf_8:
        return "utf-8"
    return old_encoding(bytes(strange[:_SAMPLE]))


def old_encoding(sample: bytes) -> str:
    """Chinese, if its bytes beyond ASCII come in the pairs of GB 2312; else as `_other` has it."""
    if _is_cyrillic(sample):
        return one_byte_each(sample, ("cp1251", "cp1253", "cp1255"))[0]
    pairs = others = korean = 0
    at = 0
    while at < len(sample):
        byte = sample[at]
        if byte < 0x80:
            at += 1
            continue
        following = sample[at + 1] if at + 1 < len(sample) else 0
        if 0xA1 <= byte <= 0xF7 and 0xA1 <= following <= 0xFE:
            pairs += 2
            korean += 2 * (0xB0 <= byte <= 0xC8)
            at += 2
        elif 0x81 <= byte <= 0xFE and (0x40 <= following <= 0xFE and following != 0x7F):
            # A rare character of GBK, or an accented letter before a plain one.
            others += 1
            at += 2
        else:
            others += 3
            at += 1
    if pairs <= 4 * others:
        return _other(sample)
    # Hangul stands in the first third of where Chinese characters stand.
    return "cp949" if korean == pairs >= 16 else "gb18030"


def _is_cyrillic(sample: bytes) -> bool:
    """Whole words of letters beyond ASCII, most of them small ones or all of them large ones."""
    words = _STRANGE.findall(sample)
    strange = b"".join(words)
    small = sum(1 for byte in strange if byte >= 0xE0)
    letters = sum(1 for byte in strange if byte >= 0xC0 or byte in (0xA8, 0xB8))
    is_shouted = small == 0 and len(strange) >= 12
    return (
        len(strange) >= 3 * len(words) > 0
        and (is_shouted or small * 5 >= len(strange) * 3)
        and (letters * 20 >= len(strange) * 19)
    )


def _other(sample: bytes) -> str:
    """Words of a European alphabet, if nearly all are; else Chinese of Taiwan, or Japanese."""
    best, share = one_byte_each(sample)
    if share >= _PLAINLY:
        return best
    for name, first in (("big5", range(0xA4, 0xC7)), ("cp932", range(0x81, 0xA0))):
        text = sample.decode(name, "replace")
        if text.count("\ufffd") > 1:
            continue
        begun = [sign.encode(name, "replace")[0] for sign in text if not sign.isascii()]
        if sum(1 for byte in begun if byte in first) * 4 > len(begun) * 3:
            return name
    return best


_STRANGE = re.compile(rb"[\x80-\xff]+")


def _utf_16(head: bytes) -> str:
    """UTF-16 without a mark: every other byte of Latin text is zero."""
    if len(head) < 4:
        return ""
    even, odd = head[::2].count(0), head[1::2].count(0)
    half = len(head) // 2
    if odd > half * 0.4 and even < half * 0.05:
        return "utf-16-le"
    if even > half * 0.4 and odd < half * 0.05:
        return "utf-16-be"
    return ""
