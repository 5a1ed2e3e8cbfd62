"""What a person may type about a meeting, call or mail. Whom one met is `leads.interactions.who`."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import cache, cached_property, partial
from typing import Any, cast
from uuid import UUID, uuid4

from django import forms
from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from companies.models import PrivacyNotice
from companies.models.privacy_notice import WayGiven
from config.staff import clock
from config.staff.models import User
from config.staff.zones import known_zones
from leads.forms.promise import PromiseForm
from leads.interactions.capture import NewPerson, Said
from leads.interactions.who import Who
from leads.models import FollowUp, Interaction
from leads.models.choices import Interest, Outcome
from leads.on_mission.whereabouts import Whereabouts
from missions.models import Event, Mission
from missions.wall_time import WallTimeFormField, to_utc, to_wall

PROMISES = 2
COMPANIONS = 40
FIRST_DAY = date(2000, 1, 1)
# A mission that ended lately may still be what is logged.
LATELY = timedelta(days=60)
KEPT = ("mission", "event", "place", "zone")


class LogForm(forms.Form):
    capture_id = forms.UUIDField(widget=forms.HiddenInput, required=False)
    kind = forms.ChoiceField(label=_("What it was"), choices=Interaction.Kind, widget=forms.RadioSelect)
    outcome = forms.ChoiceField(label=_("Outcome"), choices=Outcome, widget=forms.RadioSelect)
    interest = forms.ChoiceField(label=_("Interest"), choices=Interest, widget=forms.RadioSelect, required=False)
    note = forms.CharField(
        label=_("What was said"), max_length=20000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    lead = forms.ChoiceField(label=_("Lead"), widget=forms.RadioSelect, required=False)
    lead_title = forms.CharField(label=_("What they plan"), max_length=200, required=False)
    mission = forms.ModelChoiceField(label=_("Mission"), queryset=Mission.objects.none(), required=False)
    event = forms.ModelChoiceField(label=_("Event"), queryset=Event.objects.none(), required=False)
    place = forms.CharField(label=_("Place"), max_length=200, required=False)
    happened_at = WallTimeFormField(label=_("When (local time)"), required=False)
    zone = forms.CharField(label=_("Time zone"), max_length=64, required=False)
    direction = forms.ChoiceField(
        label=_("Direction"), choices=[("", "–"), *Interaction.Direction.choices], required=False
    )
    colleagues = forms.MultipleChoiceField(
        label=_("Colleagues who took part"), widget=forms.CheckboxSelectMultiple, required=False
    )
    fulfils = forms.CharField(widget=forms.HiddenInput, required=False, max_length=18)
    title = forms.CharField(label=_("Job title"), max_length=160, required=False)
    email = forms.EmailField(label=_("E-mail"), max_length=254, required=False)
    phone = forms.CharField(label=_("Phone"), max_length=40, required=False)
    gave_details = forms.BooleanField(label=_("They gave me their details, so that we write to them"), required=False)
    notice = forms.ChoiceField(label=_("Privacy notice given"), required=False)
    notice_way = forms.ChoiceField(
        label=_("How they were told"), choices=[*WayGiven.choices, ("", _("They were not told"))], required=False
    )
    another = forms.BooleanField(label=_("It is another one with a like name"), required=False)

    def __init__(self, data: QueryDict | None = None, *, user: User, who: Who, where: Whereabouts, **kwargs: Any):
        kwargs["initial"] = self._prefilled(where) | kwargs.get("initial", {})
        super().__init__(data, **kwargs)
        self.user, self.who, self.where = user, who, where
        self._offer(user)
        owners = cache(lambda: list(User.objects.staff().active().values_list("pk", "name")))
        self.promises = [
            PromiseForm(
                data,
                prefix=f"p{n}",
                initial=_of_prefix(kwargs["initial"], f"p{n}-"),
                user=user,
                mission=where.mission,
                owners=owners,
            )
            for n in range(1, PROMISES + 1)
        ]
        self._set("colleagues", self._companions)
        self._set("notice", self._notices)

    def _companions(self) -> list[tuple[str, str]]:
        """Who of us is likely to have been there: who travels along, and one's own team."""
        near = Q(delegations__mission=self.where.mission) if self.where.mission else Q(pk__in=[])
        if self.user.team_id:
            near |= Q(team=self.user.team_id)
        people = User.objects.staff().active().filter(near).exclude(pk=self.user.pk).distinct()
        return [(str(pk), name) for pk, name in people.values_list("pk", "name")[:COMPANIONS]]

    @cached_property
    def notices(self) -> list[str]:
        """The versions of the privacy notice, the one in force first."""
        numbers = PrivacyNotice.objects.order_by("-number").values_list("number", flat=True)
        return [str(number) for number in numbers]

    def _notices(self) -> list[tuple[str, Any]]:
        return [(number, gettext("Version %(n)s") % {"n": number}) for number in self.notices]

    def _prefilled(self, where: Whereabouts) -> dict[str, Any]:
        return {
            "capture_id": uuid4(),
            "kind": Interaction.Kind.MEETING,
            "outcome": Outcome.HELD,
            "notice_way": WayGiven.SHOWN,
            "mission": where.mission and where.mission.pk,
            "event": where.event and where.event.pk,
            "place": where.place,
            "zone": where.zone,
            "happened_at": to_wall(clock.now(), where.zone).replace(second=0, microsecond=0),
        }

    def _offer(self, user: User) -> None:
        leads = [(str(lead.pk), lead) for lead in self.who.leads]
        self._set("lead", [("", _("None")), *leads, ("new", _("Open a lead"))])
        since = clock.now() - LATELY
        missions = Mission.objects.visible_to(user)
        near = Q(status=Mission.Status.UNDER_WAY) | Q(ended_at__gte=since)
        events = Event.objects.filter(cancelled_at=None).filter(Q(mission=None) | Q(mission__in=missions))
        recent = Q(starts_at__lte=clock.now() + timedelta(days=1), ends_at__gte=since)
        for name, queryset, shown in (("mission", missions, near), ("event", events, recent)):
            field = cast("forms.ModelChoiceField[Any]", self.fields[name])
            field.queryset = queryset
            chosen = Q(pk__in=[pk for pk in [self._chosen(name)] if pk])
            self._set(name, partial(_menu, queryset.filter(shown | chosen)[:60]))

    def _chosen(self, name: str) -> int | None:
        value = str((self.data if self.is_bound else self.initial).get(name) or "")
        return int(value) if value.isdecimal() and len(value) < 19 else None

    def _set(self, name: str, choices: list[tuple[Any, Any]] | Callable[[], list[tuple[Any, Any]]]) -> None:
        """What is given as a function is asked for when it is drawn: a form that is saved draws nothing."""
        cast("forms.ChoiceField", self.fields[name]).choices = choices

    @property
    def many_leads(self) -> bool:
        return bool(self.who.leads)

    def clean_zone(self) -> str:
        zone = self.cleaned_data["zone"] or self.where.zone
        if zone not in known_zones():
            raise forms.ValidationError(_("This is no time zone that we know."))
        return str(zone)

    def clean_happened_at(self) -> datetime | None:
        wall: datetime | None = self.cleaned_data["happened_at"]
        if wall and not FIRST_DAY <= wall.date() <= clock.today_for(self.user) + timedelta(days=366):
            raise forms.ValidationError(_("Give a day between 2000 and a year from now."))
        return wall

    def clean_colleagues(self) -> list[User]:
        keys = self.cleaned_data["colleagues"]
        return list(User.objects.staff().active().filter(pk__in=keys)) if keys else []

    def clean_fulfils(self) -> FollowUp | None:
        key = self.cleaned_data["fulfils"]
        return FollowUp.objects.visible_to(self.user).filter(pk=key).first() if key.isdecimal() else None

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        self._check_who()
        event, mission = cleaned.get("event"), cleaned.get("mission")
        if event and event.mission_id:
            if mission and mission.pk != event.mission_id:
                self.add_error("event", _("This event belongs to another mission."))
            cleaned["mission"] = mission or event.mission
        for n, promise in enumerate(self.promises, 1):
            if not promise.is_valid():
                self.add_error(None, _("Promise %(n)s: say what you promised and by when.") % {"n": n})
        return cleaned

    def _check_who(self) -> None:
        who = self.who
        if who.is_empty:
            self.add_error(None, _("Say whom you met: a person or a company."))
        elif who.is_new and not who.new_name:
            self.add_error(None, _("Give the name of the new person."))
        elif not who.company and not who.new_company:
            self.add_error(None, _("Say which company they are from."))

    def said(self) -> Said:
        cleaned, who = self.cleaned_data, self.who
        zone = cleaned["zone"]
        wall = cleaned["happened_at"] or to_wall(clock.now(), zone)
        kind = Interaction.Kind(cleaned["kind"])
        written = kind in {Interaction.Kind.MAIL, Interaction.Kind.MESSAGE}
        own = Interaction.Direction.OUT if written else Interaction.Direction.BOTH
        chosen, plan = cleaned["lead"], who.appointment
        return Said(
            kind=kind,
            direction=Interaction.Direction(cleaned["direction"] or own),
            outcome=Outcome(cleaned["outcome"]),
            interest=cleaned["interest"],
            note=cleaned["note"],
            happened_at=to_utc(wall, zone),
            zone=zone,
            place=cleaned["place"],
            contacts=who.contacts,
            new_person=self._new_person() if who.is_new else None,
            colleagues=cleaned["colleagues"],
            mission=cleaned["mission"] or (plan.mission if plan else None),
            event=cleaned["event"] or (plan.event if plan else None),
            appointment=plan,
            promises=[promise for form in self.promises if (promise := form.promise())],
            fulfils=[cleaned["fulfils"]] if cleaned["fulfils"] else [],
            lead=next((lead for lead in who.leads if str(lead.pk) == chosen), None),
            open_lead=chosen == "new",
            lead_title=cleaned["lead_title"],
        )

    def _new_person(self) -> NewPerson:
        given, family = split_name(self.who.new_name)
        cleaned = self.cleaned_data
        return NewPerson(
            given_name=given,
            family_name=family,
            title=cleaned["title"],
            email=cleaned["email"],
            phone=cleaned["phone"],
            gave_details=cleaned["gave_details"],
            **self._told(),
        )

    def _told(self) -> dict[str, str]:
        """Which notice they were given; a device without a network asks only how, and means the one in force."""
        cleaned = self.cleaned_data
        if not (cleaned["gave_details"] and cleaned["notice_way"] and self.notices):
            return {}
        return {
            "notice": cleaned["notice"] or self.notices[0],
            "notice_way": str(WayGiven(cleaned["notice_way"]).label),
        }


def split_name(name: str) -> tuple[str, str]:
    """The given name first; of four words or more, as in Spanish, two are given and the rest are the family's."""
    parts = name.split()
    given = 2 if len(parts) > 3 else 1
    return " ".join(parts[:given])[:120], " ".join(parts[given:])[:120]


def capture_id_of(form: LogForm) -> UUID:
    return form.cleaned_data["capture_id"] or uuid4()


def _menu(rows: QuerySet[Any]) -> list[tuple[Any, Any]]:
    return [("", "–"), *((row.pk, str(row)) for row in rows)]


def _of_prefix(values: dict[str, Any], prefix: str) -> dict[str, Any]:
    return {name.removeprefix(prefix): value for name, value in values.items() if name.startswith(prefix)}
