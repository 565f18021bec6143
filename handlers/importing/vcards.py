"""vCards 2.1, 3.0 and 4.0, as phones and mail programs really write them.

Soft line breaks of quoted-printable, folded lines, a character set for each property, grouped
properties with Apple's labels, cards inside cards, cards that never end: every readable property
arrives, and what cannot be read is named with its line.
"""

import base64
import binascii
import quopri
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from handlers.importing.encodings import encoding_of, old_encoding
from handlers.importing.rows import Row

LONGEST_LINE = 1 << 20
# A photo may be large, but it is passed by; what else is in a card is words.
MOST_LINES = 20_000
MOST_PROPERTIES = 500

_HEAD = re.compile(rb"^([A-Za-z0-9_.-]+ *(?:;(?:[^:;\"]|\"[^\"]*\")*)*):(.*)$", re.DOTALL)
_BEGIN = re.compile(rb"^\s*(?:[\w-]+\.)?BEGIN\s*:\s*VCARD\s*$", re.IGNORECASE)
_END = re.compile(rb"^\s*(?:[\w-]+\.)?END\s*:\s*VCARD\s*$", re.IGNORECASE)
_QUOTED = re.compile(rb";(?:ENCODING=)?\"?QUOTED-PRINTABLE\"?[;:]", re.IGNORECASE)
_BINARY = re.compile(rb"^(?:[\w-]+\.)?(PHOTO|LOGO|SOUND|KEY)[;:]", re.IGNORECASE)
_APPLE = re.compile(r"^_\$!<(.*)>!\$_$")
_WORD = re.compile(r"\W+")

# Properties that say nothing about the person.
_OURS = frozenset(
    "BEGIN END VERSION PRODID REV UID X-ABUID SORT-STRING CLASS LABEL AGENT MAILER GEO KIND "
    "FN N X-ABLABEL X-ABADR X-ABSHOWAS SOURCE NAME PROFILE PHOTO LOGO SOUND KEY "
    "X-IMAGETYPE X-IMAGEHASH CLIENTPIDMAP MEMBER X-LOTUS-CHARSET X-MOZILLA-HTML X-FILE-AS "
    "X-EVOLUTION-FILE-AS X-LOTUS-CHILD_UID "
    "X-SHARED-PHOTO-DISPLAY-PREF X-CLASS XML X-ADDRESSBOOKSERVER-KIND "
    "X-MS-OL-DESIGN X-MS-OL-DEFAULT-POSTAL-ADDRESS X-MS-CARDPICTURE X-SONYERICSSON-UID".split()
)


@dataclass
class _Property:
    """One logical line: its name, what is said about it, and its value as bytes."""

    line: int
    name: str
    group: str
    parameters: dict[str, list[str]]
    value: bytes
    is_quoted: bool = False


@dataclass
class _Card:
    """A card as it is being read."""

    line: int
    properties: list[_Property] = field(default_factory=list)
    unread: list[int] = field(default_factory=list)
    is_old: bool = False


def rows_of(path: Path) -> Iterator[Row]:
    """Every card, with the line that it begins in, as fields and their texts."""
    encoding = encoding_of(path)
    wide = encoding.startswith(("utf-16", "utf-32"))
    for card, problem in _cards(_logical(_physical(path, encoding if wide else ""))):
        if problem and not card.properties:
            yield Row(card.line, [], problem=problem)
            continue
        if _is_group(card):
            yield Row(card.line, _called(card), problem="import.is_group")
            continue
        pairs = list(_pairs(card, "utf-8" if wide or encoding == "utf-8-sig" else encoding))
        if problem:
            pairs.append(("problem", problem))
        pairs += [("unread", str(line)) for line in card.unread[:5]]
        yield Row(card.line, _shown(pairs), pairs)


def _shown(pairs: list[tuple[str, str]]) -> list[str]:
    return [text[:200] for target, text in pairs if target in ("name", "phone", "email")][:8]


def _physical(path: Path, wide: str) -> Iterator[tuple[int, bytes]]:
    """The lines of the file, numbered, in an encoding that ASCII is part of."""
    if wide:
        with path.open(encoding=wide, errors="replace", newline=None) as text:
            number = 0
            while line := text.readline(LONGEST_LINE):
                number += 1
                yield number, line.rstrip("\n").encode("utf-8", "replace")
        return
    with path.open("rb") as file:
        number = 0
        goes_on = False
        while raw := file.readline(LONGEST_LINE):
            # Old Macs end lines with a carriage return alone.
            for part in raw.rstrip(b"\r\n").split(b"\r"):
                number += not goes_on
                goes_on = False
                yield number, part.removeprefix(b"\xef\xbb\xbf") if number == 1 else part
            goes_on = not raw.endswith(b"\n")


def _logical(lines: Iterator[tuple[int, bytes]]) -> Iterator[tuple[int, bytes]]:
    """Lines put together again that were folded, or broken softly in quoted-printable."""
    held: bytearray | None = None
    at = 0
    is_soft = False
    for number, line in lines:
        if held is not None and is_soft:
            # Some programs fold the continuation as well.
            held += line
        elif held is not None and line[:1] in (b" ", b"\t") and not _BEGIN.match(line):
            held += line[1:]
        else:
            if held is not None:
                yield at, bytes(held)
            held, at = bytearray(line), number
        is_soft = bool(_QUOTED.search(bytes(held[:200]))) and held.endswith(b"=")
        if is_soft:
            # The sign goes, the next line is the rest.
            held = held[:-1]
        if len(held) > LONGEST_LINE:
            # A picture: nobody needs it whole.
            held = held[:4096]
    if held is not None:
        yield at, bytes(held)


def _cards(lines: Iterator[tuple[int, bytes]]) -> Iterator[tuple[_Card, str]]:
    """Cards with what is wrong with them as a whole."""
    card: _Card | None = None
    depth = 0
    is_told = False
    for number, line in lines:
        if _BEGIN.match(line):
            if card is not None and not depth and not _is_agent(card):
                yield card, "import.card_not_ended"
                card = None
            if card is None:
                card, is_told = _Card(number), False
            else:
                depth += 1
            continue
        if _END.match(line):
            if depth:
                depth -= 1
            elif card is not None:
                yield card, ""
                card = None
            else:
                yield _Card(number), "import.card_without_begin"
            continue
        if card is None:
            if line.strip():
                # What stands between cards is told once, not line by line.
                if not is_told:
                    yield _Card(number), "import.no_card"
                is_told = True
            continue
        if depth or not line.strip():
            # Somebody else's card inside this one.
            continue
        _take(card, number, line)
    if card is not None:
        yield card, "import.card_not_ended"


def _is_agent(card: _Card) -> bool:
    """Whether the next card belongs to this one: it was announced in the line before."""
    return (
        bool(card.properties)
        and card.properties[-1].name == "AGENT"
        and not card.properties[-1].value.strip()
    )


def _is_group(card: _Card) -> bool:
    """Whether it only lists other cards."""
    return any(
        each.name in ("KIND", "X-ADDRESSBOOKSERVER-KIND") and each.value.strip().lower() == b"group"
        for each in card.properties
    )


def _called(card: _Card) -> list[str]:
    return [_decoded(each.value, each, "")[:200] for each in card.properties if each.name == "FN"]


def _take(card: _Card, number: int, line: bytes) -> None:
    found = _HEAD.match(line.strip(b"\x00"))
    if found is None:
        # A base64 block whose lines are not folded as they should be.
        is_rest = card.properties and card.properties[-1].name in ("PHOTO", "LOGO", "SOUND", "KEY")
        if not is_rest:
            card.unread.append(number)
        return
    if len(card.properties) >= MOST_PROPERTIES:
        return
    head, *said = _split_head(found[1].decode("ascii", "replace"))
    group, _, name = head.rpartition(".")
    parameters: dict[str, list[str]] = {}
    for each in said:
        key, is_named, value = each.partition("=")
        if not is_named:
            # 2.1 says only "HOME", and "QUOTED-PRINTABLE".
            kind = "ENCODING" if key.upper() in ("QUOTED-PRINTABLE", "BASE64", "8BIT") else "TYPE"
            key, value = kind, key
        parameters.setdefault(key.strip().upper(), []).extend(
            part.strip().strip('"') for part in value.split(",")
        )
    encoded = {each.upper() for each in parameters.get("ENCODING", ())}
    card.properties.append(
        _Property(
            number,
            name.strip().upper(),
            group.lower(),
            parameters,
            found[2],
            is_quoted="QUOTED-PRINTABLE" in encoded,
        )
    )
    if name.upper() == "VERSION":
        card.is_old = found[2].strip().startswith(b"2")


def _split_head(head: str) -> list[str]:
    parts = re.findall(r"((?:[^;\"]|\"[^\"]*\")+)", head)
    return parts or [head]


# What properties mean


def _pairs(card: _Card, encoding: str) -> Iterator[tuple[str, str]]:
    """Fields with their texts; a name first."""
    texts = [(each, _texts(each, card.is_old, encoding)) for each in card.properties]
    labels = {
        each.group: _APPLE.sub(r"\1", parts[0])
        for each, parts in texts
        if each.name == "X-ABLABEL" and each.group and parts
    }
    yield from _names(texts)
    places = 0
    for each, parts in texts:
        # What is one text may hold a semicolon that nobody escaped.
        whole = ";".join(parts).strip().rstrip(";").strip()
        if each.name in ("PHOTO", "LOGO"):
            yield "photo", each.name.lower()
            continue
        if not whole.strip("; ") or each.name in _OURS:
            continue
        if each.name == "ADR":
            places += 1
            yield from _address(parts, places)
            continue
        yield from _meant(each, parts, whole, labels.get(each.group, ""))


def _meant(each: _Property, parts: list[str], whole: str, label: str) -> Iterator[tuple[str, str]]:
    match each.name:
        case "TEL":
            kinds = {kind.lower() for kind in each.parameters.get("TYPE", ())}
            number = _dialled(whole)
            if number:
                yield ("fax" if "fax" in kinds and "voice" not in kinds else "phone"), number
        case "EMAIL":
            yield "email", _after_scheme(whole, "mailto:")
        case "ORG":
            if parts[0].strip():
                yield "company", parts[0].strip()
            if len(parts) > 1 and parts[1].strip():
                yield "custom:department", ", ".join(p.strip() for p in parts[1:] if p.strip())
        case "TITLE":
            yield "custom:job_title", whole
        case "ROLE":
            yield "custom:role", whole
        case "BDAY" | "X-BDAY":
            yield "birthday", whole
        case "NOTE":
            yield "note", whole
        case "CATEGORIES" | "X-CATEGORIES" | "X-GROUP-MEMBERSHIP":
            yield "tags", ",".join(",".join(parts).split(";"))
        case "X-RAPPORT-ID":
            yield "rapport_id", whole
        case "URL":
            yield "custom:website", whole
        case "LANG":
            yield "language", whole
        case "TZ":
            # An offset is no zone: half a year later it is another one.
            if "/" in whole:
                yield "zone", whole
        case "GENDER" | "X-GENDER" | "X-WAB-GENDER":
            yield "gender", {"1": "female", "2": "male"}.get(whole, parts[0].strip())
        case "NICKNAME":
            yield "custom:nickname", whole
        case "ANNIVERSARY" | "X-ANNIVERSARY" | "X-EVOLUTION-ANNIVERSARY":
            yield "custom:anniversary", whole
        case "X-ABDATE":
            yield f"custom:{key_of(label or 'date')}", whole
        case "X-ABRELATEDNAMES" | "RELATED":
            yield f"custom:{key_of(label or 'related')}", _after_scheme(whole, "text:")
        case "IMPP":
            scheme, _, address = whole.partition(":")
            service = (each.parameters.get("X-SERVICE-TYPE") or [scheme])[0]
            yield f"custom:{key_of(service)}", address or whole
        case "X-ANDROID-CUSTOM":
            # The kind, the value, then what kind of that kind it is.
            kind, value, sort = ([part.strip() for part in parts] + [""] * 3)[:3]
            kind = kind.rpartition("/")[2]
            if kind == "contact_event" and sort in _EVENTS:
                kind = _EVENTS[sort]
            if value:
                yield ("birthday" if kind == "birthday" else f"custom:{key_of(kind)}"), value
        case str(name) if name.startswith("X-"):
            yield f"custom:{key_of(_OF_PROGRAMS.sub('', name))}", whole
        case other:
            yield f"custom:{key_of(other)}", whole


def key_of(text: str) -> str:
    """A short key for a field of somebody else's: "Account Manager" → account_manager."""
    return _WORD.sub("_", text.strip().lower()).strip("_")[:32] or "other"


def _names(texts: list[tuple[_Property, list[str]]]) -> Iterator[tuple[str, str]]:
    full = next((";".join(p).strip() for each, p in texts if each.name == "FN" and any(p)), "")
    parts = next((p for each, p in texts if each.name == "N" and any(p)), [])
    last, first, middle, prefix, suffix = ([p.strip() for p in parts] + [""] * 5)[:5]
    if full:
        yield "name", full
    if first:
        yield "first_name", first
    if last:
        yield "last_name", last
    if middle:
        yield "middle_name", middle
    if prefix:
        yield "custom:title", prefix
    if suffix and not full:
        yield "custom:suffix", suffix


# "X-EVOLUTION-SPOUSE", "X-KADDRESSBOOK-X-Department": whose they are says nothing of what they are.
_OF_PROGRAMS = re.compile(r"^X-(?:(?:EVOLUTION|KADDRESSBOOK)-(?:X-)?)?")

# What Android calls them by numbers.
_EVENTS = {"1": "anniversary", "3": "birthday"}


def _address(parts: list[str], place: int) -> Iterator[tuple[str, str]]:
    """The parts of an address; those of a second one say that they are of the second."""
    box, extra, street, city, region, code, country = ([p.strip() for p in parts] + [""] * 7)[:7]
    whole = ", ".join(part for part in (box, extra, street) if part).replace("\n", ", ")
    named = (
        ("street", whole),
        ("city", city),
        ("region", region),
        ("postcode", code),
        ("country", country),
    )
    of = "" if place == 1 else f":{place}"
    yield from ((f"{target}{of}", text) for target, text in named if text)


def _dialled(text: str) -> str:
    """A number as somebody would type it: "tel:+44-20;ext=5" says it in another way."""
    if not text.lower().startswith("tel:"):
        return text
    number, *said = text[4:].split(";")
    extension = next((each[4:] for each in said if each.lower().startswith("ext=")), "")
    return f"{number} ext. {extension}" if extension and number else number


def _after_scheme(text: str, scheme: str) -> str:
    if text.lower().startswith(scheme):
        return text[len(scheme) :].partition(";")[0]
    return text


# Values


def _texts(each: _Property, is_old: bool, encoding: str) -> list[str]:
    """The parts of a value between semicolons, unescaped and decoded."""
    raw = each.value
    if _BINARY.match(each.name.encode() + b":") or "B" in each.parameters.get("ENCODING", ()):
        return [] if each.name in ("PHOTO", "LOGO", "SOUND", "KEY") else [_unpacked(raw)]
    if "BASE64" in {e.upper() for e in each.parameters.get("ENCODING", ())}:
        raw = _from_base64(raw)
    elif each.is_quoted:
        # In the encoded text a semicolon between parts stands as it is.
        parts = [quopri.decodestring(part) for part in _split(raw, b";", is_old)]
        return [_clean(_unescaped(_decoded(part, each, encoding))) for part in parts]
    text = _decoded(raw, each, encoding)
    return [_clean(_unescaped(part)) for part in _split_text(text)]


def _unpacked(raw: bytes) -> str:
    return _from_base64(raw).decode("utf-8", "replace")


def _from_base64(raw: bytes) -> bytes:
    try:
        return base64.b64decode(raw + b"===")
    except (binascii.Error, ValueError):
        return b""


def _split(raw: bytes, mark: bytes, is_old: bool) -> list[bytes]:
    """Between marks that no backslash stands before."""
    parts = re.split(rb"(?<!\\)" + re.escape(mark), raw)
    return parts or [raw]


def _split_text(text: str) -> list[str]:
    parts: list[str] = []
    held = []
    at = 0
    while at < len(text):
        sign = text[at]
        if sign == "\\" and at + 1 < len(text):
            held.append(text[at : at + 2])
            at += 2
            continue
        if sign == ";":
            parts.append("".join(held))
            held = []
        else:
            held.append(sign)
        at += 1
    parts.append("".join(held))
    return parts


_ESCAPED = re.compile(r"\\([\\;,:nN])")


def _unescaped(text: str) -> str:
    return _ESCAPED.sub(lambda found: "\n" if found[1] in "nN" else found[1], text)


def _clean(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")


def _decoded(raw: bytes, each: _Property, encoding: str) -> str:
    """By the property's own character set if that is true, else by what the bytes look like."""
    named = (each.parameters.get("CHARSET") or [""])[0]
    for name in (named, "utf-8", encoding):
        if not name:
            continue
        try:
            return raw.decode(name)
        except (LookupError, UnicodeDecodeError):
            continue
    return raw.decode(old_encoding(raw), "replace")
