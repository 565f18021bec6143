"""What each sign is worth: natural logarithms of odds, fitted on made pairs.

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

# Of a name alone: see `storage.doubles.comparing.name_features`.
NAME_PRIOR = -14.112
NAME: dict[str, float] = {
    "worst": 4.684,
    "near": 7.693,
    "mean": -4.509,
    "whole": 16.499,
    "extra": -2.455,
    "half": 0.981,
    "single": 2.432,
    "initial": 2.6,
    "only_initials": 3.131,
    "nickname": 3.288,
    "sound": 0.668,
    "pinyin": -5.086,
    "short": 1.517,
    "other": -2.834,
}

# Of a whole record: of the odds of the names, and of each level of the other fields.
PRIOR = -0.043
NAMES = 0.309
WEIGHTS: dict[str, float] = {
    "address.half": 3.745,
    "address.little": -0.24,
    "address.near": 4.282,
    "address.other": -2.082,
    "address.same": 4.282,
    "birthday.half": 0.659,
    "birthday.near": 4.514,
    "birthday.other": -2.272,
    "birthday.same": 2.747,
    "birthday.swapped": 2.747,
    "birthday.years": -2.422,
    "company.near": 2.653,
    "company.other": -1.838,
    "company.same": 3.941,
    "email.local": 4.776,
    "email.near": 3.857,
    "email.other": -1.5,
    "email.same": 4.79,
    "email.shared": 0.5,
    "gender.other": -4.661,
    "id.half": 2.076,
    "id.near": 5.156,
    "id.other": -1.902,
    "id.same": 7.097,
    "name.missing": -0.779,
    "phone.near": 3.283,
    "phone.other": -1.64,
    "phone.same": 3.283,
}
