"""By which ways Puente reaches a person: chosen by topic, tried with one click; the devices and chats they go to."""

import json
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from config.staff import clock, devices, vapid
from config.staff.access import administrators, staff
from config.staff.models import PushDevice, Webhook
from config.staff.requests import StaffRequest
from config.staff.sending import Refused
from leads.forms.channels import ChannelsForm, ChatForm
from leads.models import Delivery
from leads.models.channel import Channel
from leads.reminding import channels as ways_of
from leads.reminding.deliveries import plan_test
from leads.tasks import ask_to_send

TESTED = 4


@require_http_methods(["GET", "HEAD", "POST"])
@staff
def channels(request: StaffRequest) -> HttpResponse:
    form = ChannelsForm(request.POST if request.method == "POST" else None, user=request.user, ways=_ways(request))
    if not form.is_valid():
        return _page(request, {"form": form}, status=422 if form.is_bound else 200)
    ways_of.choose(request.user, form.wanted())
    messages.success(request, _("Your choice is saved."))
    return redirect("leads:channels")


@require_POST
@staff
def test(request: StaffRequest) -> HttpResponse:
    """One message by one way, so that everybody can see what arrives and what the other side says."""
    chat = _chats(request).filter(pk=request.POST["chat"]).first() if _is_number(request.POST.get("chat")) else None
    way = request.POST.get("way", "")
    if chat is None and way not in {Channel.MAIL, Channel.PUSH}:
        messages.error(request, _("There is no such way any more."))
        return redirect("leads:channels")
    person = None if chat and chat.user_id is None else request.user
    delivery = plan_test(
        person, Channel.HOOK if chat else way, webhook=chat if person is None else None, at=clock.now()
    )
    transaction.on_commit(lambda: ask_to_send(delivery.pk))
    return redirect("leads:channels")


@require_safe
@staff
def tried(request: StaffRequest, pk: int) -> HttpResponse:
    """One line of the page, asked for again until it is settled."""
    delivery = get_object_or_404(_tests(request), pk=pk)
    return render(request, "leads/_tried.html", {"delivery": delivery})


@require_POST
@staff
def device(request: StaffRequest) -> HttpResponse:
    """This browser asks to be written to, or says that its person is signed in again."""
    try:
        sent = json.loads(request.body)
        subscription = devices.read_subscription(sent)
        if sent.get("known"):
            return JsonResponse({"known": devices.renew(request, request.user, subscription)})
        added = devices.add(request, request.user, subscription)
    except Refused as refusal:
        return JsonResponse({"reason": str(refusal)}, status=422)
    except ValueError:
        return JsonResponse({"reason": _("This browser gave no address to write to.")}, status=422)
    return JsonResponse({"known": True, "name": added.name})


@require_POST
@staff
def forget_device(request: StaffRequest, pk: int) -> HttpResponse:
    PushDevice.objects.filter(user=request.user, pk=pk).delete()
    messages.success(request, _("Nothing is shown there any more."))
    return redirect("leads:channels")


@require_POST
@staff
def chat(request: StaffRequest) -> HttpResponse:
    """The chat of one's own; another address takes the place of the first."""
    return _keep_chat(request, ChatForm(request.POST, instance=Webhook.objects.filter(user=request.user).first()))


@require_POST
@administrators
def agency_chat(request: StaffRequest) -> HttpResponse:
    """A chat that the whole agency reads: it hears of enquiries and of trouble."""
    return _keep_chat(request, ChatForm(request.POST), agency=True)


@require_POST
@staff
def forget_chat(request: StaffRequest, pk: int) -> HttpResponse:
    _chats(request).filter(pk=pk).delete()
    messages.success(request, _("Nothing goes there any more."))
    return redirect("leads:channels")


def _keep_chat(request: StaffRequest, form: ChatForm, *, agency: bool = False) -> HttpResponse:
    if not form.is_valid():
        return _page(request, {"agency_form" if agency else "chat_form": form}, status=422)
    webhook = form.save(commit=False)
    webhook.user = None if agency else request.user
    webhook.refused_at, webhook.refusal = None, ""
    webhook.save()
    messages.success(request, _("Kept. Try it with one click."))
    return redirect("leads:channels")


def _page(request: StaffRequest, forms: dict[str, Any], *, status: int = 200) -> HttpResponse:
    own_chat = Webhook.objects.filter(user=request.user).first()
    context = {
        "form": ChannelsForm(user=request.user, ways=_ways(request)),
        "ways": list(Channel),
        "devices": PushDevice.objects.filter(user=request.user),
        "own_chat": own_chat,
        "chat_form": ChatForm(),
        "agency_chats": Webhook.objects.filter(user=None) if request.user.is_administrator else [],
        "agency_form": ChatForm(),
        "tests": _tests(request).order_by("-created_at", "-pk")[:TESTED],
        "push_key": vapid.public_key(),
        "agency_name": settings.AGENCY_NAME,
        **forms,
    }
    return render(request, "leads/channels.html", context, status=status)


def _ways(request: StaffRequest) -> list[Channel]:
    """Those that have an address, so that nobody turns on what cannot arrive."""
    has = {
        Channel.PUSH: PushDevice.objects.filter(user=request.user).exists(),
        Channel.HOOK: Webhook.objects.filter(user=request.user).exists(),
    }
    return [way for way in Channel if has.get(way, True)]


def _chats(request: StaffRequest) -> QuerySet[Webhook]:
    own = Webhook.objects.filter(user=request.user)
    return own | Webhook.objects.filter(user=None) if request.user.is_administrator else own


def _tests(request: StaffRequest) -> QuerySet[Delivery]:
    mine = Delivery.objects.filter(kind=Delivery.Kind.TEST).select_related("person", "webhook")
    own = mine.filter(person=request.user)
    return own | mine.filter(person=None) if request.user.is_administrator else own


def _is_number(text: str | None) -> bool:
    return bool(text) and str(text).isdecimal() and len(str(text)) < 18
