"""What each sign is worth: natural logarithms of odds, fitted on made pairs.

Fitted by logistic regression with `python -m benchmarks.fit_doubles`; a weight above nothing
speaks for one person, below it against. A level that is not here (a field that only one has) is
worth nothing.

Some things are set by hand there, because made people are not quite like real ones. The prior is
lower, as fewer of the pairs that are met are one person. "same" is worth no less than "near" of the
same field, and a birthday with day and month the other way round no more than the same one. Another
mailbox speaks against it little more than another phone does, and a mailbox that a whole house
shares is worth next to nothing.
"""

# Of a name alone: see `storage.doubles.comparing.name_features`.
NAME_PRIOR = -14.888
NAME: dict[str, float] = {
    "worst": 3.183,
    "near": 7.567,
    "mean": 0.169,
    "whole": 13.672,
    "extra": -2.639,
    "half": 0.692,
    "single": 2.398,
    "initial": 2.545,
    "only_initials": 1.747,
    "nickname": 1.732,
    "sound": 0.673,
    "pinyin": -4.905,
    "short": 2.331,
    "other": -2.61,
}

# Of a whole record: of the odds of the names, and of each level of the other fields.
PRIOR = -0.681
NAMES = 0.365
WEIGHTS: dict[str, float] = {
    "address.half": 3.573,
    "address.little": -0.035,
    "address.near": 5.073,
    "address.other": -1.746,
    "address.same": 5.073,
    "birthday.half": 0.542,
    "birthday.near": 3.576,
    "birthday.other": -2.665,
    "birthday.same": 3.125,
    "birthday.swapped": 3.125,
    "company.near": 3.112,
    "company.other": -1.703,
    "company.same": 3.112,
    "email.local": 4.439,
    "email.near": 3.601,
    "email.other": -1.5,
    "email.same": 4.564,
    "gender.other": -5.004,
    "id.half": 2.217,
    "id.near": 5.547,
    "id.other": -1.811,
    "id.same": 7.318,
    "name.missing": -0.464,
    "phone.near": 2.859,
    "phone.other": -1.441,
    "phone.same": 2.965,
    "email.shared": 0.5,
}
