//! The tables, as diesel sees them. Those that hold identity are in `people.rs`, out of reach of a reviewer's queries.

mod room;

pub use room::*;

diesel::table! {
    association (id) {
        id -> Text,
        slug -> Text,
        name -> Text,
        time_zone -> Text,
        created_at -> BigInt,
    }
}

diesel::table! {
    policy (association_id, effective_from) {
        association_id -> Text,
        effective_from -> BigInt,
        document -> Text,
        created_at -> BigInt,
    }
}

diesel::table! {
    person_role (person_id, role, association_id) {
        person_id -> Text,
        role -> Text,
        association_id -> Text,
    }
}

diesel::table! {
    session (id) {
        id -> Text,
        person_id -> Text,
        created_at -> BigInt,
        expires_at -> BigInt,
        ended_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    answered_call (person_id, retry_key) {
        person_id -> Text,
        retry_key -> Text,
        request_digest -> Text,
        answer -> Text,
        answered_at -> BigInt,
    }
}

diesel::table! {
    item (id, version) {
        id -> Text,
        version -> BigInt,
        area -> Text,
        document -> Text,
        digest -> Text,
        imported_at -> BigInt,
        retired_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    vignette (id, version) {
        id -> Text,
        version -> BigInt,
        strand -> Text,
        document -> Text,
        digest -> Text,
        imported_at -> BigInt,
        retired_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    blueprint (track, version) {
        track -> Text,
        version -> BigInt,
        document -> Text,
        imported_at -> BigInt,
    }
}

diesel::table! {
    agreement (version, locale) {
        version -> Text,
        locale -> Text,
        body -> Text,
        imported_at -> BigInt,
    }
}

diesel::table! {
    authorisation (id) {
        id -> Text,
        association_id -> Text,
        person_id -> Text,
        track -> Text,
        category -> Text,
        valid_from -> Text,
        valid_until -> Text,
        reference -> Text,
        created_at -> BigInt,
    }
}

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
    system_check (id) {
        id -> Text,
        person_id -> Text,
        registration_id -> Text,
        begun_at -> BigInt,
        finished_at -> Nullable<BigInt>,
        passed -> Nullable<Bool>,
        findings -> Nullable<Text>,
    }
}

diesel::table! {
    practice_sitting (sitting_id) {
        sitting_id -> Text,
    }
}

diesel::table! {
    form (id) {
        id -> Text,
        sitting_id -> Text,
        part -> Text,
        track -> Nullable<Text>,
        strand -> Nullable<Text>,
        seed -> Text,
        digest -> Text,
        frozen_at -> BigInt,
    }
}

diesel::table! {
    form_entry (form_id, ordinal) {
        form_id -> Text,
        ordinal -> BigInt,
        content_id -> Text,
        content_version -> BigInt,
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
    preference (person_id) {
        person_id -> Text,
        document -> Text,
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

diesel::table! {
    script (id) {
        id -> Text,
        attempt_id -> Text,
        position -> BigInt,
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
    settlement (script_id) {
        script_id -> Text,
        points -> BigInt,
        max_points -> BigInt,
        verdict -> Text,
        settled_by -> Text,
        settled_at -> BigInt,
        released_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    release (id) {
        id -> Text,
        sitting_id -> Text,
        state -> Text,
        prepared_by -> Text,
        prepared_at -> BigInt,
        approved_by -> Nullable<Text>,
        approved_at -> Nullable<BigInt>,
        recalled_by -> Nullable<Text>,
        recalled_at -> Nullable<BigInt>,
        recall_reason -> Nullable<Text>,
    }
}

diesel::table! {
    result (release_id, registration_id) {
        release_id -> Text,
        registration_id -> Text,
        outcome -> Text,
        document -> Text,
        retake_open_from -> Nullable<Text>,
    }
}

diesel::table! {
    outbox (id) {
        id -> Text,
        person_id -> Text,
        kind -> Text,
        parameters -> Text,
        created_at -> BigInt,
        state -> Text,
        tries -> BigInt,
        next_try_at -> BigInt,
        sent_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    audit (sequence) {
        sequence -> BigInt,
        at -> BigInt,
        association_id -> Nullable<Text>,
        actor -> Text,
        act -> Text,
        subject -> Text,
        detail -> Text,
        previous_digest -> Text,
        digest -> Text,
    }
}

diesel::table! {
    audit_head (id) {
        id -> BigInt,
        sequence -> BigInt,
        digest -> Text,
    }
}

diesel::allow_tables_to_appear_in_same_query!(
    association,
    policy,
    person_role,
    session,
    answered_call,
    item,
    vignette,
    blueprint,
    agreement,
    authorisation,
    sitting,
    practice_sitting,
    sitting_pause,
    system_check,
    form,
    form_entry,
    registration,
    attempt,
    attempt_break,
    clock_state,
    clock_term,
    answer,
    answer_history,
    attempt_note,
    preference,
    late_answer,
    late_decision,
    receipt_amendment,
    score,
    incident,
    heartbeat,
    incident_resolution,
    outage,
    outage_decision,
    proctor_closing,
    room_message,
    script,
    script_original,
    screening_finding,
    reviewer,
    absence,
    acquaintance,
    acquaintance_lift,
    conflict,
    reading,
    draft,
    review,
    review_flag,
    panel_due,
    settlement,
    release,
    result,
    outbox,
    audit,
    audit_head,
);
