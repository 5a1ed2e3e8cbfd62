"""The facts that gates may ask for, what each means, and when the trade asks for it. An agency changes the when."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from config.staff import clock
from leads.models import Lead, Reading, Stage
from leads.models.choices import Involvement, Layer

HORIZON, HORIZON_MONTHS = "decision_horizon", 36


class Known:
    """The lead with what the gates ask of its relations, read once."""

    def __init__(self, lead: Lead, *, on: date | None = None, horizon: int | None = None) -> None:
        self.lead = lead
        self.on = on or clock.agency_today()
        self.horizon = horizon or HORIZON_MONTHS
        self._readings: dict[str, Reading] | None = None

    def reading(self, layer: Layer) -> Reading | None:
        if self._readings is None:
            self._readings = {row.layer: row for row in self.lead.readings.all() if row.is_current}
        return self._readings.get(layer)

    def has_next_step(self) -> bool:
        if hasattr(self.lead, "has_next_step"):  # a list has annotated it
            return bool(self.lead.has_next_step)
        return self.lead.follow_ups.next_steps().exists()


Check = Callable[[Known], bool]


@dataclass(frozen=True, slots=True)
class Rule:
    """A fact, and from the stage `first` to the stage `last` it must be known, unless the agency wants it otherwise."""

    field: str
    sentence: str | Promise
    first: int
    last: int = Stage.OPERATIONAL
    met: Check | None = None
    # What it is called, where that is not the name of a field of the lead.
    called: str | Promise = ""
    # Where one field has two facts.
    own_code: str = ""
    limit: int | None = None

    @property
    def code(self) -> str:
        return self.own_code or self.field

    @property
    def label(self) -> str:
        return str(self.called or Lead._meta.get_field(self.field).verbose_name)  # type: ignore[union-attr]

    def is_met(self, known: Known) -> bool:
        if self.met:
            return self.met(known)
        # The key of a relation, so that asking whether it is there reads nothing.
        name = f"{self.field}_id" if Lead._meta.get_field(self.field).is_relation else self.field
        return getattr(known.lead, name) not in {None, ""}


def _has_country(known: Known) -> bool:
    return known.lead.company.origin_country_id is not None


def _has_sector(known: Known) -> bool:
    return known.lead.sector_id is not None or known.lead.company.sector_id is not None


def _has_legal_basis(known: Known) -> bool:
    # Without a contact the missing contact is what is told.
    return known.lead.contact is None or known.lead.contact.legal_basis != ""


def _has_jobs(known: Known) -> bool:
    return known.lead.client_cannot_say or known.lead.jobs_estimate is not None


def _has_capex(known: Known) -> bool:
    return known.lead.client_cannot_say or known.lead.capex_estimate_usd is not None


def _decides_in_time(known: Known) -> bool:
    by = known.lead.decision_to
    return by is None or _months(known.on, by) <= known.horizon


def _months(start: date, end: date) -> int:
    return (end.year - start.year) * 12 + end.month - start.month


def _has_second_person(known: Known) -> bool:
    return known.lead.second_person_id not in {None, known.lead.project_manager_id}


def _visit_is_told(known: Known) -> bool:
    # Not every project has a visit; the one that had it says what it showed.
    return known.lead.visit_on is None or known.lead.visit_debrief != ""


def _is_assisted_by_a_service(known: Known) -> bool:
    # Whoever says that we assisted names a service and its day.
    return known.lead.involvement != Involvement.ASSISTED or known.lead.services.exists()


def _is_committed(known: Known) -> bool:
    return known.reading(Layer.COMMITTED) is not None


def _is_checked(known: Known) -> bool:
    return known.lead.verified_by_id not in {None, known.lead.owner_id}


def _has_headcount(known: Known) -> bool:
    verified = known.reading(Layer.VERIFIED)
    return verified is not None and verified.jobs is not None


def _has_account_owner(known: Known) -> bool:
    return known.lead.company.owner_id is not None


RULES: tuple[Rule, ...] = (
    Rule(
        "origin_country",
        _("Say which country the company comes from."),
        Stage.TARGET,
        met=_has_country,
        called=_("country of origin"),
    ),
    Rule("sector", _("Say the sector."), Stage.TARGET, met=_has_sector),
    Rule("source", _("Say where the lead came from."), Stage.TARGET),
    Rule("owner", _("Say who looks after it."), Stage.LEAD),
    Rule("contact", _("Name the person you speak with."), Stage.LEAD),
    Rule(
        "legal_basis",
        _("Say why we may keep this person's data."),
        Stage.LEAD,
        met=_has_legal_basis,
        called=_("legal basis for the contact"),
    ),
    Rule(
        "next_step",
        _("Plan the next step and its day."),
        Stage.LEAD,
        Stage.DECISION,
        met=Known.has_next_step,
        called=_("next step"),
    ),
    Rule("activity", _("Say what would be done at the site."), Stage.QUALIFIED),
    Rule("investment_type", _("Say the type of investment."), Stage.QUALIFIED),
    Rule("decision_to", _("Say by when they will decide."), Stage.QUALIFIED, Stage.SHORTLIST),
    Rule(
        "decision_to",
        _("The decision must be expected within %(limit)s months."),
        Stage.QUALIFIED,
        Stage.SHORTLIST,
        met=_decides_in_time,
        called=_("decision within the horizon"),
        own_code=HORIZON,
        limit=HORIZON_MONTHS,
    ),
    Rule(
        "jobs_estimate",
        _("Estimate the jobs, or say that the client cannot say yet."),
        Stage.QUALIFIED,
        Stage.SHORTLIST,
        met=_has_jobs,
    ),
    Rule(
        "capex_estimate_usd",
        _("Estimate the capex, or say that the client cannot say yet."),
        Stage.QUALIFIED,
        Stage.SHORTLIST,
        met=_has_capex,
    ),
    Rule("competitors", _("Name the other places they look at."), Stage.QUALIFIED),
    Rule("motives", _("Say why they want to invest."), Stage.QUALIFIED),
    Rule("project_manager", _("Name the project manager."), Stage.ACTIVE),
    Rule("second_person", _("Name a second person beside the manager."), Stage.ACTIVE, met=_has_second_person),
    Rule("requirements", _("Say what the project needs."), Stage.ACTIVE),
    Rule("likelihood", _("Say how likely it is."), Stage.ACTIVE, Stage.SHORTLIST),
    Rule("land_on", _("Estimate when the operation starts."), Stage.ACTIVE, Stage.DECISION),
    Rule("level", _("Say who may see it."), Stage.ACTIVE),
    Rule("visit_on", _("Say when the site visit is."), Stage.VISIT, Stage.VISIT),
    Rule(
        "visit_debrief", _("Say what the visit showed: hosts, sites, objections."), Stage.SHORTLIST, met=_visit_is_told
    ),
    Rule("shortlist", _("Name the shortlisted places."), Stage.SHORTLIST, Stage.SHORTLIST),
    Rule("incentives", _("Say which incentives they asked for, or none."), Stage.SHORTLIST, Stage.SHORTLIST),
    Rule("open_issues", _("Say what is still open, or nothing."), Stage.SHORTLIST, Stage.SHORTLIST),
    Rule("sharing", _("Say whether partners may be told."), Stage.SHORTLIST, Stage.SHORTLIST),
    Rule(
        "committed",
        _("Add the committed jobs and capex with their date."),
        Stage.DECISION,
        met=_is_committed,
        called=_("committed jobs and capex"),
    ),
    Rule("municipality", _("Say the municipality."), Stage.DECISION),
    Rule("local_entity_nit", _("Give the NIT of the local entity."), Stage.DECISION),
    Rule("involvement", _("Say what our part in it was."), Stage.DECISION),
    Rule(
        "service",
        _("Add at least one service that we gave, with its day: it proves that we assisted."),
        Stage.DECISION,
        met=_is_assisted_by_a_service,
        called=_("service given"),
    ),
    Rule("evidence", _("Say what the evidence is and where it lies."), Stage.DECISION),
    Rule("verified_by", _("Somebody other than the owner must check the evidence."), Stage.DECISION, met=_is_checked),
    Rule("operational_on", _("Say on which day the operation started."), Stage.OPERATIONAL),
    Rule(
        "headcount",
        _("Add the first verified headcount."),
        Stage.OPERATIONAL,
        met=_has_headcount,
        called=_("first headcount"),
    ),
    Rule(
        "account_owner",
        _("Say who looks after the company from now on."),
        Stage.OPERATIONAL,
        met=_has_account_owner,
        called=_("account owner"),
    ),
)

BY_CODE = {rule.code: rule for rule in RULES}
