"""People, organisations, sign-in, roles.

Invariants: a password is stored only as argon2id (`services.hash_password`); an invitation works once (`services.accept_invitation`);
failed sign-ins are rows that lock for a while (`services.sign_in`); a changed password or role ends every session (`UserAccount.session_epoch`).
"""
