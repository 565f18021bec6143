"""Phone numbers in bulk: what `phonenumbers` says, fifty times as fast where that is plain.

The library takes a number apart with some thirty regular expressions. Of a number of digits only
that begins with no prefix which it would take away, nothing but its length decides; that is looked
up here in the library's own tables. Everything else goes to the library.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

_MARKS = str.maketrans("", "", " -().")
_PLAIN = re.compile(r"\+[1-9]\d{6,14}")
_DIGITS = re.compile(r"\d{5,15}")
_NATIONAL = re.compile(r"[0-9 ().\-]{5,25}")
_INTERNATIONAL = re.compile(r"\+[0-9 ().\-]{7,25}")


@dataclass(frozen=True)
class _Plan:
    """Of one country: which beginnings need the library, and which lengths are possible."""

    code: str
    needs_library: Any
    lengths: frozenset[int]
    # What one dials to leave the country.
    going_abroad: Any


def e164(text: str, region: str | None) -> str | None:
    """The number as E.164; None for what is none, or none that can be dialled from elsewhere."""
    given = text.strip()
    if given[:1] == "+":
        if _INTERNATIONAL.fullmatch(given):
            found = _international(given.translate(_MARKS))
            if found is not None:
                return found or None
    elif region is not None and _NATIONAL.fullmatch(given):
        found = _national(given.translate(_MARKS), region)
        if found is not None:
            return found or None
    return by_library(given, region)


def _international(number: str) -> str | None:
    """The number, "" for an impossible one, None when the library must say."""
    if not _PLAIN.fullmatch(number):
        return None
    for width in (1, 2, 3):
        plan = _plan(number[1 : 1 + width])
        if plan is not None:
            rest = number[1 + width :]
            if plan.needs_library is not None and plan.needs_library.match(rest):
                return None
            return number if len(rest) in plan.lengths else ""
    return None


def _national(number: str, region: str) -> str | None:
    plan = _plan_of_region(region)
    if plan is None or not _DIGITS.fullmatch(number) or number.startswith(plan.code):
        return None
    if plan.needs_library is not None and plan.needs_library.match(number):
        return None
    if plan.going_abroad is not None and plan.going_abroad.match(number):
        return None
    return f"+{plan.code}{number}" if len(number) in plan.lengths else ""


@lru_cache(maxsize=1024)
def _plan(code: str) -> _Plan | None:
    import phonenumbers

    regions = phonenumbers.COUNTRY_CODE_TO_REGION_CODE.get(int(code)) if code[:1] != "0" else None
    if not regions or str(int(code)) != code:
        return None
    main = regions[0]
    if main == "001":
        metadata = phonenumbers.PhoneMetadata.metadata_for_nongeo_region(int(code), None)
    else:
        metadata = phonenumbers.PhoneMetadata.metadata_for_region(main, None)
    return _made(code, metadata)


@lru_cache(maxsize=300)
def _plan_of_region(region: str) -> _Plan | None:
    import phonenumbers

    metadata = phonenumbers.PhoneMetadata.metadata_for_region(region, None)
    code = phonenumbers.country_code_for_region(region)
    if metadata is None or not code:
        return None
    # Lengths are those of the country code's main region, as the library has it.
    main = _plan(str(code))
    own = _made(str(code), metadata)
    return (
        None
        if main is None or own is None
        else _Plan(own.code, own.needs_library, main.lengths, own.going_abroad)
    )


def _made(code: str, metadata: Any) -> _Plan | None:
    if metadata is None:
        return None
    prefix = metadata.national_prefix_for_parsing
    lengths = [each for each in metadata.general_desc.possible_length if each > 0]
    abroad = metadata.international_prefix
    return _Plan(
        code,
        re.compile(prefix) if prefix else None,
        frozenset(lengths),
        re.compile(abroad) if abroad else None,
    )


@lru_cache(maxsize=4096)
def by_library(text: str, region: str | None) -> str | None:
    """The same by the library alone."""
    import phonenumbers

    try:
        number = phonenumbers.parse(text[:60], region)
    except phonenumbers.NumberParseException:
        return None
    number = _without_its_plus(text, region, number)
    possible = phonenumbers.ValidationResult.IS_POSSIBLE
    if phonenumbers.is_possible_number_with_reason(number) != possible:
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def _without_its_plus(text: str, region: str | None, number: Any) -> Any:
    """A spreadsheet takes the plus away: 491701234567 is of Germany, and no number there."""
    import phonenumbers

    digits = text.translate(_MARKS)
    metadata = phonenumbers.PhoneMetadata.metadata_for_region(region, None) if region else None
    if metadata is None or not digits.isdecimal():
        return number
    if not digits.startswith(str(metadata.country_code)):
        return number
    try:
        whole = phonenumbers.parse(f"+{digits}", None)
    except phonenumbers.NumberParseException:
        return number
    if not phonenumbers.is_valid_number(whole):
        return number
    prefix = metadata.national_prefix
    # Where a number at home begins with a prefix, and this one does not, it is not at home.
    at_home = not prefix or digits.startswith(prefix)
    return number if at_home and phonenumbers.is_valid_number(number) else whole
