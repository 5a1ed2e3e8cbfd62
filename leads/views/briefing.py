"""Briefing books: asked for, watched while they are made, taken along as PDF or as a page that needs no network."""

from collections.abc import Iterator
from pathlib import Path

from django import forms
from django.contrib.staticfiles import finders
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.http import content_disposition_header
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override
from django.views.decorators.http import require_http_methods, require_safe

from companies.menus import MenuField
from config.staff.access import staff
from config.staff.requests import StaffRequest
from leads.models import Booklet
from leads.on_mission import booklets
from missions.models import Delegate, Mission


class BookForm(forms.Form):
    delegate = MenuField(Delegate.objects.none(), label=_("For whom"), required=False, empty_label=_("Everybody"))
    language = forms.ChoiceField(label=_("Language"), choices=[("es", _("Spanish")), ("en", _("English"))])

    def __init__(self, *args: object, mission: Mission, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["delegate"].queryset = mission.delegates.all()  # type: ignore[attr-defined]


@require_http_methods(["GET", "POST"])
@staff
def books(request: StaffRequest, pk: int) -> HttpResponse:
    mission = get_object_or_404(Mission.objects.visible_to(request.user), pk=pk)
    own = mission.delegates.filter(user=request.user).first()
    initial = {"delegate": own, "language": request.user.language}
    form = BookForm(request.POST or None, mission=mission, initial=initial)
    if form.is_valid():
        given = form.cleaned_data
        booklets.ask(mission, delegate=given["delegate"], by=request.user, language=given["language"])
        return redirect("leads:briefing", mission.pk)
    rows = Booklet.objects.visible_to(request.user).filter(mission=mission).select_related("delegate")
    made = list(rows.annotate(part_count=Count("parts")))
    for book in made:
        book.numbers = range(1, book.part_count + 1)  # type: ignore[attr-defined]
    context = {"mission": mission, "form": form, "books": made, "is_busy": any(book.is_busy for book in made)}
    context["most_in_a_part"] = booklets.A_PART
    template = "missions/_booklets.html" if request.htmx else "missions/briefing.html"
    return render(request, template, context, status=422 if form.errors else 200)


@require_safe
@staff
def book_pdf(request: StaffRequest, pk: int, book_pk: int, number: int) -> HttpResponse:
    book = _book(request, pk, book_pk)
    part = get_object_or_404(book.parts, number=number)
    name = f"{_name(book)}-{number}.pdf" if book.parts.count() > 1 else f"{_name(book)}.pdf"
    with part.pdf.open("rb") as file:
        answer = HttpResponse(file.read(), content_type="application/pdf")
    answer.headers["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name)
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


@require_safe
@staff
def book_page(request: StaffRequest, pk: int, book_pk: int) -> HttpResponse:
    """One file that asks for nothing else: letters and colours are in it."""
    book = _book(request, pk, book_pk)
    answer = HttpResponse(_page(book), content_type="text/html; charset=utf-8")
    answer.headers["Content-Disposition"] = content_disposition_header(
        as_attachment=True, filename=f"{_name(book)}.html"
    )
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def _page(book: Booklet) -> Iterator[str]:
    with override(book.language):
        head, tail = render_to_string("missions/briefing_file.html", {"book": book, "look": _look()}).split(
            "<!-- parts -->"
        )
    yield head
    yield from book.parts.values_list("page", flat=True).iterator(chunk_size=10)
    yield tail


def _look() -> SafeString:
    """Only a file that nobody serves as a page may hold its own style."""
    found = finders.find("css/taken_along.css")
    return format_html("<style>{}</style>", mark_safe(Path(str(found)).read_text()))  # noqa: S308 - ours alone


def _book(request: StaffRequest, pk: int, book_pk: int) -> Booklet:
    missions = Mission.objects.visible_to(request.user).filter(pk=pk)
    rows = Booklet.objects.visible_to(request.user).filter(mission__in=missions, state=Booklet.State.DONE)
    return get_object_or_404(rows.select_related("mission", "delegate"), pk=book_pk)


def _name(book: Booklet) -> str:
    parts = (book.mission.name, book.delegate.name if book.delegate else "")
    return slugify(" ".join(parts)) or "mission"
