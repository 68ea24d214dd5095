"""The edge of the web: who may call what, where a transaction begins and ends, words for codes, error pages, headers, navigation.

Invariants: an endpoint without a declared policy answers 403 (`access.refuse_undeclared`); only an endpoint marked `@commits` writes; every code of
a refusal has a sentence (`words`, guard test); no page names another host and none carries inline script or style (`security`).
"""
