//! The question bank as imported, and the forms made of it.

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
