"""the first schema

Revision ID: 0001
Revises:
"""

import sqlalchemy as sa
from alembic import op

from evalcomm.foundation.database import Points, UtcDateTime

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "access_log",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("address", sa.String(length=80), nullable=False),
        sa.Column("request_id", sa.String(length=40), nullable=False),
        sa.Column("action", sa.String(length=80), nullable=False),
        sa.Column("subject_type", sa.String(length=80), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_access_log")),
    )
    with op.batch_alter_table("access_log", schema=None) as batch_op:
        batch_op.create_index("ix_access_log_at", ["at"], unique=False)

    op.create_table(
        "audit_batch",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("sealed_at", UtcDateTime(), nullable=False),
        sa.Column("entries", sa.Integer(), nullable=False),
        sa.Column("previous_sha256", sa.String(length=64), nullable=False),
        sa.Column("batch_sha256", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_batch")),
        sa.UniqueConstraint("previous_sha256", name=op.f("uq_audit_batch_previous_sha256")),
        info={"append_only": True},
    )
    op.create_table(
        "audit_entry",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("actor_part", sa.String(length=80), nullable=False),
        sa.Column("address", sa.String(length=80), nullable=False),
        sa.Column("request_id", sa.String(length=40), nullable=False),
        sa.Column("verb", sa.String(length=80), nullable=False),
        sa.Column("subject_type", sa.String(length=80), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=True),
        sa.Column("outcome", sa.String(length=10), nullable=False),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.Column("entry_sha256", sa.String(length=64), nullable=False),
        sa.CheckConstraint("outcome IN ('done', 'refused')", name=op.f("ck_audit_entry_outcome")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_entry")),
        info={"append_only": True},
    )
    with op.batch_alter_table("audit_entry", schema=None) as batch_op:
        batch_op.create_index("ix_audit_entry_subject", ["subject_type", "subject_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_audit_entry_verb"), ["verb"], unique=False)

    op.create_table(
        "job",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("task", sa.String(length=80), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("payload", sa.JSON(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("due_at", UtcDateTime(), nullable=False),
        sa.Column("leased_until", UtcDateTime(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("finished_at", UtcDateTime(), nullable=True),
        sa.Column("failed_at", UtcDateTime(), nullable=True),
        sa.Column("last_error", sa.Text(), nullable=True),
        sa.CheckConstraint("finished_at IS NULL OR failed_at IS NULL", name=op.f("ck_job_one_end")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job")),
        sa.UniqueConstraint("task", "key", name=op.f("uq_job_task_key")),
    )
    with op.batch_alter_table("job", schema=None) as batch_op:
        batch_op.create_index("ix_job_open", ["finished_at", "failed_at", "due_at"], unique=False)

    op.create_table(
        "organisation",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("region", sa.String(length=60), nullable=False),
        sa.Column("parent_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('institution', 'local_government', 'ministry', 'other')", name=op.f("ck_organisation_kind")
        ),
        sa.CheckConstraint("parent_id <> id", name=op.f("ck_organisation_own_parent")),
        sa.ForeignKeyConstraint(
            ["parent_id"], ["organisation.id"], name=op.f("fk_organisation_parent_id_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation")),
        sa.UniqueConstraint("code", name=op.f("uq_organisation_code")),
    )
    with op.batch_alter_table("organisation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_organisation_parent_id"), ["parent_id"], unique=False)

    op.create_table(
        "paper_number",
        sa.Column("series", sa.String(length=60), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.CheckConstraint("last > 0", name=op.f("ck_paper_number_positive")),
        sa.PrimaryKeyConstraint("series", name=op.f("pk_paper_number")),
    )
    op.create_table(
        "program",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("code", sa.String(length=80), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("name_is_working_title", sa.Boolean(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("authority", sa.JSON(), nullable=False),
        sa.Column("legal_basis", sa.Text(), nullable=False),
        sa.Column("fiscal_year", sa.Integer(), nullable=True),
        sa.Column("budget_won", sa.BigInteger(), nullable=False),
        sa.Column("budget_as_printed", sa.String(length=80), nullable=False),
        sa.Column("source", sa.JSON(), nullable=False),
        sa.Column("source_text", sa.Text(), nullable=False),
        sa.Column("source_sha256", sa.String(length=64), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("budget_won >= 0", name=op.f("ck_program_budget")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_program")),
        sa.UniqueConstraint("code", name=op.f("uq_program_code")),
    )
    op.create_table(
        "sign_in_attempt",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("email_sha256", sa.String(length=64), nullable=False),
        sa.Column("address", sa.String(length=80), nullable=False),
        sa.Column("succeeded", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_attempt")),
        info={"append_only": True},
    )
    with op.batch_alter_table("sign_in_attempt", schema=None) as batch_op:
        batch_op.create_index("ix_sign_in_attempt_address", ["address", "at"], unique=False)
        batch_op.create_index("ix_sign_in_attempt_email", ["email_sha256", "at"], unique=False)

    op.create_table(
        "ended_session",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("token_sha256", sa.String(length=64), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ended_session")),
        info={"append_only": True},
    )
    with op.batch_alter_table("ended_session", schema=None) as batch_op:
        batch_op.create_index("ix_ended_session_token", ["token_sha256"], unique=False)

    op.create_table(
        "audit_seal",
        sa.Column("entry_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("batch_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["batch_id"], ["audit_batch.id"], name=op.f("fk_audit_seal_batch_id_audit_batch")),
        sa.ForeignKeyConstraint(["entry_id"], ["audit_entry.id"], name=op.f("fk_audit_seal_entry_id_audit_entry")),
        sa.PrimaryKeyConstraint("entry_id", name=op.f("pk_audit_seal")),
        sa.UniqueConstraint("batch_id", "position", name=op.f("uq_audit_seal_batch_id_position")),
        info={"append_only": True},
    )
    op.create_table(
        "call",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("program_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("is_demonstration", sa.Boolean(), nullable=False),
        sa.Column("budget_won", sa.BigInteger(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("authority", sa.String(length=120), nullable=False),
        sa.Column("contact", sa.String(length=200), nullable=False),
        sa.Column("texts", sa.JSON(), nullable=False),
        sa.Column("page_version", sa.Integer(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("published_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint("(state = 'draft') = (published_at IS NULL)", name=op.f("ck_call_published")),
        sa.CheckConstraint("kind IN ('funding', 'awards')", name=op.f("ck_call_kind")),
        sa.CheckConstraint("state IN ('draft', 'published', 'cancelled')", name=op.f("ck_call_state")),
        sa.CheckConstraint("budget_won > 0", name=op.f("ck_call_budget")),
        sa.ForeignKeyConstraint(["program_id"], ["program.id"], name=op.f("fk_call_program_id_program")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_call")),
        sa.UniqueConstraint("program_id", "number", name=op.f("uq_call_program_id_number")),
    )
    op.create_table(
        "organisation_affiliation",
        sa.Column("first_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("second_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.CheckConstraint("first_id < second_id", name=op.f("ck_organisation_affiliation_ordered")),
        sa.ForeignKeyConstraint(
            ["first_id"], ["organisation.id"], name=op.f("fk_organisation_affiliation_first_id_organisation")
        ),
        sa.ForeignKeyConstraint(
            ["second_id"], ["organisation.id"], name=op.f("fk_organisation_affiliation_second_id_organisation")
        ),
        sa.PrimaryKeyConstraint("first_id", "second_id", name=op.f("pk_organisation_affiliation")),
    )
    op.create_table(
        "task",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("program_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("innovation_city", sa.String(length=80), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("lead_printed", sa.String(length=120), nullable=False),
        sa.Column("lead_organisation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["lead_organisation_id"], ["organisation.id"], name=op.f("fk_task_lead_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(["program_id"], ["program.id"], name=op.f("fk_task_program_id_program")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_task")),
        sa.UniqueConstraint("program_id", "number", name=op.f("uq_task_program_id_number")),
    )
    with op.batch_alter_table("task", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_task_lead_organisation_id"), ["lead_organisation_id"], unique=False)

    op.create_table(
        "user_account",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("position", sa.String(length=120), nullable=False),
        sa.Column("organisation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("password_hash", sa.String(length=200), nullable=True),
        sa.Column("locale", sa.String(length=5), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("session_epoch", sa.Integer(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_user_account_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user_account")),
        sa.UniqueConstraint("email", name=op.f("uq_user_account_email")),
    )
    with op.batch_alter_table("user_account", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_user_account_organisation_id"), ["organisation_id"], unique=False)

    op.create_table(
        "allocation_run",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("call_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("made_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("engine_version", sa.String(length=20), nullable=False),
        sa.Column("inputs", sa.JSON(), nullable=False),
        sa.Column("inputs_sha256", sa.String(length=64), nullable=False),
        sa.Column("result", sa.JSON(), nullable=False),
        sa.Column("result_sha256", sa.String(length=64), nullable=False),
        sa.Column("needs_lot", sa.Boolean(), nullable=False),
        sa.Column("awarded_won", sa.BigInteger(), nullable=False),
        sa.Column("adopted_at", UtcDateTime(), nullable=True),
        sa.Column("adopted_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.CheckConstraint("(adopted_at IS NULL) = (adopted_by_id IS NULL)", name=op.f("ck_allocation_run_adopted")),
        sa.ForeignKeyConstraint(
            ["adopted_by_id"], ["user_account.id"], name=op.f("fk_allocation_run_adopted_by_id_user_account")
        ),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name=op.f("fk_allocation_run_call_id_call")),
        sa.ForeignKeyConstraint(
            ["made_by_id"], ["user_account.id"], name=op.f("fk_allocation_run_made_by_id_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_allocation_run")),
    )
    with op.batch_alter_table("allocation_run", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_allocation_run_adopted_by_id"), ["adopted_by_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_allocation_run_call_id"), ["call_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_allocation_run_made_by_id"), ["made_by_id"], unique=False)
        batch_op.create_index(
            "uq_allocation_run_adopted",
            ["call_id"],
            unique=True,
            sqlite_where=sa.text("adopted_at IS NOT NULL"),
            postgresql_where=sa.text("adopted_at IS NOT NULL"),
        )

    op.create_table(
        "call_version",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("call_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("approver", sa.String(length=120), nullable=False),
        sa.Column("approved_on", sa.Date(), nullable=True),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("published_at", UtcDateTime(), nullable=False),
        sa.Column("published_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.CheckConstraint(
            "version = 1 OR (length(reason) > 0 AND length(approver) > 0 AND approved_on IS NOT NULL)",
            name=op.f("ck_call_version_amendment_reason"),
        ),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name=op.f("fk_call_version_call_id_call")),
        sa.ForeignKeyConstraint(
            ["published_by_id"], ["user_account.id"], name=op.f("fk_call_version_published_by_id_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_call_version")),
        sa.UniqueConstraint("call_id", "version", name=op.f("uq_call_version_call_id_version")),
        info={"append_only": True},
    )
    with op.batch_alter_table("call_version", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_call_version_published_by_id"), ["published_by_id"], unique=False)

    op.create_table(
        "invitation",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("token_sha256", sa.String(length=64), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("organisation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("invited_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.Column("used_at", UtcDateTime(), nullable=True),
        sa.Column("used_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("withdrawn_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint(
            "role IN ('applicant', 'evaluator', 'secretariat', 'auditor', 'administrator')",
            name=op.f("ck_invitation_role"),
        ),
        sa.CheckConstraint("(used_at IS NULL) = (used_by_id IS NULL)", name=op.f("ck_invitation_used_by_somebody")),
        sa.ForeignKeyConstraint(
            ["invited_by_id"], ["user_account.id"], name=op.f("fk_invitation_invited_by_id_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_invitation_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(
            ["used_by_id"], ["user_account.id"], name=op.f("fk_invitation_used_by_id_user_account")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_invitation_user_id_user_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitation")),
        sa.UniqueConstraint("token_sha256", name=op.f("uq_invitation_token_sha256")),
    )
    with op.batch_alter_table("invitation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_invitation_email"), ["email"], unique=False)
        batch_op.create_index(batch_op.f("ix_invitation_invited_by_id"), ["invited_by_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_invitation_organisation_id"), ["organisation_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_invitation_used_by_id"), ["used_by_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_invitation_user_id"), ["user_id"], unique=False)

    op.create_table(
        "message",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("address", sa.String(length=254), nullable=False),
        sa.Column("subject", sa.String(length=300), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("sent_at", UtcDateTime(), nullable=True),
        sa.Column("read_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint("(state = 'sent') = (sent_at IS NOT NULL)", name=op.f("ck_message_sent")),
        sa.CheckConstraint("state IN ('waiting', 'sent', 'kept', 'failed')", name=op.f("ck_message_state")),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_message_user_id_user_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message")),
        sa.UniqueConstraint("key", name=op.f("uq_message_key")),
    )
    with op.batch_alter_table("message", schema=None) as batch_op:
        batch_op.create_index("ix_message_user", ["user_id", "created_at"], unique=False)

    op.create_table(
        "paper",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("number", sa.String(length=80), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("call_id", sa.Integer(), nullable=True),
        sa.Column("subject_type", sa.String(length=60), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("edition", sa.String(length=20), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("model", sa.JSON(), nullable=False),
        sa.Column("model_sha256", sa.String(length=64), nullable=False),
        sa.Column("verification_code", sa.String(length=40), nullable=False),
        sa.Column("is_demonstration", sa.Boolean(), nullable=False),
        sa.Column("issued_at", UtcDateTime(), nullable=False),
        sa.Column("issued_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.CheckConstraint("edition IN ('internal', 'disclosable')", name=op.f("ck_paper_edition")),
        sa.CheckConstraint("length(model_sha256) = 64", name=op.f("ck_paper_hashed")),
        sa.ForeignKeyConstraint(["issued_by_id"], ["user_account.id"], name=op.f("fk_paper_issued_by_id_user_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper")),
        sa.UniqueConstraint(
            "kind",
            "subject_type",
            "subject_id",
            "edition",
            "version",
            name=op.f("uq_paper_kind_subject_type_subject_id_edition_version"),
        ),
        sa.UniqueConstraint("number", name=op.f("uq_paper_number")),
        sa.UniqueConstraint("verification_code", name=op.f("uq_paper_verification_code")),
        info={"append_only": True},
    )
    with op.batch_alter_table("paper", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_paper_call_id"), ["call_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_paper_issued_by_id"), ["issued_by_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_paper_kind"), ["kind"], unique=False)
        batch_op.create_index("ix_paper_subject", ["subject_type", "subject_id"], unique=False)

    op.create_table(
        "project",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("task_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.ForeignKeyConstraint(["task_id"], ["task.id"], name=op.f("fk_project_task_id_task")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_project")),
        sa.UniqueConstraint("task_id", "position", name=op.f("uq_project_task_id_position")),
    )
    op.create_table(
        "round",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("call_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=80), nullable=False),
        sa.Column("weight_percent", sa.Integer(), nullable=False),
        sa.Column("pass_multiple", sa.String(length=10), nullable=True),
        sa.CheckConstraint("weight_percent BETWEEN 0 AND 100", name=op.f("ck_round_weight")),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name=op.f("fk_round_call_id_call")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_round")),
        sa.UniqueConstraint("call_id", "position", name=op.f("uq_round_call_id_position")),
    )
    op.create_table(
        "rubric_version",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("rubric_id", sa.String(length=80), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("created_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["user_account.id"], name=op.f("fk_rubric_version_created_by_id_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rubric_version")),
        sa.UniqueConstraint("rubric_id", "version", name=op.f("uq_rubric_version_rubric_id_version")),
        info={"append_only": True},
    )
    with op.batch_alter_table("rubric_version", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_rubric_version_created_by_id"), ["created_by_id"], unique=False)

    op.create_table(
        "user_role",
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("granted_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint(
            "role IN ('applicant', 'evaluator', 'secretariat', 'auditor', 'administrator')",
            name=op.f("ck_user_role_role"),
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_user_role_user_id_user_account")),
        sa.PrimaryKeyConstraint("user_id", "role", name=op.f("pk_user_role")),
    )
    op.create_table(
        "announcement",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("call_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("run_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("announced_at", UtcDateTime(), nullable=False),
        sa.Column("announced_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["announced_by_id"], ["user_account.id"], name=op.f("fk_announcement_announced_by_id_user_account")
        ),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name=op.f("fk_announcement_call_id_call")),
        sa.ForeignKeyConstraint(["run_id"], ["allocation_run.id"], name=op.f("fk_announcement_run_id_allocation_run")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_announcement")),
        sa.UniqueConstraint("call_id", name=op.f("uq_announcement_call_id")),
        info={"append_only": True},
    )
    with op.batch_alter_table("announcement", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_announcement_announced_by_id"), ["announced_by_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_announcement_run_id"), ["run_id"], unique=False)

    op.create_table(
        "approval",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("call_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("run_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("document_number", sa.String(length=120), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=False),
        sa.Column("approver", sa.String(length=120), nullable=False),
        sa.Column("instruction", sa.Text(), nullable=False),
        sa.Column("recorded_at", UtcDateTime(), nullable=False),
        sa.Column("recorded_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint("length(document_number) > 0 AND length(approver) > 0", name=op.f("ck_approval_filled")),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name=op.f("fk_approval_call_id_call")),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"], ["user_account.id"], name=op.f("fk_approval_recorded_by_id_user_account")
        ),
        sa.ForeignKeyConstraint(["run_id"], ["allocation_run.id"], name=op.f("fk_approval_run_id_allocation_run")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_approval")),
        sa.UniqueConstraint("call_id", name=op.f("uq_approval_call_id")),
        info={"append_only": True},
    )
    with op.batch_alter_table("approval", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_approval_recorded_by_id"), ["recorded_by_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_approval_run_id"), ["run_id"], unique=False)

    op.create_table(
        "paper_file",
        sa.Column("paper_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("printed_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["paper_id"], ["paper.id"], name=op.f("fk_paper_file_paper_id_paper")),
        sa.PrimaryKeyConstraint("paper_id", name=op.f("pk_paper_file")),
        info={"append_only": True},
    )
    op.create_table(
        "phase",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("call_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("round_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("opens_at", UtcDateTime(), nullable=False),
        sa.Column("closes_at", UtcDateTime(), nullable=False),
        sa.Column("may_submit", sa.Boolean(), nullable=False),
        sa.Column("may_score", sa.Boolean(), nullable=False),
        sa.Column("members_see_other_scores", sa.String(length=10), nullable=False),
        sa.Column("members_see_applicant_names", sa.Boolean(), nullable=False),
        sa.Column("secretariat_sees_figures", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('application', 'screening', 'declaration', 'scoring', 'deliberation')", name=op.f("ck_phase_kind")
        ),
        sa.CheckConstraint(
            "members_see_other_scores IN ('never', 'after_own', 'always')", name=op.f("ck_phase_visibility")
        ),
        sa.CheckConstraint("opens_at < closes_at", name=op.f("ck_phase_order")),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name=op.f("fk_phase_call_id_call")),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_phase_round_id_round")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_phase")),
        sa.UniqueConstraint("call_id", "round_id", "kind", name=op.f("uq_phase_call_id_round_id_kind")),
    )
    with op.batch_alter_table("phase", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_phase_round_id"), ["round_id"], unique=False)
        batch_op.create_index(
            "uq_phase_of_call",
            ["call_id", "kind"],
            unique=True,
            sqlite_where=sa.text("round_id IS NULL"),
            postgresql_where=sa.text("round_id IS NULL"),
        )

    op.create_table(
        "plan_version",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("plan_id", sa.String(length=80), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("rubric_version_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("created_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["user_account.id"], name=op.f("fk_plan_version_created_by_id_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["rubric_version_id"], ["rubric_version.id"], name=op.f("fk_plan_version_rubric_version_id_rubric_version")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_version")),
        sa.UniqueConstraint(
            "plan_id", "version", "rubric_version_id", name=op.f("uq_plan_version_plan_id_version_rubric_version_id")
        ),
        info={"append_only": True},
    )
    with op.batch_alter_table("plan_version", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_plan_version_created_by_id"), ["created_by_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_plan_version_rubric_version_id"), ["rubric_version_id"], unique=False)

    op.create_table(
        "resolution",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("call_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("run_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("agenda_number", sa.String(length=60), nullable=False),
        sa.Column("enrolled", sa.Integer(), nullable=False),
        sa.Column("present", sa.Integer(), nullable=False),
        sa.Column("in_favour", sa.Integer(), nullable=False),
        sa.Column("against", sa.Integer(), nullable=False),
        sa.Column("abstained", sa.Integer(), nullable=False),
        sa.Column("order_text", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("resolved_at", UtcDateTime(), nullable=False),
        sa.Column("recorded_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint("in_favour * 2 > present", name=op.f("ck_resolution_majority")),
        sa.CheckConstraint(
            "present <= enrolled AND in_favour + against + abstained = present", name=op.f("ck_resolution_votes")
        ),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name=op.f("fk_resolution_call_id_call")),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"], ["user_account.id"], name=op.f("fk_resolution_recorded_by_id_user_account")
        ),
        sa.ForeignKeyConstraint(["run_id"], ["allocation_run.id"], name=op.f("fk_resolution_run_id_allocation_run")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_resolution")),
        sa.UniqueConstraint("call_id", name=op.f("uq_resolution_call_id")),
        info={"append_only": True},
    )
    with op.batch_alter_table("resolution", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_resolution_recorded_by_id"), ["recorded_by_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_resolution_run_id"), ["run_id"], unique=False)

    op.create_table(
        "track",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("call_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("budget_won", sa.BigInteger(), nullable=False),
        sa.Column("plan_version_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint("budget_won >= 0", name=op.f("ck_track_budget")),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name=op.f("fk_track_call_id_call")),
        sa.ForeignKeyConstraint(
            ["plan_version_id"], ["plan_version.id"], name=op.f("fk_track_plan_version_id_plan_version")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_track")),
        sa.UniqueConstraint("call_id", "code", name=op.f("uq_track_call_id_code")),
        sa.UniqueConstraint("call_id", "position", name=op.f("uq_track_call_id_position")),
    )
    with op.batch_alter_table("track", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_track_plan_version_id"), ["plan_version_id"], unique=False)

    op.create_table(
        "application",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("call_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("track_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("project_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.String(length=60), nullable=True),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("lead_organisation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("owner_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("period_from", sa.Date(), nullable=True),
        sa.Column("period_to", sa.Date(), nullable=True),
        sa.Column("narrative", sa.JSON(), nullable=False),
        sa.Column("requested_won", sa.BigInteger(), nullable=False),
        sa.Column("total_won", sa.BigInteger(), nullable=False),
        sa.Column("draft", sa.JSON(), nullable=False),
        sa.Column("draft_sha256", sa.String(length=64), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("changed_at", UtcDateTime(), nullable=False),
        sa.Column("submitted_at", UtcDateTime(), nullable=True),
        sa.Column("withdrawn_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint("(state = 'withdrawn') = (withdrawn_at IS NOT NULL)", name=op.f("ck_application_withdrawn")),
        sa.CheckConstraint(
            "state = 'draft' OR (submitted_at IS NOT NULL AND number IS NOT NULL)",
            name=op.f("ck_application_submitted"),
        ),
        sa.CheckConstraint("state IN ('draft', 'submitted', 'withdrawn')", name=op.f("ck_application_state")),
        sa.CheckConstraint(
            "period_from IS NULL OR period_to IS NULL OR period_from <= period_to", name=op.f("ck_application_period")
        ),
        sa.CheckConstraint("requested_won >= 0 AND requested_won <= total_won", name=op.f("ck_application_amounts")),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name=op.f("fk_application_call_id_call")),
        sa.ForeignKeyConstraint(
            ["lead_organisation_id"], ["organisation.id"], name=op.f("fk_application_lead_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(["owner_id"], ["user_account.id"], name=op.f("fk_application_owner_id_user_account")),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_application_project_id_project")),
        sa.ForeignKeyConstraint(["track_id"], ["track.id"], name=op.f("fk_application_track_id_track")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_application")),
        sa.UniqueConstraint("number", name=op.f("uq_application_number")),
    )
    with op.batch_alter_table("application", schema=None) as batch_op:
        batch_op.create_index("ix_application_call", ["call_id", "state"], unique=False)
        batch_op.create_index(batch_op.f("ix_application_lead_organisation_id"), ["lead_organisation_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_application_owner_id"), ["owner_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_application_project_id"), ["project_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_application_track_id"), ["track_id"], unique=False)

    op.create_table(
        "committee",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("call_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("track_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("also_selects", sa.Boolean(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("kind IN ('evaluation', 'selection', 'appeal')", name=op.f("ck_committee_kind")),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name=op.f("fk_committee_call_id_call")),
        sa.ForeignKeyConstraint(["track_id"], ["track.id"], name=op.f("fk_committee_track_id_track")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_committee")),
        sa.UniqueConstraint("call_id", "kind", "track_id", name=op.f("uq_committee_call_id_kind_track_id")),
        sa.UniqueConstraint("call_id", "name", name=op.f("uq_committee_call_id_name")),
    )
    with op.batch_alter_table("committee", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_committee_track_id"), ["track_id"], unique=False)
        batch_op.create_index(
            "uq_committee_whole_call",
            ["call_id", "kind"],
            unique=True,
            sqlite_where=sa.text("track_id IS NULL"),
            postgresql_where=sa.text("track_id IS NULL"),
        )

    op.create_table(
        "lot_record",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("track_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("method", sa.String(length=200), nullable=False),
        sa.Column("numbers", sa.JSON(), nullable=False),
        sa.Column("drawn_by", sa.String(length=120), nullable=False),
        sa.Column("witnesses", sa.JSON(), nullable=False),
        sa.Column("drawn_at", UtcDateTime(), nullable=False),
        sa.Column("place", sa.String(length=200), nullable=False),
        sa.Column("recorded_at", UtcDateTime(), nullable=False),
        sa.Column("recorded_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"], ["user_account.id"], name=op.f("fk_lot_record_recorded_by_id_user_account")
        ),
        sa.ForeignKeyConstraint(["track_id"], ["track.id"], name=op.f("fk_lot_record_track_id_track")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lot_record")),
        info={"append_only": True},
    )
    with op.batch_alter_table("lot_record", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_lot_record_recorded_by_id"), ["recorded_by_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_lot_record_track_id"), ["track_id"], unique=False)

    op.create_table(
        "opening_request",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("track_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("round_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("box", sa.JSON(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("requested_at", UtcDateTime(), nullable=False),
        sa.Column("requested_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["requested_by_id"], ["user_account.id"], name=op.f("fk_opening_request_requested_by_id_user_account")
        ),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_opening_request_round_id_round")),
        sa.ForeignKeyConstraint(["track_id"], ["track.id"], name=op.f("fk_opening_request_track_id_track")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_opening_request")),
        info={"append_only": True},
    )
    with op.batch_alter_table("opening_request", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_opening_request_requested_by_id"), ["requested_by_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_opening_request_round_id"), ["round_id"], unique=False)
        batch_op.create_index("ix_opening_request_track", ["track_id", "round_id"], unique=False)

    op.create_table(
        "allocation_line",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("run_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("track_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=True),
        sa.Column("reserve_rank", sa.Integer(), nullable=True),
        sa.Column("score", sa.String(length=80), nullable=True),
        sa.Column("requested_won", sa.BigInteger(), nullable=False),
        sa.Column("awarded_won", sa.BigInteger(), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("reason", sa.JSON(), nullable=False),
        sa.Column("would_change", sa.JSON(), nullable=True),
        sa.CheckConstraint(
            "(status IN ('funded', 'cut')) = (awarded_won > 0)", name=op.f("ck_allocation_line_award_status")
        ),
        sa.CheckConstraint(
            "status IN ('funded', 'cut', 'reserve', 'rejected')", name=op.f("ck_allocation_line_status")
        ),
        sa.CheckConstraint(
            "awarded_won >= 0 AND awarded_won <= requested_won", name=op.f("ck_allocation_line_award_within_request")
        ),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_allocation_line_application_id_application")
        ),
        sa.ForeignKeyConstraint(
            ["run_id"], ["allocation_run.id"], name=op.f("fk_allocation_line_run_id_allocation_run")
        ),
        sa.ForeignKeyConstraint(["track_id"], ["track.id"], name=op.f("fk_allocation_line_track_id_track")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_allocation_line")),
        sa.UniqueConstraint("run_id", "application_id", name=op.f("uq_allocation_line_run_id_application_id")),
        info={"append_only": True},
    )
    with op.batch_alter_table("allocation_line", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_allocation_line_application_id"), ["application_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_allocation_line_track_id"), ["track_id"], unique=False)

    op.create_table(
        "application_partner",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("application_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("organisation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("duty", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_application_partner_application_id_application")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_application_partner_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_application_partner")),
        sa.UniqueConstraint(
            "application_id", "organisation_id", name=op.f("uq_application_partner_application_id_organisation_id")
        ),
    )
    with op.batch_alter_table("application_partner", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_application_partner_organisation_id"), ["organisation_id"], unique=False)

    op.create_table(
        "attachment",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("application_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("filename", sa.String(length=255), nullable=False),
        sa.Column("media_type", sa.String(length=120), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("uploaded_at", UtcDateTime(), nullable=False),
        sa.Column("uploaded_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("removed_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint("size > 0", name=op.f("ck_attachment_size")),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_attachment_application_id_application")
        ),
        sa.ForeignKeyConstraint(
            ["uploaded_by_id"], ["user_account.id"], name=op.f("fk_attachment_uploaded_by_id_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attachment")),
    )
    with op.batch_alter_table("attachment", schema=None) as batch_op:
        batch_op.create_index("ix_attachment_application", ["application_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_attachment_uploaded_by_id"), ["uploaded_by_id"], unique=False)

    op.create_table(
        "budget_line",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("application_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("item", sa.String(length=120), nullable=False),
        sa.Column("source", sa.String(length=20), nullable=False),
        sa.Column("won", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "source IN ('national', 'province', 'municipality', 'institution', 'private')",
            name=op.f("ck_budget_line_source"),
        ),
        sa.CheckConstraint("won >= 0", name=op.f("ck_budget_line_won")),
        sa.CheckConstraint("year BETWEEN 2000 AND 2100", name=op.f("ck_budget_line_year")),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_budget_line_application_id_application")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_budget_line")),
        sa.UniqueConstraint(
            "application_id", "year", "item", "source", name=op.f("uq_budget_line_application_id_year_item_source")
        ),
    )
    op.create_table(
        "fixed_points",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("application_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("item", sa.String(length=60), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("points", Points(), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("entered_at", UtcDateTime(), nullable=False),
        sa.Column("entered_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint("length(evidence) > 0", name=op.f("ck_fixed_points_evidence")),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_fixed_points_application_id_application")
        ),
        sa.ForeignKeyConstraint(
            ["entered_by_id"], ["user_account.id"], name=op.f("fk_fixed_points_entered_by_id_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fixed_points")),
        sa.UniqueConstraint(
            "application_id", "item", "version", name=op.f("uq_fixed_points_application_id_item_version")
        ),
        info={"append_only": True},
    )
    with op.batch_alter_table("fixed_points", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_fixed_points_entered_by_id"), ["entered_by_id"], unique=False)

    op.create_table(
        "membership",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("committee_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("is_chair", sa.Boolean(), nullable=False),
        sa.Column("chair_how", sa.String(length=10), nullable=True),
        sa.Column("chair_since", UtcDateTime(), nullable=True),
        sa.Column("chair_note", sa.Text(), nullable=False),
        sa.Column("appointed_at", UtcDateTime(), nullable=False),
        sa.Column("dismissed_at", UtcDateTime(), nullable=True),
        sa.Column("dismissed_reason", sa.Text(), nullable=False),
        sa.Column("declared_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint(
            "(is_chair AND chair_how IS NOT NULL) OR NOT is_chair", name=op.f("ck_membership_chair_how")
        ),
        sa.CheckConstraint("NOT (is_chair AND dismissed_at IS NOT NULL)", name=op.f("ck_membership_living_chair")),
        sa.CheckConstraint(
            "dismissed_at IS NULL OR length(dismissed_reason) > 0", name=op.f("ck_membership_dismissed_reason")
        ),
        sa.ForeignKeyConstraint(["committee_id"], ["committee.id"], name=op.f("fk_membership_committee_id_committee")),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_membership_user_id_user_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_membership")),
        sa.UniqueConstraint("committee_id", "number", name=op.f("uq_membership_committee_id_number")),
        sa.UniqueConstraint("committee_id", "user_id", name=op.f("uq_membership_committee_id_user_id")),
    )
    with op.batch_alter_table("membership", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_membership_user_id"), ["user_id"], unique=False)
        batch_op.create_index(
            "uq_membership_chair",
            ["committee_id"],
            unique=True,
            sqlite_where=sa.text("is_chair"),
            postgresql_where=sa.text("is_chair"),
        )

    op.create_table(
        "opening",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("track_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("round_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("request_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("opened_at", UtcDateTime(), nullable=False),
        sa.Column("opened_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("witness_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint("opened_by_id <> witness_id", name=op.f("ck_opening_two_people")),
        sa.ForeignKeyConstraint(
            ["opened_by_id"], ["user_account.id"], name=op.f("fk_opening_opened_by_id_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["request_id"], ["opening_request.id"], name=op.f("fk_opening_request_id_opening_request")
        ),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_opening_round_id_round")),
        sa.ForeignKeyConstraint(["track_id"], ["track.id"], name=op.f("fk_opening_track_id_track")),
        sa.ForeignKeyConstraint(["witness_id"], ["user_account.id"], name=op.f("fk_opening_witness_id_user_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_opening")),
        sa.UniqueConstraint("request_id", name=op.f("uq_opening_request_id")),
        sa.UniqueConstraint("track_id", "round_id", name=op.f("uq_opening_track_id_round_id")),
        info={"append_only": True},
    )
    with op.batch_alter_table("opening", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_opening_opened_by_id"), ["opened_by_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_opening_round_id"), ["round_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_opening_witness_id"), ["witness_id"], unique=False)

    op.create_table(
        "screening",
        sa.Column("application_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("verdict", sa.String(length=12), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("decided_at", UtcDateTime(), nullable=False),
        sa.Column("decided_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint("verdict = 'eligible' OR length(reason) > 0", name=op.f("ck_screening_reason")),
        sa.CheckConstraint("verdict IN ('eligible', 'supplement', 'ineligible')", name=op.f("ck_screening_verdict")),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_screening_application_id_application")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["user_account.id"], name=op.f("fk_screening_decided_by_id_user_account")
        ),
        sa.PrimaryKeyConstraint("application_id", name=op.f("pk_screening")),
    )
    with op.batch_alter_table("screening", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_screening_decided_by_id"), ["decided_by_id"], unique=False)

    op.create_table(
        "submission",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("application_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("received_at", UtcDateTime(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("submitted_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_submission_application_id_application")
        ),
        sa.ForeignKeyConstraint(
            ["submitted_by_id"], ["user_account.id"], name=op.f("fk_submission_submitted_by_id_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_submission")),
        sa.UniqueConstraint("application_id", "version", name=op.f("uq_submission_application_id_version")),
        info={"append_only": True},
    )
    with op.batch_alter_table("submission", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_submission_submitted_by_id"), ["submitted_by_id"], unique=False)

    op.create_table(
        "conflict",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("membership_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("application_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("act", sa.String(length=12), nullable=False),
        sa.Column("relation", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("filed_at", UtcDateTime(), nullable=False),
        sa.Column("filed_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("decided_at", UtcDateTime(), nullable=True),
        sa.Column("decided_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("decision_body", sa.String(length=12), nullable=True),
        sa.Column("decision_reason", sa.Text(), nullable=False),
        sa.Column("notified_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint(
            "(state = 'pending') = (decided_at IS NULL) AND (decided_at IS NULL) = (decided_by_id IS NULL)",
            name=op.f("ck_conflict_decided"),
        ),
        sa.CheckConstraint("act IN ('exclusion', 'challenge', 'recusal')", name=op.f("ck_conflict_act")),
        sa.CheckConstraint(
            "decision_body IS NULL OR decision_body IN ('committee', 'authority', 'secretariat')",
            name=op.f("ck_conflict_decision_body"),
        ),
        sa.CheckConstraint(
            "relation IN ('member', 'former_member', 'kin', 'researcher', 'service', 'financial', 'other')",
            name=op.f("ck_conflict_relation"),
        ),
        sa.CheckConstraint(
            "state = 'pending' OR length(decision_reason) > 0", name=op.f("ck_conflict_decision_reason")
        ),
        sa.CheckConstraint("state IN ('pending', 'accepted', 'rejected', 'exception')", name=op.f("ck_conflict_state")),
        sa.CheckConstraint("length(reason) > 0", name=op.f("ck_conflict_reason")),
        sa.CheckConstraint("notified_at IS NULL OR decided_at IS NOT NULL", name=op.f("ck_conflict_notified")),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_conflict_application_id_application")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["user_account.id"], name=op.f("fk_conflict_decided_by_id_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["filed_by_id"], ["user_account.id"], name=op.f("fk_conflict_filed_by_id_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["membership_id"], ["membership.id"], name=op.f("fk_conflict_membership_id_membership")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conflict")),
        sa.UniqueConstraint(
            "membership_id", "application_id", "act", name=op.f("uq_conflict_membership_id_application_id_act")
        ),
    )
    with op.batch_alter_table("conflict", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_conflict_application_id"), ["application_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_conflict_decided_by_id"), ["decided_by_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_conflict_filed_by_id"), ["filed_by_id"], unique=False)

    op.create_table(
        "declaration",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("membership_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("signed_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["membership_id"], ["membership.id"], name=op.f("fk_declaration_membership_id_membership")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_declaration")),
        sa.UniqueConstraint("membership_id", "version", name=op.f("uq_declaration_membership_id_version")),
        info={"append_only": True},
    )
    op.create_table(
        "pledge",
        sa.Column("membership_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("signed_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["membership_id"], ["membership.id"], name=op.f("fk_pledge_membership_id_membership")),
        sa.PrimaryKeyConstraint("membership_id", name=op.f("pk_pledge")),
        info={"append_only": True},
    )
    op.create_table(
        "score_sheet",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("round_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("application_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("membership_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("draft", sa.JSON(), nullable=False),
        sa.Column("draft_tag", sa.Integer(), nullable=False),
        sa.Column("cut_tag", sa.Integer(), nullable=False),
        sa.Column("last_version", sa.Integer(), nullable=False),
        sa.Column("changed_at", UtcDateTime(), nullable=False),
        sa.Column("submitted_version", sa.Integer(), nullable=True),
        sa.Column("submitted_at", UtcDateTime(), nullable=True),
        sa.Column("reopened_at", UtcDateTime(), nullable=True),
        sa.Column("reopened_reason", sa.Text(), nullable=False),
        sa.CheckConstraint("(state = 'submitted') = (submitted_at IS NOT NULL)", name=op.f("ck_score_sheet_submitted")),
        sa.CheckConstraint("state IN ('draft', 'submitted')", name=op.f("ck_score_sheet_state")),
        sa.CheckConstraint(
            "(submitted_at IS NULL) = (submitted_version IS NULL)", name=op.f("ck_score_sheet_submitted_version")
        ),
        sa.CheckConstraint(
            "reopened_at IS NULL OR length(reopened_reason) > 0", name=op.f("ck_score_sheet_reopened_reason")
        ),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_score_sheet_application_id_application")
        ),
        sa.ForeignKeyConstraint(
            ["membership_id"], ["membership.id"], name=op.f("fk_score_sheet_membership_id_membership")
        ),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_score_sheet_round_id_round")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_score_sheet")),
        sa.UniqueConstraint(
            "round_id",
            "application_id",
            "membership_id",
            name=op.f("uq_score_sheet_round_id_application_id_membership_id"),
        ),
    )
    with op.batch_alter_table("score_sheet", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_score_sheet_application_id"), ["application_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_score_sheet_membership_id"), ["membership_id"], unique=False)
        batch_op.create_index("ix_score_sheet_uncut", ["state", "changed_at"], unique=False)

    op.create_table(
        "score_table",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("track_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("round_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("remark", sa.Text(), nullable=False),
        sa.Column("closed_at", UtcDateTime(), nullable=False),
        sa.Column("closed_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint("length(remark) > 0", name=op.f("ck_score_table_remark")),
        sa.ForeignKeyConstraint(
            ["closed_by_id"], ["membership.id"], name=op.f("fk_score_table_closed_by_id_membership")
        ),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_score_table_round_id_round")),
        sa.ForeignKeyConstraint(["track_id"], ["track.id"], name=op.f("fk_score_table_track_id_track")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_score_table")),
        sa.UniqueConstraint("track_id", "round_id", name=op.f("uq_score_table_track_id_round_id")),
        info={"append_only": True},
    )
    with op.batch_alter_table("score_table", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_score_table_closed_by_id"), ["closed_by_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_score_table_round_id"), ["round_id"], unique=False)

    op.create_table(
        "table_signature",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("track_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("round_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("membership_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("content_sha256", sa.String(length=64), nullable=False),
        sa.Column("signed_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["membership_id"], ["membership.id"], name=op.f("fk_table_signature_membership_id_membership")
        ),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_table_signature_round_id_round")),
        sa.ForeignKeyConstraint(["track_id"], ["track.id"], name=op.f("fk_table_signature_track_id_track")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_table_signature")),
        sa.UniqueConstraint("track_id", "round_id", "membership_id", "content_sha256", name="uq_table_signature_once"),
        info={"append_only": True},
    )
    with op.batch_alter_table("table_signature", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_table_signature_membership_id"), ["membership_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_table_signature_round_id"), ["round_id"], unique=False)

    op.create_table(
        "sheet_version",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("sheet_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("cause", sa.String(length=12), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("made_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint(
            "cause IN ('saved', 'submitted', 'signed_out', 'idle')", name=op.f("ck_sheet_version_cause")
        ),
        sa.ForeignKeyConstraint(
            ["made_by_id"], ["user_account.id"], name=op.f("fk_sheet_version_made_by_id_user_account")
        ),
        sa.ForeignKeyConstraint(["sheet_id"], ["score_sheet.id"], name=op.f("fk_sheet_version_sheet_id_score_sheet")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sheet_version")),
        sa.UniqueConstraint("sheet_id", "version", name=op.f("uq_sheet_version_sheet_id_version")),
        info={"append_only": True},
    )
    with op.batch_alter_table("sheet_version", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sheet_version_made_by_id"), ["made_by_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("sheet_version", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sheet_version_made_by_id"))

    op.drop_table("sheet_version")
    with op.batch_alter_table("table_signature", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_table_signature_round_id"))
        batch_op.drop_index(batch_op.f("ix_table_signature_membership_id"))

    op.drop_table("table_signature")
    with op.batch_alter_table("score_table", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_score_table_round_id"))
        batch_op.drop_index(batch_op.f("ix_score_table_closed_by_id"))

    op.drop_table("score_table")
    with op.batch_alter_table("score_sheet", schema=None) as batch_op:
        batch_op.drop_index("ix_score_sheet_uncut")
        batch_op.drop_index(batch_op.f("ix_score_sheet_membership_id"))
        batch_op.drop_index(batch_op.f("ix_score_sheet_application_id"))

    op.drop_table("score_sheet")
    op.drop_table("pledge")
    op.drop_table("declaration")
    with op.batch_alter_table("conflict", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_conflict_filed_by_id"))
        batch_op.drop_index(batch_op.f("ix_conflict_decided_by_id"))
        batch_op.drop_index(batch_op.f("ix_conflict_application_id"))

    op.drop_table("conflict")
    with op.batch_alter_table("submission", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_submission_submitted_by_id"))

    op.drop_table("submission")
    with op.batch_alter_table("screening", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_screening_decided_by_id"))

    op.drop_table("screening")
    with op.batch_alter_table("opening", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_opening_witness_id"))
        batch_op.drop_index(batch_op.f("ix_opening_round_id"))
        batch_op.drop_index(batch_op.f("ix_opening_opened_by_id"))

    op.drop_table("opening")
    with op.batch_alter_table("membership", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_membership_chair", sqlite_where=sa.text("is_chair"), postgresql_where=sa.text("is_chair")
        )
        batch_op.drop_index(batch_op.f("ix_membership_user_id"))

    op.drop_table("membership")
    with op.batch_alter_table("fixed_points", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_fixed_points_entered_by_id"))

    op.drop_table("fixed_points")
    op.drop_table("budget_line")
    with op.batch_alter_table("attachment", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_attachment_uploaded_by_id"))
        batch_op.drop_index("ix_attachment_application")

    op.drop_table("attachment")
    with op.batch_alter_table("application_partner", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_application_partner_organisation_id"))

    op.drop_table("application_partner")
    with op.batch_alter_table("allocation_line", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_allocation_line_track_id"))
        batch_op.drop_index(batch_op.f("ix_allocation_line_application_id"))

    op.drop_table("allocation_line")
    with op.batch_alter_table("opening_request", schema=None) as batch_op:
        batch_op.drop_index("ix_opening_request_track")
        batch_op.drop_index(batch_op.f("ix_opening_request_round_id"))
        batch_op.drop_index(batch_op.f("ix_opening_request_requested_by_id"))

    op.drop_table("opening_request")
    with op.batch_alter_table("lot_record", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_lot_record_track_id"))
        batch_op.drop_index(batch_op.f("ix_lot_record_recorded_by_id"))

    op.drop_table("lot_record")
    with op.batch_alter_table("committee", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_committee_whole_call",
            sqlite_where=sa.text("track_id IS NULL"),
            postgresql_where=sa.text("track_id IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_committee_track_id"))

    op.drop_table("committee")
    with op.batch_alter_table("application", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_application_track_id"))
        batch_op.drop_index(batch_op.f("ix_application_project_id"))
        batch_op.drop_index(batch_op.f("ix_application_owner_id"))
        batch_op.drop_index(batch_op.f("ix_application_lead_organisation_id"))
        batch_op.drop_index("ix_application_call")

    op.drop_table("application")
    with op.batch_alter_table("track", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_track_plan_version_id"))

    op.drop_table("track")
    with op.batch_alter_table("resolution", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_resolution_run_id"))
        batch_op.drop_index(batch_op.f("ix_resolution_recorded_by_id"))

    op.drop_table("resolution")
    with op.batch_alter_table("plan_version", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_plan_version_rubric_version_id"))
        batch_op.drop_index(batch_op.f("ix_plan_version_created_by_id"))

    op.drop_table("plan_version")
    with op.batch_alter_table("phase", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_phase_of_call", sqlite_where=sa.text("round_id IS NULL"), postgresql_where=sa.text("round_id IS NULL")
        )
        batch_op.drop_index(batch_op.f("ix_phase_round_id"))

    op.drop_table("phase")
    op.drop_table("paper_file")
    with op.batch_alter_table("approval", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_approval_run_id"))
        batch_op.drop_index(batch_op.f("ix_approval_recorded_by_id"))

    op.drop_table("approval")
    with op.batch_alter_table("announcement", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_announcement_run_id"))
        batch_op.drop_index(batch_op.f("ix_announcement_announced_by_id"))

    op.drop_table("announcement")
    op.drop_table("user_role")
    with op.batch_alter_table("rubric_version", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_rubric_version_created_by_id"))

    op.drop_table("rubric_version")
    op.drop_table("round")
    op.drop_table("project")
    with op.batch_alter_table("paper", schema=None) as batch_op:
        batch_op.drop_index("ix_paper_subject")
        batch_op.drop_index(batch_op.f("ix_paper_kind"))
        batch_op.drop_index(batch_op.f("ix_paper_issued_by_id"))
        batch_op.drop_index(batch_op.f("ix_paper_call_id"))

    op.drop_table("paper")
    with op.batch_alter_table("message", schema=None) as batch_op:
        batch_op.drop_index("ix_message_user")

    op.drop_table("message")
    with op.batch_alter_table("invitation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_invitation_user_id"))
        batch_op.drop_index(batch_op.f("ix_invitation_used_by_id"))
        batch_op.drop_index(batch_op.f("ix_invitation_organisation_id"))
        batch_op.drop_index(batch_op.f("ix_invitation_invited_by_id"))
        batch_op.drop_index(batch_op.f("ix_invitation_email"))

    op.drop_table("invitation")
    with op.batch_alter_table("call_version", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_call_version_published_by_id"))

    op.drop_table("call_version")
    with op.batch_alter_table("allocation_run", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_allocation_run_adopted",
            sqlite_where=sa.text("adopted_at IS NOT NULL"),
            postgresql_where=sa.text("adopted_at IS NOT NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_allocation_run_made_by_id"))
        batch_op.drop_index(batch_op.f("ix_allocation_run_call_id"))
        batch_op.drop_index(batch_op.f("ix_allocation_run_adopted_by_id"))

    op.drop_table("allocation_run")
    with op.batch_alter_table("user_account", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_user_account_organisation_id"))

    op.drop_table("user_account")
    with op.batch_alter_table("task", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_task_lead_organisation_id"))

    op.drop_table("task")
    op.drop_table("organisation_affiliation")
    op.drop_table("call")
    op.drop_table("audit_seal")
    with op.batch_alter_table("ended_session", schema=None) as batch_op:
        batch_op.drop_index("ix_ended_session_token")

    op.drop_table("ended_session")
    with op.batch_alter_table("sign_in_attempt", schema=None) as batch_op:
        batch_op.drop_index("ix_sign_in_attempt_email")
        batch_op.drop_index("ix_sign_in_attempt_address")

    op.drop_table("sign_in_attempt")
    op.drop_table("program")
    op.drop_table("paper_number")
    with op.batch_alter_table("organisation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_organisation_parent_id"))

    op.drop_table("organisation")
    with op.batch_alter_table("job", schema=None) as batch_op:
        batch_op.drop_index("ix_job_open")

    op.drop_table("job")
    with op.batch_alter_table("audit_entry", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_audit_entry_verb"))
        batch_op.drop_index("ix_audit_entry_subject")

    op.drop_table("audit_entry")
    op.drop_table("audit_batch")
    with op.batch_alter_table("access_log", schema=None) as batch_op:
        batch_op.drop_index("ix_access_log_at")

    op.drop_table("access_log")
