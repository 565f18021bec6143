"""Conditions on what is written somewhere, in capitals or small letters."""

from typing import Any

from sqlalchemy import ColumnElement
from sqlmodel import func

from storage.work import Work


def begins(column: Any, text: str) -> ColumnElement[bool]:
    """Whether something begins with these letters."""
    condition: ColumnElement[bool] = column.like(f"{_escaped(text)}%", escape="\\")
    return condition


def has_inside(work: Work, column: Any, text: str) -> ColumnElement[bool]:
    """Whether something has these small letters inside, written however."""
    # What SQLite calls alike does not differ by its own small letters, and making those takes long.
    small = column if work.dialect == "sqlite" else func.lower(column)
    condition: ColumnElement[bool] = small.like(f"%{_escaped(text)}%", escape="\\")
    return condition


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
