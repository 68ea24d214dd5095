"""The particle that the sound before it asks for: 은(는), 이(가), 을(를), 과(와) and (으)로 become one of the two where the sound is known.

It is known after a Korean letter, a digit and a single Latin letter. A Latin word may be read in two ways and keeps both forms.
"""

from __future__ import annotations

import re

_PLACE = re.compile(
    r"([가-힣0-9%]|(?<![A-Za-z])[A-Za-z])((?:[’”'\"」)\]]|\([^()]*\))*)(은\(는\)|이\(가\)|을\(를\)|과\(와\)|\(으\)로)"
)
_FORMS = {"은(는)": "은는", "이(가)": "이가", "을(를)": "을를", "과(와)": "과와", "(으)로": ("으로", "로")}
_ENDS = {"0": "영", "1": "일", "2": "이", "3": "삼", "4": "사", "5": "오", "6": "육", "7": "칠", "8": "팔", "9": "구"}
_ENDS |= {"L": "엘", "M": "엠", "N": "엔", "R": "알"}
_RIEUL = 8
"""Of the final consonants the one that takes 로 and not 으로."""


def with_particles(text: str) -> str:
    return _PLACE.sub(_chosen, text) if "(" in text else text


def _chosen(match: re.Match[str]) -> str:
    last, closing, particle = match.groups()
    final = (ord(_ENDS.get(last.upper(), "이" if last.isascii() else last)) - ord("가")) % 28
    closed = final != 0 and not (particle == "(으)로" and final == _RIEUL)
    return last + closing + _FORMS[particle][0 if closed else 1]
