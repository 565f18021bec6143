"""A customer as a row: the columns of every export, and what stands in them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from storage.records import Contact, Identity, IdentityKind

# The headings are those that an import knows.
COLUMNS = (
    *("Rapport ID", "Name", "First Name", "Company", "Phone", "Email", "Birthday", "Gender"),
    *("Language", "Time Zone", "Source", "Stage", "Owner", "Tags", "Marketing", "Created"),
    *("External ID", "Telegram", "Street", "City", "Region", "Postcode", "Country", "Addresses"),
)
PLACES = ("street", "city", "region", "postcode", "country")


@dataclass(frozen=True)
class Picture:
    """One customer with what is to be told of them."""

    contact: Contact
    identities: Sequence[Identity] = ()
    tags: Sequence[str] = ()
    owner: str = ""
    marketing: bool | None = None

    def having(self, kind: IdentityKind) -> list[str]:
        """Their phones, or addresses, as another program takes them."""
        return [_told(each) for each in self.identities if each.kind is kind]

    @property
    def born(self) -> str:
        """The birthday; "--05-12" when its year is not known."""
        if self.contact.birthday is not None:
            return self.contact.birthday.isoformat()
        return str(self.contact.custom.get("birthday_without_year") or "")

    def row(self, own: Sequence[str]) -> list[str]:
        """The cells of `COLUMNS`, then those of the team's own fields."""
        contact = self.contact
        marketing = "" if self.marketing is None else "granted" if self.marketing else "denied"
        told = [
            str(contact.id),
            contact.name,
            contact.first_name or "",
            contact.company or "",
            "; ".join(self.having(IdentityKind.PHONE)),
            "; ".join(self.having(IdentityKind.EMAIL)),
            contact.birthday.isoformat() if contact.birthday else "",
            str(contact.gender or ""),
            contact.language,
            contact.zone or "",
            contact.source or "",
            str(contact.stage),
            self.owner,
            ", ".join(self.tags),
            marketing,
            contact.created_at.isoformat(),
            "; ".join(self.having(IdentityKind.EXTERNAL)),
            "; ".join(self.having(IdentityKind.USERNAME)),
            *(_text(contact.custom.get(name)) for name in PLACES),
            "; ".join(self.having(IdentityKind.ADDRESS)),
        ]
        return [*told, *(_text(contact.custom.get(key)) for key in own)]

    def as_json(self) -> dict[str, Any]:
        """Everything with its own type."""
        contact = self.contact
        return {
            "id": contact.id,
            "name": contact.name,
            "first_name": contact.first_name,
            "company": contact.company,
            "phones": self.having(IdentityKind.PHONE),
            "emails": self.having(IdentityKind.EMAIL),
            "external": self.having(IdentityKind.EXTERNAL),
            "addresses": self.having(IdentityKind.ADDRESS),
            "telegram": self.having(IdentityKind.USERNAME),
            "birthday": self.born or None,
            "gender": contact.gender,
            "language": contact.language,
            "zone": contact.zone,
            "source": contact.source,
            "stage": contact.stage,
            "owner": self.owner or None,
            "tags": list(self.tags),
            "marketing": self.marketing,
            "created_at": contact.created_at.isoformat(),
            "custom": contact.custom,
        }


def _told(identity: Identity) -> str:
    if identity.kind is IdentityKind.PHONE:
        # With its country it means the same everywhere; otherwise only the normal form does.
        return identity.shown if identity.shown.startswith("+") else identity.value
    if identity.kind is IdentityKind.EXTERNAL:
        return identity.value
    return identity.shown


def _text(value: Any) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case list():
            return ", ".join(map(str, value))
        case {"amount": amount, "currency": currency}:
            return f"{amount} {currency}"
    return str(value)
