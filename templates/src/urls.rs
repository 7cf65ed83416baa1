//! Every path of the site, pattern and builder side by side.
//!
//! The server registers the constants; pages, mails and redirects use the functions. A path written anywhere else is a
//! mistake.

/// Declares, for each path, the pattern that routes use and the function that fills it.
macro_rules! paths {
    ($($(#[$doc:meta])* $pattern:ident = $path:literal, $build:ident($($part:ident),*);)*) => {$(
        $(#[$doc])*
        pub const $pattern: &str = $path;
        $(#[$doc])*
        #[must_use]
        pub fn $build($($part: &str),*) -> String {
            fill($path, &[$($part),*])
        }
    )*};
}

paths! {
    /// The front door: sends each person to where their work is.
    HOME = "/", home();
    /// Sign-in: the form, and its POST.
    SIGN_IN = "/sign-in", sign_in();
    /// Sign-out (POST).
    SIGN_OUT = "/sign-out", sign_out();
    /// Choice of language (POST `to`, `back`).
    LANGUAGE = "/language", language();
    /// An invitation: choose a password.
    INVITATION = "/invitations/{token}", invitation(token);
    /// An embedded asset under the hash of all assets.
    ASSET = "/static/{hash}/{name}", asset(hash, name);
    /// The readable page of the HTTP interface.
    DOCS = "/api/v1/docs", docs();
    /// The HTTP interface as OpenAPI.
    OPENAPI = "/api/v1/openapi.json", openapi();

    /// The examinee's exams.
    EXAMS = "/exams", exams();
    /// Admission to one exam: countdown, agreement, instructions, start.
    EXAM = "/exams/{registration}", exam(registration);
    /// Acceptance of the agreement (POST `version`).
    AGREEMENT = "/exams/{registration}/agreement", agreement(registration);
    /// Start of a part (POST).
    PART_START = "/exams/{registration}/parts/{part}/start", part_start(registration, part);
    /// The exam room; the receipt once the part is closed.
    ATTEMPT = "/attempts/{attempt}", attempt(attempt);
    /// Where Safe Exam Browser begins in a sitting; from there each examinee goes to their own exam.
    SAFE_BROWSER_START = "/safe-exam-browser/{sitting}", safe_browser_start(sitting);
    /// The address that ends Safe Exam Browser.
    SAFE_BROWSER_END = "/safe-exam-browser/{sitting}/end", safe_browser_end(sitting);
    /// A seat that is exempt from Safe Exam Browser (POST `reason`), or no more (POST nothing).
    SAFE_BROWSER_EXEMPTION = "/registrations/{registration}/safe-exam-browser", safe_browser_exemption(registration);
    /// Whom an examinee knows (POST `who`, `relation`, `withdraw`).
    ACQUAINTANCES = "/acquaintances", acquaintances();
    /// A practice exam (POST).
    PRACTICE = "/practice", practice();
    /// The system check: what it is about, how the last one went, and a new one (POST).
    SYSTEM_CHECK = "/system-check", system_check();
    /// A system check that runs.
    SYSTEM_CHECK_RUN = "/system-check/{check}", system_check_run(check);
    /// One's receipt as a file.
    RECEIPT_FILE = "/attempts/{attempt}/receipt", receipt_file(attempt);
    /// Where anybody checks a receipt (POST `receipt`).
    RECEIPTS = "/receipts", receipts();
    /// The short form that a receipt bears: the attempt and the first digits of the signature.
    RECEIPT_FOUND = "/receipts/{attempt}/{mark}", receipt_found(attempt, mark);
    /// The examinee's released results.
    RESULTS = "/results", results();
    /// The letter of one result.
    LETTER = "/results/{registration}/letter", letter(registration);
    /// An appeal against one result (POST `ground`, `statement`).
    OWN_APPEAL = "/results/{registration}/appeal", own_appeal(registration);
    /// An appeal that is taken back (POST).
    APPEAL_WITHDRAWAL = "/appeals/{appeal}/withdrawal", appeal_withdrawal(appeal);
    /// Everything that was mailed to this person.
    INBOX = "/inbox", inbox();

    /// One's own accommodations, and a request for some (POST).
    OWN_ACCOMMODATIONS = "/accommodations", own_accommodations();
    /// A request for accommodations that is taken back (POST).
    REQUEST_WITHDRAWAL = "/accommodations/requests/{request}/withdrawal", request_withdrawal(request);

    /// The reviewer's queue.
    MARKING = "/marking", marking();
    /// The reviewer's own figures beside those of the others.
    OWN_AGREEMENT = "/marking/agreement", own_agreement();
    /// A reviewer's own profile: training and capacity (POST).
    REVIEWER_PROFILE = "/marking/profile", reviewer_profile();
    /// A reviewer's own calibration.
    OWN_CALIBRATION = "/marking/calibration", own_calibration();
    /// A reviewer's absences (POST `from`, `until`, `withdraw`).
    REVIEWER_ABSENCES = "/marking/absences", reviewer_absences();
    /// Whom a reviewer knows (POST `who`, `relation`, `withdraw`).
    REVIEWER_ACQUAINTANCES = "/marking/acquaintances", reviewer_acquaintances();
    /// The marking desk of one script.
    REVIEW = "/marking/{code}", review(code);
    /// A correction of a sealed review (POST, the whole review and `reason`).
    REVIEW_CORRECTION = "/marking/{code}/correction", review_correction(code);

    /// The coordinator's desk.
    DESK = "/desk", desk();
    /// People: the list, and a new person (POST).
    PEOPLE = "/people", people();
    /// One person.
    PERSON = "/people/{person}", person(person);
    /// A person's accommodations (POST).
    ACCOMMODATIONS = "/people/{person}/accommodations", accommodations(person);
    /// The end of a person's accommodations (POST).
    ACCOMMODATIONS_END = "/people/{person}/accommodations/end", accommodations_end(person);
    /// A request for accommodations, for its coordinator.
    ACCOMMODATION_REQUEST = "/accommodation-requests/{request}", accommodation_request(request);
    /// The decision on it (POST).
    REQUEST_DECISION = "/accommodation-requests/{request}/decision", request_decision(request);
    /// What is on record for a person: `employer`, or one fact more or less (POST `kind`, `value`, `withdraw`).
    PERSON_RECORD = "/people/{person}/record", person_record(person);
    /// A reviewer's training and capacity (POST).
    PERSON_REVIEWER = "/people/{person}/reviewer", person_reviewer(person);
    /// A reviewer's absences (POST).
    PERSON_ABSENCES = "/people/{person}/absences", person_absences(person);
    /// A person's conflicts: one more (POST `email`, `reason`).
    PERSON_CONFLICTS = "/people/{person}/conflicts", person_conflicts(person);
    /// What was declared between two people is lifted (POST `reason`).
    PERSON_CONFLICT_LIFT = "/people/{person}/conflicts/{other}/lift", person_conflict_lift(person, other);
    /// A new invitation, for who has lost the first or forgotten the password (POST).
    PERSON_INVITATION = "/people/{person}/invitation", person_invitation(person);
    /// Import of authorisations to test.
    AUTHORISATIONS_IMPORT = "/authorisations/import", authorisations_import();
    /// The associations whose rules one may see.
    ASSOCIATIONS = "/associations", associations();
    /// The rules of an association, and new ones (POST).
    POLICY = "/associations/{association}/policy", policy(association);
    /// Sittings: the list, and a new sitting (POST).
    SITTINGS = "/sittings", sittings();
    /// The form for a new sitting.
    SITTING_NEW = "/sittings/new", sitting_new();
    /// One sitting, and its changes (POST).
    SITTING = "/sittings/{sitting}", sitting(sitting);
    /// A seat in a sitting (POST).
    REGISTRATIONS = "/sittings/{sitting}/registrations", registrations(sitting);
    /// A seat that is given back (POST).
    REGISTRATION_CANCELLATION = "/registrations/{registration}/cancellation", registration_cancellation(registration);
    /// Admission to the room (POST `late_reason`).
    ADMISSION = "/registrations/{registration}/admission", admission(registration);
    /// An incident in the room (POST `registration`, `kind`, `note`).
    INCIDENTS = "/sittings/{sitting}/incidents", incidents(sitting);
    /// An incident that was dealt with (POST).
    INCIDENT_RESOLUTION = "/sittings/{sitting}/incidents/{incident}/resolution", incident_resolution(sitting, incident);
    /// The proctor's board of a sitting.
    BOARD = "/sittings/{sitting}/board", board(sitting);
    /// A pause for everybody (POST `pause_reason`).
    SITTING_PAUSE = "/sittings/{sitting}/pause", sitting_pause(sitting);
    /// The end of the pause (POST).
    SITTING_RESUME = "/sittings/{sitting}/resume", sitting_resume(sitting);
    /// What becomes of what an outage proposes (POST `decision`).
    OUTAGE = "/sittings/{sitting}/outages/{outage}", outage(sitting, outage);
    /// A message to the room (POST `text`, `message_to`).
    ROOM_MESSAGES = "/sittings/{sitting}/messages", room_messages(sitting);
    /// The end of one examinee's part (POST `reason`).
    ATTEMPT_CLOSING = "/attempts/{attempt}/closing", attempt_closing(attempt);
    /// Credit of time to a whole sitting (POST).
    SITTING_CREDIT = "/sittings/{sitting}/credit", sitting_credit(sitting);
    /// Credit of time to one attempt (POST).
    ATTEMPT_CREDIT = "/attempts/{attempt}/credit", attempt_credit(attempt);
    /// Progress of the marking of a sitting.
    SITTING_MARKING = "/sittings/{sitting}/marking", sitting_marking(sitting);
    /// How the readers of a sitting's scripts agree.
    SITTING_AGREEMENT = "/sittings/{sitting}/agreement", sitting_agreement(sitting);
    /// The same over all sittings of an association.
    ASSOCIATION_AGREEMENT = "/associations/{association}/agreement", association_agreement(association);
    /// How an association's reviewers are calibrated, and a decision about one (POST `reviewer`, `strand`, `decision`, `reason`).
    CALIBRATION = "/associations/{association}/calibration", calibration(association);
    /// How they drift from the reference.
    DRIFT = "/associations/{association}/drift", drift(association);
    /// The decision on one screening finding (POST `decision`).
    SCREENING = "/screening/{finding}", screening(finding);
    /// The passages of a sitting's scripts that would tell who wrote.
    SITTING_SCREENING = "/sittings/{sitting}/screening", sitting_screening(sitting);
    /// One script's text, and what the screen missed in it (POST `passage`, `kind`; or `all`).
    SCRIPT_SCREENING = "/scripts/{script}/screening", script_screening(script);
    /// Allocation of scripts to reviewers (POST `dry_run`).
    ALLOCATION = "/sittings/{sitting}/allocation", allocation(sitting);
    /// What a reviewer cannot read in time goes to others (POST `reviewer`, `drafts`).
    REALLOCATION = "/sittings/{sitting}/reallocation", reallocation(sitting);
    /// The file of an appeal.
    APPEAL = "/appeals/{appeal}", appeal(appeal);
    /// The decision on it (POST `decision`, `position`, `reason`).
    APPEAL_DECISION = "/appeals/{appeal}/decision", appeal_decision(appeal);
    /// Corrections that reviewers of a sitting ask for.
    SITTING_CORRECTIONS = "/sittings/{sitting}/corrections", sitting_corrections(sitting);
    /// The decision on one (POST `decision`, `reason`).
    CORRECTION_DECISION = "/corrections/{correction}/decision", correction_decision(correction);
    /// What came late in a sitting.
    LATE = "/sittings/{sitting}/late", late(sitting);
    /// The decision about late answers of one attempt (POST `decision`, `reason`, `answer`).
    LATE_DECISION = "/attempts/{attempt}/late/decision", late_decision(attempt);
    /// The release gate of a sitting: checks and letters.
    RELEASE_GATE = "/sittings/{sitting}/release", release_gate(sitting);
    /// A new release (POST).
    RELEASES = "/sittings/{sitting}/releases", releases(sitting);
    /// One release.
    RELEASE = "/releases/{release}", release(release);
    /// Approval of a release by a second person (POST).
    RELEASE_APPROVAL = "/releases/{release}/approval", release_approval(release);
    /// Recall of a release (POST `reason`).
    RELEASE_RECALL = "/releases/{release}/recall", release_recall(release);
    /// The audit log.
    AUDIT = "/audit", audit();

    /// One attempt in the HTTP interface; the exam room's scripts append `/answers`, `/clock`, `/events`, `/submit`.
    API_ATTEMPT = "/api/v1/attempts/{attempt}", api_attempt(attempt);
    /// One review in the HTTP interface; the marking desk's scripts append `/draft`, `/seal`, `/decline`, `/flags`.
    API_REVIEW = "/api/v1/reviews/{code}", api_review(code);
    /// The live rows of a sitting's board.
    API_BOARD = "/api/v1/sittings/{sitting}/board", api_board(sitting);
    /// How the readers of a sitting's scripts agree, as CSV.
    API_SITTING_AGREEMENT_CSV = "/api/v1/sittings/{sitting}/agreement.csv", api_sitting_agreement_csv(sitting);
    /// The same over all sittings of an association.
    API_ASSOCIATION_AGREEMENT_CSV = "/api/v1/associations/{association}/agreement.csv", api_association_agreement_csv(association);
    /// How the reviewers of an association drift, as CSV.
    API_DRIFT_CSV = "/api/v1/associations/{association}/drift.csv", api_drift_csv(association);
    /// How somebody likes the exam room.
    API_PREFERENCES = "/api/v1/preferences", api_preferences();
    /// What happens to a seat while its holder waits.
    API_WAITING = "/api/v1/registrations/{registration}/events", api_waiting(registration);
    /// The configuration of a sitting for Safe Exam Browser.
    API_SAFE_BROWSER_FILE = "/api/v1/sittings/{sitting}/safe-exam-browser.seb", api_safe_browser_file(sitting);
    /// Where a page proves that it is shown in Safe Exam Browser (POST).
    API_SAFE_BROWSER = "/api/v1/registrations/{registration}/safe-exam-browser", api_safe_browser(registration);
    /// One's session: `POST` begins one.
    API_SESSION = "/api/v1/session", api_session();
    /// Where a system check in the HTTP interface reports what was found (POST).
    API_CHECK_REPORT = "/api/v1/system-checks/{check}/report", api_check_report(check);
    /// The keys with which receipts are signed.
    API_RECEIPT_KEYS = "/api/v1/receipts/keys", api_receipt_keys();
    /// The server's clock.
    API_TIME = "/api/v1/time", api_time();
}

/// Puts the parts into the pattern's braces, in order, percent-encoded.
fn fill(pattern: &str, parts: &[&str]) -> String {
    let mut path = String::with_capacity(pattern.len() + 32);
    let mut parts = parts.iter();
    for segment in pattern.split('/').skip(1) {
        path.push('/');
        if segment.starts_with('{') {
            encode(parts.next().copied().unwrap_or_default(), &mut path);
        } else {
            path.push_str(segment);
        }
    }
    path
}

/// Appends one path segment, with everything but RFC 3986's unreserved characters percent-encoded.
fn encode(segment: &str, path: &mut String) {
    for byte in segment.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            path.push(char::from(byte));
        } else {
            path.push_str(&format!("%{byte:02X}"));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn builders_fill_their_patterns() {
        assert_eq!(home(), "/");
        assert_eq!(part_start("r1", "one"), "/exams/r1/parts/one/start");
        assert_eq!(asset("0af3", "style.css"), "/static/0af3/style.css");
    }

    #[test]
    fn a_part_cannot_leave_its_segment() {
        assert_eq!(exam("../a b?c"), "/exams/..%2Fa%20b%3Fc");
    }
}
