"""Files of customers that were brought in: how far each is, and what each of its rows did."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Index, LargeBinary, Text, UniqueConstraint, text
from sqlmodel import Field

from storage.columns import Choice, Id, Json
from storage.records.record import Record


class ImportState(StrEnum):
    """Fetched and read before anybody is asked; what was written can be undone as a whole."""

    FETCHING = "fetching"
    READING = "reading"
    READY = "ready"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"
    UNDOING = "undoing"
    UNDONE = "undone"


class ImportMode(StrEnum):
    """What a bad row means: nothing is imported, or everything but that row."""

    SKIP_BAD = "skip_bad"
    ALL_OR_NOTHING = "all_or_nothing"


class OnKnown(StrEnum):
    """What becomes of somebody who is known already by phone, e-mail or number."""

    FILL = "fill"
    OVERWRITE = "overwrite"
    SKIP = "skip"


class Import(Record, table=True):
    """One file, from its arrival until it is done, or undone."""

    __tablename__ = "imports"
    __table_args__ = (
        UniqueConstraint("number"),
        Index("ix_imports_digest", "digest"),
        # Of the few that something is to be done about.
        Index(
            "ix_imports_under_way",
            "id",
            sqlite_where=text("state IN ('fetching', 'reading', 'running', 'undoing')"),
            postgresql_where=text("state IN ('fetching', 'reading', 'running', 'undoing')"),
        ),
    )

    number: int
    file_name: str = Field(max_length=128)
    # What the content comes to (SHA-256), so that the same file is known again.
    digest: str | None = Field(default=None, max_length=64)
    size: int = 0
    state: ImportState = Field(default=ImportState.FETCHING, sa_type=Choice(ImportState))
    mode: ImportMode = Field(default=ImportMode.SKIP_BAD, sa_type=Choice(ImportMode))
    on_known: OnKnown = Field(default=OnKnown.FILL, sa_type=Choice(OnKnown))
    # How the file is read: {"kind", "encoding", "mark", "sheet", "header", "header_line",
    # "targets", "orders", "region", "system"}; what somebody changed of it: {"changes", "order"}.
    reading: dict[str, Any] = Field(default_factory=dict, sa_type=Json)
    # What the look at the whole file found: numbers, the first rows, the first problems.
    found: dict[str, Any] = Field(default_factory=dict, sa_type=Json)
    # What the rows did: {"created": …, "changed": …, "same": …, "bad": …, …}.
    counts: dict[str, Any] = Field(default_factory=dict, sa_type=Json)
    # The line of the last row that is written, or, while it is undone, still to be undone.
    cursor: int = 0
    done: int = 0
    # Why it failed: the key of a text.
    problem: str | None = Field(default=None, max_length=64)
    # Where the file is to be fetched, as its door describes it; nothing for the command line's.
    media: dict[str, Any] | None = Field(default=None, sa_type=Json)
    # In which chat its card stands.
    channel: str | None = Field(default=None, max_length=64)
    created_by: int | None = Field(default=None, foreign_key="members.id", sa_type=Id)
    created_at: datetime
    started_at: datetime | None = None
    finished_at: datetime | None = None
    # When its card was last brought up to date.
    shown_at: datetime | None = None


class ImportPiece(Record, table=True):
    """A part of a file's content, packed; it goes when the import is over."""

    __tablename__ = "import_pieces"
    __table_args__ = (UniqueConstraint("import_id", "position"),)

    import_id: int = Field(foreign_key="imports.id", sa_type=Id)
    position: int
    packed: bytes = Field(sa_type=LargeBinary)


class Did(StrEnum):
    """What became of a row."""

    CREATED = "created"
    CHANGED = "changed"
    # Known already, and nothing new.
    SAME = "same"
    SKIPPED = "skipped"
    BAD = "bad"
    # Probably somebody who is known already: left out, so that nobody is there twice.
    LIKELY = "likely"


class ImportRow(Record, table=True):
    """What became of one row of a file.

    All that it added has an id between the row's own and `last_id`.
    """

    __tablename__ = "import_rows"
    __table_args__ = (
        # No row is written twice.
        UniqueConstraint("import_id", "line"),
        # Of the rows that hold something personal, for whoever wants to be forgotten.
        Index(
            "ix_import_rows_contact_id",
            "contact_id",
            sqlite_where=text("detail IS NOT NULL"),
            postgresql_where=text("detail IS NOT NULL"),
        ),
    )

    import_id: int = Field(foreign_key="imports.id", sa_type=Id)
    line: int
    did: Did = Field(sa_type=Choice(Did))
    # No foreign key: who was imported may be gone again, and what happened stays.
    contact_id: int | None = Field(default=None, sa_type=Id)
    last_id: int | None = Field(default=None, sa_type=Id)
    # The contact's version when the row had been written.
    contact_version: int = 0
    # JSON: {"problems": [[key, field, value]], "cells": […], "before": {…}}.
    detail: str | None = Field(default=None, sa_type=Text)
