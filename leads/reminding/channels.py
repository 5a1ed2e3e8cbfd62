"""By which ways a person hears of what: chosen topic by topic, and only where there is an address."""

from collections import defaultdict
from collections.abc import Iterable

from config.staff.mail_room import unreachable
from config.staff.models import PushDevice, User, Webhook
from leads.models import ChannelChoice, Delivery, Reminder
from leads.models.channel import Channel, Topic

Rule, Kind = Reminder.Rule, Delivery.Kind

TOPIC_OF_RULE = {
    Rule.DUE: Topic.DAY,
    Rule.AT_HOUR: Topic.HOUR,
    Rule.NEW: Topic.GIVEN,
    Rule.OFFERED: Topic.GIVEN,
    Rule.ESCALATED: Topic.TEAM,
}
# Whoever adds a device or a chat wants it for something; the rest is theirs to turn on.
BY_DEFAULT = {
    Channel.APP: set(Topic),
    Channel.MAIL: set(Topic),
    Channel.PUSH: {Topic.DAY, Topic.HOUR, Topic.ENQUIRY},
    Channel.HOOK: {Topic.DAY, Topic.HOUR, Topic.ENQUIRY, Topic.TEAM},
}
# What a channel of the whole agency hears of: nothing that belongs to one person.
OF_THE_AGENCY = (Topic.ENQUIRY, Topic.NOTICE)


class Ways:
    """Asked person by person; what everybody chose is fetched at once."""

    def __init__(self, people: Iterable[User]) -> None:
        people = list(people)
        ids = [person.pk for person in people]
        self._choices: dict[int, dict[tuple[str, str], bool]] = defaultdict(dict)
        for row in ChannelChoice.objects.filter(user__in=ids):
            self._choices[row.user_id][row.topic, row.channel] = row.is_on
        devices = PushDevice.objects.awake().filter(user__in=ids)
        chats = Webhook.objects.filter(user__in=ids, refused_at=None)
        self._refused = unreachable(people)
        self._reachable = {
            Channel.PUSH: set(devices.values_list("user", flat=True)),
            Channel.HOOK: set(chats.values_list("user", flat=True)),
        }

    def wants(self, person: User, topic: str, channel: Channel) -> bool:
        return self._choices[person.pk].get((topic, channel), topic in BY_DEFAULT[channel])

    def out_of_the_house(self, person: User, topic: str) -> list[Channel]:
        """Where nothing that was chosen has an address any more, it goes by mail rather than nowhere.

        To an address that refuses mail nothing goes: what stands in the app says so.
        """
        wanted = [way for way in (Channel.MAIL, Channel.PUSH, Channel.HOOK) if self.wants(person, topic, way)]
        by_mail = person.pk not in self._refused
        open_ways = [way for way in wanted if (by_mail if way == Channel.MAIL else person.pk in self._reachable[way])]
        explicitly = any(self._choices[person.pk].get((topic, way)) for way in wanted)
        return open_ways or ([Channel.MAIL] if explicitly and by_mail else [])


def choose(person: User, wanted: dict[tuple[str, str], bool]) -> None:
    """What stands in the form, every cell of it."""
    rows = [
        ChannelChoice(user=person, topic=topic, channel=channel, is_on=is_on)
        for (topic, channel), is_on in wanted.items()
    ]
    ChannelChoice.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["user", "topic", "channel"], update_fields=["is_on"]
    )
