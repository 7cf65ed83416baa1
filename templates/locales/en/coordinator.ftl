# What the coordinator reads.

## Shared
list-next = Further entries
span-one-day = { $date }, { $from } – { $to } { $zone }

role-examinee = Examinee
role-reviewer = Reviewer
role-coordinator = Coordinator
role-proctor = Proctor
role-author = Item author
role-auditor = Auditor
role-administrator = Administrator
done-sitting-made = The sitting is made. Register people for it below.
done-sitting-changed = The changes are saved.
done-registered = Registered. A confirmation went out by mail.
done-seat-given-back = The seat is free again.
done-invited = The invitation went out by mail.
done-arranged = The accommodations are confirmed. They hold for every part that starts from now on, and a part that runs has been lengthened.
done-arrangement-ended = The accommodations end. A part that runs keeps what it was given.
done-request-decided = The request is decided and the person has a message.
done-credited = The time is credited. The new deadline shows within seconds.
done-credited-all = The time is credited to everyone whose part is running. The new deadlines show within seconds.
done-admitted = Admitted.
done-outage-granted = What the outage took is credited.
done-outage-dismissed = Nothing is credited for that outage.
done-message-sent = The message is on its way.
done-part-closed = The part is closed.
done-paused = The sitting is paused for everyone.
done-resumed = The sitting goes on. Everyone has the time that was left.
done-incident-recorded = The incident is recorded.
done-incident-resolved = The incident is dealt with.
done-calibration-decided = Decided. The reviewer was told that there is news.
done-rules-set = The rules are set, and noted in the audit log.
done-late-decided = Decided. The examinee was told, and the receipt and whatever rests on it follow.
done-prepared = The release is prepared. Another coordinator must approve it, and was told.
done-approved = Released. Every reader can see their letter now.
done-recalled = Taken back. Nobody can see these results any more.
slip-not-a-number = not a whole number
slip-not-a-time = not a date with a time
slip-skipped-time = clocks leap over this time in the chosen time zone; take an earlier or a later one
slip-repeated-time = clocks are set back over this time in the chosen time zone, so it comes twice; take an earlier or a later one
slip-not-offered = none of the values offered
slip-none-ticked = tick at least one
slip-minutes = between { $least } and { $most } minutes
slip-which-authorisation = this person holds several authorisations, or none: choose track and category

## Desk
today-title = Desk
today-needs-you = What needs you
today-empty-title = Nothing needs you now
today-empty-text = Findings to confirm, scripts without a reviewer and releases to approve will be listed here.
today-sittings = Sittings
today-until = until
today-pressing = pressing
today-screening = { $n ->
    [one] { $n } screening finding to decide
   *[other] { $n } screening findings to decide
}
today-reviewers-not-admitted = { $n ->
    [one] { $n } reviewer is not admitted by the calibration
   *[other] { $n } reviewers are not admitted by the calibration
}
today-reviewers-drifting = { $n ->
    [one] { $n } reviewer reads apart from the reference
   *[other] { $n } reviewers read apart from the reference
}
today-scripts-lack-reviewer = { $n ->
    [one] { $n } script lacks a reviewer
   *[other] { $n } scripts lack a reviewer
}
today-third-readings = { $n ->
    [one] { $n } disagreement waits for a third reading
   *[other] { $n } disagreements wait for a third reading
}
today-reviews-overdue = { $n ->
    [one] { $n } review is past its date
   *[other] { $n } reviews are past their date
}
today-sitting-without-form = A form is missing
today-releases-to-approve = { $n ->
    [one] { $n } release waits for a second person
   *[other] { $n } releases wait for a second person
}
today-ready-to-release = { $n ->
    [one] { $n } outcome can be released
   *[other] { $n } outcomes can be released
}
today-corrections = { $n ->
    [one] A reviewer asks for a correction
   *[other] Reviewers ask for { $n } corrections
}
today-late-evidence = { $n ->
    [one] { $n } late answer to admit or leave
   *[other] { $n } late answers to admit or leave
}

## People
people-title = People
people-search = Name or e-mail address
people-search-do = Search
people-import = Import authorisations
people-empty-title = Nobody is here yet
people-empty-text = Import authorisations from EASy, or invite a person below.
people-none-found = Nobody was found
people-none-found-text = Try a part of the name or of the address.
people-show-all = Show everyone
people-name = Name
people-email = E-mail address
people-email-hint = A personal address is safest: employers’ servers often hold back such mail.
people-employer = Employer
people-employer-hint = Keeps scripts from reviewers of the same employer.
people-language = Language
people-language-hint = Of mail, pages and the result letter. The person can change it.
people-roles = Roles
people-state = State
people-state-invited = Invited
people-state-active = Active
people-state-disabled = Switched off
people-association = Association
people-new = Invite a person
people-new-text = An invitation to choose a password goes out by mail and is kept in the person’s inbox.
people-new-do = Send the invitation

person-track = Track
person-category = Category
person-valid = Valid
person-sitting = Sitting
person-opens = Opens
person-authorisations = Authorisations to test
person-authorisations-none = None. They come with the import from EASy.
person-authorisation-valid = Valid
person-authorisation-used = Used
person-authorisation-expired = Expired
person-registrations = Sittings
person-registrations-none = No seat in a sitting yet.
person-invite = Send a new invitation
person-invite-text = For who lost the first one, or forgot the password. The link goes to the address above.
person-history = History
person-history-none = Nothing yet.
happened-added = Put on record
happened-authorised = Authorised for { $what } (application { $reference })
happened-registered = Registered for { $sitting }
happened-agreed = Accepted the agreement of { $sitting }
happened-admitted = Admitted to { $sitting }
happened-arranged = Accommodations confirmed by { $by }

arrangement-title = Accommodations
arrangement-text = They belong to the person and follow every later sitting. Reviewers, letters and results never show them.
arrangement-by = by { $name }
arrangement-note = Note of approval
arrangement-note-hint = On what it rests. Your name is recorded with it.
arrangement-do = Confirm the accommodations
arrangement-end = End the accommodations
request-page-title = Request for accommodations: { $name }
request-asked = Asked for
request-statement-theirs = What they write
request-confirmed-now = Confirmed now
request-confirmed-none = Nothing is confirmed so far.
request-decision = Decision
request-decided-by = by { $name },
request-decide = Decide
request-decide-text = What stands here is what is granted; change it where you grant something else. Your name is recorded, and the person gets a message. More time lengthens a part that runs, at once.
request-note = Note
request-note-hint = The person reads this.
request-approve = Approve
request-decline = Decline
today-accommodation-requests = A request for accommodations to decide

## Import
import-title = Import authorisations
import-lead = Paste the CSV export from EASy, preview it, then import. All rows are taken or none.
import-csv = CSV text
import-csv-hint = The first line names the columns, in any order: { $columns }. It may also name: { $optional }.
import-preview = Preview
import-preview-again = Preview again
import-do = Import these rows
import-preview-good = { $n ->
    [one] { $n } row can be imported
   *[other] { $n } rows can be imported
}
import-preview-good-text = Nothing was stored yet. Look the rows over, then import them.
import-done = { $n ->
    [one] { $n } row was imported
   *[other] { $n } rows were imported
}
import-done-text = New people get their invitation by mail.
import-rejected = { $n ->
    [one] { $n } problem must be corrected
   *[other] { $n } problems must be corrected
}
import-rejected-text = Nothing was stored. Correct the lines below in the text, then preview again.
import-errors = What to correct
import-accepted = Rows that can be read
import-line = Line
import-column = Column
import-detail = What is wrong
import-person = Person
import-person-new = New
import-person-known = Known
import-to-people = See the people
import-another = Import another file

## Sittings
sittings-title = Sittings
sittings-new = New sitting
sittings-empty-title = No sittings yet
sittings-empty-text = Make the first one: the association’s policy fills in the times and the forms.
sittings-none-text = The sittings of your association will be listed here.
sittings-coming = Open and planned
sittings-past = Past
sittings-name = Title
sittings-when = When
sittings-kind = Start
sittings-booked = Seats
sittings-seats = { $booked } of { $capacity } booked
sittings-state = State
sittings-lacks-form = no form
sitting-tabs = This sitting
sitting-tab-registrations = Registrations
sitting-tab-board = Board
sitting-tab-marking = Marking
sitting-tab-late = Late work
sitting-tab-release = Release
sitting-kind-fixed = Everyone at once
sitting-kind-window = In a window
sitting-kind-fixed-long = Everyone starts at the opening time
sitting-kind-window-long = Each examinee starts when ready, between opening and closing
sitting-state-planned = Planned
sitting-state-open = Open
sitting-state-marking = Marking
sitting-state-released = Released
sitting-state-cancelled = Cancelled
sitting-new-title = New sitting
sitting-new-lead = The standard exam is filled in. Change what differs.
sitting-new-do = Make the sitting
sitting-new-cancel = Leave it
sitting-title-hint = As examinees read it: “Spring sitting 2027”.
sitting-time-zone = Time zone
sitting-opens = Opens
sitting-closes = Closes
sitting-capacity = Seats
sitting-part-one = Part One, multiple choice
sitting-part-two = Part Two, vignettes
sitting-minutes = Minutes
sitting-items = Questions
sitting-pass = Pass mark, per cent
sitting-vignettes = Vignettes offered
sitting-answer = To be answered
sitting-parts-fixed = The parts can no longer change: somebody has started.
sitting-edit = Change this sitting
sitting-edit-do = Save the changes

registrations-title = Registrations
registrations-empty-title = Nobody is registered
registrations-empty-text = Register people who hold an authorisation to test, below.
registrations-accommodation = Arrangement
registrations-check = System check
seat-check-none = no system check yet
seat-check-passed = System check passed
seat-check-not-passed = System check not passed
registrations-accommodated = Accommodations confirmed
registrations-standard = Standard
registration-booked = Booked
registration-sitting = Sitting
registration-finished = Finished
registration-absent = Absent
registration-cancelled = Cancelled
registration-cancel = Cancel the seat
registration-cancel-of = Cancel the seat of { $name }
registration-cancel-text = The seat becomes free. The authorisation stays valid.
registration-cancel-do = Cancel it
registration-new = Register a person
registration-person = Person
registration-nobody = Nobody holds an unused authorisation to test.
registration-as-authorised = As authorised
registration-new-do = Register
forms-title = Forms
forms-none = No forms yet. They are assembled from the blueprint and frozen at first use.
forms-questions = { $n ->
    [one] { $n } question
   *[other] { $n } questions
}
forms-vignettes = { $n ->
    [one] { $n } vignette
   *[other] { $n } vignettes
}
forms-frozen = Frozen
forms-open = Not frozen yet
forms-unmet = The assembly could not satisfy:

## Marking
progress-title = Marking, { $sitting }
progress-empty-title = No scripts yet
progress-empty-text = Scripts appear here as each examinee’s Part Two closes.
progress-sealed = { $sealed } of { $needed } readings sealed
progress-reviewers = Reviewers
progress-scripts = Scripts
progress-script = Script
progress-vignette = Vignette
progress-strand = Strand
progress-strands = Strands
progress-progress = Sealed
progress-readings = Readings sealed
progress-of = { $sealed } of { $needed }
progress-due = Due
progress-no-date = no date
progress-overdue = { $n } past due
progress-held = Holds
progress-absent = absent until { $date }
reallocate-conflict = { $name } holds { $n ->
    [one] one script
   *[other] { $n } scripts
} of somebody they must not read: this came to be known after it was given out.
reallocate-away = Give to others
reallocate-absent = { $name } is absent, and { $n ->
    [one] one script is
   *[other] { $n } scripts are
} due before they are back.
reallocate-overdue = { $name } is late: the date of { $n ->
    [one] one script has
   *[other] { $n } scripts has
} long passed.
reallocate-drafts = { $n ->
    [one] One of them is begun and is not taken without asking.
   *[other] { $n } of them are begun and are not taken without asking.
}
reallocate-asked = { $n ->
    [one] They were asked about one.
   *[other] They were asked about { $n }.
}
reallocate-do = Give what is not begun to others
reallocate-ask = Ask them to finish or give back
reallocate-all = Give all to others, drafts too
done-reallocated = Done. What could be given to somebody else was; who was asked finds it in their inbox.
record-title = On record
record-text = Screening looks for this in what the person writes, and conflicts of interest follow from it. It changes what is found from now on.
record-works = Employer
record-works-do = Change the employer
record-kind = What it is
record-nickname = Another name they go by
record-employer = Former employer
record-supervisor = Supervisor
record-reference = Reference rater
record-colleague = Colleague
record-place = Place: town, county, site
record-value = Name
record-value-hint = One name each; a supervisor or reference rater also by e-mail address.
record-do = Put on record
record-remove = Remove
record-remove-which = Remove { $value }
conflicts-title = Conflicts
conflicts-text = Who must not read this person, or be read by them, and how it is known. What follows from the record cannot be lifted.
conflicts-none = No conflict is known.
conflicts-origin = How it is known
conflicts-lift = Lift what was declared
conflicts-lift-label = Reason for lifting the conflict with { $name }
conflicts-lift-do = Lift
conflicts-lifted = Lifted
conflicts-declared = Named by this person
conflicts-declared-text = In their own words. If somebody is meant who is not listed above, enter the conflict below.
conflicts-email = E-mail of the other person
conflicts-email-hint = A reviewer for an examinee, an examinee for a reviewer.
conflicts-reason = Reason
conflicts-do = Enter this conflict
origin-by-reviewer = the reviewer named the examinee
origin-by-examinee = the examinee named the reviewer
origin-entered = entered by a coordinator
origin-recognised = the reviewer gave a script back because of it
origin-employer = same employer
origin-supervisor = supervisor
origin-reference = reference rater
origin-colleague = colleague on record
origin-association = same association
origin-earlier = read them in a sitting before
absence-title = Absences
absence-text = Nobody is given scripts who is absent for more than half of the time they would have for them.
absence-none = No absence is planned.
absence-from = First day away
absence-until = Last day away
absence-do = Add this absence
absence-remove = Remove
absence-remove-which = Remove the absence from { $from }
training-title = Strands and capacity
training-strands = Trained for
training-capacity = Scripts at a time
training-capacity-hint = With nought, nothing new comes.
training-do = Save
progress-complete = Complete
progress-under-way = Under way
progress-idle = Has no script
script-screening = Waits for screening
script-unallocated = Lacks a reviewer
script-reading = Being read
script-third-reading = Third reading
script-round = marking { $n }, after an appeal
script-settled = Settled

screening-title = { $n ->
    [one] { $n } passage may identify its writer
   *[other] { $n } passages may identify their writers
}
screening-text = Reviewers see a mask in place of what you confirm. The original is kept. A script waits until every passage is decided.
screening-mask = Mask it
screening-dismiss = Leave it as it is
screening-mask-all = Mask all { $n } that wait
screening-page-title = Screening of { $sitting }
screening-waits = Their scripts are given to nobody before that is decided.
screening-to = Decide now
screening-look = See what the screening found
screening-lacks = a decision on a passage that may identify its writer
screening-empty-title = Nothing was found
screening-empty-text = No answer of this sitting seems to identify its writer.
screening-clean = Nothing was found in these answers
screening-to-marking = To allocation and progress
screening-writer = Written by { $name }
screening-read = Read the whole answer
screening-given-out = with its reviewers
screening-given-out-text = Reviewers have this answer already. What they see cannot change any more.
screening-unsure = It may well mean something else.
screening-masked = Masked
screening-dismissed = Left as it is
screening-undo = Undo
screening-undo-of = Undo the decision on “{ $passage }”
screening-script-title = Screening of script { $script }
screening-up = Screening
screening-script-text = The answer
screening-script-hint = Marked: waits for a decision. Struck out: reviewers see the mask behind it instead.
screening-passages = Passages
screening-mark-title = Mark what was missed
screening-mark-text = Every place in this answer where exactly this text stands is masked at once.
screening-mark-do = Mask this text
screening-passage = Text to mask
screening-kind = What it tells
screening-kind-own-name = The writer’s own name
screening-kind-person = Somebody the writer works with
screening-kind-employer = An employer
screening-kind-place = A place
screening-kind-email = An e-mail address
screening-kind-web = A web address
screening-kind-phone = A telephone number
screening-kind-handle = A name in a social network
screening-kind-license = A license number
screening-kind-other = Something else

allocation-title = Allocation
allocation-ready = { $n ->
    [0] No script waits to be given to reviewers.
    [one] { $n } script waits to be given to two reviewers.
   *[other] { $n } scripts wait to be given to two reviewers each.
}
allocation-preview = Preview the allocation
allocation-preview-again = Preview again
allocation-do = Give out the scripts
allocation-would = { $n ->
    [one] { $n } reading would be given out. Nothing was stored yet.
   *[other] { $n } readings would be given out. Nothing was stored yet.
}
allocation-done = { $n ->
    [0] No reading was given out.
    [one] { $n } reading was given out.
   *[other] { $n } readings were given out.
}
allocation-thirds = { $n ->
    [one] { $n } disagreement waits for a third reader: nobody was free or without conflict.
   *[other] { $n } disagreements wait for a third reader: nobody was free or without conflict.
}
allocation-thirds-do = Look for third readers again
remedy-tight = { $scripts ->
    [one] One script lacks { $readings ->
        [one] one reading
       *[other] { $readings } readings
    }; those who may read it have room for { $room }.
   *[other] { $scripts } scripts lack { $readings } readings; those who may read them have room for { $room }.
}
remedy-tight-who = They are { $names }.
remedy-least = The smallest change by which everything can be given out:
remedy-enough = A change by which everything can be given out:
remedy-raise = { $name } takes { $n ->
    [one] one script
   *[other] { $n } scripts
} more
remedy-return = { $name } reads although absent until { $date }
remedy-return-undated = { $name } reads although absent

## Calibration and drift
calibration-title = Calibration of reviewers
calibration-strand = Strand
calibration-state = State
calibration-set = Newest set
calibration-decided = Decided by
calibration-asked = { $n ->
    [0] This association asks for no calibration: every reviewer is given live scripts.
    [one] A reviewer scores { $n } benchmark script of a strand before live ones.
   *[other] A reviewer scores { $n } benchmark scripts of a strand before live ones.
} { $planted ->
    [0] None are planted among live scripts.
   *[other] { $planted } are planted among each hundred live scripts.
}
calibration-empty-title = No reviewers
calibration-empty-text = Reviewers who take scripts in this association are listed here, strand by strand.
calibration-supply = Benchmark scripts in the question bank
calibration-benchmarks = Scripts
calibration-set-sealed = Set { $set }: { $sealed } of { $scripts } sealed
calibration-set-judged = Distance { $distance } of { $most }; other verdicts { $misses } of { $most_misses }
calibration-state-not-asked = not asked
calibration-state-waiting = set to be given
calibration-state-lacking = too few benchmark scripts
calibration-state-scoring = scoring
calibration-state-admitted = admitted
calibration-state-not-admitted = not admitted
calibration-state-withdrawn = withdrawn
calibration-decide = Decide about a reviewer
calibration-decide-text = The rule admits by itself. A decision of yours stands above it, and is kept with its reason.
calibration-about = Reviewer and strand
calibration-decision = Decision
calibration-admit = Admit to live scripts
calibration-again = Give another set
calibration-withdraw = Give no more live scripts; what was given stays
calibration-reason = Reason
calibration-reason-hint = Kept on record, and not shown to the reviewer.
calibration-do = Decide
drift-title = Drift of reviewers
drift-lead = How reviewers score benchmark scripts, against the reference. Figures rest on the newest { $minimum } readings of each; of fewer nothing is told.
drift-empty-title = Nothing to tell yet
drift-empty-text = Once reviewers have sealed benchmark scripts, of a set or planted, their distance from the reference is shown here.
drift-table = The newest { $minimum } readings of each reviewer
drift-n = Readings in all
drift-severity = Difference
drift-distance = Distance
drift-agreement = Same verdict
drift-concerns = Look at
drift-lenient = lenient
drift-severe = severe
drift-distant = far from the reference
drift-verdicts = other verdicts
drift-courses = Reading by reading
drift-courses-text = Oldest to the left, in per cent of what a script can give: above nought the reviewer gave more than the reference. A filled dot was planted among live scripts, an open one belongs to a set. The lines beside nought are the thresholds of the rules.
drift-course = Differences of { $name } from the reference, by date
drift-own = Whoever reads as well does not see themselves here.

remedy-admit = { $name }, not yet admitted, completes the calibration or is admitted
remedy-recruit = { $n ->
    [one] One more reviewer
   *[other] { $n } more reviewers
} for { $strand }, in no conflict with the writers, with room for { $each ->
    [one] one script
   *[other] { $each } scripts
}
remedy-recruit-outside = { $n ->
    [one] One more reviewer
   *[other] { $n } more reviewers
} of another association for { $strand }, in no conflict with the writers, with room for { $each ->
    [one] one script
   *[other] { $each } scripts
}
allocation-lacking = { $n ->
    [one] { $n } script lacks something:
   *[other] { $n } scripts lack something:
}

## Agreement of the first readings
concord-page = Agreement and severity, { $name }
concord-title = Agreement and severity
concord-open = Agreement and severity of the reviewers
concord-back = Marking of this sitting
concord-all-sittings = All sittings of the association
concord-lead = { $n ->
    [one] From { $n } settled script: both first readings sealed, and the panel’s score found. Third readings are left out.
   *[other] From { $n } settled scripts: both first readings sealed, and the panel’s score found. Third readings are left out.
}
concord-few-title = Too few settled scripts
concord-few-text = { $n ->
    [one] { $n } script is settled so far. Figures are told from { $minimum } scripts on: of fewer they would mislead.
   *[other] { $n } scripts are settled so far. Figures are told from { $minimum } scripts on: of fewer they would mislead.
}
concord-csv = All figures as CSV
concord-overall = Over all scripts
concord-of = Of
concord-of-verdicts = Verdicts
concord-of-points = Points
concord-measure = Measure
concord-n = Scripts
concord-value = Value (95 % interval)
concord-severity = Severity of each reviewer
concord-severity-text = By how many of a script’s points, in per cent, a reviewer gives more (+, lenient) or less (−, severe) than the other readers of the same scripts. It is relative: who read beside very lenient colleagues looks severe. Whether a script was read rightly, it does not say.
concord-severity-column = Difference (95 % interval)
concord-severity-table = Severity, in figures
concord-criteria = By criterion
concord-criteria-text = Rubrics differ between vignettes; their criteria are put together by competency domain.
concord-criteria-table = Agreement by criterion
concord-criterion = Criterion
concord-criterion-again = { $domain }, criterion { $n }
concord-levels = Levels given by the two readers
concord-levels-text = Each criterion of each script counts once. Along the diagonal, framed, both gave the same level.
concord-levels-table = The same as a table
concord-lower = The lower level
concord-higher = The higher level
concord-times = Times
concord-thirds = Third readings
concord-thirds-text = A script may need one for several causes. Scripts that still wait for a third reading are not settled and so not counted yet.
concord-thirds-table = Third readings by cause
concord-cause = Cause
concord-cause-any = Any
concord-cause-verdict = The verdicts differ
concord-cause-criterion = A criterion differs by more than the tolerance
concord-cause-cut = The points are close to the cut
concord-share = Share (95 % interval)
concord-sittings = Sittings with settled scripts
concord-method = How these figures are found
concord-method-scripts = Only settled scripts count, so that no mark can be guessed before both readings are sealed. A figure is withheld below ten scripts, and is not defined where all readings are alike. Two scripts of one examinee count as two.
concord-method-pairs = The two readers of a script have no order, and other scripts have other readers. Kappa is therefore taken over unordered pairs, which makes it Scott’s pi. The intraclass correlation is that of scripts with different readers, ICC(1), in which differences of severity count as error; where the same two people read every script it is ICC(2).
concord-method-intervals = Intervals: Wilson’s for shares; Fleiss, Cohen and Everitt’s for kappa; Gwet’s for AC1 and AC2; Shrout and Fleiss’ for the intraclass correlation; Student’s for severity; for Krippendorff’s alpha the middle 95 % of 1,000 samples drawn anew from the scripts.
concord-method-seed = These samples are drawn from the seed “{ $seed }”, so that anybody finds the same.
measure-exact = The same
measure-adjacent = At most one apart
measure-kappa = Kappa
measure-kappa-linear = Kappa, linear weights
measure-kappa-quadratic = Kappa, quadratic weights
measure-ac1 = Gwet’s AC1
measure-ac2 = Gwet’s AC2
measure-icc-one = ICC(1,1), one reading
measure-icc-one-mean = ICC(1,2), two readings together
measure-icc-two = ICC(2,1), one reading
measure-icc-two-mean = ICC(2,2), two readings together
measure-alpha = Krippendorff’s alpha

## Late work
late-title = Late work, { $sitting }
late-lead = This reached the server after its part had closed. It counts only if you admit it, with a reason. Whether it is right plays no part in that, and is not shown.
late-empty-title = Nothing came late
late-empty-text = Work that reaches the server after its part has closed is kept, and waits here for your decision.
late-closed = Closed
late-deadline = Time was up
late-signs = Signs of why
late-no-sign = None on record.
late-silence = Nothing was heard of the page for { $time }, from
late-incident = Incident recorded
late-table = Late answers
late-question = Question
late-vignette = Vignette
late-number = No. { $n }
late-stored = Stored in time
late-came = Came late
late-arrived = Arrived
late-by = { $time } after the closing
late-overtaken = before the closing, which overtook it
late-state = Decision
late-blank = blank
late-hidden = not shown to you
late-undecided = Waits
late-admitted = Admitted
late-refused = Refused
late-reason = Reason
late-reason-hint = The examinee reads it, and it stays on record.
late-admit = Admit what is ticked
late-refuse = Refuse what is ticked
late-own-case = You are a party to this: it is your own work, or you read it as a reviewer. Another coordinator must decide.
late-blocked-released = This result is in a release. To admit anything, recall that release first; you can refuse now.
late-blocked-allocated = A reviewer holds this work already. To admit a text that somebody reads, have its readings given back first; you can refuse now.

## Release
gate-title = Release, { $sitting }
gate-lead = Nothing reaches an examinee before a second person approves. Then all letters are released at once.
gate-empty-title = No outcome is complete
gate-empty-text = As soon as both parts of an examinee are settled, and while the outcome is in no release, its letter stands here.
gate-checks = Checks
gate-letters = { $n ->
    [one] { $n } letter
   *[other] { $n } letters
}
gate-letters-text = { $passed } of { $all } passed. Open each to read it as its reader will.
gate-prepare = Prepare the release
gate-prepare-text = { $n ->
    [one] { $n } letter is put before a second person.
   *[other] { $n } letters are put before a second person.
}
gate-prepare-do = Prepare for approval
gate-blocked = A check does not hold. Settle it first; nothing is released until then.
gate-earlier = Releases of this sitting
gate-release-of = Release of
check-results = There are results to release
check-outcomes-complete = Every outcome is complete
check-doubly-sealed = Every script is sealed by two reviewers
check-disagreements-settled = Every disagreement is settled
check-forms-unaltered = Forms and keys are as they were frozen
check-no-open-incident = No incident is open
check-late-evidence = No late work waits for a decision
check-not-released-before = Nobody named here is in another release
check-unchanged = Every result is as it was prepared
check-holds = Holds
check-notice = Look at it
check-blocks = Blocks
release-title = Release
release-waiting = Waits for approval
release-released = Released
release-recalled = Recalled
release-prepared = Prepared by
release-approved = Approved by
release-recalled-by = Recalled by
release-reason = Reason
release-approve = Approval
release-approve-text = { $n ->
    [one] { $n } letter reaches its reader the moment you approve. Read it below first.
   *[other] All { $n } letters reach their readers the moment you approve. Read them below first.
}
release-approve-do = Approve and release
release-second-person = You prepared this release, so another person must approve it.
release-recall = Recall this release
release-recall-text = Letters and results disappear from the examinees’ pages. What was mailed or printed cannot be unsaid, so tell them why. The recall stays on record.
release-recall-do = Recall the release
release-withdraw = Withdraw this release
release-withdraw-text = Nothing has reached anybody. Its results can be prepared again.
release-withdraw-do = Withdraw the release

## Audit
audit-title = Audit
audit-lead = What was done, by whom and when. Each entry carries a digest over itself and the one before. Numbers that are not listed concern other associations or the system itself.
audit-verify = Check the chain
audit-search = Person, act or subject
audit-holds = The chain holds: no entry was altered, removed or reordered.
audit-broken = The chain breaks at entry { $sequence }. Stop releasing, and verify a backup.
audit-empty-title = No entries
audit-empty-text = Nothing matches, or nothing was done yet.
audit-number = Entry
audit-at = When
audit-actor = Who
audit-act = What
audit-subject = To what
audit-digest = Digest

corrections-open = Corrections of sealed reviews
corrections-title = Corrections: { $sitting }
corrections-heading = Corrections of sealed reviews
corrections-empty = No reviewer has asked for one.
corrections-lead = A sealed review never changes. Approved, a correction becomes its next version, and the script is settled anew; both versions stay on record. The reviewer learns your decision, not your reason, and nothing of what follows.
corrections-of = Script { $script }, read by { $name }
corrections-waiting = waits
corrections-approved = approved
corrections-refused = refused
corrections-reason = Why it is asked for
corrections-unseen = What would change is shown once the script is settled: until then nobody sees a mark of it.
corrections-changes = What would change
corrections-what = What
corrections-before = As sealed
corrections-after = As it is to be
corrections-decided = Decided by { $name },
corrections-decision-reason = Reason
corrections-decision-hint = For the record. The reviewer does not read it.
corrections-approve = Approve
corrections-refuse = Refuse
done-correction-decided = The correction is decided.

# Safe Exam Browser
sitting-safe = Safe Exam Browser
sitting-safe-asked = This sitting is sat in Safe Exam Browser
sitting-safe-hint = Questions are shown in it alone. Its configuration file is made here; you need no keys for that.
sitting-safe-config = More Config Keys
sitting-safe-config-hint = For a configuration of your own: 64 hexadecimal digits, one key a line. Our own file’s key is taken as well.
sitting-safe-exam = Browser Exam Keys
sitting-safe-exam-hint = Only these builds of Safe Exam Browser, with these settings. One key a line.
sitting-safe-text = Examinees find this file with their exam. It starts Safe Exam Browser and leads to their sign-in.
sitting-safe-file = Configuration file
sitting-safe-key = Its Config Key:
