"""What the press says."""

from flask_babel import lazy_gettext as _l

from evalcomm.audit import words as trail
from evalcomm.foundation.errors import register_constraint
from evalcomm.web import words

words.register(
    {
        "paper_not_printed_yet": _l(
            "PDF를 아직 만들고 있습니다. 잠시 뒤 다시 내려받아 주십시오. 내용은 화면에서 바로 보실 수 있습니다."
        ),
        "paper_issued_already": _l(
            "다른 사람이 같은 문서를 먼저 발행했습니다. 화면을 새로 고쳐 발행된 문서를 확인해 주십시오."
        ),
        "paper_number_given": _l("같은 번호의 문서가 이미 있습니다. 다시 발행하면 다음 번호를 받습니다."),
        "paper_unclear": _l("문서의 형식이 맞지 않아 발행하지 않았습니다. 관리자에게 알려 주십시오."),
    }
)
register_constraint("uq_paper_number", "paper_number_given", unique="paper.number")
register_constraint("uq_paper_verification_code", "paper_number_given", unique="paper.verification_code")
register_constraint(
    "uq_paper_kind_subject_type_subject_id_edition_version",
    "paper_issued_already",
    unique="paper.kind, paper.subject_type, paper.subject_id, paper.edition, paper.version",
)
register_constraint("ck_paper_edition", "paper_unclear")
register_constraint("ck_paper_hashed", "paper_unclear")
register_constraint("ck_paper_number_positive", "paper_unclear")

trail.register(
    "documents",
    _l("문서"),
    acts={
        "issue": _l("문서 발행"),
    },
    subjects={
        "paper": _l("문서"),
    },
)
