"""What all records have in common: an id, a version, and a constructor that costs little."""

from typing import Any, ClassVar, Self

from pydantic_core import PydanticUndefined
from sqlalchemy import Integer
from sqlmodel import Field, SQLModel

from storage.columns import Id, new_id

SQLModel.metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Record(SQLModel):
    """A row of a table.

    SQLModel does not validate table classes, takes 30 µs to build one and 3 µs to change a field;
    what stands here does the same in 5 and 0.3. The constructor accepts the table's fields by name
    and nothing else. Input must have become typed values before it gets here.
    """

    # Records live outside sessions and remember by themselves what they were. That the name is
    # taken spares each of them SQLAlchemy's state: five objects, two microseconds.
    _sa_instance_state: ClassVar[None] = None

    # What a record is known by, beside its id; nobody else has the same.
    natural_key: ClassVar[tuple[str, ...]] = ()
    # Whether the writer remembers it between transactions (see `storage.memory`).
    remembered: ClassVar[bool] = False

    # Records are never validated by pydantic, so it need not prepare for it at every start.
    model_config = {"defer_build": True}

    id: int = Field(default_factory=new_id, primary_key=True, sa_type=Id)
    # Grows with each change; an update that finds another version changes nothing (see Stale).
    version: int = Field(default=1, sa_type=Integer)

    _plain: ClassVar[dict[type, dict[str, Any]]] = {}
    _made: ClassVar[dict[type, dict[str, Any]]] = {}
    _names: ClassVar[dict[type, set[str]]] = {}

    def __new__(cls, *_: Any, **__: Any) -> Self:
        # Not SQLModel's: all that it prepares is set by `_fill`.
        record: Self = object.__new__(cls)
        return record

    def __init__(self, **values: Any) -> None:
        cls = type(self)
        if cls not in Record._names:
            _learn(cls)
        content = Record._plain[cls] | values
        names = Record._names[cls]
        if content.keys() != names:
            wrong = sorted(content.keys() ^ names)
            raise TypeError(f"{cls.__name__}: unknown or missing {', '.join(wrong)}")
        for name, make in Record._made[cls].items():
            if content[name] is None:
                content[name] = make()
        self._fill(content)

    @classmethod
    def loaded(cls, content: dict[str, Any]) -> Self:
        """A record as it stands in the database: `content` holds every column."""
        record = cls.__new__(cls)
        record._fill(content)
        return record

    def _fill(self, content: dict[str, Any]) -> None:
        # Straight into the dictionary: what is put there counts as unchanged.
        self.__dict__.update(content)
        object.__setattr__(self, "__pydantic_fields_set__", Record._names.get(type(self), set()))
        object.__setattr__(self, "__pydantic_extra__", None)
        # What changed fields held when the record was read or stored.
        object.__setattr__(self, "__pydantic_private__", {})

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

    def changes(self) -> dict[str, Any]:
        """The columns changed since the record was read or stored, with their new values."""
        # Asked of every record that was looked at, and most of them are as they were.
        before = self.__pydantic_private__
        if not before:
            return {}
        content = self.__dict__
        return {name: content[name] for name, old in before.items() if content[name] != old}

    def content(self) -> dict[str, Any]:
        """Every column with its value."""
        return dict(self.__dict__)

    def settle(self) -> None:
        """Count all that has been changed as stored."""
        self._before.clear()

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and self.id == getattr(other, "id", None)

    def __hash__(self) -> int:
        return hash((type(self), self.id))


class _Column:
    """What a record class has where SQLAlchemy has put an attribute of its own.

    Asked of the class it is that attribute, so queries read as ever. But it leaves the records
    alone: theirs is a function call for every field that is read, eight times a plain field's time.
    """

    def __init__(self, attribute: Any) -> None:
        self._attribute = attribute

    def __get__(self, record: Record | None, _: type[Record]) -> Any:
        return self._attribute


def read_plainly(cls: type[Record]) -> None:
    """Have the fields of a record class read without SQLAlchemy; once, when it is mapped."""
    for name in cls.model_fields:
        type.__setattr__(cls, name, _Column(getattr(cls, name)))


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
