"""E-mail addresses in bulk: what `email-validator` says, with each domain asked about once."""

import re
from functools import lru_cache

# What the library takes in front of the @ without a second look.
_LOCAL = re.compile(r"[A-Za-z0-9_+&%$'-]+(?:\.[A-Za-z0-9_+&%$'-]+)*")


def normal(text: str) -> str | None:
    """The address in lower case; None for what is none."""
    local, _, domain = text.rpartition("@")
    if len(local) <= 60 and len(text) <= 200 and _LOCAL.fullmatch(local) and text.isascii():
        found = _domain(domain.lower())
        return None if found is None else f"{local.lower()}@{found}"
    return by_library(text)


@lru_cache(maxsize=20_000)
def _domain(domain: str) -> str | None:
    whole = by_library(f"a@{domain}")
    return None if whole is None else whole[2:]


def by_library(text: str) -> str | None:
    """The same by the library alone."""
    from email_validator import EmailNotValidError, validate_email

    try:
        checked = validate_email(text, check_deliverability=False, test_environment=True)
    except EmailNotValidError:
        return None
    return checked.normalized.lower()
