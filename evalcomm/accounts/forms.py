"""Forms of accounts."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import EmailField, PasswordField, SelectField, SelectMultipleField, StringField, ValidationError
from wtforms.validators import DataRequired, EqualTo, Length, Regexp
from wtforms.widgets import CheckboxInput, ListWidget

from evalcomm.accounts.models import EMAIL_ADDRESS
from evalcomm.accounts.passwords import weakness
from evalcomm.web import words
from evalcomm.web.forms import Form

EMAIL = Regexp(EMAIL_ADDRESS, message=_l("전자우편 주소를 확인해 주십시오. 예: name@example.go.kr"))


class SignInForm(Form):
    email = EmailField(
        _l("전자우편"),
        validators=[DataRequired(_l("전자우편을 적어 주십시오."))],
        render_kw={"autocomplete": "username"},
    )
    password = PasswordField(
        _l("비밀번호"),
        validators=[DataRequired(_l("비밀번호를 적어 주십시오."))],
        render_kw={"autocomplete": "current-password"},
    )


class EmailForm(Form):
    email = EmailField(
        _l("전자우편"),
        validators=[DataRequired(_l("전자우편을 적어 주십시오.")), Length(max=254), EMAIL],
        render_kw={"autocomplete": "email"},
    )


class RegisterForm(EmailForm):
    name = StringField(
        _l("성명"),
        validators=[DataRequired(_l("성명을 적어 주십시오.")), Length(max=80)],
        render_kw={"autocomplete": "name"},
    )
    organisation_id = SelectField(
        _l("소속 기관"), coerce=int, description=_l("목록에 없으면 사무국에 등록을 요청해 주십시오.")
    )


class NewPasswordForm(Form):
    """`email` is set by the route, so that the password can be held against it."""

    email = ""
    password = PasswordField(
        _l("새 비밀번호"),
        description=_l("10자 이상. 길수록 안전하며, 기호를 억지로 섞을 필요는 없습니다."),
        validators=[DataRequired(_l("비밀번호를 적어 주십시오."))],
        render_kw={"autocomplete": "new-password"},
    )
    again = PasswordField(
        _l("새 비밀번호 확인"),
        validators=[
            DataRequired(_l("비밀번호를 한 번 더 적어 주십시오.")),
            EqualTo("password", _l("두 비밀번호가 서로 다릅니다.")),
        ],
        render_kw={"autocomplete": "new-password"},
    )

    def validate_password(self, field: Any) -> None:
        code = weakness(field.data or "", self.email)
        if code:
            raise ValidationError(words.sentence(code))


class JoinForm(NewPasswordForm):
    name = StringField(
        _l("성명"),
        validators=[DataRequired(_l("성명을 적어 주십시오.")), Length(max=80)],
        render_kw={"autocomplete": "name"},
    )


class ChangePasswordForm(NewPasswordForm):
    current = PasswordField(
        _l("지금 쓰는 비밀번호"),
        validators=[DataRequired(_l("지금 쓰는 비밀번호를 적어 주십시오."))],
        render_kw={"autocomplete": "current-password"},
    )


class ProfileForm(Form):
    name = StringField(_l("성명"), validators=[DataRequired(_l("성명을 적어 주십시오.")), Length(max=80)])
    position = StringField(_l("직위"), validators=[Length(max=120)])


class InviteForm(EmailForm):
    name = StringField(_l("성명"), validators=[Length(max=80)])
    role = SelectField(_l("역할"))
    organisation_id = SelectField(_l("소속 기관"), coerce=int)


class RolesForm(Form):
    roles = SelectMultipleField(_l("역할"), option_widget=CheckboxInput(), widget=ListWidget(prefix_label=False))


class OrganisationForm(Form):
    code = StringField(
        _l("기관 코드"),
        description=_l("파일과 문서에 쓰는 바뀌지 않는 이름입니다. 영문 소문자, 숫자, 붙임표."),
        validators=[
            DataRequired(_l("기관 코드를 적어 주십시오.")),
            Length(max=60),
            Regexp(r"^[a-z0-9][a-z0-9-]*$", message=_l("영문 소문자, 숫자, 붙임표(-)만 쓸 수 있습니다. 예: kamco")),
        ],
    )
    name = StringField(_l("기관명"), validators=[DataRequired(_l("기관명을 적어 주십시오.")), Length(max=200)])
    kind = SelectField(_l("구분"))
    region = StringField(_l("지역"), validators=[Length(max=60)])
    parent_id = SelectField(_l("상위 기관"), coerce=int)


class AffiliationForm(Form):
    affiliate_id = SelectField(_l("관계 기관"), coerce=int)
    note = StringField(_l("관계"), description=_l("예: 출자기관, 위탁기관"), validators=[Length(max=200)])
