from datetime import date, datetime

import factory

from missions.models import Appointment, Delegate, Event, Mission, MissionTarget, Seat, Stop
from tests.companies.factories import CityFactory, CompanyFactory
from tests.making import Made
from tests.staff.factories import UserFactory


class MissionFactory(Made[Mission]):
    class Meta:
        model = Mission

    class Params:
        under_way = factory.Trait(status=Mission.Status.UNDER_WAY)

    name = factory.Sequence(lambda n: f"Mission {n}")
    lead_officer = factory.SubFactory(UserFactory)
    starts_on = date(2026, 11, 16)
    ends_on = date(2026, 11, 27)


class StopFactory(Made[Stop]):
    class Meta:
        model = Stop

    mission = factory.SubFactory(MissionFactory)
    city = factory.SubFactory(CityFactory)
    zone = factory.SelfAttribute("city.zone")
    arrives_on = date(2026, 11, 16)
    leaves_on = date(2026, 11, 21)


class EventFactory(Made[Event]):
    class Meta:
        model = Event

    mission = factory.SubFactory(MissionFactory)
    name = factory.Sequence(lambda n: f"Event {n}")
    city = factory.SubFactory(CityFactory)
    zone = factory.SelfAttribute("city.zone")
    local_start = datetime(2026, 11, 18, 9, 0)
    local_end = datetime(2026, 11, 20, 18, 0)


class DelegateFactory(Made[Delegate]):
    class Meta:
        model = Delegate

    mission = factory.SubFactory(MissionFactory)
    name = factory.Sequence(lambda n: f"Delegate {n}")
    user = factory.SubFactory(UserFactory)


class MissionTargetFactory(Made[MissionTarget]):
    class Meta:
        model = MissionTarget

    mission = factory.SubFactory(MissionFactory)
    company = factory.SubFactory(CompanyFactory)


class AppointmentFactory(Made[Appointment]):
    class Meta:
        model = Appointment

    mission = factory.SubFactory(MissionFactory)
    company = factory.SubFactory(CompanyFactory)
    zone = "America/Los_Angeles"
    local_start = datetime(2026, 11, 19, 10, 0)
    local_end = datetime(2026, 11, 19, 11, 0)


class SeatFactory(Made[Seat]):
    class Meta:
        model = Seat

    appointment = factory.SubFactory(AppointmentFactory)
    delegate = factory.SubFactory(DelegateFactory, mission=factory.SelfAttribute("..appointment.mission"))
