"""The words of the first cadence's mail drafts; an agency writes its own in a next version."""

from typing import NamedTuple


class Draft(NamedTuple):
    subject_en: str
    subject_es: str
    body_en: str
    body_es: str


THANK_YOU = Draft(
    "Thank you for the meeting",
    "Gracias por la reunión",
    "Dear {given_name},\n\nThank you for your time on {day}. It was good to learn what {company} is planning, and we "
    "would be glad to help you look at the region: people, sites, costs and incentives.\n\nPlease tell me if anything "
    "came to mind since then. I will come back to you with what we talked about.\n\nKind regards,\n{me}\n{agency}",
    "Hola, {given_name}:\n\nGracias por su tiempo el {day}. Fue muy útil conocer los planes de {company}, y con gusto "
    "les ayudamos a conocer la región: talento, ubicaciones, costos e incentivos.\n\nSi les surgió alguna pregunta, "
    "cuénteme. Les escribiré de nuevo con lo que conversamos.\n\nCordialmente,\n{me}\n{agency}",
)
MATERIAL = Draft(
    "What we promised you",
    "Lo que les prometimos",
    "Dear {given_name},\n\nAs promised, here is the material for {company}.\n\nI suggest a short call next week to go "
    "through it. Which day would suit you?\n\nKind regards,\n{me}\n{agency}",
    "Hola, {given_name}:\n\nComo quedamos, aquí está el material para {company}.\n\nLe propongo una llamada corta la "
    "próxima semana para revisarlo. ¿Qué día le conviene?\n\nCordialmente,\n{me}\n{agency}",
)
REINVITE = Draft(
    "We missed you",
    "Nos hizo falta verlos",
    "Dear {given_name},\n\nWe were sorry not to meet you on {day}. I would still like to hear what {company} is "
    "planning: would a short video call in the next days suit you?\n\nKind regards,\n{me}\n{agency}",
    "Hola, {given_name}:\n\nSentimos no haber podido vernos el {day}. Me gustaría conocer los planes de {company}: "
    "¿le conviene una videollamada corta en estos días?\n\nCordialmente,\n{me}\n{agency}",
)
