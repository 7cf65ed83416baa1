//! What was released, what is to be sent, and what happened.

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

diesel::table! {
    appeal (id) {
        id -> Text,
        registration_id -> Text,
        release_id -> Text,
        ground -> Text,
        statement -> Text,
        made_at -> BigInt,
        state -> Text,
        decided_by -> Nullable<Text>,
        decided_at -> Nullable<BigInt>,
        reason -> Nullable<Text>,
        round -> Nullable<BigInt>,
        recount -> Nullable<Text>,
        reopens -> Bool,
    }
}
