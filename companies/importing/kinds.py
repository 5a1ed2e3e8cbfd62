"""What can be imported. A kind is a set of fields about a company, a person, and whatever an upper app adds."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from companies.models import Import, ImportRow, ImportWrite
from config.staff.models import User


@dataclass(frozen=True)
class Field:
    """One thing that a column can say; `called` is what headers call it, folded, in both languages."""

    name: str
    label: Promise
    type: str = "text"
    longest: int = 255
    called: str = ""
    # The codes of a short list, for the type "choice": code to what it is called.
    choices: tuple[tuple[str, Any], ...] = ()

    @property
    def words(self) -> tuple[str, ...]:
        return tuple(self.called.split(", "))

    @property
    def is_listed(self) -> bool:
        """Its values stand for records or choices of ours, so the words of the file are matched to those."""
        return self.type in {"country", "sector", "colleague", "choice"}


Rows = Sequence[ImportRow]


@dataclass(frozen=True)
class Kind:
    name: str
    label: Promise
    text: Promise
    icon: str
    fields: tuple[Field, ...]
    # At least one field of each group must have a column.
    needs: tuple[tuple[str, ...], ...]
    # What a row is about, and so what two rows of the same are doubles of: company, contact, more.
    about: str
    may: Callable[[User], bool]
    # A form about the whole file, asked with the upload, and what keeps its answer.
    form: Callable[..., forms.Form] | None = None
    keep: Callable[[Import, dict[str, Any]], None] | None = None
    # Which of these rows would make a record of the upper app, by the keys of the rows.
    plan_more: Callable[[Import, Rows], set[int]] | None = None
    write_more: Callable[[Import, Rows], list[ImportWrite]] | None = None
    # Further models that it writes, the first made last.
    models: tuple[str, ...] = ()
    # Of these, what is nothing without its owner: the owner's model, and the column that names it.
    owners: dict[str, tuple[str, str]] = field(default_factory=dict)
    # Problems that no cell shows by itself.
    check: Callable[[dict[str, Any]], dict[str, str]] = field(default=lambda said: {})

    def field(self, name: str) -> Field | None:
        return next((each for each in self.fields if each.name == name), None)


_kinds: dict[str, Kind] = {}


def register(kind: Kind) -> None:
    _kinds[kind.name] = kind


def kind_of(what: "Import | str") -> Kind:
    return _kinds[what if isinstance(what, str) else what.kind]


def kinds_for(user: User) -> Iterable[Kind]:
    return [kind for kind in _kinds.values() if kind.may(user)]


COMPANY = (
    Field(
        "company_name",
        _("Company"),
        called="company, company name, empresa, compania, razon social, nombre de la empresa, organization,"
        " organisation, organizacion, institucion, firma, account, cuenta, startup, exhibitor, expositor",
    ),
    Field(
        "website",
        _("Website"),
        "domain",
        253,
        "website, web, url, domain, dominio, sitio web, pagina web, homepage, web domain, site",
    ),
    Field(
        "country",
        _("Country of origin"),
        "country",
        called="country, pais, country of origin, pais de origen, origen, headquarters country, nacionalidad",
    ),
    Field("seat_country", _("Country of the seat"), "country", called="country of the seat, pais de la sede"),
    Field("sector", _("Sector"), "sector", called="sector, industry, industria, categories, category, rubro"),
    Field("legal_name", _("Legal name"), called="legal name, nombre legal, registered name"),
    Field("tax_id", _("Tax id (NIT)"), longest=40, called="tax id, nit, vat, rut, ein, tax number, rfc"),
    Field(
        "description",
        _("What they do"),
        "long",
        5000,
        "description, descripcion, what they do, que hacen, about, actividad, tagline, perfil",
    ),
    Field("other_name", _("Other name"), called="other name, alias, otro nombre, trade name, nombre comercial"),
    Field("installed_since", _("Installed since"), "date", called="installed since, instalada desde"),
    Field("owner", _("Owner"), "colleague", called="owner, responsable, account manager, ejecutivo, asesor"),
)
PERSON = (
    Field(
        "full_name",
        _("Full name"),
        longest=240,
        called="name, full name, nombre completo, nombre, contact, contacto, person, persona, founder, attendee,"
        " asistente, participante, contact name, nombre del contacto",
    ),
    Field("given_name", _("Given name"), longest=120, called="given name, first name, nombres, primer nombre"),
    Field("family_name", _("Family name"), longest=120, called="family name, last name, surname, apellido, apellidos"),
    Field("title", _("Job title"), longest=160, called="title, job title, position, cargo, puesto, role, rol"),
    Field(
        "email",
        _("E-mail"),
        "email",
        called="email, e mail, mail, correo, correo electronico, email address, work email",
    ),
    Field(
        "phone",
        _("Phone"),
        "phone",
        called="phone, telefono, mobile, celular, movil, tel, phone number, whatsapp",
    ),
    Field("language", _("Language"), "language", 5, "language, idioma, lengua"),
    Field(
        "person_country",
        _("Country of the person"),
        "country",
        called="country of the person, pais de la persona, country of residence, pais de residencia",
    ),
    Field(
        "person_note",
        _("Note on the person"),
        "long",
        5000,
        "note, notes, nota, notas, comments, comentarios, observaciones",
    ),
)
PERSON_NAMES = ("full_name", "given_name", "family_name")


def _managers(user: User) -> bool:
    return user.is_manager


def register_kinds() -> None:
    register(
        Kind(
            name="company",
            label=_("Companies"),
            text=_("One company a row: name, website, country, sector and so on."),
            icon="company",
            fields=COMPANY,
            needs=(("company_name",),),
            about="company",
            may=_managers,
        )
    )
    register(
        Kind(
            name="person",
            label=_("People"),
            text=_("One person a row, with the company they work for."),
            icon="people",
            fields=(*PERSON, *COMPANY),
            needs=(PERSON_NAMES,),
            about="contact",
            may=_managers,
        )
    )
