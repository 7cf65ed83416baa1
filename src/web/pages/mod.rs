//! The pages: from a desk's answer to a view, and from a form to a desk's question.

pub mod acquaintances;
pub mod appeals;
pub mod arrangements;
pub mod coordinator;
pub mod docs;
pub mod examinee;
pub mod forms;
pub mod invitation;
pub mod people;
pub mod practice;
pub mod proctor;
pub mod profiles;
pub mod public;
pub mod receipts;
pub mod reviewer;
pub mod safe_browser;
