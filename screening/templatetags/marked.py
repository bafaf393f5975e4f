"""Texts whose hits are marked, for templates: `{% load marked %}{{ pieces|marked }}`."""

from collections.abc import Iterable

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from screening.searching.marks import Piece

register = template.Library()


@register.filter
def marked(pieces: Iterable[Piece]) -> SafeString:
    """The pieces as HTML, escaped, hits in <mark>: one step for a template that would take dozens for a long text."""
    return format_html_join("", "{}", ((_html(piece),) for piece in pieces))


def _html(piece: Piece) -> str:
    return format_html("<mark>{}</mark>", piece.text) if piece.hit else piece.text
