//! The pages: from a desk's answer to a view, and from a form to a desk's question.

pub mod docs;
pub mod examinee;
pub mod invitation;
pub mod public;
pub mod reviewer;
