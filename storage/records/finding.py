"""What has changed in names, so that whoever keeps an index of them can follow."""

from sqlmodel import Field

from storage.columns import Id
from storage.records.record import Record


class NameChange(Record, table=True):
    """A contact was added, renamed or deleted.

    The database itself writes these rows (see `storage.journal`), in the transaction of the
    change; their ids grow by one.
    """

    __tablename__ = "name_changes"

    contact_id: int = Field(sa_type=Id)
