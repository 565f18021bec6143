"""Who is the same person: by name, by address, by birthday; and who only looks like it."""

from typing import Any

import pytest

from benchmarks.doubles import rightness
from benchmarks.made_people import MadePeople
from storage.doubles.judging import LIKELY, Same, judge
from storage.doubles.person import Person, mailbox

ONE_NAME = [
    ("Robert Smith", "Bob Smith"),
    ("Robert Smith", "Smith, Robert"),
    ("Robert Smith", "Dr. Robert Smith Jr."),
    ("Robert Smith", "R. Smith"),
    ("Robert Smith", "Rboert Smith"),
    ("Robert James Smith", "Robert Smith"),
    ("Catherine O'Brien", "Katherine OBrien"),
    ("Jürgen Müller", "Juergen Mueller"),
    ("José García", "Jose Garcia"),
    ("Mary Ann Lee", "Maryann Lee"),
    ("Mohammed Al-Sayed", "Muhammad Alsayed"),
    ("Сергей Иванов", "Sergey Ivanov"),
    ("Катя Иванова", "Екатерина Иванова"),
    ("Саша Петров", "Alexander Petrov"),
    ("Лёша Сидоров", "Alexey Sidorov"),
    ("Lyosha Sidorov", "Алексей Сидоров"),
    ("Katia Ivanova", "Катерина Іванова"),
    ("Дмитро Шевченко", "Дима Шевченко"),
    ("Κώστας Παπαδόπουλος", "Kostas Papadopoulos"),
    ("김민준", "Kim Minjun"),
    ("张三丰", "Zhang Sanfeng"),
    ("张三丰", "Sanfeng Zhang"),
    ("張偉", "张伟"),
]
TWO_NAMES = [
    ("Guest12", "Guest13"),
    ("Person 800000001", "Person 800000002"),
    ("Robert Smith", "Robert Jones"),
    ("Robert Smith", "Richard Smith"),
    ("Mario Rossi", "Maria Rossi"),
    ("Маша Иванова", "Даша Иванова"),
    ("Саша Ким", "Паша Ким"),
    ("Daniel Weber", "Daniela Weber"),
    ("John Smith", "Jane Smith"),
    ("Anna Lee", "Bruno Lehmann"),
    ("张三", "李四"),
    ("张三丰", "张三立"),
    ("Zhang Wei", "Wang Wei"),
]


@pytest.mark.parametrize(("one", "other"), ONE_NAME)
def test_a_name_is_known_however_it_is_written(one: str, other: str) -> None:
    """In whatever order, spelling and script; from both sides alike."""
    assert judge(_named(one), _named(other)).score >= LIKELY
    assert judge(_named(one), _named(other)).score == judge(_named(other), _named(one)).score


@pytest.mark.parametrize(("one", "other"), TWO_NAMES)
def test_names_of_two_people_are_two_names(one: str, other: str) -> None:
    """However alike they look."""
    assert judge(_named(one), _named(other)).same is Same.NO


def _named(name: str) -> Person:
    return Person(names=(name,))


def test_the_reasons_are_said_the_strongest_first() -> None:
    """What speaks for it, and what against."""
    verdict = judge(
        Person(names=("Robert Smith",), phones=("+44 20 7946 0958",), birthday="1980-02-03"),
        Person(names=("Smith, Bob",), phones=("020 7946 0958",), birthday="1980-03-02"),
    )

    said = {reason.key for reason in verdict.reasons}
    assert said == {"name.nickname", "phone.same", "birthday.swapped"}
    assert verdict.same is Same.YES
    weights = [abs(reason.weight) for reason in verdict.reasons]
    assert weights == sorted(weights, reverse=True)


def test_a_household_is_not_one_person() -> None:
    """One address and one family name, but two first names and two birthdays."""
    home = ("4 Mill Street, Milton 2117",)
    one = Person(names=("Anna Berg",), addresses=home, birthday="1980-02-03")
    other = Person(names=("Bruno Berg",), addresses=home, birthday="1978-11-30")

    assert judge(one, other).same is Same.NO


HOME = {"phones": ("+49 30 1112223",), "addresses": ("Gartenweg 1, 12345 Berlin",)}
DESK = {"phones": ("021-55556666",), "emails": ("info@acme.test",), "company": "Acme Ltd"}
OF_A_HOUSE = [
    (HOME, ("Thomas Keller", None), ("Susanne Keller", None)),
    (HOME, ("Max Brandt", "2001-05-05"), ("Moritz Brandt", "2001-05-05")),
    (HOME, ("John Miller", "1950-04-04"), ("John Miller", "1982-07-19")),
    (HOME, ("张国强", "1955-01-01"), ("张小强", "1985-05-05")),
    (HOME, ("Tariq Aziz", None), ("Ben Carter", None)),
    (DESK, ("Paul Stone", None), ("Peter Stein", None)),
    (DESK, ("刘洋", None), ("刘波", None)),
]


@pytest.mark.parametrize(("shared", "one", "other"), OF_A_HOUSE)
def test_what_a_house_or_a_desk_shares_makes_nobody_one(
    shared: dict[str, Any], one: tuple[str, str | None], other: tuple[str, str | None]
) -> None:
    """Spouses, twins, a parent and a child of one name, people who share a flat, colleagues."""
    persons = [Person(names=(name,), birthday=born, **shared) for name, born in (one, other)]

    assert judge(*persons).same is Same.NO


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Anna Schmidt", "Anna Becker"),
        ("William Keller", "Bill Keller"),
        ("Christopher Lane", "Chris"),
        ("Thomas Keller", "Thoams Keler"),
        ("小王", "王强"),
    ],
)
def test_who_has_married_or_is_called_otherwise_is_still_one(one: str, other: str) -> None:
    """The same phone and address count as long as the given name may be the same."""
    assert judge(_at_home(one), _at_home(other)).score >= LIKELY


def _at_home(name: str) -> Person:
    return Person((name,), HOME["phones"], addresses=HOME["addresses"])


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Bob.Smith@gmail.com", "bobsmith+news@googlemail.com"),
        ("bob@acme.test", "BOB+shop@acme.test"),
    ],
)
def test_a_mailbox_is_one_however_it_is_written(one: str, other: str) -> None:
    """Dots of Gmail, what stands behind a plus, capitals."""
    assert mailbox(one) == mailbox(other)


def test_verdicts_are_as_right_as_a_trained_classifier_and_far_from_a_mere_ratio() -> None:
    """On people that no weight was fitted on."""
    found = rightness(1500)

    assert found["f1"] >= found["linear_f1"]
    assert found["names_f1"] >= found["wratio_f1"] + 0.1


def test_rubbish_is_compared_too() -> None:
    """Whatever stands in a field, there is a verdict."""
    odd = ("", " ", ".", "'", "\ud800", "🎉", "a" * 5000, "0", "@", "李", "١٢٣", "Dr.", "-", "\x00")
    for one in odd:
        for other in odd:
            persons = [
                Person((text,), (text,), (text,), text, (text,), text, (text,), text)
                for text in (one, other)
            ]
            assert 0 <= judge(*persons).score <= 1


def test_the_same_seed_makes_the_same_people() -> None:
    """So that figures can be compared."""
    assert MadePeople(3).name_pairs(20) == MadePeople(3).name_pairs(20)
