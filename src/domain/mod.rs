//! The rules: pure functions over plain values. Nothing in here reads a clock, a database, a file or a socket, and
//! nothing draws lots; whatever these rules need to know comes in as an argument.

pub mod absence;
pub mod accommodation;
pub mod allocation;
pub mod attempt;
pub mod bank;
pub mod conflict;
pub mod correction;
pub mod eligibility;
pub mod evidence;
pub mod form;
pub mod hex;
pub mod ids;
pub mod incident;
pub mod outage;
pub mod outcome;
pub mod panel;
pub mod policy;
pub mod presence;
pub mod psychometrics;
pub mod receipt;
pub mod record;
pub mod refusal;
pub mod remark;
pub mod retake;
pub mod rights;
pub mod rubric;
pub mod scoring;
pub mod screening;
pub mod setup;
pub mod sitting;
pub mod stop;
pub mod system_check;
pub mod timing;
pub mod vocabulary;
pub mod workload;
