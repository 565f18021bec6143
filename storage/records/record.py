"""What all records have in common: an id, a version, and a constructor that costs little."""

from typing import Any, ClassVar, Self

from pydantic_core import PydanticUndefined
from sqlalchemy import Integer
from sqlalchemy.orm.attributes import instance_state, manager_of_class
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

    SQLModel does not validate table classes and takes about 30 µs to build one; this constructor
    takes 5. It accepts the table's fields by name and nothing else. Input must have become typed
    values before it gets here.
    """

    id: int = Field(default_factory=new_id, primary_key=True, sa_type=Id)
    # Grows with each change; an update that finds another version changes nothing (see Stale).
    version: int = Field(default=1, sa_type=Integer)

    _plain: ClassVar[dict[type, dict[str, Any]]] = {}
    _made: ClassVar[dict[type, dict[str, Any]]] = {}

    def __init__(self, **values: Any) -> None:
        cls = type(self)
        if cls not in Record._plain:
            _learn(cls)
        content = Record._plain[cls] | values
        if len(content) != len(cls.model_fields):
            wrong = sorted(content.keys() ^ cls.model_fields.keys())
            raise TypeError(f"{cls.__name__}: unknown or missing {', '.join(wrong)}")
        for name, make in Record._made[cls].items():
            if content[name] is None:
                content[name] = make()
        self._fill(content)

    @classmethod
    def loaded(cls, content: dict[str, Any]) -> Self:
        """A record as it stands in the database: `content` holds every column."""
        record: Self = manager_of_class(cls).new_instance()
        record._fill(content)
        return record

    def _fill(self, content: dict[str, Any]) -> None:
        # Straight into the dictionary: what is put there counts as unchanged for SQLAlchemy.
        self.__dict__.update(content)
        object.__setattr__(self, "__pydantic_fields_set__", set(content))
        object.__setattr__(self, "__pydantic_extra__", None)
        object.__setattr__(self, "__pydantic_private__", None)

    def changes(self) -> dict[str, Any]:
        """The columns changed since the record was read or stored, with their new values."""
        content = self.__dict__
        before = instance_state(self).committed_state
        return {name: content[name] for name, old in before.items() if content[name] != old}

    def content(self) -> dict[str, Any]:
        """Every column with its value."""
        content = dict(self.__dict__)
        content.pop("_sa_instance_state", None)
        return content

    def settle(self) -> None:
        """Count all that has been changed as stored."""
        instance_state(self).committed_state.clear()

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and self.id == getattr(other, "id", None)

    def __hash__(self) -> int:
        return hash((type(self), self.id))


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
