"""A rule for the 29th, 30th or 31st, as people mean it: in shorter months it is the last day."""

import re

_LATE_IN_MONTH = re.compile(r"BYMONTHDAY=(29|30|31)(?![\d,])")


def fitting(rule: str) -> str:
    """The rule (RRULE) with a day that each month has: for the 31st the last of 28, 29, 30 and 31.

    By RFC 5545 a month without a 31st is left out, which is not what people mean.
    """

    def days(found: re.Match[str]) -> str:
        several = ",".join(str(day) for day in range(28, int(found[1]) + 1))
        return f"BYMONTHDAY={several};BYSETPOS=-1"

    return _LATE_IN_MONTH.sub(days, rule)
