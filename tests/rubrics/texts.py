"""Small rubrics and plans for tests, as people write them."""

RUBRIC = """\
id = "small"
version = 1
title = "작은 평가표"
total = "100"
[grades]
"우수" = "1.0"
"보통" = "0.6"
"미흡" = "0.2"
[descriptors]
"우수" = "근거가 완결되고 그대로 시행할 수 있다."
"보통" = "대체로 갖추었으나 근거가 비어 있다."
"미흡" = "실행 가능성이 의심된다."
[[criterion]]
id = "need"
title = "필요성"
points = "40"
  [[criterion.item]]
  id = "why"
  title = "지역 여건 진단"
  points = "40"
[[criterion]]
id = "plan"
title = "추진계획"
points = "60"
min_ratio = "0.5"
  [[criterion.item]]
  id = "how"
  title = "세부 추진계획"
  points = "45"
  comment = "required"
  [[criterion.item]]
  id = "site"
  title = "부지 확보율"
  points = "15"
  input = "fixed"
[[bonus]]
id = "reuse"
title = "유휴시설 활용"
points = "2"
[[penalty]]
id = "late"
title = "실적보고 지연"
points = "-3"
[limits]
bonus_max = "2"
"""

PLAN = """\
id = "small-plan"
version = 1
title = "작은 평가계획"
regime = "national_subsidy"
legal_basis = ["보조금 관리에 관한 법률 제16조"]
as_of = 2026-01-02
rubric = "../small.toml"
[committee]
quorum = 5
min_valid_sheets = 3
[aggregate]
method = "trimmed-mean"
min_sheets_to_trim = 5
double_trim_from = 12
[rounding]
sheet_total = 2
criterion = 2
mean = 2
final = 2
[cut]
total_ratio = "0.7"
criterion_ratio = "0.4"
[ties]
keys = ["base", "criterion:plan", "criteria-by-weight", "requested-asc", "lot"]
"""
