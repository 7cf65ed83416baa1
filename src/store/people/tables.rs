//! Identity's tables. Nobody but `people.rs` may name them.

use super::person_role;

diesel::table! {
    person (id) {
        id -> Text,
        name -> Text,
        email -> Text,
        employer -> Nullable<Text>,
        locale -> Text,
        password_hash -> Nullable<Text>,
        second_factor -> Nullable<Text>,
        created_at -> BigInt,
    }
}

diesel::table! {
    accommodation (id) {
        id -> Text,
        person_id -> Text,
        time_multiplier_percent -> BigInt,
        extra_seconds_one -> BigInt,
        extra_seconds_two -> BigInt,
        stop_clock_breaks -> Bool,
        expires_on -> Nullable<Text>,
        approved_by -> Text,
        approved_note -> Text,
        approved_at -> BigInt,
        replaced_at -> Nullable<BigInt>,
        larger_type -> Bool,
        reader_layout -> Bool,
        spell_check -> Bool,
    }
}

diesel::table! {
    accommodation_request (id) {
        id -> Text,
        person_id -> Text,
        state -> Text,
        wish -> Text,
        statement -> Text,
        requested_at -> BigInt,
        decided_by -> Nullable<Text>,
        decided_at -> Nullable<BigInt>,
        decision_note -> Nullable<Text>,
        accommodation_id -> Nullable<Text>,
    }
}

diesel::table! {
    invitation (token_digest) {
        token_digest -> Text,
        person_id -> Text,
        expires_at -> BigInt,
        used_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    sign_in_failure (scope) {
        scope -> Text,
        window_start -> BigInt,
        failures -> BigInt,
    }
}

diesel::table! {
    person_fact (person_id, kind, value) {
        person_id -> Text,
        kind -> Text,
        value -> Text,
        recorded_at -> BigInt,
    }
}

diesel::allow_tables_to_appear_in_same_query!(person, person_role);
diesel::allow_tables_to_appear_in_same_query!(accommodation_request, person_role);
