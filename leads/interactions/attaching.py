"""Pictures and voice notes of a meeting: a device sends each by itself once the meeting is stored, again if it must."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID, uuid5

from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError

from companies.files import keep
from companies.forms.file import FileForm
from config.staff.models import User
from leads.files import INTERACTION
from leads.interactions.capture import captured
from leads.models import Interaction, InteractionFile


def attach(capture_id: UUID, file_id: UUID, form: FileForm, *, by: User) -> str:
    """Keep one file of one capture of this person: "stored", also the second time; "unknown" where the meeting has not
    come yet, so that it is sent again later; or "refused", and the form says why."""
    interaction = captured(capture_id, by=by)
    if interaction is None:
        return "unknown"
    own = uuid5(file_id, str(by.pk))
    if InteractionFile.objects.filter(capture_id=own).exists():
        return "stored"
    if not form.is_valid():
        return "refused"
    try:
        _keep(interaction, form, by, capture_id=own)
    except IntegrityError:
        # The same file came twice at once, and the other one was quicker.
        if not InteractionFile.objects.filter(capture_id=own).exists():
            raise
    return "stored"


def attach_all(interaction: Interaction, files: Iterable[UploadedFile[Any]], *, by: User) -> list[str]:
    """Keep what came with a form that no script sent; the names of those that could not be taken come back."""
    refused = []
    for content in files:
        form = FileForm({}, {"content": content})
        if form.is_valid():
            _keep(interaction, form, by)
        else:
            refused.append(form.name or str(content.name))
    return refused


def _keep(interaction: Interaction, form: FileForm, by: User, **more: Any) -> None:
    content = form.cleaned_data["content"]
    note = form.cleaned_data.get("note", "")
    keep(INTERACTION, interaction, content, name=form.name, media_type=form.media_type, note=note, by=by, **more)
