"""A company on one page, for a folder or a call: what it is, who is there, what was said and promised, its leads and
its group. All of it by the rights of the reader; restricted leads go by their code names.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.formats import date_format
from django.utils.text import Truncator
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from companies import printing
from companies.groups import Member, group_of, owner_of
from companies.models import Company, Position
from config.staff import clock
from config.staff.models import User
from leads.interactions.lines import add_met, as_lines
from leads.models import FollowUp, Interaction, Lead

# What fits one sheet with the longest of words.
PEOPLE, SAID, PROMISED, LEADS, GROUP = 5, 5, 5, 5, 5
# An address that is longer would run over the edge of the paper.
LONGEST_WORD = 44
LONGEST_ABOUT, LONGEST_NOTE, LONGEST_LINE, LONGEST_TITLE = 300, 150, 60, 120
NAMED = ("owner", "city", "sector", "activity", "origin_country", "seat_country", "parent", "ultimate_parent")


@dataclass(frozen=True)
class Section:
    title: str
    heads: Sequence[str]
    rows: Sequence[Sequence[str]]
    empty: str
    # The last column holds sentences.
    is_prose: bool = False

    @property
    def labelled(self) -> list[list[tuple[str, str]]]:
        """Each cell with its head, for screens on which a row stands as a card."""
        return [list(zip(self.heads, row, strict=True)) for row in self.rows]


@dataclass(frozen=True)
class Brief:
    """Finished words in the language that is active."""

    company: Company
    about: str
    facts: Sequence[tuple[str, str]]
    sections: Sequence[Section]
    is_restricted: bool

    @property
    def warning(self) -> str:
        return _("This page tells of a restricted lead: keep it to those who may know.") if self.is_restricted else ""


def brief_of(company: Company, reader: User) -> Brief:
    """A fixed number of queries, however much there is."""
    group = group_of(company, reader=reader)
    exchanges = Interaction.objects.visible_to(reader).filter(company=company).newest_first()
    said = list(as_lines(exchanges)[:SAID])
    add_met(said)
    promised = FollowUp.objects.visible_to(reader).open().filter(company=company).select_related("owner")
    leads = Lead.objects.visible_to(reader).filter(company=company).select_related("stage", "owner")
    shown = list(leads.order_by("-created_at", "-pk")[:LEADS])
    sections = [
        _people(company),
        _said(said),
        _promised(list(promised.order_by("due_on", "pk")[:PROMISED])),
        _leads(shown),
        *([_group(company, group)] if len(group) > 1 else []),
    ]
    facts = _facts(company, group, said, reader)
    about = Truncator(" ".join(company.description.split())).chars(LONGEST_ABOUT)
    return Brief(company, about, facts, sections, any(lead.is_restricted for lead in shown))


def paper(brief: Brief) -> bytes:
    """The sheet; what a restricted lead adds stands in its head."""
    sections = [
        {
            "title": section.title,
            "heads": section.heads,
            "rows": [[_fitting(cell) for cell in row] for row in section.rows],
            "empty": section.empty,
            "prose": section.is_prose,
        }
        for section in brief.sections
    ]
    data = {"about": brief.about, "warning": brief.warning, "facts": brief.facts, "sections": sections}
    title = Truncator(brief.company.name).chars(LONGEST_TITLE)
    return printing.pdf("company", data, title=title, kicker=_("Company brief"))


def _fitting(cell: str) -> str:
    return " ".join(Truncator(word).chars(LONGEST_WORD) for word in cell.split(" "))


def _facts(company: Company, group: list[Member], said: Sequence[Interaction], reader: User) -> list[tuple[str, str]]:
    owner, _owner_from = owner_of(company, group)
    place = [str(company.origin_country or ""), str(company.city or company.seat_country or "")]
    last = said[0] if said else None
    facts = [
        (_("Owner"), owner.name if owner else _("Nobody")),
        (_("Relation"), _relation(company, reader, has_met=bool(said))),
        (_("Country and place"), " · ".join(dict.fromkeys(filter(None, place)))),
        (_("Sector"), " · ".join(filter(None, [str(company.sector or ""), str(company.activity or "")]))),
        (_("Last touch"), f"{_day(last)}, {last.logged_by.name}" if last else _("Never")),
        (_("Website"), company.domain),
        (_("Tax id (NIT)"), company.tax_id),
    ]
    return [(label, _short(words)) for label, words in facts if words]


def _relation(company: Company, reader: User, *, has_met: bool) -> str:
    if company.installed_since:
        return _("Installed since %(year)s") % {"year": company.installed_since.year}
    if Lead.objects.visible_to(reader).open().filter(company=company).exists():
        return _("With an open lead")
    return _("In contact") if has_met else _("Never met")


def _people(company: Company) -> Section:
    held = Position.objects.current().filter(company=company, contact__merged_into=None)
    held = held.select_related("contact").prefetch_related("contact__contact_points").order_by("pk")
    rows = [
        [
            _short(position.contact.name),
            _short(position.title),
            ", ".join(point.value for point in position.contact.contact_points.all() if not point.bounced_at),
        ]
        for position in held[:PEOPLE]
    ]
    return Section(_("People"), [_("Name"), _("Job title"), _("Mail and phone")], rows, _("Nobody yet."))


def _said(said: Sequence[Interaction]) -> Section:
    rows = [
        [
            _day(row),
            _short(f"{row.get_kind_display()}, {row.logged_by.name}"),
            Truncator(" ".join(row.note.split())).chars(LONGEST_NOTE) or str(row.get_outcome_display()),
        ]
        for row in said
    ]
    return Section(
        _("Last exchanges"), [_("Day"), _("Who"), _("What was said")], rows, _("Nothing was said yet."), is_prose=True
    )


def _promised(promised: Sequence[FollowUp]) -> Section:
    today = clock.agency_today()
    rows = [
        [
            date_format(row.due_on, "SHORT_DATE_FORMAT") + (f" ({_('overdue')})" if row.due_on < today else ""),
            _short(row.owner.name),
            Truncator(row.text).chars(LONGEST_NOTE),
        ]
        for row in promised
    ]
    return Section(_("Open promises"), [_("Day"), _("Who"), _("Promise")], rows, _("None planned."), is_prose=True)


def _leads(leads: Sequence[Lead]) -> Section:
    rows = [
        [_short(str(lead)), f"{lead.stage.name} · {lead.get_status_display()}", _short(lead.owner.name)]
        for lead in leads
    ]
    return Section(_("Leads"), [_("Lead"), _("Stage"), _("Owner")], rows, _("None."))


def _group(company: Company, group: list[Member]) -> Section:
    rows = [
        [
            _short(f"{member.indent}{member.company.name}"),
            _("Installed") if member.company.installed_since else "",
            member.company.owner.name if member.company.owner else "",
        ]
        for member in group
        if member.company.pk != company.pk
    ]
    more = len(rows) - GROUP
    rest = [[_("and %(n)s more") % {"n": more}, "", ""]] if more > 0 else []
    return Section(_("Group"), [_("Company"), "", _("Owner")], [*rows[:GROUP], *rest], "")


def _day(row: Interaction) -> str:
    return date_format(localtime(row.happened_at), "SHORT_DATE_FORMAT")


def _short(words: str) -> str:
    return Truncator(words).chars(LONGEST_LINE)
