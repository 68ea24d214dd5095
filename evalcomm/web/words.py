"""Sentences for codes. A room registers the sentences of its own codes beside its routes; a guard test finds the ones without."""

from collections.abc import Mapping
from datetime import datetime

from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from evalcomm.foundation.errors import DomainError
from evalcomm.foundation.verdict import Verdict
from evalcomm.web.filters import kst

_sentences: dict[str, LazyString] = {}


def register(sentences: Mapping[str, LazyString]) -> None:
    """Code → lazy sentence with %(name)s for its parameters."""
    _sentences.update(sentences)


def known_codes() -> frozenset[str]:
    return frozenset(_sentences)


def sentence(code: str, params: Mapping[str, object] | None = None) -> str:
    text = _sentences.get(code)
    if text is None:
        return str(_("요청을 처리할 수 없습니다. (%(code)s)", code=code))
    filled = {name: kst(value) if isinstance(value, datetime) else value for name, value in (params or {}).items()}
    spoken = str(text)
    return spoken % filled if filled else spoken


def _spoken(value: object) -> object:
    return kst(value) if isinstance(value, datetime) else value


def explain(reason: DomainError | Verdict) -> str:
    return sentence(reason.code, reason.params)


register(
    {
        "sign_in_first": _l("로그인한 뒤 이용할 수 있습니다."),
        "role_needed": _l("지금 로그인한 계정의 역할로는 할 수 없는 일입니다."),
        "no_policy": _l("열람 권한이 정해지지 않은 화면입니다. 사무국에 알려 주십시오."),
        "not_found": _l("찾으시는 자료가 없습니다. 주소가 바뀌었거나 삭제되었을 수 있습니다."),
        "stale_version": _l(
            "이 화면을 여신 뒤 다른 곳에서 내용이 바뀌었습니다. 저장하지 않았으며, 입력하신 내용은 그대로 두었습니다."
        ),
        "csrf": _l(
            "화면을 연 지 오래되어 확인 정보가 만료되었습니다. 새로 고친 뒤 다시 눌러 주십시오. 입력하신 내용은 그대로 있습니다."
        ),
        "session_over": _l("로그인이 끝나 저장하지 못했습니다. 방금 입력하신 내용은 이 브라우저에 남아 있습니다."),
        "too_large": _l("보내신 내용이 너무 큽니다. 파일 하나는 %(limit)s까지 첨부할 수 있습니다."),
        "method": _l("이 주소에서는 할 수 없는 요청입니다."),
        "job_asked_already": _l("같은 작업을 다른 사람이 방금 맡겼습니다. 화면을 새로 고쳐 결과를 확인해 주십시오."),
        "job_ended_already": _l("이미 끝난 작업입니다."),
        "request_unclear": _l("요청을 알아볼 수 없습니다. 이전 화면으로 돌아가 다시 시도해 주십시오."),
    }
)
