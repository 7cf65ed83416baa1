//! The tables, as diesel sees them, by subject. Those that hold identity are in `../people/tables.rs`, out of reach of a
//! reviewer's queries.

mod calibration;
mod content;
mod exam;
mod marking;
mod people;
mod records;
mod room;

pub use calibration::*;
pub use content::*;
pub use exam::*;
pub use marking::*;
pub use people::*;
pub use records::*;
pub use room::*;

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
    benchmark,
    calibration_set,
    calibration_reading,
    admission,
    planted_reading,
    planting,
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
    attempt_page,
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
    safe_browser,
    safe_browser_session,
    safe_browser_exemption,
    safe_browser_refusal,
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
    review_correction,
    settlement_basis,
    result_basis,
    appeal,
    panel_due,
    settlement,
    release,
    result,
    outbox,
    audit,
    audit_head,
);
