"""Countries as people write them: "USA", "Deutschland", "德国" are one name each."""

import re
from functools import lru_cache

# The languages in which their names are known; what is written in Chinese stays Chinese.
_SPOKEN = ("en", "zh", "zh_Hant", "de", "fr", "es", "it", "pt", "nl", "pl", "tr", "ru", "ja")
_CODE = re.compile(r"[A-Z]{2}")
_HAN = re.compile(r"[\u3400-\u9fff]")
_MARKS = re.compile(r"[^\w\s]|_")
# What no list of names has.
_ALSO = {
    "AE": "uae, emirates, the emirates, 阿联酋",
    "BA": "bosnia",
    "CD": "drc, dr congo, democratic republic of the congo",
    "CI": "ivory coast",
    "CN": "prc, pr china, peoples republic of china, mainland china, china mainland, "
    "中华人民共和国, 中國大陸, 中国大陆",
    "CZ": "czech republic, ceska republika, česko",
    "GB": "uk, great britain, britain, england, scotland, wales, northern ireland, "
    "united kingdom of great britain and northern ireland, gb, grossbritannien, 英國",
    "HK": "hong kong, hongkong, hk, 香港",
    "IR": "islamic republic of iran",
    "KR": "korea, republic of korea, s korea, 南韩, 大韩民国",
    "MO": "macau, macao, 澳门",
    "MM": "burma",
    "NL": "holland, the netherlands",
    "RU": "russian federation, россия",
    "SG": "sg, republic of singapore",
    "SK": "slovak republic",
    "SZ": "swaziland",
    "TR": "turkey, turkiye",
    "TW": "taiwan roc, taiwan r o c, 台灣, 臺灣",
    "US": "usa, u s a, us, u s, united states of america, the united states, america, the usa, "
    "estados unidos de america, 美利坚合众国",
    "VN": "viet nam",
}


@lru_cache(maxsize=4096)
def canonical(text: str) -> str:
    """The one name of a country, English, or Chinese where it is written so; else the text."""
    code = code_of(text)
    if code is None:
        return text
    from babel import Locale

    speaker = "zh" if _HAN.search(text) else "en"
    return (
        str(Locale.parse(speaker).territories[code])
        .replace("中国香港特别行政区", "香港")
        .replace("中国澳门特别行政区", "澳门")
        .removesuffix(" SAR China")
    )


def code_of(text: str) -> str | None:
    """The code of a country by its code or name: "DE", "DEU", "Germany", "德国" → "DE"."""
    return _codes().get(_plain(text))


def _plain(text: str) -> str:
    for mark in ".'’":
        text = text.replace(mark, "")
    return " ".join(_MARKS.sub(" ", text.casefold()).split())


@lru_cache(maxsize=1)
def _codes() -> dict[str, str]:
    from babel import Locale
    from babel.core import get_global

    countries = {str(code) for code in Locale.parse("en").territories}
    countries = {code for code in countries if _CODE.fullmatch(code)}
    countries -= {"EU", "EZ", "UN", "QO", "XA", "XB", "ZZ"}
    found: dict[str, str] = {}
    for speaker in _SPOKEN:
        for code, name in Locale.parse(speaker).territories.items():
            if code in countries:
                found.setdefault(_plain(str(name)), str(code))
    for code in countries:
        found.setdefault(code.lower(), code)
    for old, new in get_global("territory_aliases").items():
        # Three letters, and codes that are not used any more.
        if len(new) == 1 and str(old).isalpha() and new[0] in countries:
            found.setdefault(str(old).lower(), str(new[0]))
    found |= {_plain(name): code for code, names in _ALSO.items() for name in names.split(",")}
    return found
