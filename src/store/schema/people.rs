//! Who there is, what they may do, and what is on record about them.

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
    preference (person_id) {
        person_id -> Text,
        document -> Text,
        saved_at -> BigInt,
    }
}
