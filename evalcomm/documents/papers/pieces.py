"""Pieces that several papers share."""

from typing import Literal, TypedDict

from evalcomm.documents.papers.values import Count, Day, Digest, Exact, Instant, Text, Won


class Paper(TypedDict):
    """What every paper carries. The number is assigned before printing; the printed hash is that of the whole model."""

    number: Text  # 문서번호, e.g. "협업과제-2026-0007"
    title: Text  # "과제별 심의결과서", for the heading, the register and the file's metadata
    issued_at: Instant
    issuer: Text  # who made it: "국토교통부 혁신도시정책총괄과"
    verify_url: Text  # where the QR code leads
    is_demonstration: bool  # prints "가상 자료" on every page
    edition: Literal["internal", "disclosable"]  # 내부용 | 공개용
    program: Text  # 지원사업
    call: Text  # 공고


class ApplicationHead(TypedDict):
    """An application in one box, the same on every paper."""

    number: Text  # 접수번호
    task: Text  # 협업과제
    project: Text  # 대표 프로젝트(사업)
    region: Text  # 혁신도시
    track: Text  # 분야
    lead: Text  # 주관기관
    partners: list[Text]  # 참여기관
    starts_on: Day
    ends_on: Day
    requested: Won  # 국비 신청액
    total_cost: Won  # 총사업비


class Named(TypedDict):
    """A figure with its name: a bonus, a fixed item, a penalty."""

    name: Text
    points: Exact
    evidence: Text | None


class Money(TypedDict):
    """A source of money: 국비, 시·도비, 시·군·구비, 기관부담, 민간부담 …"""

    source: Text
    won: Won


class File(TypedDict):
    name: Text
    size: Count  # bytes
    sha256: Digest


class Signature(TypedDict):
    """A line to sign: filled when it was signed on screen, blank for a pen otherwise."""

    role: Text  # "위원장", "위원", "간사", "작성자", "입회인"
    name: Text | None
    affiliation: Text | None
    signed_at: Instant | None
    remark: Text | None  # "회피", "불참"


class Cut(TypedDict):
    """One test against a minimum (과락)."""

    what: Text  # "총점", "사업 추진 가능성"
    value: Exact
    threshold: Exact
    passed: bool


class Correction(TypedDict):
    """An evaluator's own correction of a slip (오기·누락) after opening: both figures stay."""

    evaluator: Text
    application: Text
    item: Text
    before: Exact | None
    after: Exact
    reason: Text
    confirmed_by: Text
    corrected_at: Instant


class Dated(TypedDict):
    """A line of a timetable; `day` alone or with an end or a time, all in one of the three shapes."""

    what: Text
    when: Day | Instant | Text  # a Day or an Instant is printed in official style, any other text as it is
    note: Text | None


class Tie(TypedDict):
    """How equal scores were parted."""

    rank: Count  # the first of the ranks in question
    applications: list[Text]  # "접수번호 사업명", in the order decided
    key: Text | None  # what parted them, in words; None: nothing did
    lot_record: Text | None  # 문서번호 of the 추첨조서
    explanation: Text


Outcome = Literal["funded", "cut", "reserve", "rejected"]  # 선정 · 감액 선정 · 예비 · 미선정


class RuleInWords(TypedDict):
    heading: Text  # "집계", "최저기준(과락)", "동점자 처리", "지원금 배분"
    sentences: list[Text]


class Grade(TypedDict):
    name: Text
    share: Exact  # of an item's points
    descriptor: Text | None


class RubricItem(TypedDict):
    title: Text
    points: Exact
    is_fixed: bool  # 정량: entered by the secretariat with evidence


class RubricCriterion(TypedDict):
    title: Text
    points: Exact
    minimum: Exact | None  # 최저기준 in points
    items: list[RubricItem]


class PlanInWords(TypedDict):
    """A sealed evaluation plan with its rubric, as the notice of the call prints it."""

    track: Text
    budget: Won | None  # None: the call's budget is not divided by track
    plan_id: Text
    version: Count
    sha256: Digest  # the seal
    sealed_at: Instant
    rubric: Text  # title of the 평가표
    total: Exact
    grades: list[Grade]  # [] when points are entered directly
    criteria: list[RubricCriterion]
    bonus: list[Named]
    penalty: list[Named]
    rules: list[RuleInWords]
