"""What all records have in common: an id, a version, and a constructor that costs little."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar, Self

from pydantic import BaseModel
from pydantic_core import PydanticUndefined
from sqlalchemy import Column, Integer, Table
from sqlmodel import Field, SQLModel
from sqlmodel.main import SQLModelMetaclass

from storage.columns import Id, new_id

SQLModel.metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


# What pydantic keeps of an object beside its fields has slots, and these fill them directly.
_set_fields_set = BaseModel.__dict__["__pydantic_fields_set__"].__set__
_set_extra = BaseModel.__dict__["__pydantic_extra__"].__set__
_set_private = BaseModel.__dict__["__pydantic_private__"].__set__
_NO_NAMES: set[str] = set()
_NOTHING: dict[str, Any] = {}


class Tables(SQLModelMetaclass):
    """Makes the table of a record class from its fields, as SQLModel does, and no ORM mapping.

    Records live outside sessions and remember by themselves what they were; a mapper for each
    class would be a tenth of all the time from start to ready, and a function call for every
    field that is read.
    """

    def __init__(
        cls,  # noqa: N805 (a class of classes, as below)
        name: str,
        bases: tuple[type, ...],
        content: dict[str, Any],
        **how: Any,
    ) -> None:
        type.__init__(cls, name, bases, content)
        if how.get("table"):
            cls.__table__ = _table_of_fields(cls)

    def __clause_element__(cls) -> Table:  # noqa: N805
        """What the class is in a statement: its table."""
        return cls.__table__


class _Column:
    """What a record class has for each field: the column; its records have the field's value."""

    def __init__(self, column: Column[Any]) -> None:
        self._column = column

    def __get__(self, record: "Record | None", _: type) -> Any:
        return self._column


def _table_of_fields(cls: Any) -> Table:
    columns = []
    for name in cls.model_fields:
        # SQLModel has put it there, without a name.
        column: Any = cls.__dict__[name]
        column.name = column.key = name
        columns.append(column)
        type.__setattr__(cls, name, _Column(column))
    return Table(cls.__tablename__, cls.metadata, *columns, *cls.__dict__.get("__table_args__", ()))


class Record(SQLModel, metaclass=Tables):
    """A row of a table.

    SQLModel does not validate table classes, takes 30 µs to build one and 3 µs to change a field;
    what stands here does the same in 5 and 0.3. The constructor accepts the table's fields by name
    and nothing else. Input must have become typed values before it gets here.
    """

    # What a record is known by, beside its id; nobody else has the same.
    natural_key: ClassVar[tuple[str, ...]] = ()
    # Whether the writer remembers it between transactions (see `storage.memory`).
    remembered: ClassVar[bool] = False
    # Where it is kept how many of them are alike (see `storage.tallies`); None where it is not.
    counted_in: ClassVar["type[Record] | None"] = None

    # Records are never validated by pydantic, so it need not prepare for it at every start.
    model_config = {"defer_build": True}

    id: int = Field(default_factory=new_id, primary_key=True, sa_type=Id)
    # Grows with each change; an update that finds another version changes nothing (see Stale).
    version: int = Field(default=1, sa_type=Integer)

    _plain: ClassVar[dict[type, dict[str, Any]]] = {}
    _made: ClassVar[dict[type, dict[str, Any]]] = {}
    _names: ClassVar[dict[type, set[str]]] = {}
    _seen: ClassVar[set[tuple[Any, ...]]] = set()

    def __new__(cls, *_: Any, **__: Any) -> Self:
        # Not SQLModel's: all that it prepares is set by `_fill`.
        record: Self = object.__new__(cls)
        return record

    def __init__(self, **values: Any) -> None:
        cls = type(self)
        if cls not in Record._names:
            _learn(cls)
        content = Record._plain[cls] | values
        # A place in the code gives the same names every time: they are looked through once.
        given = (cls, *values)
        if given not in Record._seen:
            _look_through(cls, content)
            Record._seen.add(given)
        for name, make in Record._made[cls].items():
            if content[name] is None:
                content[name] = make()
        self._fill(content)

    @classmethod
    def new(cls, **values: Any) -> Self:
        """A new record as by the constructor, in half the time: nobody looks at the names.

        For code that makes very many.
        """
        if cls not in Record._names:
            _learn(cls)
        content = Record._plain[cls] | values
        for name, make in Record._made[cls].items():
            if content[name] is None:
                content[name] = make()
        record = cls.__new__(cls)
        record._fill(content)
        return record

    @classmethod
    def loaded(cls, content: dict[str, Any]) -> Self:
        """A record as it stands in the database: `content` holds every column."""
        record = cls.__new__(cls)
        record._fill(content)
        return record

    def _fill(self, content: dict[str, Any]) -> None:
        # Straight into the dictionary: what is put there counts as unchanged.
        self.__dict__.update(content)
        _set_fields_set(self, Record._names.get(type(self), _NO_NAMES))
        _set_extra(self, None)
        # What changed fields held when the record was read or stored.
        _set_private(self, {})

    def __setattr__(self, name: str, value: Any) -> None:
        content = self.__dict__
        if name not in content:
            raise AttributeError(f"{type(self).__name__} has no field {name}")
        self._before.setdefault(name, content[name])
        content[name] = value

    @property
    def _before(self) -> dict[str, Any]:
        before = self.__pydantic_private__
        assert before is not None
        return before

    @staticmethod
    def kind_of(row: Mapping[str, Any]) -> tuple[Any, ...]:
        """Among which others a row is counted, in the order of the tally's `kinds`: among all."""
        return ()

    @staticmethod
    def moment_of(row: Mapping[str, Any]) -> datetime | None:
        """The moment of a row of which the last is kept with their count."""
        return None

    def stored(self) -> dict[str, Any]:
        """Every column as it was read or stored."""
        return self.content() | self._before

    def changes(self) -> dict[str, Any]:
        """The columns changed since the record was read or stored, with their new values."""
        # Asked of every record that was looked at, and most of them are as they were.
        before = self.__pydantic_private__
        if not before:
            return _NOTHING
        content = self.__dict__
        return {name: content[name] for name, old in before.items() if content[name] != old}

    def content(self) -> dict[str, Any]:
        """Every column with its value."""
        return dict(self.__dict__)

    def settle(self) -> None:
        """Count all that has been changed as stored."""
        before = self.__pydantic_private__
        if before:
            before.clear()

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and self.id == getattr(other, "id", None)

    def __hash__(self) -> int:
        return hash((type(self), self.id))


def _look_through(cls: type[Record], content: dict[str, Any]) -> None:
    wrong = sorted(content.keys() ^ Record._names[cls])
    if wrong:
        raise TypeError(f"{cls.__name__}: unknown or missing {', '.join(wrong)}")


def _learn(cls: type[Record]) -> None:
    plain: dict[str, Any] = {}
    made: dict[str, Any] = {}
    for name, field in cls.model_fields.items():
        if field.default_factory is not None:
            plain[name] = None
            made[name] = field.default_factory
        elif field.default is not PydanticUndefined:
            plain[name] = field.default
    Record._plain[cls] = plain
    Record._made[cls] = made
    Record._names[cls] = set(cls.model_fields)
