//! Papers and clocks: what an attempt's page is told.

use super::super::stops::break_reason;
use super::views::{Choice, ClockView, PageView, Paper, Question, Saved, StopView, VignetteView};
use crate::domain::accommodation::Presentation;
use crate::domain::bank::Vignette;
use crate::domain::form::{CHOICE_LETTERS, Layout};
use crate::domain::safe_browser::SeeingPermit;
use crate::domain::stop::{RunState, StopKind};
use crate::domain::timing::{Instant, Term, TermKind};
use crate::domain::vocabulary::Part;
use crate::store::attempts::Attempt;
use crate::store::{Error, Sighted, Tx};

/// The paper of an attempt, for who may see it.
pub(super) fn paper_of(
    tx: &mut Tx<'_, Sighted>,
    _seeing: &SeeingPermit,
    attempt: &Attempt,
    choose: i64,
    presentation: Presentation,
) -> Result<Paper, Error> {
    // While the clock stands nobody reads the paper. What was answered is one's own, and shows that it is safe.
    let withheld = attempt.clock.standing(tx.now()).is_some();
    let (questions, vignettes) = match attempt.part {
        Part::One if withheld => (Some(Vec::new()), None),
        Part::Two if withheld => (None, Some(Vec::new())),
        Part::One => (Some(questions_of(tx, attempt)?), None),
        Part::Two => (None, Some(vignettes_of(tx, attempt)?)),
    };
    Ok(Paper {
        attempt: attempt.id.clone(),
        part: attempt.part,
        state: RunState::of(&attempt.clock, tx.now()),
        started_at: attempt.started_at.rfc3339(),
        deadline: attempt.clock.deadline.rfc3339(),
        terms: tx.terms_of(&attempt.id)?,
        presentation,
        questions,
        choose: vignettes.is_some().then_some(choose),
        vignettes,
        saved: tx.answers_counted(&attempt.id)?.into_iter().map(Saved::from).collect(),
    })
}

fn questions_of(tx: &mut Tx<'_, Sighted>, attempt: &Attempt) -> Result<Vec<Question>, Error> {
    let items = tx.form_items(&attempt.form)?;
    let layout = Layout::of(&attempt.seed, items.len());
    let question = |position| {
        let item = items.get(layout.ordinal_at(position)?)?;
        let shown = layout.choices_at(position)?.iter().zip(CHOICE_LETTERS);
        let choices =
            shown.map(|(original, choice)| Choice { choice, text: item.choices[*original].clone() }).collect();
        Some(Question { position, stem: item.stem.clone(), choices })
    };
    Ok((1..).take(items.len()).filter_map(question).collect())
}

fn vignettes_of(tx: &mut Tx<'_, Sighted>, attempt: &Attempt) -> Result<Vec<VignetteView>, Error> {
    let view = |(position, v): (i64, Vignette)| VignetteView {
        position,
        title: v.title,
        scenario: v.scenario,
        prompts: v.prompts,
        max_characters: v.max_characters,
    };
    Ok((1..).zip(tx.form_vignettes(&attempt.form)?).map(view).collect())
}

/// The clock of an attempt.
pub(crate) fn clock_view(tx: &mut Tx<'_, Sighted>, attempt: &Attempt) -> Result<ClockView, Error> {
    let (now, clock) = (tx.now(), &attempt.clock);
    let mut terms = tx.terms_of(&attempt.id)?;
    let standing = clock.standing(now);
    if let Some(lapsed) = clock.stop.filter(|stop| !stop.holds(now)) {
        // The break is over by itself; the clerk is about to put it on record.
        let seconds = lapsed.seconds_at(now);
        terms.push(Term { kind: TermKind::Accommodation, seconds, reason: Some(break_reason(seconds)) });
    }
    let reason = match standing.filter(|stop| !stop.is_break()) {
        Some(_) => tx.pause_of(attempt)?.map(|pause| pause.reason),
        None => None,
    };
    Ok(ClockView {
        now: now.rfc3339(),
        deadline: if standing.is_some() { clock.deadline } else { clock.ends_at(now) }.rfc3339(),
        remaining_seconds: clock.remaining_seconds(now),
        terms,
        state: RunState::of(clock, now),
        runs_from: clock.runs_from.filter(|from| *from > now).map(Instant::rfc3339),
        stop: standing.map(|stop| StopView {
            kind: if stop.is_break() { StopKind::Break } else { StopKind::Pause },
            since: stop.since.rfc3339(),
            until: stop.until.map(Instant::rfc3339),
            reason,
        }),
        page: PageView::default(),
    })
}
