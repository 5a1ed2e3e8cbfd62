from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from config.staff import outside
from config.staff.models import User, Webhook
from config.staff.sending import Refused
from leads.models.channel import Channel, Topic
from leads.reminding.channels import Ways

GUESSES = (
    ("slack.com", Webhook.Style.SLACK),
    ("office.com", Webhook.Style.TEAMS),
    ("logic.azure.com", Webhook.Style.TEAMS),
    ("powerplatform.com", Webhook.Style.TEAMS),
)


@dataclass(frozen=True)
class TopicRow:
    label: str
    cells: list[tuple[str, forms.BoundField | None]]


class ChannelsForm(forms.Form):
    """A tick for every topic and way that has an address."""

    def __init__(self, data: Any = None, *, user: User, ways: list[Channel]) -> None:
        super().__init__(data)
        self.ways = ways
        chosen = Ways([user])
        for topic in Topic:
            for way in self._ways_of(topic):
                self.fields[f"{topic}-{way}"] = forms.BooleanField(
                    required=False, label=f"{topic.label}: {way.label}", initial=chosen.wants(user, topic, way)
                )

    def wanted(self) -> dict[tuple[str, str], bool]:
        return {(topic, way): self.cleaned_data[f"{topic}-{way}"] for topic in Topic for way in self._ways_of(topic)}

    def _ways_of(self, topic: Topic) -> list[Channel]:
        """The debrief of an evening is a page of its own; only a message tells of it."""
        return [way for way in self.ways if (topic, way) != (Topic.EVENING, Channel.APP)]

    def rows(self) -> list[TopicRow]:
        return [
            TopicRow(
                str(topic.label),
                [(str(way.label), self[f"{topic}-{way}"] if way in self._ways_of(topic) else None) for way in Channel],
            )
            for topic in Topic
        ]


class ChatForm(forms.ModelForm[Webhook]):
    url = forms.CharField(
        label=_("Address of the webhook"),
        max_length=1000,
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "url", "placeholder": "https://…"}),
        help_text=_("Slack, Teams and others give it out under “incoming webhook”. Whoever knows it may write there."),
    )

    class Meta:
        model = Webhook
        fields = ("name", "url", "style")
        help_texts = {"name": _("So that you know it again, such as #investors.")}

    def clean_url(self) -> str:
        url: str = self.cleaned_data["url"]
        try:
            outside.read_address(url)
        except Refused as refusal:
            raise forms.ValidationError(str(refusal)) from refusal
        return url.strip()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        host = outside.host_of(cleaned.get("url", ""))
        for end, style in GUESSES:
            if (host == end or host.endswith(f".{end}")) and cleaned.get("style") != style:
                self.add_error("style", _("This address is one of %(style)s.") % {"style": style.label})
        return cleaned
