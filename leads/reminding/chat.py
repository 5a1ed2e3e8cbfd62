"""A message as chats want it: Slack's text (Mattermost and Google Chat read it too), Teams' card, or plain JSON."""

from dataclasses import asdict
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from config.staff.models import Webhook
from leads.models import Delivery
from leads.reminding.words import Line, Section, Words


def payload_of(words: Words, style: str, delivery: Delivery) -> dict[str, Any]:
    if style == Webhook.Style.TEAMS:
        return _teams(words)
    if style == Webhook.Style.JSON:
        return {"id": delivery.message_id, "kind": delivery.kind, **asdict(words)}
    return {"text": "\n".join(_slack(words))}


def _slack(words: Words) -> list[str]:
    """Only the text: some of its readers refuse a field that they do not know."""
    text = [f"*{_plain(words.title)}*"]
    for section in words.sections:
        text += [f"_{_plain(section.title)}_"] if section.title else []
        text += [f"• <{line.url}|{_plain(line.what)}> · {_plain(_rest(line))}" for line in section.lines]
        text += [_more(section)] if section.more else []
    return [*text, *([_overdue(words)] if words.overdue else [])]


def _plain(text: str) -> str:
    """Their three signs with a meaning; and nothing that would break the line or the link."""
    text = " ".join(text.split()).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return text.replace("|", "/")


def _teams(words: Words) -> dict[str, Any]:
    body: list[dict[str, Any]] = [_block(_marked(words.title), weight="Bolder", size="Medium")]
    for section in words.sections:
        body += [_block(_marked(section.title), weight="Bolder", spacing="Medium")] if section.title else []
        body += [_block(f"[{_marked(line.what)}]({line.url}) · {_marked(_rest(line))}") for line in section.lines]
        body += [_block(_more(section))] if section.more else []
    body += [_block(_overdue(words))] if words.overdue else []
    card = {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.4",
        "body": body,
        "actions": [{"type": "Action.OpenUrl", "title": _("Open Puente"), "url": words.url}],
    }
    kind = "application/vnd.microsoft.card.adaptive"
    return {"type": "message", "attachments": [{"contentType": kind, "contentUrl": None, "content": card}]}


def _block(text: str, **looks: str) -> dict[str, Any]:
    return {"type": "TextBlock", "text": text, "wrap": True, **looks}


def _marked(text: str) -> str:
    """So that no typed sign becomes a link or a heading."""
    return "".join(f"\\{sign}" if sign in r"\[]()*_`#~>|" else sign for sign in " ".join(text.split()))


def _rest(line: Line) -> str:
    parts = [line.about, line.owner, line.due, _("overdue") if line.late else ""]
    return " · ".join(part for part in parts if part)


def _more(section: Section) -> str:
    return ngettext("and %(n)d more", "and %(n)d more", section.more) % {"n": section.more}


def _overdue(words: Words) -> str:
    return ngettext("%(n)d still overdue", "%(n)d still overdue", words.overdue) % {"n": words.overdue}
