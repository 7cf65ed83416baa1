//! Calibration of reviewers.

diesel::table! {
    benchmark (key) {
        key -> Text,
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
    calibration_set (person_id, association_id, strand, number) {
        person_id -> Text,
        association_id -> Text,
        strand -> Text,
        number -> BigInt,
        scripts -> BigInt,
        given_at -> BigInt,
        judged_at -> Nullable<BigInt>,
        outcome -> Nullable<Text>,
        judgement -> Nullable<Text>,
    }
}

diesel::table! {
    calibration_reading (reading_id) {
        reading_id -> Text,
        person_id -> Text,
        association_id -> Text,
        strand -> Text,
        number -> BigInt,
        lesson -> Nullable<Text>,
    }
}

diesel::table! {
    admission (person_id, association_id, strand, version) {
        person_id -> Text,
        association_id -> Text,
        strand -> Text,
        version -> BigInt,
        decision -> Text,
        decided_by -> Nullable<Text>,
        reason -> Text,
        decided_at -> BigInt,
    }
}

diesel::table! {
    planted_reading (reading_id) {
        reading_id -> Text,
        association_id -> Text,
        sitting_id -> Text,
    }
}

diesel::table! {
    planting (person_id, association_id) {
        person_id -> Text,
        association_id -> Text,
        carry -> BigInt,
    }
}
