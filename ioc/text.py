"""Every word that a person reads, in Vietnamese first and in English."""

from dataclasses import dataclass
from typing import Literal
from unicodedata import combining, normalize

from pydantic import ValidationError

Language = Literal["vi", "en"]


@dataclass(frozen=True, slots=True)
class Text:
    """One sentence or label in both languages; ``{name}`` fields are filled by :meth:`format`."""

    vi: str
    en: str

    def format(self, **values: object) -> "Text":
        """Fill the fields of both languages; a ``Text`` among the values gives its own language to each."""
        return Text(
            vi=self.vi.format(**{name: _in(value, "vi") for name, value in values.items()}),
            en=self.en.format(**{name: _in(value, "en") for name, value in values.items()}),
        )


def _in(value: object, language: Language) -> str:
    match value:
        case Text():
            return getattr(value, language)  # type: ignore[no-any-return]
        case float():
            return number(value, language)
        case int():
            return f"{value:,}".replace(",", "." if language == "vi" else ",")
        case _:
            return str(value)


def number(value: float, language: Language) -> str:
    """A figure as its readers write it: 1.434,5 in Vietnamese, 1,434.5 in English; at most one decimal."""
    written = f"{value:,.1f}".removesuffix(".0")
    return written if language == "en" else written.translate(str.maketrans(",.", ".,"))


def plain(text: str) -> str:
    """Letters without signs, in lower case: what ``tra my`` and ``Trà My``, ``Hoá`` and ``Hóa`` have in common."""
    bare = "".join(sign for sign in normalize("NFD", text) if not combining(sign))
    return bare.replace("đ", "d").replace("Đ", "D").casefold()


def complaint(error: ValidationError) -> str:
    """The first of pydantic's complaints in one line: place and reason, never the value."""
    first = error.errors(include_url=False, include_input=False, include_context=False)[0]
    place = ".".join(str(part) for part in first["loc"])
    more = f" (and {error.error_count() - 1} more)" if error.error_count() > 1 else ""
    return f"{place + ': ' if place else ''}{first['msg']}{more}"
