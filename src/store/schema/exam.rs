//! Sittings, seats, what was answered and what it came to.

diesel::table! {
    sitting (id) {
        id -> Text,
        association_id -> Text,
        title -> Text,
        kind -> Text,
        opens_at -> BigInt,
        closes_at -> BigInt,
        time_zone -> Text,
        capacity -> BigInt,
        one_allowance_seconds -> BigInt,
        one_items -> BigInt,
        one_pass_percent -> BigInt,
        two_allowance_seconds -> BigInt,
        two_vignettes -> BigInt,
        two_answer -> BigInt,
        created_by -> Text,
        created_at -> BigInt,
    }
}

diesel::table! {
    practice_sitting (sitting_id) {
        sitting_id -> Text,
    }
}

diesel::table! {
    registration (id) {
        id -> Text,
        sitting_id -> Text,
        person_id -> Text,
        track -> Text,
        category -> Text,
        strand -> Text,
        state -> Text,
        agreement_version -> Nullable<Text>,
        agreement_accepted_at -> Nullable<BigInt>,
        admitted_at -> Nullable<BigInt>,
        late_admission_reason -> Nullable<Text>,
        created_at -> BigInt,
        practice -> Bool,
    }
}

diesel::table! {
    attempt (id) {
        id -> Text,
        registration_id -> Text,
        part -> Text,
        form_id -> Text,
        seed -> Text,
        limits -> Text,
        started_at -> BigInt,
        deadline_at -> BigInt,
        last_contact_at -> BigInt,
        closed_at -> Nullable<BigInt>,
        closed_by -> Nullable<Text>,
        answered -> Nullable<BigInt>,
        digest -> Nullable<Text>,
        signature -> Nullable<Text>,
        key_id -> Nullable<Text>,
    }
}

diesel::table! {
    attempt_page (attempt_id) {
        attempt_id -> Text,
        opening -> BigInt,
        revisions_from -> BigInt,
        earlier_saves -> BigInt,
    }
}

diesel::table! {
    clock_term (attempt_id, ordinal) {
        attempt_id -> Text,
        ordinal -> BigInt,
        kind -> Text,
        seconds -> BigInt,
        reason -> Nullable<Text>,
        granted_by -> Nullable<Text>,
        granted_at -> BigInt,
    }
}

diesel::table! {
    answer (attempt_id, position) {
        attempt_id -> Text,
        position -> BigInt,
        revision -> BigInt,
        choice -> Nullable<Text>,
        body -> Nullable<Text>,
        saved_at -> BigInt,
    }
}

diesel::table! {
    answer_history (attempt_id, position, revision) {
        attempt_id -> Text,
        position -> BigInt,
        revision -> BigInt,
        body -> Text,
        saved_at -> BigInt,
    }
}

diesel::table! {
    attempt_note (attempt_id) {
        attempt_id -> Text,
        revision -> BigInt,
        document -> Text,
        saved_at -> BigInt,
    }
}

diesel::table! {
    late_answer (attempt_id, position, revision) {
        attempt_id -> Text,
        position -> BigInt,
        revision -> BigInt,
        choice -> Nullable<Text>,
        body -> Nullable<Text>,
        arrived_at -> BigInt,
    }
}

diesel::table! {
    late_decision (attempt_id, position, revision, ordinal) {
        attempt_id -> Text,
        position -> BigInt,
        revision -> BigInt,
        ordinal -> BigInt,
        decision -> Text,
        reason -> Text,
        decided_by -> Nullable<Text>,
        decided_at -> BigInt,
    }
}

diesel::table! {
    receipt_amendment (attempt_id, version) {
        attempt_id -> Text,
        version -> BigInt,
        document -> Text,
        issued_at -> BigInt,
    }
}

diesel::table! {
    score (attempt_id, version) {
        attempt_id -> Text,
        version -> BigInt,
        correct -> BigInt,
        scored -> BigInt,
        verdict -> Text,
        document -> Text,
        scored_at -> BigInt,
    }
}

diesel::table! {
    incident (id) {
        id -> Text,
        sitting_id -> Text,
        registration_id -> Nullable<Text>,
        kind -> Text,
        note -> Text,
        reported_by -> Text,
        reported_at -> BigInt,
        resolved_at -> Nullable<BigInt>,
    }
}
