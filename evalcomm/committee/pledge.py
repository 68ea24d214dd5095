"""청렴·보안 서약서 and the consent beside it, as they are read and signed. Official Korean text whatever the screen's language."""

import hashlib

TITLE = "청렴·보안 서약서"
CONSENT_TITLE = "개인정보 수집·이용 동의서"

_PARAGRAPHS = (
    (
        "비밀 유지",
        "평가를 하면서 알게 된 신청서의 내용, 점수와 의견, 위원 명단, 심의 내용을 평가가 끝난 뒤에도 누설하거나 평가 밖의 목적으로 쓰지 않겠습니다.",
    ),
    (
        "사적 접촉 금지",
        "위촉된 날부터 결과가 공표될 때까지 신청기관과 그 이해관계자를 사적으로 만나거나 연락하지 않으며, 접촉이나 청탁을 받으면 지체 없이 사무국에 알리겠습니다.",
    ),
    (
        "금품 등 수수 금지",
        "평가와 관련하여 금품, 향응, 편의, 그 밖의 어떠한 이익도 받거나 요구하거나 약속하지 않겠습니다.",
    ),
    (
        "자료 반출·복사 금지",
        "제공받은 자료를 복사, 촬영, 전송하거나 밖으로 가지고 나가지 않으며, 평가가 끝나면 지니고 있는 자료를 사무국의 안내에 따라 반납하거나 파기하겠습니다.",
    ),
    (
        "공정한 평가",
        "청탁이나 다른 위원의 의견에 흔들리지 않고 공고된 평가기준과 전문지식에 따라 스스로 평가하며, 본인의 계정을 다른 사람이 쓰게 하지 않겠습니다.",
    ),
    (
        "이해관계 신고와 회피",
        "평가 대상과 이해관계가 있음을 알게 되면 지체 없이 신고하고, 그 과제의 평가와 심의에서 회피하겠습니다.",
    ),
    (
        "위반 책임",
        (
            "이 서약을 어긴 때에는 해촉되고 앞으로 위촉이 제한될 수 있으며, 비밀을 누설하거나 부정한 이익을 얻은 때에는 관계 법령에 따라 처벌받을 수 있음을 알고 있습니다. "
            "특히 「공직자의 이해충돌 방지법」 제16조에 따라 공무수행사인으로서 같은 법 제14조와 제27조가 적용됨을 확인합니다."
        ),
    ),
)
_CONSENT = (
    ("수집·이용 목적", "위원의 위촉과 연락, 이해관계 확인, 평가 결과의 기록, 감사와 이의신청에 대한 답변"),
    ("수집 항목", "성명, 소속, 직위, 전자우편 주소, 이해관계 신고 내용, 평가표와 서명 기록, 접속기록"),
    ("보유·이용 기간", "이 사업의 평가기록 보존기간. 접속기록은 2년"),
    (
        "동의를 거부할 권리",
        "동의하지 않을 수 있습니다. 다만 동의하지 않으면 위원으로 위촉하여 평가를 맡길 수 없습니다.",
    ),
)


def opening(call: str, committee: str) -> str:
    return f"본인은 「{call}」 {committee} 위원으로서 다음 사항을 성실히 지킬 것을 서약합니다."


def articles() -> list[str]:
    """What is pledged, one sentence or two each, without numbers."""
    return [f"({heading}) {text}" for heading, text in _PARAGRAPHS]


def consent() -> list[tuple[str, str]]:
    """What the member agrees to, heading and text."""
    return list(_CONSENT)


def full_text(call: str, committee: str) -> str:
    """Both documents as one text: what is kept and hashed at signing."""
    numbered = (f"{number}. {text}" for number, text in enumerate(articles(), start=1))
    lines = [TITLE, opening(call, committee), *numbered, "", CONSENT_TITLE]
    return "\n".join([*lines, *(f"{heading}: {text}" for heading, text in _CONSENT)])


def sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
