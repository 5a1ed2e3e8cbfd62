"""The cadence that a new agency starts with; later ones are versions of its own."""

from datetime import datetime

from config.first_data.mail_drafts import MATERIAL, REINVITE, THANK_YOU
from leads.models import Cadence, CadenceStep, CadenceVersion

Trigger, Kind, Unit = CadenceStep.Trigger, CadenceStep.Kind, CadenceStep.Unit
# Messages to the contact: each waits as a mail draft for a person to send.
MESSAGES = {Kind.THANK_YOU: THANK_YOU, Kind.MATERIAL: MATERIAL, Kind.REINVITE: REINVITE}
WORDS = {
    Kind.THANK_YOU: ("Send the thank-you", "Enviar el agradecimiento"),
    Kind.MATERIAL: ("Send the material", "Enviar el material"),
    Kind.CALL: ("Call them", "Llamar"),
    Kind.CHECK: ("Check where they stand", "Revisar en qué va"),
    Kind.REINVITE: ("Invite them again", "Invitar de nuevo"),
}
DECISION = ("Check where their decision stands", "Revisar en qué va su decisión")
STEPS = [
    (Trigger.HOT, Kind.THANK_YOU, 1, Unit.WORKING_DAYS),
    (Trigger.HOT, Kind.MATERIAL, 3, Unit.WORKING_DAYS),
    (Trigger.HOT, Kind.CALL, 7, Unit.DAYS),
    (Trigger.HOT, Kind.CHECK, 30, Unit.DAYS),
    (Trigger.WARM, Kind.THANK_YOU, 1, Unit.WORKING_DAYS),
    (Trigger.WARM, Kind.MATERIAL, 7, Unit.DAYS),
    (Trigger.WARM, Kind.CALL, 30, Unit.DAYS),
    (Trigger.WARM, Kind.CHECK, 90, Unit.DAYS),
    (Trigger.COLD, Kind.THANK_YOU, 2, Unit.WORKING_DAYS),
    (Trigger.COLD, Kind.CHECK, 90, Unit.DAYS),
    (Trigger.NO_SHOW, Kind.REINVITE, 1, Unit.WORKING_DAYS),
]


def load_default_cadence(*, at: datetime) -> int:
    """An agency that has a default cadence keeps it, whatever its steps."""
    if Cadence.objects.filter(is_default=True).exists():
        return 0
    cadence = Cadence.objects.create(name="Seguimiento estándar", is_default=True)
    version = CadenceVersion.objects.create(cadence=cadence, number=1, published_at=at)
    steps = CadenceStep.objects.bulk_create(_step(version, *step) for step in STEPS)
    return len(steps)


def _step(
    version: CadenceVersion,
    trigger: CadenceStep.Trigger,
    kind: CadenceStep.Kind,
    offset: int,
    unit: CadenceStep.Unit,
) -> CadenceStep:
    english, spanish = DECISION if (trigger, kind) == (Trigger.HOT, Kind.CHECK) else WORDS[kind]
    return CadenceStep(
        version=version,
        trigger=trigger,
        kind=kind,
        offset=offset,
        unit=unit,
        text_en=english,
        text_es=spanish,
        is_message=kind in MESSAGES,
        channel=CadenceStep.Channel.MAIL if kind in MESSAGES else CadenceStep.Channel.TASK,
        **(MESSAGES[kind]._asdict() if kind in MESSAGES else {}),
    )
