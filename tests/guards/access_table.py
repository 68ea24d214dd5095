"""Who gets which answer where. One row per endpoint, method and place of the world; one column per person.

yes   the page, a form's complaint about its fields, or a conflict with the state: the person may ask
no    403 with the reason
sign  to the sign-in page
404   nothing there
"""

COLUMNS = ("anonymous", "owner", "other", "evaluator", "recused", "secretariat", "auditor", "administrator")
TABLE = """
     endpoint                         place in the world                    | anon own  oth  eval rec  sec  aud  adm

# pages that belong to no call
GET  programs.home                    -                                     | yes  yes  yes  yes  yes  yes  yes  yes
GET  programs.calls                   -                                     | yes  yes  yes  yes  yes  yes  yes  yes
GET  programs.programs                -                                     | yes  yes  yes  yes  yes  yes  yes  yes
GET  programs.program                 -                                     | yes  yes  yes  yes  yes  yes  yes  yes
GET  programs.task                    -                                     | yes  yes  yes  yes  yes  yes  yes  yes
GET  documents.style                  -                                     | yes  yes  yes  yes  yes  yes  yes  yes
GET  documents.verify_form            -                                     | yes  yes  yes  yes  yes  yes  yes  yes
GET  documents.verify                 -                                     | yes  yes  yes  yes  yes  yes  yes  yes
POST pages.choose_language            -                                     | yes  yes  yes  yes  yes  yes  yes  yes
GET  static                           -                                     | yes  yes  yes  yes  yes  yes  yes  yes

# accounts
GET  accounts.sign_in                 -                                     | yes  yes  yes  yes  yes  yes  yes  yes
POST accounts.sign_in                 -                                     | yes  yes  yes  yes  yes  yes  yes  yes
POST accounts.sign_out                -                                     | yes  yes  yes  yes  yes  yes  yes  yes
GET  accounts.register                -                                     | yes  yes  yes  yes  yes  yes  yes  yes
POST accounts.register                -                                     | yes  yes  yes  yes  yes  yes  yes  yes
GET  accounts.forgotten               -                                     | yes  yes  yes  yes  yes  yes  yes  yes
POST accounts.forgotten               -                                     | yes  yes  yes  yes  yes  yes  yes  yes
GET  accounts.join                    -                                     | yes  yes  yes  yes  yes  yes  yes  yes
POST accounts.join                    -                                     | yes  yes  yes  yes  yes  yes  yes  yes
GET  accounts.profile                 -                                     | sign yes  yes  yes  yes  yes  yes  yes
POST accounts.change_profile          -                                     | sign yes  yes  yes  yes  yes  yes  yes
POST accounts.change_password         -                                     | sign yes  yes  yes  yes  yes  yes  yes
POST sessions.extend                  -                                     | sign yes  yes  yes  yes  yes  yes  yes
GET  accounts.accounts                -                                     | sign no   no   no   no   no   no   yes
GET  accounts.account                 -                                     | sign no   no   no   no   no   no   yes
POST accounts.change_roles            -                                     | sign no   no   no   no   no   no   yes
POST accounts.set_active              -                                     | sign no   no   no   no   no   no   yes
POST accounts.withdraw_invitation     -                                     | sign no   no   no   no   no   no   yes
GET  accounts.new_invitation          -                                     | sign no   no   no   no   yes  no   yes
POST accounts.invite                  -                                     | sign no   no   no   no   yes  no   yes
GET  accounts.organisations           -                                     | sign no   no   no   no   yes  no   yes
GET  accounts.new_organisation        -                                     | sign no   no   no   no   yes  no   yes
POST accounts.create_organisation     -                                     | sign no   no   no   no   yes  no   yes
GET  accounts.organisation            -                                     | sign no   no   no   no   yes  no   yes
POST accounts.change_organisation     -                                     | sign no   no   no   no   yes  no   yes
POST accounts.affiliate               -                                     | sign no   no   no   no   yes  no   yes

# the trail and messages
GET  audit.trail                      -                                     | sign no   no   no   no   no   yes  yes
GET  audit.verification               -                                     | sign no   no   no   no   no   yes  yes
GET  audit.reads                      -                                     | sign no   no   no   no   no   yes  yes
GET  notices.mine                     -                                     | sign yes  yes  yes  yes  yes  yes  yes
GET  notices.message                  -                                     | sign yes  no   no   no   no   no   no
POST notices.mark_read                -                                     | sign yes  no   no   no   no   no   no
GET  notices.outbox                   -                                     | sign no   no   no   no   no   no   yes
GET  notices.jobs                     -                                     | sign no   no   no   no   no   no   yes
POST notices.retry                    -                                     | sign no   no   no   no   no   no   yes
POST notices.retry_all                -                                     | sign no   no   no   no   no   no   yes

# plans
GET  rubrics.plans                    -                                     | sign no   no   no   no   yes  yes  no
GET  rubrics.plan                     -                                     | sign no   no   no   no   yes  yes  no
GET  rubrics.check_form               -                                     | sign no   no   no   no   yes  no   no
POST rubrics.check                    -                                     | sign no   no   no   no   yes  no   no
POST rubrics.store                    -                                     | sign no   no   no   no   yes  no   no

# a call that is being prepared
GET  programs.new_call                -                                     | sign no   no   no   no   yes  no   no
POST programs.create_call             -                                     | sign no   no   no   no   yes  no   no
GET  programs.call                    draft                                 | sign no   no   no   no   yes  yes  no
GET  programs.preview                 draft                                 | sign no   no   no   no   yes  yes  no
GET  programs.track                   draft                                 | sign no   no   no   no   yes  yes  no
GET  programs.dates                   draft                                 | sign no   no   no   no   yes  no   no
POST programs.change_dates            draft                                 | sign no   no   no   no   yes  no   no
GET  programs.plan                    draft                                 | sign no   no   no   no   yes  no   no
POST programs.choose_plan             draft                                 | sign no   no   no   no   yes  no   no
GET  programs.texts                   draft                                 | sign no   no   no   no   yes  no   no
POST programs.change_texts            draft                                 | sign no   no   no   no   yes  no   no
GET  programs.tracks                  draft                                 | sign no   no   no   no   yes  no   no
POST programs.add_track               draft                                 | sign no   no   no   no   yes  no   no
GET  programs.edit_track              draft                                 | sign no   no   no   no   yes  no   no
POST programs.change_track            draft                                 | sign no   no   no   no   yes  no   no
POST programs.remove_track            draft                                 | sign no   no   no   no   yes  no   no
GET  programs.rounds                  draft                                 | sign no   no   no   no   yes  no   no
POST programs.change_rounds           draft                                 | sign no   no   no   no   yes  no   no
GET  programs.rights                  draft                                 | sign no   no   no   no   yes  no   no
POST programs.change_rights           draft                                 | sign no   no   no   no   yes  no   no
POST programs.publish                 draft                                 | sign no   no   no   no   yes  no   no
POST programs.discard                 draft                                 | sign no   no   no   no   yes  no   no

# a published call
GET  programs.call                    open                                  | yes  yes  yes  yes  yes  yes  yes  yes
GET  programs.preview                 open                                  | sign no   no   no   no   yes  yes  no
GET  programs.track                   open                                  | yes  yes  yes  yes  yes  yes  yes  yes
GET  programs.dates                   open                                  | sign no   no   no   no   no   no   no
POST programs.change_dates            open                                  | sign no   no   no   no   no   no   no
POST programs.discard                 open                                  | sign no   no   no   no   no   no   no
POST programs.publish                 open                                  | sign no   no   no   no   no   no   no
GET  programs.amend                   open                                  | sign no   no   no   no   yes  no   no
POST programs.announce_amendment      open                                  | sign no   no   no   no   yes  no   no
GET  programs.amend                   draft                                 | sign no   no   no   no   no   no   no

# applications
GET  applications.mine                -                                     | sign yes  yes  no   no   no   no   no
GET  applications.choose_project      draft                                 | sign no   no   no   no   no   no   no
GET  applications.choose_project      open                                  | sign yes  yes  no   no   no   no   no
GET  applications.choose_project      scoring                               | sign no   no   no   no   no   no   no
POST applications.start               open                                  | sign yes  yes  no   no   no   no   no
POST applications.start               scoring                               | sign no   no   no   no   no   no   no
GET  applications.application         open                                  | sign yes  no   no   no   yes  yes  no
GET  applications.application         open, unfinished                      | sign yes  no   no   no   no   no   no
GET  applications.section             open, unfinished                      | sign yes  no   no   no   no   no   no
POST applications.save_section        open, unfinished                      | sign yes  no   no   no   no   no   no
POST applications.save_section        scoring, unfinished                   | sign no   no   no   no   no   no   no
POST applications.autosave            open, unfinished                      | sign yes  no   no   no   no   no   no
GET  applications.attachments         open, unfinished                      | sign yes  no   no   no   no   no   no
POST applications.attach              open, unfinished                      | sign yes  no   no   no   no   no   no
GET  applications.download            open                                  | sign yes  no   no   no   yes  yes  no
GET  applications.download            open, unfinished                      | sign yes  no   no   no   no   no   no
GET  applications.download            scoring                               | sign yes  no   no   no   yes  yes  no
POST applications.remove_attachment   open, unfinished                      | sign yes  no   no   no   no   no   no
POST applications.remove_attachment   open                                  | sign yes  no   no   no   no   no   no
GET  applications.check               open, unfinished                      | sign yes  no   no   no   no   no   no
POST applications.submit              open, unfinished                      | sign yes  no   no   no   no   no   no
POST applications.submit              open                                  | sign yes  no   no   no   no   no   no
POST applications.submit              scoring, unfinished                   | sign yes  no   no   no   no   no   no
GET  applications.receipt             open                                  | sign yes  no   no   no   yes  yes  no
GET  applications.receipt             open, unfinished                      | sign yes  no   no   no   no   no   no
POST applications.withdraw            open                                  | sign yes  no   no   no   no   no   no
POST applications.withdraw            open, unfinished                      | sign no   no   no   no   no   no   no
POST applications.withdraw            scoring                               | sign no   no   no   no   no   no   no
GET  applications.list_applications   open                                  | sign no   no   no   no   yes  yes  no
GET  applications.submitted           open                                  | sign yes  no   no   no   yes  yes  no
GET  applications.submitted           open, unfinished                      | sign yes  no   no   no   no   no   no
POST applications.screen              open                                  | sign no   no   no   no   yes  no   no
POST applications.screen              open, unfinished                      | sign no   no   no   no   no   no   no

# committee
GET  committee.index                  -                                     | sign no   no   no   no   yes  yes  no
GET  committee.new                    open                                  | sign no   no   no   no   yes  no   no
POST committee.create                 open                                  | sign no   no   no   no   yes  no   no
GET  committee.show                   declaring                             | sign no   no   no   no   yes  yes  no
GET  committee.choose                 declaring                             | sign no   no   no   no   yes  no   no
POST committee.appoint                declaring                             | sign no   no   no   no   yes  no   no
GET  committee.chair                  declaring                             | sign no   no   no   no   yes  no   no
POST committee.seat_chair             declaring                             | sign no   no   no   no   yes  no   no
GET  committee.dismissal              declaring                             | sign no   no   no   no   yes  no   no
POST committee.dismiss                declaring                             | sign no   no   no   no   yes  no   no
GET  committee.show_pledge            declaring                             | sign no   no   yes  no   yes  yes  no
GET  committee.show_pledge            declaring, recused                    | sign no   no   no   yes  yes  yes  no
POST committee.sign_pledge            declaring                             | sign no   no   yes  no   no   no   no
GET  committee.show_declaration       declaring                             | sign no   no   yes  no   yes  yes  no
GET  committee.show_declaration       declaring, recused                    | sign no   no   no   yes  yes  yes  no
POST committee.declare                declaring                             | sign no   no   yes  no   no   no   no
POST committee.declare                declaring, recused                    | sign no   no   no   yes  no   no   no
GET  committee.recusal                declaring                             | sign no   no   yes  no   no   no   no
GET  committee.recusal                declaring, recused                    | sign no   no   no   yes  no   no   no
POST committee.recuse                 declaring                             | sign no   no   yes  no   no   no   no
GET  committee.new_conflict           declaring                             | sign no   no   no   no   yes  no   no
POST committee.file_conflict          declaring                             | sign no   no   no   no   yes  no   no
GET  committee.conflict               declaring                             | sign no   no   no   no   yes  yes  no
POST committee.decide                 declaring                             | sign no   no   no   no   yes  no   no

# scoring: the evaluator's desk
GET  scoring.index                    -                                     | sign no   no   yes  yes  no   no   no
GET  scoring.proposal                 declaring                             | sign no   no   no   no   no   no   no
GET  scoring.proposal                 scoring                               | sign no   no   yes  no   no   no   no
GET  scoring.proposal                 scoring, recused                      | sign no   no   no   no   no   no   no
GET  scoring.file                     scoring                               | sign no   no   yes  no   no   no   no
GET  scoring.file                     scoring, recused                      | sign no   no   no   no   no   no   no
GET  scoring.compare                  scoring                               | sign no   no   yes  no   no   no   no
GET  scoring.compare                  scoring, recused                      | sign no   no   no   yes  no   no   no
POST scoring.open_sheet               declaring                             | sign no   no   no   no   no   no   no
POST scoring.open_sheet               scoring                               | sign no   no   yes  no   no   no   no
POST scoring.open_sheet               scoring, recused                      | sign no   no   no   no   no   no   no
GET  scoring.sheet                    scoring                               | sign no   no   yes  no   no   no   no
GET  scoring.sheet                    scoring, by the recused               | sign no   no   no   yes  no   no   no
GET  scoring.sheet                    opened                                | sign no   no   yes  no   no   no   no
POST scoring.save_sheet               scoring                               | sign no   no   yes  no   no   no   no
POST scoring.save_sheet               opened                                | sign no   no   no   no   no   no   no
POST scoring.autosave                 scoring                               | sign no   no   yes  no   no   no   no
GET  scoring.confirm                  scoring                               | sign no   no   yes  no   no   no   no
POST scoring.submit_sheet             scoring                               | sign no   no   yes  no   no   no   no
POST scoring.submit_sheet             opened                                | sign no   no   no   no   no   no   no
GET  scoring.receipt                  scoring                               | sign no   no   no   no   no   no   no
GET  scoring.receipt                  opened                                | sign no   no   yes  no   no   no   no
GET  scoring.versions                 scoring                               | sign no   no   yes  no   no   no   no
GET  scoring.version                  scoring                               | sign no   no   yes  no   no   no   no

# scoring: the secretariat
GET  scoring.progress_index           -                                     | sign no   no   no   no   yes  yes  no
GET  scoring.progress                 scoring                               | sign no   no   no   no   yes  yes  no
POST scoring.remind                   scoring                               | sign no   no   no   no   yes  no   no
GET  scoring.reopening                scoring, handed in                    | sign no   no   no   no   yes  no   no
POST scoring.reopen                   scoring, handed in                    | sign no   no   no   no   yes  no   no
POST scoring.reopen                   scoring                               | sign no   no   no   no   no   no   no
POST scoring.reopen                   opened                                | sign no   no   no   no   no   no   no
GET  scoring.fixed_points             scoring                               | sign no   no   no   no   yes  yes  no
POST scoring.enter_fixed_points       scoring                               | sign no   no   no   no   yes  no   no
POST scoring.enter_fixed_points       opened                                | sign no   no   no   no   no   no   no
GET  scoring.read_sheet               scoring                               | sign no   no   yes  no   no   no   no
GET  scoring.read_sheet               unopened                              | sign no   no   yes  no   no   no   no
GET  scoring.read_sheet               opened                                | sign no   no   yes  no   yes  yes  no

# opening and the score table
GET  scoring.opening                  scoring                               | sign no   no   yes  no   yes  yes  no
POST scoring.request_opening          scoring                               | sign no   no   no   no   no   no   no
GET  scoring.opening                  unopened                              | sign no   no   yes  no   yes  yes  no
POST scoring.request_opening          unopened                              | sign no   no   no   no   yes  no   no
POST scoring.confirm_opening          scoring                               | sign no   no   no   no   no   no   no
POST scoring.confirm_opening          unopened                              | sign no   no   yes  no   yes  no   no
POST scoring.confirm_opening          opened                                | sign no   no   no   no   no   no   no
GET  scoring.score_table              scoring                               | sign no   no   no   no   no   no   no
GET  scoring.score_table              unopened                              | sign no   no   no   no   no   no   no
GET  scoring.score_table              opened                                | sign no   no   yes  yes  yes  yes  no
POST scoring.sign_table               unopened                              | sign no   no   no   no   no   no   no
POST scoring.sign_table               opened                                | sign no   no   yes  yes  no   no   no
POST scoring.sign_table               closed                                | sign no   no   no   no   no   no   no
GET  scoring.closing                  opened                                | sign no   no   yes  no   no   no   no
POST scoring.close_table              opened                                | sign no   no   yes  no   no   no   no
POST scoring.close_table              closed                                | sign no   no   no   no   no   no   no
POST scoring.issue_disclosable        opened                                | sign no   no   no   no   no   no   no
POST scoring.issue_disclosable        closed                                | sign no   no   no   no   yes  no   no

# selection
GET  selection.overview               opened                                | sign no   no   no   no   yes  yes  no
GET  selection.overview               tied                                  | sign no   no   no   no   yes  yes  no
GET  selection.overview               announced                             | sign no   no   no   no   yes  yes  no
POST selection.make_run               opened                                | sign no   no   no   no   yes  no   no
POST selection.make_run               closed                                | sign no   no   no   no   yes  no   no
POST selection.make_run               adopted                               | sign no   no   no   no   no   no   no
GET  selection.run                    tied                                  | sign no   no   no   no   yes  yes  no
POST selection.adopt                  tied                                  | sign no   no   no   no   no   no   no
GET  selection.lot                    tied                                  | sign no   no   no   no   yes  no   no
POST selection.record_lot             tied                                  | sign no   no   no   no   yes  no   no
POST selection.record_lot             adopted                               | sign no   no   no   no   no   no   no
POST selection.adopt                  divided                               | sign no   no   no   no   yes  no   no
POST selection.resolve                divided                               | sign no   no   no   no   no   no   no
POST selection.resolve                adopted                               | sign no   no   no   no   yes  no   no
POST selection.approve                adopted                               | sign no   no   no   no   no   no   no
POST selection.approve                resolved                              | sign no   no   no   no   yes  no   no
POST selection.announce               resolved                              | sign no   no   no   no   no   no   no
POST selection.announce               approved                              | sign no   no   no   no   yes  no   no
POST selection.announce               announced                             | sign no   no   no   no   no   no   no
GET  selection.result                 approved                              | no   no   no   no   no   no   no   no
GET  selection.result                 announced                             | yes  yes  yes  yes  yes  yes  yes  yes

# papers
GET  reports.papers                   adopted                               | sign no   no   no   no   yes  yes  no
GET  reports.papers                   announced                             | sign no   no   no   no   yes  yes  no
POST reports.issue                    adopted                               | sign no   no   no   no   no   no   no
POST reports.issue                    resolved                              | sign no   no   no   no   yes  no   no
GET  documents.paper                  approved: notice_of_call, disclosable | yes  yes  yes  yes  yes  yes  yes  yes
GET  documents.paper                  approved: receipt, internal           | sign yes  no   no   no   yes  yes  no
GET  documents.paper                  approved: conflict_record, internal   | sign no   no   yes  no   yes  yes  no
GET  documents.paper                  approved: conflict_record, disclosable | sign no   no   yes  no   yes  yes  no
GET  documents.paper                  approved: score_table, internal       | sign no   no   no   no   yes  yes  no
GET  documents.paper                  approved: score_table, disclosable    | sign no   no   no   no   yes  yes  no
GET  documents.paper                  approved: score_sheet, internal       | sign no   no   yes  no   yes  yes  no
GET  documents.paper                  approved: score_sheet, disclosable    | sign no   no   yes  no   yes  yes  no
GET  documents.paper                  approved: lot_record, internal        | sign no   no   no   no   yes  yes  no
GET  documents.paper                  approved: resolution, internal        | sign no   no   no   no   yes  yes  no
GET  documents.paper                  approved: decision_memo, internal     | sign no   no   no   no   yes  yes  no
GET  documents.paper                  approved: decision_memo, disclosable  | sign no   no   no   no   yes  yes  no
GET  documents.paper                  approved: selection_report, internal  | sign no   no   no   no   yes  yes  no
GET  documents.paper                  announced: decision_memo, internal    | sign no   no   no   no   yes  yes  no
GET  documents.paper                  announced: decision_memo, disclosable | sign yes  no   no   no   yes  yes  no
GET  documents.paper                  announced: selection_report, internal | sign no   no   no   no   yes  yes  no
GET  documents.paper                  announced: result_notice, disclosable | sign yes  no   no   no   yes  yes  no
GET  documents.figure                 approved: decision_memo, disclosable  | sign no   no   no   no   yes  yes  no
GET  documents.figure                 announced: decision_memo, disclosable | sign yes  no   no   no   yes  yes  no
GET  documents.figure                 announced: selection_report, internal | sign no   no   no   no   yes  yes  no
GET  documents.download               approved: decision_memo, disclosable  | sign no   no   no   no   yes  yes  no
GET  documents.download               announced: decision_memo, disclosable | sign yes  no   no   no   yes  yes  no
GET  documents.download               announced: selection_report, internal | sign no   no   no   no   yes  yes  no

# the demonstration
POST demo.sign_in                     -                                     | yes  yes  yes  yes  yes  yes  yes  yes
"""
