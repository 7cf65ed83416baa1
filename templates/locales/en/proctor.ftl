# What the proctor reads: the board of a sitting.
board-title = Board, { $sitting }
board-empty-title = Nobody is registered
board-empty-text = Examinees appear here when a coordinator registers them for this sitting.
board-rows = Examinees
board-counts = How many are where
board-examinee = Examinee
board-state = State
board-part = Part and answers
board-left = Time left
board-last-save = Last save
board-last-contact = Last contact
board-credit = Action
board-expected = Expected
board-admitted = Admitted
board-working = Working
board-disconnected = Disconnected
board-on-break = On a break
board-paused = Paused
board-break = Between the parts
board-finished = Finished
board-absent = Absent
board-attention = needs you
board-attention-only = Only those who need attention
board-part-one = Part One
board-part-two = Part Two
board-seconds = { $n } s
board-minutes = { $n } min
board-hours = { $n } h
board-never = none yet
board-as-of = As of
board-fresh = As of { $time }
board-stale = No contact with the server: this board may be out of date. Examinees’ answers are kept on their devices.
board-alert-lost = { $name } has lost contact.
board-incidents = { $n ->
    [one] { $n } incident
   *[other] { $n } incidents
}
board-term-arrangement = { $time } (arrangement)
board-term-break = { $time } (break)
board-term-credit = { $time } ({ $reason })
board-credit-do = Credit time
board-credit-for = Credit time to { $name }
board-credit-minutes = Minutes
board-credit-reason = Reason
board-credit-reason-hint = The reason is recorded, and shown to them with the deadline.
board-credit-one = Credit
board-credit-all = Credit time to everyone
board-credit-all-text = Every part that is running gets a new deadline. Examinees see it within seconds, without reloading.
board-credit-all-do = Credit everyone

board-admit = Admit
board-admit-whom = Admit { $name }
board-admit-late = Let in late
board-admit-late-whom = Let in late: { $name }
board-admit-late-do = Let in

closings-title = Parts ended by a proctor
incidents-title = Incidents
incidents-text = Nothing is released while an incident is open.
incident-new = Record an incident
incident-new-do = Record it
incident-about = Whom it concerns
incident-everybody = The whole room
incident-kind = Kind
incident-technical = Technical trouble
incident-disturbance = Disturbance
incident-health = Health
incident-irregularity = Irregularity
incident-noise = Noise
incident-illness = Illness
incident-suspected = Suspected irregularity
incident-late = Late arrival
incident-other = Something else
incident-note = What happened
incident-open = Open
incident-resolved = Dealt with
incident-resolve = Mark as dealt with

pause-title = The sitting is paused
pause-since = Since
pause-reason-given = Reason:
pause-text = Every clock stands still, every paper is covered, and nobody can start. What was typed is kept.
pause-resume = Resume for everyone
pause-begin = Pause for everyone
pause-begin-text = For a fire alarm and the like: every clock stops at once and every paper is covered. When you resume, everyone has exactly the time that was left.
pause-reason = Reason, shown to everyone
pause-begin-do = Pause now

incident-resolution-note = How, if there is anything to say
incident-resolution-by = Dealt with by { $name }.
incidents-every-kind = Every kind
incidents-only-open = Only open ones
incidents-show = Show
incidents-none = No incident is like that.

board-close = Close the part
board-close-whose = Close the part of { $name }
board-close-text = It ends now, from what is saved, and cannot be opened again. They get their receipt.
board-close-do = Close it for good

messages-title = Messages
messages-text = Shown in the exam room at once, and kept there until it is put aside.
message-new = Write a message
message-to = To
message-body = Message
message-send = Send

outages-title = Measured outages
outage-what = { $n ->
    [one] Credit { $time } to one examinee?
   *[other] Credit up to { $time } to { $n } examinees?
}
outage-server = The server was away.
outage-contact = { $name } was out of contact.
outage-grant = Grant
outage-dismiss = Dismiss

# Safe Exam Browser
board-browser-proved = Safe Exam Browser
board-browser-exempt = Any browser allowed
board-browser-missing = Not in Safe Exam Browser
board-browser-refused = Turned away at { $time }
board-browser-unproved = { $n ->
    [one] { $n } answer came from outside Safe Exam Browser
   *[other] { $n } answers came from outside Safe Exam Browser
}
board-browser-exempt-do = Allow any browser
board-browser-exempt-whom = Allow any browser: { $name }
board-browser-exempt-text = They need not use Safe Exam Browser from now on. Say why; reviewers never see it.
board-browser-exempt-button = Allow it
board-browser-end = Ask for it again
board-browser-end-whose = Ask for it again: { $name }
done-browser-exempted = They may sit in any browser now.
done-browser-asked-again = Safe Exam Browser is asked for again.
