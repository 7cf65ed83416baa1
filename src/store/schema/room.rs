//! The tables of the room: what stops clocks, what was said and decided, what was measured.

diesel::table! {
    sitting_pause (id) {
        id -> Text,
        sitting_id -> Text,
        reason -> Text,
        paused_by -> Text,
        paused_at -> BigInt,
        resumed_by -> Nullable<Text>,
        resumed_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    attempt_break (id) {
        id -> Text,
        attempt_id -> Text,
        began_at -> BigInt,
        ended_at -> Nullable<BigInt>,
        seconds -> BigInt,
    }
}

diesel::table! {
    clock_state (attempt_id) {
        attempt_id -> Text,
        stopped_at -> Nullable<BigInt>,
        stop_until -> Nullable<BigInt>,
        runs_from -> Nullable<BigInt>,
    }
}

diesel::table! {
    heartbeat (id) {
        id -> BigInt,
        beat_at -> BigInt,
    }
}

diesel::table! {
    outage (id) {
        id -> Text,
        attempt_id -> Nullable<Text>,
        began_at -> BigInt,
        ended_at -> BigInt,
    }
}

diesel::table! {
    outage_decision (outage_id, sitting_id) {
        outage_id -> Text,
        sitting_id -> Text,
        decision -> Text,
        decided_by -> Text,
        decided_at -> BigInt,
    }
}

diesel::table! {
    incident_resolution (incident_id) {
        incident_id -> Text,
        note -> Text,
        resolved_by -> Text,
    }
}

diesel::table! {
    proctor_closing (attempt_id) {
        attempt_id -> Text,
        reason -> Text,
        closed_by -> Text,
    }
}

diesel::table! {
    room_message (id) {
        id -> Text,
        sitting_id -> Text,
        registration_id -> Nullable<Text>,
        body -> Text,
        sent_by -> Text,
        sent_at -> BigInt,
    }
}

diesel::table! {
    safe_browser (sitting_id) {
        sitting_id -> Text,
        config_keys -> Text,
        exam_keys -> Text,
        changed_at -> BigInt,
    }
}

diesel::table! {
    safe_browser_session (registration_id, session_id) {
        registration_id -> Text,
        session_id -> Text,
        proved_at -> Nullable<BigInt>,
        remembered_until -> Nullable<BigInt>,
        config_key -> Nullable<Text>,
        exam_key -> Nullable<Text>,
        unproved_saves -> BigInt,
        unproved_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    safe_browser_exemption (registration_id) {
        registration_id -> Text,
        reason -> Text,
        granted_by -> Text,
        granted_at -> BigInt,
    }
}

diesel::table! {
    safe_browser_refusal (registration_id) {
        registration_id -> Text,
        refused_at -> BigInt,
    }
}
