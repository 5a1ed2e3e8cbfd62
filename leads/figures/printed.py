"""Pages of figures as PDF, made by the queue: asked for, made once, kept for some days, removed."""

import logging
from collections.abc import Callable
from datetime import timedelta
from functools import partial

from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import override

from config.staff import clock, queue
from config.staff.models import User
from leads.figures import annex, papers
from leads.figures.form import FilterForm
from leads.making import note_fault
from leads.models import Paper

log = logging.getLogger(__name__)

KEPT_FOR = timedelta(days=7)
Kind = Paper.Kind


@transaction.atomic
def ask(kind: str, query: str, *, by: User, language: str) -> Paper:
    """A new one takes the place of the last of the same page; one that is being made stays."""
    same = Paper.objects.filter(kind=kind, query=query, by=by, language=language)
    busy = same.busy().first()
    if busy:
        return busy
    remove(same)
    paper = Paper.objects.create(kind=kind, query=query, by=by, language=language, at=clock.now())
    transaction.on_commit(lambda: go_on(paper.pk))
    return paper


@transaction.atomic
def ask_again(paper: Paper) -> None:
    """After it failed."""
    failed = Paper.objects.filter(pk=paper.pk, state=Paper.State.FAILED)
    if failed.update(state=Paper.State.MAKING, faults=0, at=clock.now()):
        transaction.on_commit(lambda: go_on(paper.pk))


def go_on(pk: int) -> None:
    """Where the queue is down, the regular job takes it up."""
    from leads.tasks import make_paper  # noqa: PLC0415 - tasks call verbs, so a verb asks for them late

    queue.ask(make_paper, pk)


def make(pk: int) -> bool:
    """Whether it is to be tried again. A second worker does nothing; what fails three times is given up."""
    try:
        with transaction.atomic():
            rows = Paper.objects.busy().select_for_update(skip_locked=True, of=("self",))
            paper = rows.select_related("by").filter(pk=pk).first()
            if paper is None:
                return False
            with override(paper.language):
                content = MAKERS[Kind(paper.kind)](paper)
            paper.pdf.save("paper", ContentFile(content), save=False)
            paper.state = Paper.State.DONE
            paper.save(update_fields=["pdf", "state"])
            return False
    except Exception:
        log.exception("paper %s could not be made", pk)
        return note_fault(Paper.objects.busy(), pk)


def form_of(paper: Paper) -> FilterForm:
    return FilterForm(QueryDict(paper.query))


MAKERS: dict[Kind, Callable[[Paper], bytes]] = {
    Kind.BOARD: lambda paper: papers.board(form_of(paper).filters(), paper.by),
    Kind.WEEK: lambda paper: papers.week(form_of(paper).filters(), paper.by),
    Kind.PUBLIC: lambda paper: papers.public(form_of(paper).filters()),
    Kind.FUNDER: lambda paper: annex.pdf(annex.asked(QueryDict(paper.query), paper.by)),
}


def remove(found: QuerySet[Paper]) -> int:
    """With their files, once that is certain."""
    rows = [row for row in found if row.pdf]
    count, _by_model = found.delete()
    for row in rows:
        transaction.on_commit(partial(row.pdf.storage.delete, str(row.pdf.name)))
    return count


def remove_old() -> int:
    with transaction.atomic():
        return remove(Paper.objects.filter(at__lt=clock.now() - KEPT_FOR))
