"""Django's tags for translation, where words that stand in the template itself are looked up once a language.

Django looks them up each time they are drawn, and a list draws the same ones in every row.
"""

from django.template import Context, Library, Node
from django.template.base import Parser, Token
from django.templatetags import i18n
from django.utils.translation import get_language

register = Library()
register.tags.update(i18n.register.tags)
register.filters.update(i18n.register.filters)


class FixedWords(Node):
    child_nodelists = ()

    def __init__(self, node: i18n.TranslateNode) -> None:
        self.node = node
        self.said: dict[str | None, str] = {}

    def render(self, context: Context) -> str:
        language = get_language()
        said = self.said.get(language)
        if said is None:
            said = self.said[language] = self._look_up(context)
        if not self.node.asvar:
            return said
        context[self.node.asvar] = said
        return ""

    def _look_up(self, context: Context) -> str:
        drawn = self.node.render(context)
        said: str = context[self.node.asvar] if self.node.asvar else drawn
        return said


@register.tag("translate")
@register.tag("trans")
def translate(parser: Parser, token: Token) -> Node:
    node = i18n.do_translate(parser, token)
    words, about = node.filter_expression, node.message_context
    is_fixed = words.token[0] in "'\"" and not words.filters and (about is None or not about.is_var)
    return FixedWords(node) if is_fixed else node
