"""People, organisations, sign-in, roles.

Invariants: a password is stored only as argon2id (`passwords.hash_password`); an invitation works once (`services.accept_invitation`);
failed sign-ins are rows that lock for a while (`services.check_sign_in_limits`); a changed password or role ends every session (`models.UserAccount.session_epoch`).
"""
