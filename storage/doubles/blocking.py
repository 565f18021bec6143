"""Which records are worth comparing: those that share a key; a million have too many pairs."""

from collections.abc import Iterator
from zlib import crc32

from storage.doubles.person import SHARED_MAILBOXES, Known
from storage.doubles.scripts import bones, sound

# The kinds of keys. Who shares one of them is compared.
KINDS = ("phone", "mailbox", "name", "sound", "family", "born")
# A phone's last digits that are enough to look at a pair.
_TAIL = 7


def keys(person: Known) -> Iterator[tuple[int, int]]:
    """The keys of a person: the number of the kind, and a hash of what must be the same."""
    for phone in person.phones:
        yield 0, _hash(phone[-_TAIL:])
    for box in person.mailboxes:
        if len(box.local) > 3 and box.local not in SHARED_MAILBOXES:
            yield 1, _hash(box.local)
    for name in person.names:
        words = sorted(name.tokens)
        if not words:
            continue
        yield 2, _hash("".join(words))
        yield 3, _hash("".join(sorted(map(sound, words))))
        longest = max(words, key=len)
        rest = [word[0] for word in words if word is not longest]
        if rest:
            yield 4, _hash(sound(longest)[:5] + "".join(sorted(rest)))
        if person.birthday:
            # Either word may be the one that was written wrongly.
            for begun in {bones(word)[:3] for word in words}:
                yield 5, _hash(_day(person.birthday) + begun)


def _day(digits: str) -> str:
    """A birthday of which day and month may have changed places."""
    return digits[:4] + "".join(sorted((digits[4:6], digits[6:])))


def _hash(text: str) -> int:
    raw = text.encode()
    # Two checksums as one number: 32 bits alone would bring strangers together.
    return crc32(raw) << 32 | crc32(raw[::-1] + b"~")
