//! Scripts, who may read them, and what their readers sealed.

diesel::table! {
    script (id) {
        id -> Text,
        attempt_id -> Nullable<Text>,
        benchmark_id -> Nullable<Text>,
        position -> BigInt,
        round -> BigInt,
        strand -> Text,
        vignette_id -> Text,
        vignette_version -> BigInt,
        body -> Text,
        max_points -> BigInt,
        created_at -> BigInt,
    }
}

diesel::table! {
    script_original (script_id) {
        script_id -> Text,
        body -> Text,
        screened_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    screening_finding (id) {
        id -> Text,
        script_id -> Text,
        kind -> Text,
        starts_at -> BigInt,
        ends_at -> BigInt,
        subject -> Text,
        reason -> Text,
        confident -> Bool,
        found_at -> BigInt,
        decision -> Nullable<Text>,
        decided_by -> Nullable<Text>,
        decided_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    reviewer (person_id, association_id) {
        person_id -> Text,
        association_id -> Text,
        strands -> Text,
        capacity -> BigInt,
    }
}

diesel::table! {
    absence (id) {
        id -> Text,
        person_id -> Text,
        from_on -> Text,
        until_on -> Text,
        declared_by -> Text,
        declared_at -> BigInt,
        withdrawn_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    acquaintance (id) {
        id -> Text,
        person_id -> Text,
        side -> Text,
        who -> Text,
        relation -> Text,
        declared_at -> BigInt,
        withdrawn_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    acquaintance_lift (acquaintance_id, other_id) {
        acquaintance_id -> Text,
        other_id -> Text,
        reason -> Text,
        lifted_by -> Text,
        lifted_at -> BigInt,
    }
}

diesel::table! {
    conflict (reviewer_id, examinee_id) {
        reviewer_id -> Text,
        examinee_id -> Text,
        reason -> Text,
        declared_at -> BigInt,
        declared_by -> Nullable<Text>,
        note -> Nullable<Text>,
        lifted_at -> Nullable<BigInt>,
        lifted_by -> Nullable<Text>,
        lift_reason -> Nullable<Text>,
    }
}

diesel::table! {
    reading (id) {
        id -> Text,
        script_id -> Text,
        reviewer_id -> Text,
        kind -> Text,
        code -> Text,
        state -> Text,
        due_on -> Text,
        assigned_at -> BigInt,
        reminded_at -> Nullable<BigInt>,
        decline_reason -> Nullable<Text>,
        decline_note -> Nullable<Text>,
        declined_at -> Nullable<BigInt>,
        reminders -> BigInt,
        asked_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    draft (reading_id) {
        reading_id -> Text,
        revision -> BigInt,
        marks -> Text,
        saved_at -> BigInt,
        worked_seconds -> BigInt,
    }
}

diesel::table! {
    review (reading_id, version) {
        reading_id -> Text,
        version -> BigInt,
        marks -> Text,
        points -> BigInt,
        verdict -> Text,
        digest -> Text,
        sealed_at -> BigInt,
    }
}

diesel::table! {
    review_flag (id) {
        id -> Text,
        reading_id -> Text,
        kind -> Text,
        note -> Text,
        raised_at -> BigInt,
    }
}

diesel::table! {
    panel_due (script_id) {
        script_id -> Text,
        since -> BigInt,
    }
}

diesel::table! {
    settlement (script_id, version) {
        script_id -> Text,
        version -> BigInt,
        points -> BigInt,
        max_points -> BigInt,
        verdict -> Text,
        settled_by -> Text,
        settled_at -> BigInt,
        released_at -> Nullable<BigInt>,
        superseded_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    review_correction (id) {
        id -> Text,
        reading_id -> Text,
        marks -> Text,
        reason -> Text,
        asked_at -> BigInt,
        state -> Text,
        decided_by -> Nullable<Text>,
        decided_at -> Nullable<BigInt>,
        decision_reason -> Nullable<Text>,
        version -> Nullable<BigInt>,
    }
}

diesel::table! {
    settlement_basis (script_id, version, reading_id) {
        script_id -> Text,
        version -> BigInt,
        reading_id -> Text,
        review_version -> BigInt,
    }
}

diesel::table! {
    result_basis (release_id, registration_id, script_id) {
        release_id -> Text,
        registration_id -> Text,
        script_id -> Text,
        settlement_version -> BigInt,
        counts -> Bool,
    }
}
