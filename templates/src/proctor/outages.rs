//! Credit that measured outages propose: one click grants it.

use chrono::{DateTime, Utc};
use maud::{Markup, html};

use super::Board;
use crate::parts;
use crate::urls;
use crate::words::Words;

/// Credit that an outage proposes.
#[derive(Clone, Debug)]
pub struct ProposalView {
    /// The outage.
    pub outage: String,
    /// Whose page was not heard of; nothing when the server was away.
    pub whose: Option<String>,
    /// When it began.
    pub began_at: DateTime<Utc>,
    /// When it ended.
    pub ended_at: DateTime<Utc>,
    /// The most that anybody lost by it, in seconds.
    pub seconds: i64,
    /// How many examinees lost time by it.
    pub examinees: i64,
}

/// What is proposed; nothing where no outage is undecided.
pub(super) fn proposals(words: Words, view: &Board) -> Markup {
    html! {
        @if !view.proposals.is_empty() {
            section aria-labelledby="proposals" {
                h2 #proposals { (words.text("outages-title")) }
                ul.lines.plain { @for proposal in &view.proposals { (line(words, view, proposal)) } }
            }
        }
    }
}

fn line(words: Words, view: &Board, proposal: &ProposalView) -> Markup {
    let what = words.with(
        "outage-what",
        &[("time", parts::duration(words, proposal.seconds).into()), ("n", proposal.examinees.into())],
    );
    let why = match &proposal.whose {
        Some(name) => words.with("outage-contact", &[("name", name.as_str().into())]),
        None => words.text("outage-server"),
    };
    let zone = view.head.time_zone;
    html! {
        li.incident {
            div {
                p { strong { (what) } }
                p { (why) " " (parts::clock_exact(proposal.began_at, zone)) " – " (parts::clock_exact(proposal.ended_at, zone)) }
            }
            form.buttons method="post" action=(urls::outage(&view.head.id, &proposal.outage)) {
                button type="submit" name="decision" value="grant" { (words.text("outage-grant")) }
                button.quiet type="submit" name="decision" value="dismiss" { (words.text("outage-dismiss")) }
            }
        }
    }
}
