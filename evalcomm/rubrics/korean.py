"""A finding in the language of the screen: the engine speaks English, and `evalcomm.tables.korean` has the same in Korean."""

from dataclasses import replace

from flask_babel import get_locale

from evalcomm.rubrics.checking import Finding
from evalcomm.tables.korean import sentence


def spoken(finding: Finding) -> Finding:
    locale = get_locale()
    if locale is not None and locale.language != "ko":
        return finding
    return replace(finding, message=sentence(finding.message), suggestion=sentence(finding.suggestion))
