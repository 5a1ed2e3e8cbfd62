"""What a list of leads may be narrowed by. It stands in the address, so that a colleague can be sent the same view."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import CharField, Exists, F, Func, OuterRef, Q, Value
from django.db.models.functions import Cast
from django.utils.html import format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from companies.models import Company, CompanyName, Country, Sector
from config.staff.models import User
from leads.models import FollowUp, Lead, ReportingScheme
from leads.models.choices import Source, Status
from leads.models.lead import LeadQuerySet
from missions.models import Mission

MISSIONS_OFFERED = 60
NO_STEP, OVERDUE = "none", "overdue"
# Instead of a person: whoever has no account any more.
LEFT = "left"


@dataclass(frozen=True)
class LeadFilters:
    owner: int | str | None = None
    mission: int | None = None
    sector: str = ""
    country: str = ""
    source: str = ""
    step: str = ""
    stage: int | None = None
    status: str = ""
    scheme: str = ""
    q: str = ""

    @classmethod
    def of(cls, asked: Mapping[str, str]) -> "LeadFilters":
        """What cannot be meant is as if it had not been asked."""
        return cls(
            owner=LEFT if asked.get("owner") == LEFT else _whole(asked.get("owner", "")),
            mission=_whole(asked.get("mission", "")),
            sector=_word(asked.get("sector", "")),
            country=_word(asked.get("country", "")),
            source=_one_of(asked.get("source", ""), Source.values),
            step=_one_of(asked.get("step", ""), [NO_STEP, OVERDUE]),
            stage=_whole(asked.get("stage", "")),
            status=_one_of(asked.get("status", ""), [*Status.values, "open"]),
            scheme=_word(asked.get("scheme", "")),
            q=_word(asked.get("q", "")),
        )

    @property
    def on(self) -> int:
        """How many are set."""
        return sum(value not in {None, ""} for value in vars(self).values())

    def apply(self, leads: LeadQuerySet, *, today: date) -> LeadQuerySet:
        exact = {
            "owner": None if self.owner == LEFT else self.owner,
            "mission": self.mission,
            "sector": self.sector,
            "company__origin_country": self.country,
            "source": self.source,
            "stage": self.stage,
            "investment_type__schemes": self.scheme,
        }
        leads = leads.filter(**{name: value for name, value in exact.items() if value not in {None, ""}})
        if self.owner == LEFT:
            leads = leads.filter(owner__is_active=False)
        if self.status:
            leads = leads.open() if self.status == "open" else leads.filter(status=self.status)
        if self.step:
            leads = leads.filter(_by_step(self.step, today))
        return _by_words(leads, self.q) if self.q else leads

    def options(self) -> dict[str, SafeString]:
        """The choices of the drop-downs, in one query; a widget an option would cost more than the page's queries."""
        found: dict[str, list[tuple[str, object]]] = {
            "owner": [],
            "mission": [],
            "sector": [],
            "country": [],
            "scheme": [],
        }
        for name, value, label in _rows():
            found[name].append((value, label))
        found["owner"].append((LEFT, _("Somebody who has left")))
        found["source"] = list(Source.choices)
        found["step"] = [(OVERDUE, _("Overdue")), (NO_STEP, _("None planned"))]
        found["status"] = [("open", _("All open")), *Status.choices]
        return {name: _drawn(rows, getattr(self, name)) for name, rows in found.items()}


def _drawn(rows: list[tuple[str, object]], chosen: object) -> SafeString:
    shown = "" if chosen is None else str(chosen)
    return format_html_join(
        "",
        '<option value="{}"{}>{}</option>',
        ((value, mark_safe(" selected") if value == shown else "", label) for value, label in rows),
    )


def _by_step(step: str, today: date) -> Q:
    planned = FollowUp.objects.next_steps().filter(lead=OuterRef("pk"))
    return Q(Exists(planned.filter(due_on__lt=today))) if step == OVERDUE else ~Q(Exists(planned))


def _by_words(leads: LeadQuerySet, words: str) -> LeadQuerySet:
    """Each part goes by its own index; one condition over all of them would have none."""
    folded = Func(Value(words), function="puente_fold", output_field=CharField())
    titled = Lead.objects.filter(folded__contains=folded).order_by().values("pk")
    called = Company.objects.filter(folded__contains=folded).order_by().values("pk")
    once_called = CompanyName.objects.filter(folded__contains=folded).order_by().values("company")
    return leads.filter(Q(pk__in=titled) | Q(company__in=called) | Q(company__in=once_called))


def _rows() -> Iterator[tuple[str, str, str]]:
    name = "name_en" if (get_language() or "").startswith("en") else "name_es"
    text = CharField()

    def row(kind: str, value: str, label: str) -> dict[str, object]:
        return {"of": Value(kind, text), "value": Cast(value, text), "label": Cast(F(label), text)}

    columns = ("of", "value", "label")
    people = User.objects.active().staff().order_by()
    missions = Mission.objects.order_by("-starts_on", "-pk")[:MISSIONS_OFFERED]
    yield from (
        people.annotate(**row("owner", "pk", "name"))
        .values_list(*columns)
        .union(
            Mission.objects.filter(pk__in=missions.values("pk"))
            .order_by()
            .annotate(**row("mission", "pk", "name"))
            .values_list(*columns),
            Sector.objects.order_by().annotate(**row("sector", "pk", name)).values_list(*columns),
            Country.objects.order_by().annotate(**row("country", "pk", name)).values_list(*columns),
            ReportingScheme.objects.order_by().annotate(**row("scheme", "pk", name)).values_list(*columns),
            all=True,
        )
        .order_by("of", "label")
    )


def _whole(value: str) -> int | None:
    return int(value) if value.isascii() and value.isdigit() and len(value) < 18 else None


def _word(value: str) -> str:
    return value.replace("\0", "").strip()[:100]


def _one_of(value: str, known: list[str]) -> str:
    return value if value in known else ""
