//! The forms of a sitting: named by a coordinator when it is created, or assembled from the bank when somebody starts,
//! and tried beforehand so that a gap shows before the day of the exam.

use std::collections::{BTreeMap, BTreeSet};

use super::coordinator::Coordinator;
use super::facts::sitting_for;
use crate::domain::bank::{Item, Vignette};
use crate::domain::form::{ContentRef, assemble_items, assemble_vignettes};
use crate::domain::ids::SittingId;
use crate::domain::refusal::{FieldProblem, Refusal};
use crate::domain::rights::Act;
use crate::domain::sitting::Terms;
use crate::domain::vocabulary::{Strand, Track};
use crate::store::forms::Audience;
use crate::store::sittings::Sitting;
use crate::store::{Error, Sighted, Tx};

/// By track the items of Part One, by strand the vignettes of Part Two: ids, of which the newest version is taken.
#[derive(Debug, Clone, Default)]
pub struct NamedForms {
    /// Part One.
    pub one: BTreeMap<Track, Vec<String>>,
    /// Part Two.
    pub two: BTreeMap<Strand, Vec<String>>,
}

/// Checks the named forms against the bank and freezes them.
///
/// # Errors
/// [`Refusal::Invalid`] that names every id which does not fit.
pub fn freeze_named(tx: &mut Tx<'_, Sighted>, sitting: &Sitting, named: &NamedForms) -> Result<(), Error> {
    if named.one.is_empty() && named.two.is_empty() {
        return Ok(());
    }
    let (items, vignettes) = (tx.items_current()?, tx.vignettes_current(None)?);
    let mut problems = Vec::new();
    let mut forms = Vec::new();
    for (track, ids) in &named.one {
        let find = |id: &str| items.iter().find(|i: &&Item| i.id == id && i.tracks.contains(track)).map(|i| i.version);
        let pointer = format!("/forms/one/{track}");
        forms.push((Audience::Track(*track), resolve(&pointer, ids, sitting.terms.one_items, find, &mut problems)));
    }
    for (strand, ids) in &named.two {
        let find =
            |id: &str| vignettes.iter().find(|v: &&Vignette| v.id == id && v.strand == *strand).map(|v| v.version);
        let pointer = format!("/forms/two/{strand}");
        forms.push((
            Audience::Strand(*strand),
            resolve(&pointer, ids, sitting.terms.two_vignettes, find, &mut problems),
        ));
    }
    if !problems.is_empty() {
        return Err(Refusal::Invalid(problems).into());
    }
    for (audience, entries) in forms {
        let seed = tx.entropy().secret();
        tx.form_freeze(&sitting.id, audience, &seed, &entries)?;
    }
    Ok(())
}

fn resolve(
    pointer: &str,
    ids: &[String],
    wanted: i64,
    find: impl Fn(&str) -> Option<i64>,
    problems: &mut Vec<FieldProblem>,
) -> Vec<ContentRef> {
    if i64::try_from(ids.len()) != Ok(wanted) {
        problems.push(FieldProblem::new(pointer, format!("names {} of {wanted}", ids.len())));
    }
    let mut seen = BTreeSet::new();
    let mut entries = Vec::new();
    for (index, id) in ids.iter().enumerate() {
        let here = format!("{pointer}/{index}");
        match find(id) {
            _ if !seen.insert(id) => problems.push(FieldProblem::new(here, "stands here twice")),
            Some(version) => entries.push(ContentRef { id: id.clone(), version }),
            None => problems.push(FieldProblem::new(here, "not in the question bank for this")),
        }
    }
    entries
}

/// A form of a sitting: frozen, or as the bank would give it today.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FormStanding {
    /// For whom.
    pub audience: Audience,
    /// How many questions or vignettes it has, or should have.
    pub size: i64,
    /// Whether it is frozen.
    pub frozen: bool,
    /// What the bank lacks for it.
    pub lacks: Option<String>,
}

/// What the bank lacks for forms of that audience and size, as far as it was tried in one transaction.
#[derive(Default)]
pub(super) struct Tried(BTreeMap<(&'static str, i64), Option<String>>);

impl Coordinator {
    /// The forms of a sitting: the frozen ones, and for every other audience whether the bank can fill one.
    ///
    /// # Errors
    /// [`Refusal::NotFound`].
    pub async fn forms(&self, id: &SittingId) -> Result<Vec<FormStanding>, Error> {
        let id = id.clone();
        self.0
            .read(move |tx, me| {
                let sitting = sitting_for(tx, me, Act::RunSittings, &id)?;
                let mut tried = Tried::default();
                let mut standings = Vec::new();
                for audience in audiences(tx, &sitting)? {
                    standings.extend(standing(tx, &sitting, audience, &mut tried)?);
                }
                Ok(standings)
            })
            .await
    }
}

/// Picks the content of a form, none of which is in `seen`.
///
/// # Errors
/// [`Refusal::FormNotPossible`].
pub(super) fn assemble(
    tx: &mut Tx<'_, Sighted>,
    terms: &Terms,
    audience: Audience,
    seen: &BTreeSet<String>,
    seed: &str,
) -> Result<Vec<ContentRef>, Error> {
    let picked = match audience {
        Audience::Track(track) => {
            let blueprint = tx.blueprint_current(track)?;
            assemble_items(&tx.items_current()?, &blueprint, terms.one_items, seen, seed)
        }
        Audience::Strand(strand) => {
            assemble_vignettes(&tx.vignettes_current(Some(strand))?, strand, terms.two_vignettes, seen, seed)
        }
    };
    Ok(picked.map_err(Refusal::FormNotPossible)?)
}

/// Whether the bank cannot fill some form that a sitting needs.
pub(super) fn lacks_form(tx: &mut Tx<'_, Sighted>, sitting: &Sitting, tried: &mut Tried) -> Result<bool, Error> {
    for audience in audiences(tx, sitting)? {
        if standing(tx, sitting, audience, tried)?.iter().any(|form| form.lacks.is_some()) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// For whom a sitting needs forms: for those who have seats, and while nobody has one, for everybody.
fn audiences(tx: &mut Tx<'_, Sighted>, sitting: &Sitting) -> Result<Vec<Audience>, Error> {
    let seats = tx.registrations_in(&sitting.id)?;
    let tracks = Track::ALL.iter().filter(|t| seats.is_empty() || seats.iter().any(|s| s.track == **t));
    let strands = Strand::ALL.iter().filter(|t| seats.is_empty() || seats.iter().any(|s| s.strand == **t));
    Ok(tracks.copied().map(Audience::Track).chain(strands.copied().map(Audience::Strand)).collect())
}

fn standing(
    tx: &mut Tx<'_, Sighted>,
    sitting: &Sitting,
    audience: Audience,
    tried: &mut Tried,
) -> Result<Vec<FormStanding>, Error> {
    let mut frozen = Vec::new();
    for form in tx.forms(&sitting.id, audience)? {
        let size = i64::try_from(tx.form_entries(&form)?.len()).unwrap_or(i64::MAX);
        frozen.push(FormStanding { audience, size, frozen: true, lacks: None });
    }
    if !frozen.is_empty() {
        return Ok(frozen);
    }
    let (name, size) = match audience {
        Audience::Track(track) => (track.as_str(), sitting.terms.one_items),
        Audience::Strand(strand) => (strand.as_str(), sitting.terms.two_vignettes),
    };
    let lacks = match tried.0.get(&(name, size)) {
        Some(known) => known.clone(),
        None => {
            // Nothing is drawn here: any seed tells whether there is enough.
            let lacks = match assemble(tx, &sitting.terms, audience, &BTreeSet::new(), "tried") {
                Ok(_) => None,
                Err(Error::Refused(Refusal::FormNotPossible(lacks))) => Some(lacks),
                Err(other) => return Err(other),
            };
            tried.0.insert((name, size), lacks.clone());
            lacks
        }
    };
    Ok(vec![FormStanding { audience, size, frozen: false, lacks }])
}
