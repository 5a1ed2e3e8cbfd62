"""What a list of leads may be narrowed by. It stands in the address, so that a colleague can be sent the same view."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import CharField, Exists, F, Func, OuterRef, Q, Value
from django.db.models.functions import Cast
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from companies.models import CompanyName, Country, Sector
from config.staff.models import User
from leads.models import FollowUp
from leads.models.choices import Source, Status
from leads.models.lead import LeadQuerySet, folded_title
from missions.models import Mission

MISSIONS_OFFERED = 60
NO_STEP, OVERDUE = "none", "overdue"


@dataclass(frozen=True)
class Option:
    value: str
    label: str
    chosen: bool


@dataclass(frozen=True)
class LeadFilters:
    owner: int | None = None
    mission: int | None = None
    sector: str = ""
    country: str = ""
    source: str = ""
    step: str = ""
    stage: int | None = None
    status: str = ""
    q: str = ""

    @classmethod
    def of(cls, asked: Mapping[str, str]) -> "LeadFilters":
        """What cannot be meant is as if it had not been asked."""
        return cls(
            owner=_whole(asked.get("owner", "")),
            mission=_whole(asked.get("mission", "")),
            sector=_word(asked.get("sector", "")),
            country=_word(asked.get("country", "")),
            source=_one_of(asked.get("source", ""), Source.values),
            step=_one_of(asked.get("step", ""), [NO_STEP, OVERDUE]),
            stage=_whole(asked.get("stage", "")),
            status=_one_of(asked.get("status", ""), [*Status.values, "open"]),
            q=_word(asked.get("q", "")),
        )

    @property
    def any(self) -> bool:
        return self != LeadFilters()

    def apply(self, leads: LeadQuerySet, *, today: date) -> LeadQuerySet:
        exact = {
            "owner": self.owner,
            "mission": self.mission,
            "sector": self.sector,
            "company__origin_country": self.country,
            "source": self.source,
            "stage": self.stage,
        }
        leads = leads.filter(**{name: value for name, value in exact.items() if value not in {None, ""}})
        if self.status:
            leads = leads.open() if self.status == "open" else leads.filter(status=self.status)
        if self.step:
            leads = leads.filter(_by_step(self.step, today))
        return _by_words(leads, self.q) if self.q else leads

    def options(self) -> dict[str, list[Option]]:
        """The choices of the drop-downs, in one query."""
        chosen = {"owner": self.owner, "mission": self.mission, "sector": self.sector, "country": self.country}
        found: dict[str, list[Option]] = {name: [] for name in chosen}
        for name, value, label in _rows():
            found[name].append(Option(value, label, value == str(chosen[name])))
        found["source"] = [Option(value, str(label), value == self.source) for value, label in Source.choices]
        found["step"] = [
            Option(OVERDUE, _("Overdue"), self.step == OVERDUE),
            Option(NO_STEP, _("None planned"), self.step == NO_STEP),
        ]
        found["status"] = [Option("open", _("All open"), self.status == "open")]
        found["status"] += [Option(value, str(label), value == self.status) for value, label in Status.choices]
        return found


def _by_step(step: str, today: date) -> Q:
    planned = FollowUp.objects.open().filter(lead=OuterRef("pk"))
    return Q(Exists(planned.filter(due_on__lt=today))) if step == OVERDUE else ~Q(Exists(planned))


def _by_words(leads: LeadQuerySet, words: str) -> LeadQuerySet:
    folded = Func(Value(words), function="puente_fold", output_field=CharField())
    other_names = CompanyName.objects.filter(company=OuterRef("company"), folded__contains=folded)
    return leads.alias(folded=folded_title()).filter(
        Q(folded__contains=folded) | Q(company__folded__contains=folded) | Exists(other_names)
    )


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
