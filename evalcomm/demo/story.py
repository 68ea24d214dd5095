"""What happens in the demonstration, as data: tracks, what each project asks for, how good the committee finds it, who is recused.

Every figure here is made up (가상 자료). The source gives the budget of 45,000,000,000 won, the ten tasks and their twenty projects, and
nothing of what follows.
"""

from dataclasses import dataclass
from datetime import datetime

from evalcomm.foundation.clock import SEOUL

BILLION = 1_000_000_000
MILLION = 1_000_000

PROGRAM = "innovation-city-2021"
CALL_NUMBER = "2020-1"
CALL_TITLE = "2021년 혁신도시 공공기관 협업과제 지원사업"


def moment(month: int, day: int, hour: int = 10, minute: int = 0, second: int = 0) -> datetime:
    """A moment of the story, in Seoul in 2020, the year of the press release."""
    return datetime(2020, month, day, hour, minute, second, tzinfo=SEOUL)


PUBLISHED = moment(9, 28)
OPENS = moment(10, 5, 9)
SCREENED = moment(11, 6, 14)
APPOINTED = moment(11, 10)
DECLARED = moment(11, 12, 10, 30)
DECIDED = moment(11, 13, 16)
FIXED = moment(11, 16, 11)
SCORED = moment(11, 17, 9)
OPENED = moment(11, 23, 10)
WITNESSED = moment(11, 23, 10, 7)
SIGNED = moment(11, 23, 14)
CLOSED = moment(11, 23, 15, 30)
FIRST_RUN = moment(11, 23, 16, 30)
DRAWN = moment(11, 24, 10, 30)
LOT_RECORDED = moment(11, 24, 10, 50)
SECOND_RUN = moment(11, 24, 11)
ADOPTED = moment(11, 24, 11, 20)
RESOLVED = moment(11, 25, 15)
RESOLUTION_RECORDED = moment(11, 25, 16, 10)
APPROVED = moment(11, 27, 17)
ISSUED = moment(11, 27, 17, 30)
ANNOUNCED = moment(11, 30, 10)


@dataclass(frozen=True, slots=True)
class TrackStory:
    code: str
    title: str
    plan: str
    budget_won: int


TRACKS = (
    TrackStory("facility", "시설", "kr-subsidy", 22 * BILLION),
    TrackStory("fund", "기금·펀드", "kr-subsidy-fund", 7 * BILLION),
    TrackStory("talent", "인력양성", "kr-subsidy-talent", 6 * BILLION),
    TrackStory("content", "기술·콘텐츠", "kr-subsidy-industry", 10 * BILLION),
)


@dataclass(frozen=True, slots=True)
class ProjectStory:
    """`merit` is about the share of the points that the committee gives; `twin` scores exactly as the project of that title."""

    task: int
    title: str
    track: str
    requested_won: int
    merit: float
    twin: str = ""
    recused: tuple[int, ...] = ()
    """Numbers of the evaluators who are recused from it."""
    bonus: tuple[str, ...] = ()

    @property
    def seed(self) -> str:
        return self.twin or self.title


PROJECTS = (
    # 시설: 22 billion; three in full, the fourth cut to what is left, three in reserve
    ProjectStory(5, "스테이션 K 건립", "facility", 6_500 * MILLION, 0.96),
    ProjectStory(1, "부산형 상생혁신타워", "facility", 5_500 * MILLION, 0.935, bonus=("reuse",), recused=(4, 6)),
    ProjectStory(8, "고령친화용품실증․연구센터설립", "facility", 6_000 * MILLION, 0.915),
    ProjectStory(2, "(가칭) 그린에너지 캠퍼스", "facility", 7_000 * MILLION, 0.895, recused=(3,)),
    ProjectStory(6, "전북 금융타운 조성", "facility", 4_800 * MILLION, 0.88),
    ProjectStory(4, "스마트 물류시설 구축", "facility", 4_200 * MILLION, 0.87),
    ProjectStory(3, "산단 지붕태양광 설치", "facility", 3_900 * MILLION, 0.865),
    # 기금·펀드: 7 billion; three in full, one in reserve
    ProjectStory(7, "유치기업 투자 촉진 위한 이자지원 및 투자펀드 조성", "fund", 2_500 * MILLION, 0.90),
    ProjectStory(2, "중소기업 상생펀드 조성", "fund", 2_000 * MILLION, 0.86, recused=(5,)),
    ProjectStory(1, "부산 사회적경제기금 조성", "fund", 2_500 * MILLION, 0.81),
    ProjectStory(5, "지역 중소기업(협력사) 근로자의 장기재직 지원", "fund", 1_500 * MILLION, 0.75),
    # 인력양성: 6 billion; the first in full, then two alike at the line with money for one: a lot
    ProjectStory(7, "에너지밸리 특화인력 양성 및 지역 중소기업 판로지원", "talent", 3_000 * MILLION, 0.90),
    ProjectStory(8, "채용 전제 특화실습교육", "talent", 2_200 * MILLION, 0.83),
    ProjectStory(10, "제주권역 지역선도대학 육성", "talent", 2_200 * MILLION, 0.83, twin="채용 전제 특화실습교육"),
    ProjectStory(9, "ICT 교육환경 구축 등 언택트 교육특화", "talent", 1_800 * MILLION, 0.73),
    # 기술·콘텐츠: 10 billion; four in full, one below the cut
    ProjectStory(3, "부유식 해상 풍력발전 개발", "content", 3_000 * MILLION, 0.92),
    ProjectStory(6, "빅데이터 포털시스템 구축", "content", 2_500 * MILLION, 0.87),
    ProjectStory(10, "제주 EV랩 구축", "content", 2_000 * MILLION, 0.84),
    ProjectStory(9, "5G+실감 교육콘텐츠 개발", "content", 2_500 * MILLION, 0.80, recused=(7,)),
    ProjectStory(4, "스마트 물류정보센터 조성", "content", 1_900 * MILLION, 0.64),
)

RECUSALS = {
    3: "최근 3년 안에 같은 기관의 기술자문을 맡아 수당을 받음",
    4: "신청기관의 회계감사를 맡은 법인에 소속되어 있음",
    5: "해당 펀드의 출자를 검토한 협회의 위원으로 참여함",
    6: "해당 시설의 기본구상 용역에 참여함",
    7: "해당 교육콘텐츠의 기획 자문을 맡음",
}

NARRATIVE = {
    "summary": "{topic} {city} 혁신도시의 협업과제 ‘{task}’의 대표 프로젝트로, {actor} 지방자치단체와 함께 추진합니다.\n"
    "국비 {requested}을 신청하며, 총사업비는 {total}입니다. (이 글은 시연을 위하여 지어낸 가상 자료입니다.)",
    "background": "혁신도시에 이전한 공공기관의 자원을 지역의 수요와 연결하여야 정착과 성장이 이어집니다.\n"
    "{city}의 산업 여건과 기관의 기능을 함께 살펴 이 프로젝트를 정하였습니다.",
    "goals": "성과지표는 참여 기업 수, 지역 고용 인원, 이용자 만족도로 하고, 해마다 기준값과 목표값을 정하여 측정합니다.\n"
    "산식과 측정 방법은 첨부한 사업계획서에 적었습니다.",
    "plan": "1단계({year}년 상반기) 실시계획과 협약, 2단계({year}년 하반기) 착수와 조성, 3단계({next_year}년) 운영과 확산으로 나누어 추진합니다.",
    "system": "{actor} 총괄하고 지방자치단체가 행정 지원과 지방비를 맡습니다. 분기마다 실무협의회를 열어 진행을 점검합니다.",
    "permits": "필요한 인허가는 지방자치단체와 사전 협의를 마쳤으며, 남은 절차와 기한을 사업계획서에 적었습니다.",
    "sustainability": "지원이 끝난 뒤에는 기관 부담과 이용료로 운영하며, 3년 동안의 운영수지를 추정하여 첨부하였습니다.",
    "effects": "지역 기업의 매출과 고용이 늘고, 다른 혁신도시로 확산할 수 있는 운영 모형이 만들어질 것으로 기대합니다.",
}

REMARKS = {
    5: "근거와 실행 방법이 모두 갖추어져 있음.",
    4: "요구를 대체로 충족하며 일부 수치를 보완하면 효과가 커질 것으로 봄.",
    3: "취지는 타당하나 실행 방법의 일부가 비어 있음.",
    2: "핵심 내용의 근거가 부족하여 보완이 필요함.",
    1: "요구한 내용을 확인하기 어려움.",
}

OPINIONS = (
    "사업의 필요성과 추진 여건을 종합하여 평가함. 성과지표의 측정 방법을 구체화할 것을 권고함.",
    "기관과 지방자치단체의 역할이 나뉘어 있어 추진 가능성을 확인함. 재원 확약의 이행을 점검할 필요가 있음.",
    "기대효과의 산출 근거를 보완하면 확산 가능성이 높아질 것으로 봄.",
    "예산의 산출근거와 집행 일정이 대체로 적정함. 운영 단계의 비용을 다시 살필 것.",
)
