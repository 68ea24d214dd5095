"""One complete model of every paper. Names of tasks and projects are those of the real programme; every figure is made up."""

from typing import Any

from evalcomm.documents.papers import (
    ApplicationHead,
    AwardLine,
    ConflictRecord,
    DecisionMemo,
    LotRecord,
    NoticeOfCall,
    Paper,
    PlanInWords,
    Receipt,
    Resolution,
    ResultNotice,
    Score,
    ScoreSheet,
    ScoreTable,
    SelectionReport,
    Signature,
)

PROGRAM = "혁신도시 공공기관 협업과제 지원사업"
CALL = "2021년 혁신도시 공공기관 협업과제 지원사업 공모"
ISSUER = "국토교통부 혁신도시정책총괄과"
TRACK = "시설"
METHOD = "평가위원별 총점에서 최고·최저 점수를 각 1개 제외한 산술평균(소수 둘째 자리까지, 셋째 자리에서 반올림)"


def paper(number: str, title: str, *, issued_at: str = "2026-11-22T06:20:07Z") -> Paper:
    return {
        "number": number,
        "title": title,
        "issued_at": issued_at,
        "issuer": ISSUER,
        "verify_url": f"https://evalcomm.example.go.kr/verify/{number[-4:]}-7QK3-M2XD",
        "is_demonstration": True,
        "edition": "internal",
        "program": PROGRAM,
        "call": CALL,
    }


def application() -> ApplicationHead:
    return {
        "number": "2026-0001",
        "task": "부산형 청년창업허브 조성",
        "project": "부산형 상생혁신타워",
        "region": "부산",
        "track": TRACK,
        "lead": "한국자산관리공사",
        "partners": ["부산광역시", "부산창조경제혁신센터"],
        "starts_on": "2027-01-01",
        "ends_on": "2028-12-31",
        "requested": 7_200_000_000,
        "total_cost": 12_000_000_000,
    }


def scored(value: str, dropped: Any = None) -> Score:
    return {"mark": "scored", "value": value, "dropped": dropped}


def unscored(mark: Any) -> Score:
    return {"mark": mark, "value": None, "dropped": None}


def signature(role: str, name: str | None = None, *, signed: bool = False, remark: str | None = None) -> Signature:
    signed_at = "2026-11-20T08:41:00Z" if signed else None
    return {"role": role, "name": name, "affiliation": None, "signed_at": signed_at, "remark": remark}


def receipt() -> Receipt:
    return {
        **paper("협업과제-접수-2026-0001", "접수증", issued_at="2026-10-30T08:59:58Z"),
        "application": application(),
        "applicant": "한국자산관리공사 지역협력팀",
        "submission": 2,
        "submission_sha256": "3f" * 32,
        "received_at": "2026-10-30T08:59:58Z",
        "deadline": "2026-10-30T09:00:00Z",
        "is_deadline_inclusive": True,
        "funding": [
            {"source": "국비", "won": 7_200_000_000},
            {"source": "시·도비", "won": 2_400_000_000},
            {"source": "시·군·구비", "won": 0},
            {"source": "기관부담", "won": 1_900_000_000},
            {"source": "민간부담", "won": 500_000_000},
        ],
        "files": [
            {"name": "사업계획서_부산형 상생혁신타워.pdf", "size": 4_318_220, "sha256": "a1" * 32},
            {"name": "지방비 확약서(부산광역시).pdf", "size": 201_944, "sha256": "b2" * 32},
            {"name": "예산내역서.xlsx", "size": 88_310, "sha256": "c3" * 32},
        ],
        "contact": "국토교통부 혁신도시정책총괄과(누리집 문의하기)",
    }


def plan() -> PlanInWords:
    return {
        "track": TRACK,
        "budget": 20_000_000_000,
        "plan_id": "kr-subsidy",
        "version": 1,
        "sha256": "9e" * 32,
        "sealed_at": "2026-09-28T01:00:00Z",
        "rubric": "협업 거점 조성형 사업 평가표",
        "total": "100",
        "grades": [
            {"name": "매우우수", "share": "1.0", "descriptor": "착공에 필요한 결정과 재원이 증빙으로 확인된다."},
            {"name": "우수", "share": "0.85", "descriptor": "남은 절차가 하나이고 기한과 책임자가 있다."},
            {"name": "보통", "share": "0.7", "descriptor": "절차와 재원의 절반 이상이 계획 단계다."},
            {"name": "미흡", "share": "0.55", "descriptor": "핵심 부지나 재원이 정해지지 않았다."},
            {"name": "매우미흡", "share": "0.3", "descriptor": "현 계획으로는 기간 안에 시작할 수 없다."},
        ],
        "criteria": [
            {
                "title": "정책 부합성",
                "points": "15",
                "minimum": "6",
                "items": [{"title": "10대 협업과제 취지와의 부합", "points": "15", "is_fixed": False}],
            },
            {
                "title": "사업 추진 가능성",
                "points": "30",
                "minimum": "18",
                "items": [
                    {"title": "부지·건물 확보와 인허가", "points": "15", "is_fixed": False},
                    {"title": "공정·위험 관리 계획", "points": "15", "is_fixed": False},
                ],
            },
            {
                "title": "재원 조달",
                "points": "25",
                "minimum": "10",
                "items": [
                    {"title": "지방비·기관부담 확약 증빙", "points": "15", "is_fixed": True},
                    {"title": "총사업비 산정의 정확성", "points": "10", "is_fixed": False},
                ],
            },
            {
                "title": "운영과 자립",
                "points": "20",
                "minimum": "8",
                "items": [
                    {"title": "입주·이용 수요", "points": "10", "is_fixed": False},
                    {"title": "5년 운영수지", "points": "10", "is_fixed": False},
                ],
            },
            {
                "title": "파급과 상생",
                "points": "10",
                "minimum": None,
                "items": [{"title": "원도심·인근 지역과의 연계", "points": "10", "is_fixed": False}],
            },
        ],
        "bonus": [{"name": "유휴 공공시설 활용", "points": "2", "evidence": "재산관리관 확인서"}],
        "penalty": [{"name": "신청 때 적은 인허가 일정의 미이행", "points": "-3", "evidence": None}],
        "rules": [
            {
                "heading": "평가위원회",
                "sentences": [
                    "위원 5명 이상의 출석으로 개의하고, 출석위원 과반수의 찬성으로 의결한다.",
                    "과제마다 유효한 개별 평가표가 3부 이상이어야 하며, 모자라면 위원을 교체하여 다시 평가한다.",
                ],
            },
            {
                "heading": "점수의 집계",
                "sentences": [
                    "위원별 총점에서 최고점 1개와 최저점 1개를 제외하고 산술평균한다. 같은 점수가 여럿이면 그중 하나만 제외한다.",
                    "회피한 위원의 점수는 0점이 아니라 없는 것으로 보아 평균의 분모에서 뺀다.",
                    "위원별 총점, 평균, 최종점수는 소수 셋째 자리에서 반올림한다.",
                ],
            },
            {
                "heading": "최저기준(과락)",
                "sentences": [
                    "총점이 배점의 70% 미만이거나 한 항목이라도 최저기준에 미달하면 선정하지 않는다. 같으면 통과로 본다."
                ],
            },
            {
                "heading": "동점자 처리",
                "sentences": [
                    "기본점수 → ‘사업 추진 가능성’ 점수 → 배점이 큰 항목 순 → 신청액이 적은 순 → 추첨의 차례로 정한다."
                ],
            },
            {
                "heading": "지원금의 배분",
                "sentences": [
                    "순위대로 신청액을 배정하고, 잔액이 신청액보다 적은 과제는 신청액의 50% 이상이 남은 때에만 잔액까지 감액하여 배정한다.",
                    "배정액은 1,000,000원 단위로 하고 나머지는 버린다.",
                ],
            },
        ],
    }


def notice_of_call() -> NoticeOfCall:
    return {
        **paper("협업과제-공고-2026-0001", "공고문", issued_at="2026-09-28T01:00:00Z"),
        "notice_number": "국토교통부 공고 제2026-1234호",
        "notice_on": "2026-09-28",
        "authority": "국토교통부장관",
        "version": 1,
        "amendment": None,
        "purpose": "혁신도시별 10대 협업과제의 추진을 지원하기 위하여 2021년도 지원 대상 사업을 다음과 같이 공모합니다.",
        "legal_basis": ["「보조금 관리에 관한 법률」 제16조", "「혁신도시 조성 및 발전에 관한 특별법」 제29조의3"],
        "budget": 45_000_000_000,
        "support": [
            "협업과제의 대표 프로젝트 추진에 드는 국비",
            "사업당 지원 한도 금8,000,000,000원, 지방비·기관부담과 함께 부담",
        ],
        "eligibility": [
            "10대 협업과제의 주관 공공기관 또는 해당 지방자치단체",
            "다른 중앙행정기관의 같은 내용 지원을 받지 않는 사업",
        ],
        "opens_at": "2026-09-28T01:00:00Z",
        "closes_at": "2026-10-30T09:00:00Z",
        "is_deadline_inclusive": True,
        "how_to_apply": [
            "평가관리시스템에서 온라인으로 신청(방문·우편 접수 없음)",
            "제출을 마치면 접수번호와 접수시각이 적힌 접수증을 발급",
        ],
        "documents": ["사업신청서(시스템 입력)", "사업계획서 1부", "예산내역서 1부", "지방비·기관부담 확약서 1부"],
        "schedule": [
            {"what": "요건검토", "when": "2026-11-06", "note": None},
            {"what": "서면·발표 평가", "when": "2026-11-16", "note": "위원회 일정에 따라 바뀔 수 있음"},
            {"what": "선정심의위원회", "when": "2026-11-20T05:00:00Z", "note": None},
            {"what": "결과 알림", "when": "2026년 12월 초", "note": None},
        ],
        "plans": [
            plan(),
            {**plan(), "track": "기금·펀드", "budget": 10_000_000_000, "rubric": "기금 조성형 사업 평가표"},
        ],
        "objection": [
            "결과를 통보받은 날부터 10일 이내에 평가관리시스템에서 신청",
            "접수한 날부터 30일 이내에 처리 결과를 알림",
        ],
        "notes": [
            "신청서와 첨부 자료가 사실과 다르면 선정을 취소할 수 있음",
            "평가계획은 공고와 함께 확정되며, 바꿀 때에는 변경공고를 함",
        ],
        "contact": "국토교통부 혁신도시정책총괄과(누리집 문의하기)",
    }


def amended_notice_of_call() -> NoticeOfCall:
    return {
        **notice_of_call(),
        "number": "협업과제-공고-2026-0002",
        "notice_number": "국토교통부 공고 제2026-1301호",
        "notice_on": "2026-10-12",
        "version": 2,
        "amendment": {
            "reason": "지방의회 의사일정에 따라 지방비 확약서 발급이 늦어지는 신청기관이 있어 접수 마감을 연장함",
            "approver": "혁신도시발전추진단장",
            "approved_on": "2026-10-12",
            "previous_number": "국토교통부 공고 제2026-1234호",
            "changes": [
                {"what": "접수 마감", "before": "2026. 10. 23. 18:00까지", "after": "2026. 10. 30. 18:00까지"},
                {"what": "평가계획(시설 분야)", "before": "제1판", "after": "제1판(변경 없음)"},
            ],
        },
    }


def score_sheet() -> ScoreSheet:
    return {
        **paper("협업과제-평가표-2026-0001-03", "개별 평가표"),
        "application": application(),
        "round": "종합평가",
        "evaluator": "위원 3",
        "affiliation": None,
        "rubric": "협업 거점 조성형 사업 평가표(제1판)",
        "version": 2,
        "sheet_sha256": "d4" * 32,
        "criteria": [
            {
                "title": "정책 부합성",
                "points": "15",
                "subtotal": scored("12.75"),
                "items": [
                    {
                        "title": "10대 협업과제 취지와의 부합",
                        "points": "15",
                        "is_fixed": False,
                        "grade": "우수",
                        "score": scored("12.75"),
                        "comment": "청년창업 공간 수요와 이전기관의 역할이 분명함.",
                    }
                ],
            },
            {
                "title": "사업 추진 가능성",
                "points": "30",
                "subtotal": scored("27.75"),
                "items": [
                    {
                        "title": "부지·건물 확보와 인허가",
                        "points": "15",
                        "is_fixed": False,
                        "grade": "매우우수",
                        "score": scored("15.00"),
                        "comment": "용도 폐지된 청사의 사용 승인 문서를 확인함.",
                    },
                    {
                        "title": "공정·위험 관리 계획",
                        "points": "15",
                        "is_fixed": False,
                        "grade": "우수",
                        "score": scored("12.75"),
                        "comment": None,
                    },
                ],
            },
            {
                "title": "재원 조달",
                "points": "25",
                "subtotal": scored("0.00"),
                "items": [
                    {
                        "title": "지방비·기관부담 확약 증빙",
                        "points": "15",
                        "is_fixed": True,
                        "grade": None,
                        "score": unscored("not_applicable"),
                        "comment": "사무국이 증빙에 따라 입력",
                    },
                    {
                        "title": "총사업비 산정의 정확성",
                        "points": "10",
                        "is_fixed": False,
                        "grade": "해당 등급 없음",
                        "score": scored("0.00"),
                        "comment": "산출근거가 제출되지 않아 0점을 부여함.",
                    },
                ],
            },
            {
                "title": "운영과 자립",
                "points": "20",
                "subtotal": unscored("missing"),
                "items": [
                    {
                        "title": "입주·이용 수요",
                        "points": "10",
                        "is_fixed": False,
                        "grade": "보통",
                        "score": scored("7.00"),
                        "comment": None,
                    },
                    {
                        "title": "5년 운영수지",
                        "points": "10",
                        "is_fixed": False,
                        "grade": None,
                        "score": unscored("missing"),
                        "comment": None,
                    },
                ],
            },
        ],
        "points": "85",
        "total": unscored("missing"),
        "opinion": "산출근거를 보완하는 조건으로 지원할 만함.\n입주기업 선정기준은 공고 전에 지방자치단체와 협의하여야 함.",
        "submitted_at": "2026-11-19T07:12:30Z",
        "signed_at": "2026-11-19T07:13:02Z",
        "corrections": [
            {
                "evaluator": "위원 3",
                "application": "2026-0001 부산형 상생혁신타워",
                "item": "부지·건물 확보와 인허가",
                "before": "12.75",
                "after": "15.00",
                "reason": "등급을 한 칸 잘못 고름(오기)",
                "confirmed_by": "위원장",
                "corrected_at": "2026-11-20T05:40:00Z",
            }
        ],
    }


EVALUATORS = tuple(f"위원 {n}" for n in range(1, 8))

Application = tuple[str, str, str, str, int, list[Score], str, str, str, int | None, int, Any]


def applications() -> list[Application]:
    """접수번호, 사업명, 주관기관, 혁신도시, 신청액, 위원 점수, 평균, 가점, 최종, 순위, 배정액, 결과; made anew for every model."""
    return [
        (
            "2026-0007",
            "부유식 해상 풍력발전 개발",
            "한국석유공사",
            "울산",
            8_000_000_000,
            [
                scored("91.00"),
                scored("95.50", "highest"),
                scored("88.00", "lowest"),
                scored("92.00"),
                scored("90.50"),
                scored("89.00"),
                scored("93.00"),
            ],
            "91.10",
            "0",
            "91.10",
            1,
            8_000_000_000,
            "funded",
        ),
        (
            "2026-0001",
            "부산형 상생혁신타워",
            "한국자산관리공사",
            "부산",
            7_200_000_000,
            [
                scored("88.50"),
                scored("90.25", "highest"),
                scored("80.00", "lowest"),
                unscored("recused"),
                scored("86.00"),
                scored("84.75"),
                scored("87.75"),
            ],
            "86.75",
            "2",
            "88.75",
            2,
            7_200_000_000,
            "funded",
        ),
        (
            "2026-0004",
            "(가칭) 그린에너지 캠퍼스",
            "한국가스공사",
            "대구",
            6_000_000_000,
            [
                scored("82.00"),
                scored("85.00"),
                scored("79.50", "lowest"),
                scored("84.25"),
                scored("88.00", "highest"),
                scored("83.00"),
                unscored("missing"),
            ],
            "83.56",
            "0",
            "83.56",
            3,
            4_800_000_000,
            "cut",
        ),
        (
            "2026-0011",
            "스테이션 K 건립",
            "한국토지주택공사",
            "경남 진주",
            5_500_000_000,
            [
                scored("84.00"),
                scored("83.00"),
                scored("81.00", "lowest"),
                scored("83.80"),
                scored("86.00", "highest"),
                scored("83.00"),
                scored("84.00"),
            ],
            "83.56",
            "0",
            "83.56",
            4,
            0,
            "reserve",
        ),
        (
            "2026-0019",
            "스마트 물류시설 구축",
            "한국도로공사",
            "경북 김천",
            9_000_000_000,
            [
                scored("61.00"),
                scored("58.00", "lowest"),
                scored("66.00"),
                unscored("excluded"),
                scored("70.00", "highest"),
                scored("64.50"),
                unscored("challenged"),
            ],
            "63.83",
            "0",
            "63.83",
            None,
            0,
            "rejected",
        ),
    ]


REASONS = {
    "funded": "순위 안에서 신청액을 그대로 배정함",
    "cut": "분야 예산의 잔액이 신청액보다 적어 잔액까지 감액함(신청액의 80%)",
    "reserve": "분야 예산이 모두 배정되어 예비선정 1순위로 함",
    "rejected": "총점이 최저기준 70.00점에 미달함",
}


def score_table() -> ScoreTable:
    return {
        **paper("협업과제-집계표-2026-0001", "종합집계표"),
        "track": TRACK,
        "round": "종합평가",
        "method": METHOD,
        "evaluators": list(EVALUATORS),
        "rows": [
            {
                "rank": rank,
                "application": number,
                "project": project,
                "lead": lead,
                "scores": scores,
                "mean": mean,
                "fixed": None,
                "bonus": bonus,
                "penalty": "0",
                "final": final,
                "passed": rank is not None,
                "failed": [] if rank is not None else ["총점"],
                "remark": None,
            }
            for number, project, lead, _, _, scores, mean, bonus, final, rank, _, _ in applications()
        ],
        "ties": [
            {
                "rank": 3,
                "applications": ["2026-0004 (가칭) 그린에너지 캠퍼스", "2026-0011 스테이션 K 건립"],
                "key": "추첨",
                "lot_record": "협업과제-추첨-2026-0001",
                "explanation": "최종점수·기본점수·항목별 점수·신청액으로 가려지지 않아 위원회에서 추첨함.",
            }
        ],
        "corrections": score_sheet()["corrections"],
        "opened_at": "2026-11-20T05:30:00Z",
        "closed_at": "2026-11-20T08:41:00Z",
        "remarks": "전반적으로 부지와 재원이 확보된 사업이 높은 평가를 받음. 감액 선정 사업은 사업계획을 다시 제출받아야 함.",
        "signatures": [
            signature("위원장", "위원 2", signed=True),
            *(
                signature("위원", f"위원 {n}", signed=n != 7, remark="불참" if n == 7 else None)
                for n in (1, 3, 4, 5, 6, 7)
            ),
            signature("간사", "사무국 담당"),
        ],
    }


def award_lines() -> list[AwardLine]:
    return [
        {
            "track": TRACK,
            "rank": rank,
            "application": number,
            "project": project,
            "lead": lead,
            "final": final,
            "requested": requested,
            "awarded": awarded,
            "outcome": outcome,
            "reserve_rank": 1 if outcome == "reserve" else None,
            "reason": REASONS[outcome],
        }
        for number, project, lead, _, requested, _, _, _, final, rank, awarded, outcome in applications()
    ]


def resolution() -> Resolution:
    return {
        **paper("협업과제-의결-2026-0001", "심의의결서"),
        "agenda_number": "제1호 안건",
        "agenda": "2021년 혁신도시 공공기관 협업과제 지원사업(시설 분야) 지원 대상 선정과 지원금 배분(안)",
        "committee": "보조사업자선정위원회",
        "held_at": "2026-11-20T05:00:00Z",
        "place": "정부세종청사 6동 회의실(영상회의 병행)",
        "order": [
            "「부유식 해상 풍력발전 개발」 등 3개 사업을 지원 대상으로 선정한다.",
            "「스테이션 K 건립」을 예비선정 1순위로 한다.",
            "「스마트 물류시설 구축」은 총점이 최저기준에 미달하여 선정하지 않는다.",
        ],
        "reasons": [
            "공고와 함께 확정된 평가계획에 따라 집계한 결과임.",
            "3위의 동점은 추첨으로 정하였음(추첨조서 협업과제-추첨-2026-0001).",
        ],
        "budget": 20_000_000_000,
        "awards": award_lines(),
        "enrolled": 7,
        "present": 6,
        "in_favour": 5,
        "against": 0,
        "abstained": 1,
        "recused": ["위원 4 — 2026-0001 부산형 상생혁신타워의 심의에서 회피"],
        "rule": "위원 5명 이상의 출석, 출석위원 과반수의 찬성",
        "carried": True,
        "signatures": score_table()["signatures"][:7],
    }


def decision_memo() -> DecisionMemo:
    scores = applications()[1][5]
    return {
        **paper("협업과제-심의결과-2026-0001", "과제별 심의결과서"),
        "application": application(),
        "summary": "용도 폐지된 정부청사를 창업 공간으로 고쳐 청년 창업기업에 제공하고, 이전기관이 금융·판로를 함께 지원함.",
        "funding": receipt()["funding"],
        "committee": "보조사업자선정위원회",
        "held_on": "2026-11-20",
        "method": METHOD,
        "evaluators": [{"evaluator": name, "score": score} for name, score in zip(EVALUATORS, scores, strict=True)],
        "criteria": [
            {"title": "정책 부합성", "points": "15", "mean": "13.20", "minimum": "6.00", "passed": True},
            {"title": "사업 추진 가능성", "points": "30", "mean": "26.80", "minimum": "18.00", "passed": True},
            {"title": "재원 조달", "points": "25", "mean": "21.75", "minimum": "10.00", "passed": True},
            {"title": "운영과 자립", "points": "20", "mean": "16.40", "minimum": "8.00", "passed": True},
            {"title": "파급과 상생", "points": "10", "mean": "8.60", "minimum": None, "passed": None},
        ],
        "mean": "86.75",
        "fixed": [],
        "bonus": [{"name": "유휴 공공시설 활용", "points": "2", "evidence": "재산관리관 확인서(2026. 9. 15.)"}],
        "penalty": [],
        "composition": [{"what": "위원 평균", "points": "86.75"}, {"what": "＋ 가점", "points": "2"}],
        "final": "88.75",
        "cuts": [
            {"what": "총점(평균, 배점의 70%)", "value": "86.75", "threshold": "70.00", "passed": True},
            {"what": "사업 추진 가능성", "value": "26.80", "threshold": "18.00", "passed": True},
            {"what": "재원 조달", "value": "21.75", "threshold": "10.00", "passed": True},
        ],
        "passed": True,
        "rank": 2,
        "ranked": 5,
        "tie": None,
        "ranking": [
            {
                "label": f"{number} {project}",
                "final": final,
                "passed": rank is not None,
                "outcome": outcome,
                "is_this": number == "2026-0001",
            }
            for number, project, _, _, _, _, _, _, final, rank, _, outcome in applications()
        ],
        "cut_on_mean": "70.00",
        "cut_on_final": None,
        "allocation": {
            "outcome": "funded",
            "rule": "순위대로 신청액을 배정하고 마지막 과제는 잔액까지 감액",
            "track_budget": 20_000_000_000,
            "requested": 7_200_000_000,
            "awarded": 7_200_000_000,
            "reserve_rank": None,
            "reason": "분야 2위로, 1위 사업에 배정하고 남은 금12,000,000,000원 안에서 신청액을 그대로 배정함.",
            "would_change": "최종점수가 83.56점 아래로 내려가면 감액되거나 예비순위가 됨.",
        },
        "conditions": [
            "입주기업 선정기준을 사업 개시 전에 지방자치단체와 협의하여 제출할 것",
            "총사업비 산출근거를 보완할 것",
        ],
        "opinions": [
            {"evaluator": "위원 1", "text": "부지와 건물이 확보되어 추진 가능성이 높음."},
            {"evaluator": "위원 2", "text": "이전기관의 금융 지원과 연계한 점이 우수함."},
            {
                "evaluator": "위원 3",
                "text": "총사업비 산출근거를 보완할 필요가 있음.\n입주기업 선정기준의 공정성을 확보하여야 함.",
            },
        ],
        "deliberation": ["부산광역시의 지방비 확약을 확인함.", "위원 4는 이 사업의 심의에서 회피하고 회의장을 떠남."],
        "corrections": score_sheet()["corrections"],
        "approval": ["담당", "팀장", "과장", "국장"],
    }


def rejected_decision_memo() -> DecisionMemo:
    """Below the cut, without rank, with a trimmed mean that fell back for want of sheets."""
    return {
        **decision_memo(),
        "number": "협업과제-심의결과-2026-0019",
        "edition": "disclosable",
        "application": {**application(), "number": "2026-0019", "project": "스마트 물류시설 구축", "partners": []},
        "summary": None,
        "evaluators": [{"evaluator": n, "score": s} for n, s in zip(EVALUATORS, applications()[4][5], strict=True)],
        "mean": "63.83",
        "bonus": [],
        "composition": [{"what": "위원 평균", "points": "63.83"}, {"what": "＋ 가점", "points": "0"}],
        "final": "63.83",
        "cuts": [{"what": "총점(평균, 배점의 70%)", "value": "63.83", "threshold": "70.00", "passed": False}],
        "passed": False,
        "rank": None,
        "ranking": [],
        "allocation": {
            **decision_memo()["allocation"],
            "outcome": "rejected",
            "requested": 9_000_000_000,
            "awarded": 0,
            "reason": "총점이 최저기준 70.00점에 미달하여 배분 대상이 아님.",
            "would_change": None,
        },
        "conditions": [],
        "opinions": [],
        "corrections": [],
        "approval": [],
    }


def selection_report() -> SelectionReport:
    bars = [
        {"label": task, "applications": 2, "funded": 1, "requested": requested, "awarded": awarded}
        for task, requested, awarded in [
            ("부산형 청년창업허브 조성", 9_200_000_000, 7_200_000_000),
            ("(가칭) 그린에너지 캠퍼스 구축", 8_000_000_000, 4_800_000_000),
            ("친환경에너지융합클러스터조성", 10_000_000_000, 8_000_000_000),
            ("남부권 스마트물류 거점도시 육성", 9_000_000_000, 0),
            ("기업이전․산학연 클러스터 선도모델", 5_500_000_000, 0),
        ]
    ]
    regions = [
        {**bar, "label": region}
        for bar, region in zip(bars, ["부산", "대구", "울산", "경북 김천", "경남 진주"], strict=True)
    ]
    return {
        **paper("협업과제-보고-2026-0001", "선정결과보고서"),
        "summary": [
            "5개 사업 중 3개 사업을 선정하고 국비 금20,000,000,000원을 배분함",
            "1개 사업은 예비선정 1순위로 하고, 1개 사업은 최저기준 미달로 제외함",
            "3위의 동점은 입회인이 참석한 추첨으로 정함",
        ],
        "authority": "국토교통부",
        "legal_basis": [
            "「보조금 관리에 관한 법률」 제16조·제17조",
            "「혁신도시 조성 및 발전에 관한 특별법」 제29조의3",
        ],
        "purpose": "혁신도시별 10대 협업과제의 추진을 지원하기 위하여 대표 프로젝트를 선정함",
        "budget": 20_000_000_000,
        "awarded": 20_000_000_000,
        "unspent": 0,
        "progress": [
            {"what": "공고와 평가계획 확정", "when": "2026-09-28", "note": "국토교통부 공고 제2026-1234호"},
            {"what": "변경공고(접수 마감 연장)", "when": "2026-10-12", "note": "국토교통부 공고 제2026-1301호"},
            {"what": "접수 마감", "when": "2026-10-30T09:00:00Z", "note": "5개 사업 접수"},
            {"what": "점수 개봉·집계", "when": "2026-11-20T05:30:00Z", "note": "종합집계표 1부"},
            {"what": "선정심의위원회 의결", "when": "2026-11-20T08:41:00Z", "note": "재적 7명, 출석 6명"},
        ],
        "method": [
            "평가위원 7명이 공고한 평가표로 온라인 채점하고, 개봉 전까지 서로의 점수를 볼 수 없게 함",
            METHOD,
            "총점 70점 미만 또는 항목별 최저기준 미달이면 제외하고, 순위대로 배분함",
        ],
        "committee": "보조사업자선정위원회",
        "members": [
            {
                "label": f"위원 {n}",
                "role": "위원장" if n == 2 else "위원",
                "affiliation": affiliation,
                "field": field,
                "recused_from": 1 if n == 4 else 0,
            }
            for n, (affiliation, field) in enumerate(
                [
                    ("대학", "도시계획"),
                    ("연구기관", "지역산업"),
                    ("대학", "에너지"),
                    ("회계법인", "재무"),
                    ("연구기관", "창업"),
                    ("대학", "건축"),
                    ("공공기관", "사업관리"),
                ],
                1,
            )
        ],
        "tracks": [
            {
                "track": TRACK,
                "budget": 20_000_000_000,
                "method": METHOD,
                "cut_on_mean": "70.00",
                "results": [
                    {**line, "task": bars[0]["label"], "region": region}
                    for line, region in zip(
                        award_lines(), ["울산", "부산", "대구", "경남 진주", "경북 김천"], strict=True
                    )
                ],
                "scores": [
                    {
                        "label": f"{number} {project}",
                        "scores": scores,
                        "mean": mean,
                        "parts": [{"what": "위원 평균", "points": mean}, {"what": "＋ 가점", "points": bonus}],
                        "final": final,
                    }
                    for number, project, _, _, _, scores, mean, bonus, final, *_ in applications()
                ],
                "unspent": 0,
            }
        ],
        "issues": [
            {
                "heading": "동점",
                "sentences": ["3위 2개 사업이 83.56점으로 같아 위원회에서 추첨함(협업과제-추첨-2026-0001)"],
            },
            {"heading": "과락", "sentences": ["「스마트 물류시설 구축」이 총점 63.83점으로 최저기준 70.00점에 미달함"]},
            {
                "heading": "감액",
                "sentences": ["「(가칭) 그린에너지 캠퍼스」는 잔액 금4,800,000,000원까지 감액함(신청액의 80%)"],
            },
            {"heading": "회피", "sentences": ["위원 4가 1개 사업에서 회피하여 그 사업은 6명의 점수로 집계함"]},
        ],
        "by_task": bars,  # type: ignore[typeddict-item]
        "by_region": regions,  # type: ignore[typeddict-item]
        "schedule": [
            {"what": "내부결재", "when": "2026년 11월 말", "note": None},
            {"what": "결과 알림과 공표", "when": "2026-12-01", "note": "결재 후"},
            {"what": "이의신청 접수", "when": "통보받은 날부터 10일", "note": None},
            {"what": "협약·교부결정", "when": "2027년 1월", "note": "감액 사업은 변경 사업계획서 제출 후"},
        ],
        "attachments": ["종합집계표 1부", "심의의결서 1부", "추첨조서 1부", "과제별 심의결과서 5부"],
        "audit_head": "e5" * 32,
        "reporter": "혁신도시정책총괄과 협업과제 담당",
        "approval": ["담당", "팀장", "과장", "국장"],
    }


def lot_record() -> LotRecord:
    return {
        **paper("협업과제-추첨-2026-0001", "추첨조서"),
        "track": TRACK,
        "rank": 3,
        "reason": "최종점수 83.56점으로 같고 평가계획의 동점자 처리 기준(기본점수, 항목별 점수, 신청액)으로도 순위가 가려지지 않음.",
        "held_at": "2026-11-20T07:50:00Z",
        "place": "정부세종청사 6동 회의실",
        "method": "접수번호 순으로 번호표를 뽑고, 작은 번호를 앞 순위로 함",
        "steps": [
            "간사가 번호표 2장을 위원 전원에게 보인 뒤 봉투에 넣어 섞음",
            "감사담당관이 입회하여 봉투에 표시가 없음을 확인함",
            "접수번호 순으로 위원장이 대신 뽑아 그 자리에서 공개함",
        ],
        "entries": [
            {"lot": 1, "application": "2026-0004", "project": "(가칭) 그린에너지 캠퍼스", "lead": "한국가스공사"},
            {"lot": 2, "application": "2026-0011", "project": "스테이션 K 건립", "lead": "한국토지주택공사"},
        ],
        "effect": "「(가칭) 그린에너지 캠퍼스」를 3위, 「스테이션 K 건립」을 4위로 정함",
        "signatures": [
            signature("위원장", "위원 2", signed=True),
            signature("입회인", "감사담당관"),
            signature("간사", "사무국 담당"),
        ],
    }


def conflict_record() -> ConflictRecord:
    return {
        **paper("협업과제-이해관계-2026-0004", "이해관계 신고·결정서"),
        "committee": "보조사업자선정위원회",
        "evaluator": "위원 4",
        "affiliation": "회계법인",
        "pledged_at": "2026-11-12T02:05:00Z",
        "pledge": [
            "평가로 알게 된 사실을 누설하거나 다른 목적으로 쓰지 않겠습니다.",
            "신청기관과 사적으로 접촉하지 않고 금품을 받지 않겠습니다.",
            "이해관계를 알게 되면 바로 신고하고 회피를 신청하겠습니다.",
        ],
        "entries": [
            {
                "application": "2026-0001 부산형 상생혁신타워",
                "act": "recusal",
                "relation": "최근 3년 이내 용역",
                "details": "주관기관의 회계감사 용역에 참여함",
                "declared_at": "2026-11-12T02:11:00Z",
                "decision": "accepted",
                "decided_by": "위원장",
                "decided_at": "2026-11-13T01:00:00Z",
                "reason": "공정한 심의를 기대하기 어려움",
                "notified_at": "2026-11-13T01:05:00Z",
            },
            {
                "application": "2026-0019 스마트 물류시설 구축",
                "act": "exclusion",
                "relation": "소속기관의 자문",
                "details": None,
                "declared_at": None,
                "decision": "accepted",
                "decided_by": "위원회",
                "decided_at": "2026-11-13T01:00:00Z",
                "reason": "제척 사유에 해당함",
                "notified_at": None,
            },
            {
                "application": "2026-0007 부유식 해상 풍력발전 개발",
                "act": "none",
                "relation": None,
                "details": None,
                "declared_at": "2026-11-12T02:11:00Z",
                "decision": None,
                "decided_by": None,
                "decided_at": None,
                "reason": None,
                "notified_at": None,
            },
        ],
        "signatures": [signature("위원", "위원 4", signed=True), signature("위원장", "위원 2", signed=True)],
    }


def result_notice() -> ResultNotice:
    return {
        **paper("협업과제-알림-2026-0004", f"{CALL} 선정 결과 알림", issued_at="2026-12-01T01:00:00Z"),
        "receiver": "한국가스공사 사장",
        "via": None,
        "application": {
            **application(),
            "number": "2026-0004",
            "project": "(가칭) 그린에너지 캠퍼스",
            "region": "대구",
            "lead": "한국가스공사",
        },
        "outcome": "cut",
        "reserve_rank": None,
        "awarded": 4_800_000_000,
        "conditions": ["변경 사업계획서를 협약 전에 제출할 것"],
        "agreement_due": "2027-01-15",
        "final": "83.56",
        "rank": 3,
        "ranked": 5,
        "reasons": ["분야 예산의 잔액이 신청액보다 적어 잔액까지 감액하여 배정함."],
        "opinions": ["에너지 절감 효과의 산출근거를 보완할 필요가 있음."],
        "objection": [
            "결과를 통보받은 날부터 10일 이내(2026. 12. 11.까지)에 평가관리시스템에서 신청",
            "접수한 날부터 30일 이내에 처리 결과를 알림",
        ],
        "remedies": ["이의신청과 관계없이 처분이 있음을 안 날부터 90일 이내에 행정심판 또는 행정소송을 제기할 수 있음"],
        "contact": "국토교통부 혁신도시정책총괄과(누리집 문의하기)",
        "attachments": ["과제별 심의결과서(공개용) 1부"],
        "agency": "국토교통부",
        "sender": "국토교통부장관",
    }


def rejection_notice() -> ResultNotice:
    return {
        **result_notice(),
        "number": "협업과제-알림-2026-0019",
        "title": f"{CALL} 미선정 결과 알림",
        "outcome": "rejected",
        "awarded": 0,
        "conditions": [],
        "agreement_due": None,
        "final": None,
        "rank": None,
        "ranked": None,
        "reasons": ["총점이 최저기준 70.00점에 미달함."],
        "attachments": [],
    }


EXAMPLES: dict[str, list[Any]] = {
    "receipt": [receipt],
    "notice_of_call": [notice_of_call, amended_notice_of_call],
    "score_sheet": [score_sheet],
    "score_table": [score_table],
    "resolution": [resolution],
    "decision_memo": [decision_memo, rejected_decision_memo],
    "selection_report": [selection_report],
    "lot_record": [lot_record],
    "conflict_record": [conflict_record],
    "result_notice": [result_notice, rejection_notice],
}

ALL_EXAMPLES = [(kind, example) for kind, examples in EXAMPLES.items() for example in examples]
