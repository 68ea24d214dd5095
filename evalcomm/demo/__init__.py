"""The demonstration: the real programme with made-up applications, amounts and scores, run through to signed papers.

Found by its entry point and only in demonstration mode; no other room imports it. Everything that the source does not say is marked 가상 자료.
Invariants: one-click sign-in opens demonstration accounts only, and only in an instance that holds no other (`sign_in.may_step_in`).
"""

from flask import Flask


def install(app: Flask) -> None:
    """Add the one-click sign-in and `evalcomm demo build`. Called by `create_app` in demonstration mode."""
    if not app.extensions["settings"].demonstration:
        raise RuntimeError("the demonstration is installed in demonstration mode only")
    from evalcomm.demo import commands, sign_in

    sign_in.init_app(app)
    commands.init_app(app)
