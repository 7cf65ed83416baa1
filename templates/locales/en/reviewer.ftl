# What a reviewer reads: the queue and the marking desk.
marking-title = My scripts
marking-lead = Each code stands for one answer to one vignette. You can mark them in any order.
marking-empty-title = No scripts are waiting for you
marking-empty-text = When a script is given to you, it appears here and you get a letter in your inbox. Nothing else is needed of you now.
marking-column-code = Code
marking-column-vignette = Vignette
marking-column-strand = Strand
marking-column-state = State
marking-column-due = Due
marking-state-new = Not begun
marking-state-draft = Draft kept
marking-state-sealed = Sealed
marking-due-none = No date set
marking-overdue = past due
marking-action-open = Open { $code }
marking-next = Continue with { $code }
marking-done = { $sealed } of { $total } sealed
marking-group-open = To mark
marking-group-sealed = Sealed
marking-time-own = About { $time } left, judging by your own pace.
marking-time-usual = About { $time } left, at an hour a script; once you have sealed a few, your own pace counts.
marking-profile = My absences, people I know, and how much I read
profile-title = About me as a reviewer
profile-lead = What you tell here decides which scripts come to you. It changes nothing about those you have.
marking-all-sealed = You have sealed every script in your queue. Thank you for your care.

own-title = My marking beside the others’
own-lead = For learning, and for nobody’s judgement: only released scripts count, and nobody is named.
own-back = My scripts
own-severity = Severity
own-severity-text = By how many of a script’s points, in per cent, you give more (+, lenient) or less (−, severe) than the other readers of the same scripts. A difference is no error: the others are no more right than you.
own-severity-fact = { $n ->
    [one] Over { $n } script
   *[other] Over { $n } scripts
}
own-you = You
own-none-title = Too few released scripts yet
own-none-text = Figures appear once { $step } scripts that you read are released, with at least { $readers } other readers among them.
own-agreement = Agreement of two readers
own-measure = Measure
own-mine = { $n ->
    [one] You and the other reader ({ $n } script)
   *[other] You and the other reader ({ $n } scripts)
}
own-others = { $n ->
    [one] The others among themselves ({ $n } script)
   *[other] The others among themselves ({ $n } scripts)
}
lesson-title = Your calibration
lesson-lead = Scripts whose scores are known, which you scored before live ones.
lesson-none-title = No calibration
lesson-none-text = You were given no benchmark scripts to score before live ones.
lesson-admitted = You read live scripts of this strand.
lesson-scoring = Some scripts in your queue are benchmark scripts. When all of a set are sealed, the reference is shown here.
lesson-waiting = A set will be given to you.
lesson-not-admitted = Your scores lie further from the reference than the rules allow. Your coordinator will be in touch.
lesson-withdrawn = Your coordinator gives you no more live scripts of this strand. What you were given stays.
lesson-own = Yours
lesson-reference = Reference
lesson-why = Why
lesson-of = { $points } of { $maximum }
lesson-caption = Script { $code }: { $vignette }
lesson-verdicts = Your verdict: { $own }. The reference: { $reference }.
lesson-same = the same
lesson-different = different
lesson-script = Read script { $code } again
own-verdict = The same verdict
own-exact = The same level, mean over criteria
own-adjacent = At most one level apart, mean over criteria
own-distance = Distance of the points, in per cent
own-rules = Figures move on by { $step } scripts at a time and need { $readers } other readers, so that no single script, and nobody’s view of it, shows in them. The others are everybody who reads on this server. Below each figure stands its 95 % interval.

figure-too-few = too few scripts to say
figure-undefined = not defined: the readings do not vary
figure-none = no figure
figure-interval = { $low } to { $high }

desk-title = Script { $code }
desk-back = My scripts
desk-pane-vignette = Vignette
desk-pane-answer = Answer
desk-pane-rubric = Rubric
desk-passages = Marked passages
desk-passage-keys = Select a passage and tie it to a criterion. By keyboard, with the focus in this pane: arrow left and right choose a word, with Shift they extend the passage, with Shift up and down by lines; 1–9 tie it to that criterion.
desk-passage-bar = Tie the selected passage to
desk-passage-note = Note (optional)
desk-passage-noted = Note: { $note }
desk-passage-remove = Remove mark { $label }
desk-passage-marked = Marked { $label }: { $title }
desk-passage-removed = Mark { $label } removed
desk-passage-full = A review holds at most 100 marked passages. Remove one first.
desk-prompts = The examinee was asked
desk-answer-empty = The examinee left this answer empty.
desk-script-off = This page keeps your work by a small program that your browser has switched off. Switch scripts on for this site to mark; nothing you sealed before is affected.
desk-keys = Keys: 1–9 choose a level for the criterion in focus, j and k go to the next and the previous criterion.
desk-level-points = { $points ->
    [one] { $points } point
   *[other] { $points } points
}
desk-criterion-missing = no level yet
desk-total = Total
desk-total-of = of { $maximum }
desk-scored = { $done } of { $all } criteria
desk-verdict = Verdict
desk-verdict-hint = Your own judgement of the whole answer.
desk-verdict-pass = Pass
desk-verdict-fail = Fail
desk-remarks-examinee = Remarks for the examinee
desk-remarks-examinee-hint = Required. Speak to the writer: what was strong, what would make it stronger. Do not name yourself or state points.
desk-remarks-internal = Internal remarks
desk-remarks-internal-hint = Optional. Only the exam's coordinators read these, and only after sealing.
desk-save-idle = Nothing to save yet
desk-save-kept = Your draft is saved
desk-save-saved = saved { $time }
desk-save-saving = saving…
desk-save-offline = working offline: your draft is kept here
desk-save-signed-out = signed out: your draft is kept here, sign in again
desk-save-sign-in = Sign in again
desk-sign-in-text = Your session has ended. Your work is still on this page and kept on this device; sign in to save it.
desk-sign-in-later = Later
desk-sign-in-needs-network = Signing in needs the network. Your draft is kept here.
desk-save-refused = not saved: { $detail }
desk-seal = Review and seal
desk-seal-title = Seal this review?
desk-seal-text = A sealed review does not change.
desk-seal-confirm = Seal the review
desk-seal-cancel = Go on marking
desk-seal-incomplete = Before sealing, please complete:
desk-seal-missing-criterion = a level for “{ $title }”
desk-seal-missing-verdict = a verdict
desk-seal-missing-remarks = remarks for the examinee
desk-seal-needs-network = Sealing needs the network. Your draft is kept here; try again when you are connected.
desk-sealed-title = This review is sealed
desk-sealed-text = Your levels, verdict and remarks are kept as you sealed them.
desk-sealed-digest = Digest
desk-next = Next script
correction-ask = Something in this review is wrong
correction-title = Correct the review of { $code }
correction-lead = What you sealed stays on record. Somebody who did not read the script decides whether your correction stands beside it; you are told when they have.
correction-reason = Why it is wrong
correction-reason-hint = What was mistaken, such as a level of the wrong criterion. State no points: whoever decides may not see any yet.
correction-send = Ask for the correction
correction-leave = Leave it as it is
correction-waiting = Your correction waits for a decision. Until then your review counts as you sealed it.
correction-approved = Your correction was accepted. This is the review as it now stands.
correction-refused = Your correction was not accepted. The review stands as it was.
desk-decline = I cannot mark this script
desk-decline-text = The script is given to another reviewer. Nobody else learns why.
desk-decline-recognised = I recognise this writer
desk-decline-recognised-text = You will not see this script again. Your draft of it is discarded.
desk-decline-conflict = I have a conflict of interest
desk-decline-no-time = I have no time for it
desk-decline-other = Another reason
desk-decline-note = Note (optional)
desk-decline-confirm = Give the script back
desk-decline-cancel = Keep it
desk-decline-reason = Reason
desk-flag = Report something about this script
desk-flag-kind = What is it?
desk-flag-identifies = A passage identifies its writer
desk-flag-concern = Something in it concerns me
desk-flag-note = Note
desk-flag-note-hint = Where it stands, or what concerns you. A coordinator reads this.
desk-flag-send = Send the report
desk-flag-sent = Your report was sent.
desk-act-failed = That did not work: { $detail }
