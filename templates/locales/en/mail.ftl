# Plain-text mails.

mail-greeting = Hello { $name },
mail-close = This message is also in your inbox on the site. Please do not answer it; ask your association.

mail-invitation-subject = { $association } invites you to the written exam
mail-invitation =
    { $association } has opened an account for you.
    Choose a password here; the invitation holds until { $until }.
mail-registration-subject = You are registered: { $title }
mail-registration =
    You have a seat in “{ $title }”.
    It opens on { $when }.
    Read the agreement and check your device on the exam’s page before the day.
mail-receipt-subject = Receipt: { $part } of { $title }
mail-receipt =
    { $part } of “{ $title }” closed on { $when }. Stored answers: { $n }.
    Digest: { $digest }
    The full receipt with its signature is here:
mail-accommodation-confirmed-subject = Your accommodations are confirmed
mail-accommodation-confirmed =
    Your coordinator has confirmed accommodations for your exams.
    What holds, and until when:
mail-accommodation-declined-subject = Your request is decided
mail-accommodation-declined =
    Your coordinator has decided on your request for accommodations. Nothing changes by it.
    The decision and its reason:
mail-accommodation-ended-subject = Your accommodations have ended
mail-accommodation-ended =
    Your coordinator has ended your accommodations. A part that is running keeps what it was given.
    You can ask again here:
mail-late-subject = Your late work: { $part } of { $title }
mail-late-admitted =
    { $n ->
        [one] One answer
       *[other] { $n } answers
    } of { $part } of “{ $title }” reached us after it had closed, and now count.
    Reason: { $reason }
    There is a new version of your receipt; the first stays valid. Digest: { $digest }
mail-late-refused =
    { $n ->
        [one] One answer
       *[other] { $n } answers
    } of { $part } of “{ $title }” reached us after it had closed, and will not count.
    Reason: { $reason }
    Your receipt stands as it is. Digest: { $digest }
mail-results-subject = Your result is here: { $title }
mail-results =
    The result of “{ $title }” has been released.
    Sign in to read it, with your letter:
mail-calibration-subject = News about your calibration
mail-calibration =
    There is news about the scripts that you scored, or about what you will be given to read.
    Your scores and the reference beside them are here:
mail-review-subject = { $n ->
    [one] One script waits for you
   *[other] { $n } scripts wait for you
}
mail-review =
    { $n ->
        [one] One script has been given to you. Please seal your review by { $due }.
       *[other] { $n } scripts have been given to you. Please seal your reviews by { $due }.
    }
    If you can’t, or if you recognise a writer, decline with one click; nobody else learns why.
mail-reminder-subject = Your review is awaited
mail-reminder =
    Your review is still awaited; the date asked for is { $due }.
    Your drafts are kept. If you lack the time, decline, and someone else takes over.
mail-taken-back-subject = Scripts of yours went to others
mail-taken-back =
    Scripts that were waiting for you have been given to other reviewers. Nothing is needed of you for them.
    What waits for you now stands here:
mail-asked-subject = Can you finish what you have begun?
mail-asked =
    A review that you have begun was due by { $due }. Please finish it, or give it back with one click: then someone else takes over.
mail-appeal-received-subject = Your appeal was received: { $title }
mail-appeal-received =
    Your appeal against the result of “{ $title }” was received. A coordinator who took no part will decide.
    You can read it here, and take it back until it is decided:
mail-appeal-decided-subject = Your appeal was decided: { $title }
mail-appeal-decided =
    Your appeal against the result of “{ $title }” was decided. { $decision }
    Reason: { $reason }
    You can read it again here:
mail-seat-subject = Your seat was given back: { $title }
mail-seat =
    You have passed the exam, so that you need no further one. Your seat in “{ $title }” was given back.
    Your exams:
mail-correction-subject = Your correction was decided
mail-correction =
    A correction of a review of yours was looked at and decided. The script’s page shows the review as it stands:
mail-release-subject = A release waits for your approval: { $title }
mail-release =
    { $name } has prepared a release for “{ $title }” with { $n ->
        [one] one letter
       *[other] { $n } letters
    }.
    Nothing reaches an examinee before a second person approves it:
