"""The press and the register of issued papers.

A paper is a plain model (`papers`) and a template: the same model and the same pinned versions give the same bytes (`rendering`,
`pdf`). The press reads no database, fetches nothing and knows no other room: whoever issues a paper has already masked it.
"""
