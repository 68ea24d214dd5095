"""Who is in the demonstration: made-up people in made-up offices, except that applicants speak for the real programme's institutions."""

from dataclasses import dataclass

from evalcomm.foundation.actor import Role

DOMAIN = "demo.example"
"""Reserved for examples (RFC 2606): no mail can ever reach anybody."""


@dataclass(frozen=True, slots=True)
class Person:
    key: str
    name: str
    role: Role
    position: str
    organisation: str = ""
    """Code of a made-up organisation; applicants get the institution of their task."""

    @property
    def email(self) -> str:
        return f"{self.key}@{DOMAIN}"


@dataclass(frozen=True, slots=True)
class Office:
    code: str
    name: str


OFFICES = (
    Office("demo-secretariat", "가상 사업사무국"),
    Office("demo-audit", "가상 감사담당관실"),
    Office("demo-university-a", "가상대학교"),
    Office("demo-university-b", "가상과학대학교"),
    Office("demo-institute-a", "가상지역연구원"),
    Office("demo-institute-b", "가상산업연구원"),
    Office("demo-accounting", "가상회계법인"),
    Office("demo-venture", "가상투자협회"),
    Office("demo-engineering", "가상기술사사무소"),
)

GOVERNMENTS = {
    "부산": "부산광역시",
    "대구": "대구광역시",
    "울산": "울산광역시",
    "경북": "경상북도",
    "경남": "경상남도",
    "전북": "전라북도",
    "광주": "광주광역시",
    "전남": "전라남도",
    "강원": "강원도",
    "충북": "충청북도",
    "제주": "제주특별자치도",
}
"""The provinces of the ten innovation cities, as they were called in 2020. The source gives their number and no list: who takes part is made up."""

SECRETARY = Person("secretary", "정사무", Role.SECRETARIAT, "사무국 담당", "demo-secretariat")
SECOND_SECRETARY = Person("secretary2", "서입회", Role.SECRETARIAT, "사무국 팀장", "demo-secretariat")
AUDITOR = Person("auditor", "감시은", Role.AUDITOR, "감사담당", "demo-audit")
ADMINISTRATOR = Person("administrator", "관리온", Role.ADMINISTRATOR, "시스템 관리", "demo-secretariat")
EVALUATORS = (
    Person("evaluator1", "한가온", Role.EVALUATOR, "도시계획", "demo-university-a"),
    Person("evaluator2", "도하람", Role.EVALUATOR, "지역산업", "demo-institute-a"),
    Person("evaluator3", "윤새별", Role.EVALUATOR, "에너지", "demo-university-b"),
    Person("evaluator4", "임다온", Role.EVALUATOR, "재무·회계", "demo-accounting"),
    Person("evaluator5", "문여울", Role.EVALUATOR, "창업·투자", "demo-venture"),
    Person("evaluator6", "배아라", Role.EVALUATOR, "건축·시설", "demo-engineering"),
    Person("evaluator7", "손미르", Role.EVALUATOR, "교육·인력", "demo-institute-b"),
)
STAFF = (SECRETARY, SECOND_SECRETARY, AUDITOR, ADMINISTRATOR, *EVALUATORS)


def applicant(number: int) -> Person:
    """The person who applies for a task of the programme."""
    return Person(f"applicant{number}", f"신청담당 {number}", Role.APPLICANT, "협업과제 담당")
