"""Fit the weights of `storage.doubles.weights` on made pairs and print the module anew.

`python -m benchmarks.fit_doubles > storage/doubles/weights.py`; two minutes. With `--check` it only
says whether the module is what would be printed. The people are others than those that
`benchmarks doubles` measures with.

The same code prints the same weights, to the last digit: the pairs are drawn from a fixed seed, and
what is fitted has one best answer (a logistic regression with a penalty is convex) that Newton's
method is let run into. Whoever changes how names are compared, or how pairs are made, prints them
again.
"""

import sys
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.made_people import MadePeople
from storage.doubles import comparing, weights
from storage.doubles.comparing import BY_NAME, Level, levels, name_features
from storage.doubles.naming import compared, name_of
from storage.doubles.person import known

SEED = 101
NAMES, RECORDS = 40_000, 60_000
# Four in ten of the made pairs are one person; of those that a search for doubles meets fewer are.
FEWER = -0.5
# Made people seldom have two mailboxes and real ones do: another one speaks against it little more
# than another phone does. A mailbox that is there for everybody says little for it.
OTHER_MAILBOX, SHARED_MAILBOX = -1.5, 0.5
# Made households share whole addresses and phones more often than real ones: a level says no less
# than the one below it.
AT_LEAST = ("address", "phone", "email", "company", "id")

HEAD = '''"""What each sign is worth: natural logarithms of odds, fitted on made pairs.

A weight above nothing speaks for one person, below it against; a level that is not here (a field
that only one has) is worth nothing.

This file is what `python -m benchmarks.fit_doubles` prints. It makes up 40,000 pairs of names and
60,000 pairs of records from a fixed seed: four in ten are one person, with slips, short names and
moved houses, the others are households, namesakes and colleagues. A logistic regression on the
names says how much each likeness of them is worth, and a second one weighs that sum beside the
other fields.

Some things are set by hand there, because made people are not quite like real ones. The prior is
lower, as fewer of the pairs that are met are one person. "same" is worth no less than "near" of the
same field, and a birthday with day and month the other way round no more than the same one. Another
mailbox speaks against it little more than another phone does, and a mailbox that a whole house
shares is worth next to nothing.
"""
'''


def main() -> int:
    """Fit names, then records with them, and print; or say whether that is what is kept."""
    text = _text()
    if "--check" not in sys.argv:
        sys.stdout.write(text)
        return 0
    is_kept = Path(weights.__file__).read_text("utf-8") == text
    print("The weights are as they are fitted." if is_kept else "The weights would be others.")
    return int(not is_kept)


def _text() -> str:
    made = MadePeople(SEED)
    prior, name = _fit_names(made)
    weights.NAME_PRIOR, weights.NAME = prior, name
    comparing.judged_name.cache_clear()
    record_prior, levels_of = _fit_records(made)
    names = levels_of.pop("name")
    return f"""{HEAD}
# Of a name alone: see `storage.doubles.comparing.name_features`.
NAME_PRIOR = {prior}
NAME: dict[str, float] = {_dict(name)}

# Of a whole record: of the odds of the names, and of each level of the other fields.
PRIOR = {record_prior}
NAMES = {names}
WEIGHTS: dict[str, float] = {_dict(dict(sorted(levels_of.items())))}
"""


def _fit_names(made: MadePeople) -> tuple[float, dict[str, float]]:
    pairs = made.name_pairs(NAMES)
    told = [name_features(compared(name_of(a), name_of(b))) for a, b, _ in pairs]
    table = np.array([list(each.values()) for each in told])
    return _fitted(table, [same for *_, same in pairs], list(told[0]), strictness=10.0)


def _fit_records(made: MadePeople) -> tuple[float, dict[str, float]]:
    pairs = list(made.pairs(RECORDS))
    found = [levels(known(a), known(b)) for a, b, _ in pairs]
    columns = sorted({_column(level) for each in found for level in each})
    table = np.zeros((len(found), len(columns)))
    for row, each in zip(table, found, strict=True):
        for level in each:
            row[columns.index(_column(level))] += level.strength
    prior, weights = _fitted(table, [same for *_, same in pairs], columns, strictness=1.0)
    for field in AT_LEAST:
        mine = [value for key, value in weights.items() if key.startswith(f"{field}.")]
        weights[f"{field}.same"] = max(mine)
    weights["birthday.swapped"] = min(weights["birthday.swapped"], weights["birthday.same"])
    weights["email.other"] = max(weights["email.other"], OTHER_MAILBOX)
    weights["email.shared"] = SHARED_MAILBOX
    return round(prior + FEWER, 3), weights


def _column(level: Level) -> str:
    return "name" if level.key in BY_NAME else level.key


def _fitted(
    table: Any, is_same: list[bool], columns: list[str], strictness: float
) -> tuple[float, dict[str, float]]:
    from sklearn.linear_model import LogisticRegression

    # To the very optimum: where a rougher method stops depends on the machine.
    model = LogisticRegression(C=strictness, solver="newton-cholesky", tol=1e-10, max_iter=200)
    model.fit(table, is_same)
    weights = [round(float(each), 3) for each in model.coef_[0]]
    return round(float(model.intercept_[0]), 3), dict(zip(columns, weights, strict=True))


def _dict(weights: dict[str, float]) -> str:
    lines = "".join(f'    "{key}": {value},\n' for key, value in weights.items())
    return f"{{\n{lines}}}"


if __name__ == "__main__":
    sys.exit(main())
