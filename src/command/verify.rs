//! Verification: everything that can be recomputed is, from what is stored, and compared with what was said.
//!
//! Invariants: verifying changes nothing; what does not hold is said by the id of the row, never by a name or an
//! answer; nothing is taken over from the code that closed, scored or settled: only the rules are.

use std::collections::BTreeMap;
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use serde::Serialize;
use serde_json::json;

use crate::command::{Ending, Trouble, count, open_existing, say, say_json};
use crate::config::Config;
use crate::domain::form::Layout;
use crate::domain::outcome::judge_part_two;
use crate::domain::panel::{Finding, Settlement, find};
use crate::domain::receipt::{Receipt, ReceiptKey};
use crate::domain::refusal::Refusal;
use crate::domain::remark::{Marked, counting};
use crate::domain::scoring::{KeyedItem, Score, Treatment, score};
use crate::domain::vocabulary::Part;
use crate::secrets;
use crate::store::attempts::Attempt;
use crate::store::marking::Script;
use crate::store::sittings::Sitting;
use crate::store::{Error, Sighted, Store, Tx};
use crate::world::World;

/// How many findings are told one by one.
const MOST_FINDINGS: usize = 200;
/// The longest receipt that is read.
const MAX_RECEIPT_BYTES: u64 = 64 * 1024;
/// How many attempts are read at a time.
const PAGE: i64 = 500;

/// What to verify.
#[derive(Debug, Clone, Subcommand)]
pub enum Request {
    /// The audit log: every entry follows the one before it, and none was altered
    Audit(Plain),
    /// Every receipt, score and settlement, recomputed from what is stored
    Results(Plain),
    /// A receipt as an examinee keeps it, against the key and the stored answers
    Receipt(OneReceipt),
}

/// How to say it.
#[derive(Debug, Clone, Args)]
pub struct Plain {
    /// Say it as one line of JSON
    #[arg(long)]
    pub json: bool,
}

/// Which receipt to verify.
#[derive(Debug, Clone, Args)]
pub struct OneReceipt {
    /// The receipt, as JSON
    pub file: PathBuf,
    /// Say it as one line of JSON
    #[arg(long)]
    pub json: bool,
}

/// What a verification found.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Report {
    /// How many things of each kind were looked at.
    pub checked: BTreeMap<&'static str, usize>,
    /// What does not hold, in sentences; the first of them, when there are very many.
    pub findings: Vec<String>,
    /// How many there are in all.
    pub found: usize,
}

impl Report {
    fn looked_at(&mut self, what: &'static str) {
        *self.checked.entry(what).or_default() += 1;
    }

    fn find(&mut self, sentence: String) {
        self.found += 1;
        if self.findings.len() < MOST_FINDINGS {
            self.findings.push(sentence);
        }
    }
}

/// Verifies.
///
/// # Errors
/// When there is nothing to verify, or it can't be read.
pub async fn run(request: &Request, config: &Config, world: World) -> Result<Ending, Trouble> {
    let store = open_existing(config, world)?;
    let (report, as_json) = match request {
        Request::Audit(plain) => (audit(&store).await?, plain.json),
        Request::Results(plain) => (results(&store, secrets::load(&config.data)?.receipt_key).await?, plain.json),
        Request::Receipt(which) => {
            let given = read_receipt(&which.file)?;
            (receipt(&store, secrets::load(&config.data)?.receipt_key, given).await?, which.json)
        }
    };
    tell(&report, as_json)
}

fn tell(report: &Report, as_json: bool) -> Result<Ending, Trouble> {
    let holds = report.found == 0;
    if as_json {
        say_json(&json!({
            "holds": holds, "checked": report.checked, "found": report.found, "findings": report.findings,
        }))?;
    } else {
        report.findings.iter().try_for_each(say)?;
        let checked: Vec<String> = report.checked.iter().map(|(what, number)| format!("{what} ({number})")).collect();
        let outcome = if holds { "everything holds".to_owned() } else { count(report.found, "finding") };
        say(format_args!("Checked {}: {outcome}.", checked.join(", ")))?;
    }
    Ok(if holds { Ending::Good } else { Ending::DoesNotHold })
}

/// Walks the audit log.
///
/// # Errors
/// A fault of the database.
pub async fn audit(store: &Store) -> Result<Report, Error> {
    let chain = store.read(store.world().clock.now(), |tx| tx.audit_verify(MOST_FINDINGS)).await?;
    let entries = usize::try_from(chain.entries).unwrap_or(0);
    let found = chain.findings.len();
    Ok(Report { checked: BTreeMap::from([("entries of the audit log", entries)]), findings: chain.findings, found })
}

/// Recomputes every receipt, score and settlement, and checks the database as a whole.
///
/// # Errors
/// A fault of the database.
pub async fn results(store: &Store, key: ReceiptKey) -> Result<Report, Error> {
    store
        .read(store.world().clock.now(), move |tx| {
            let mut report = Report::default();
            let mut after = String::new();
            loop {
                let page = tx.attempts_closed(&after, PAGE)?;
                let Some(last) = page.last() else { break };
                after.clone_from(&last.id.0);
                for attempt in &page {
                    verify_attempt(tx, attempt, &key, &mut report)?;
                }
            }
            report.looked_at("database as a whole");
            tx.invariants()?.into_iter().for_each(|sentence| report.find(sentence));
            Ok(report)
        })
        .await
}

fn verify_attempt(
    tx: &mut Tx<'_, Sighted>,
    attempt: &Attempt,
    key: &ReceiptKey,
    report: &mut Report,
) -> Result<(), Error> {
    let registration = tx.registration(&attempt.registration)?;
    let sitting = tx.sitting(&registration.sitting)?;
    report.looked_at("receipts");
    match &attempt.receipt {
        Some(first) => verify_receipts(tx, first, key, report)?,
        None => report.find(format!("attempt {}: it is closed and has no receipt", attempt.id)),
    }
    // Practice is given a receipt and no score.
    if registration.practice {
        return Ok(());
    }
    match attempt.part {
        Part::One => verify_score(tx, attempt, &sitting, report),
        Part::Two => {
            verify_scripts(tx, attempt, report)?;
            verify_settlements(tx, attempt, &sitting, report)?;
            verify_results(tx, attempt, &sitting, report)
        }
    }
}

/// Whether every version of a receipt is what the stored answers give, each names the one before, and the newest tells
/// the late evidence that is admitted by now.
fn verify_receipts(
    tx: &mut Tx<'_, Sighted>,
    first: &Receipt,
    key: &ReceiptKey,
    report: &mut Report,
) -> Result<(), Error> {
    let id = &first.attempt;
    verify_receipt(tx, first, key, report)?;
    let mut before = first.clone();
    for later in tx.receipts_amended(id)? {
        report.looked_at("receipts");
        verify_receipt(tx, &later, key, report)?;
        let follows = later.version() == before.version() + 1
            && later.amendment.as_ref().is_some_and(|a| a.previous == before.text_digest());
        if later.attempt != *id || !follows {
            report.find(format!(
                "attempt {id}: version {} of its receipt does not follow the one before",
                later.version()
            ));
        }
        before = later;
    }
    if before.admitted() != tx.late_counted(id)? {
        report.find(format!("attempt {id}: its newest receipt does not tell the late evidence that is admitted"));
    }
    Ok(())
}

/// Whether a receipt is what the stored answers give, and ours.
fn verify_receipt(
    tx: &mut Tx<'_, Sighted>,
    given: &Receipt,
    key: &ReceiptKey,
    report: &mut Report,
) -> Result<(), Error> {
    let id = &given.attempt;
    let now = tx.receipt_for(given.clone(), &given.admitted(), key)?;
    if now.digest != given.digest || now.answered != given.answered || now.amendment != given.amendment {
        report.find(format!("attempt {id}: the stored answers are not those of its receipt"));
    }
    if given.key_id != key.id() {
        report.find(format!("attempt {id}: its receipt names the key {}, ours is {}", given.key_id, key.id()));
    } else if !key.verifies(given) {
        report.find(format!("attempt {id}: the signature of its receipt does not hold"));
    }
    Ok(())
}

fn verify_score(
    tx: &mut Tx<'_, Sighted>,
    attempt: &Attempt,
    sitting: &Sitting,
    report: &mut Report,
) -> Result<(), Error> {
    report.looked_at("scores");
    let recomputed = recompute_score(tx, attempt, sitting.terms.one_pass_percent)?;
    match tx.score(&attempt.id)? {
        None => report.find(format!("attempt {}: Part One is closed and has no score", attempt.id)),
        Some(stored) if stored != recomputed => {
            let told = |s: &Score| format!("{} of {}, {}", s.total.correct, s.total.scored, s.verdict);
            report.find(format!(
                "attempt {}: the score on record ({}) is not what its answers give ({})",
                attempt.id,
                told(&stored),
                told(&recomputed)
            ));
        }
        Some(_) => {}
    }
    Ok(())
}

fn recompute_score(tx: &mut Tx<'_, Sighted>, attempt: &Attempt, pass_percent: i64) -> Result<Score, Error> {
    let keyed = tx
        .form_items(&attempt.form)?
        .into_iter()
        .map(|item| KeyedItem { key: item.key, treatment: Treatment::Scored, domain: item.domain })
        .collect::<Vec<_>>();
    let answers = tx.answers_counted(&attempt.id)?.into_iter().filter_map(|a| Some((a.position, a.choice?))).collect();
    Ok(score(&keyed, &Layout::of(&attempt.seed, keyed.len()), &answers, pass_percent))
}

/// Whether each script is the answer that counts in its place.
fn verify_scripts(tx: &mut Tx<'_, Sighted>, attempt: &Attempt, report: &mut Report) -> Result<(), Error> {
    let answers = tx.answers_counted(&attempt.id)?;
    for text in tx.script_texts(&attempt.id)? {
        report.looked_at("scripts");
        let counts = answers.iter().find(|a| a.position == text.position).and_then(|a| a.body.as_deref());
        if counts.unwrap_or_default() != text.body {
            report.find(format!("script {}: its text is not the answer that counts", text.id));
        }
    }
    Ok(())
}

fn verify_settlements(
    tx: &mut Tx<'_, Sighted>,
    attempt: &Attempt,
    sitting: &Sitting,
    report: &mut Report,
) -> Result<(), Error> {
    let policy = tx.policy(&sitting.association, sitting.terms.opens_at)?;
    for script in tx.scripts_of(&attempt.id)? {
        let readings = tx.readings_of(std::slice::from_ref(&script.id))?;
        for stored in tx.settlements(&script.id)? {
            report.looked_at("settlements");
            // One that was superseded is held to the reviews of its time, the one that stands to the newest.
            let panel = match stored.superseded_at {
                Some(_) => tx.panel_then(&script.id, stored.version, &readings)?,
                None => tx.panel(&readings)?,
            };
            match find(&panel.first, panel.third.as_ref(), script.max_points, &policy) {
                Finding::Settled(recomputed) if recomputed == stored.settlement => {}
                Finding::Settled(recomputed) => report.find(differs(&script, &stored.settlement, &recomputed)),
                Finding::Waiting | Finding::ThirdNeeded(_) => {
                    report
                        .find(format!("script {}: it is settled, but its sealed reviews do not settle it", script.id));
                }
            }
        }
    }
    Ok(())
}

/// Whether every result of this seat says of Part Two what the settlements say from which it was made, whatever was settled
/// or marked again since.
fn verify_results(
    tx: &mut Tx<'_, Sighted>,
    attempt: &Attempt,
    sitting: &Sitting,
    report: &mut Report,
) -> Result<(), Error> {
    let policy = tx.policy(&sitting.association, sitting.terms.opens_at)?;
    let scripts = tx.scripts_of(&attempt.id)?;
    for (release, result) in tx.results_of_seat(&attempt.registration)? {
        report.looked_at("results");
        let basis = tx.result_bases(&release)?.remove(&attempt.registration).unwrap_or_default();
        let (mut marked, mut counts) = (Vec::new(), Vec::new());
        for one in &basis {
            let script = scripts.iter().find(|script| script.id == one.script);
            let settled = tx.settlements(&one.script)?.into_iter().find(|settled| settled.version == one.version);
            let (Some(script), Some(settled)) = (script, settled) else { continue };
            let (position, round) = (script.position, script.round);
            counts.extend(one.counts.then_some(marked.len()));
            marked.push(Marked { position, round, settlement: settled.settlement });
        }
        let mut counted = counting(&marked, &policy);
        let settled: Vec<Settlement> = counted.iter().map(|index| marked[*index].settlement).collect();
        let said = result.parts.iter().find(|part| part.part == Part::Two).map(|part| part.outcome);
        counted.sort_unstable();
        if marked.len() != basis.len() || counted != counts || said != Some(judge_part_two(&settled, &policy).into()) {
            let seat = &attempt.registration;
            report.find(format!("registration {seat}: its result in release {release} is not what its scripts give"));
        }
    }
    Ok(())
}

fn differs(script: &Script, stored: &Settlement, recomputed: &Settlement) -> String {
    let told = |s: &Settlement| format!("{} of {}, {}, by {}", s.points, s.max_points, s.verdict, s.settled_by);
    let (stored, recomputed) = (told(stored), told(recomputed));
    format!("script {}: the settlement on record ({stored}) is not what its reviews give ({recomputed})", script.id)
}

/// Verifies a receipt as an examinee keeps it.
///
/// # Errors
/// A fault of the database.
pub async fn receipt(store: &Store, key: ReceiptKey, given: Receipt) -> Result<Report, Error> {
    store
        .read(store.world().clock.now(), move |tx| {
            let mut report = Report::default();
            report.looked_at("receipt");
            match tx.attempt(&given.attempt) {
                Ok(attempt) => {
                    verify_receipt(tx, &given, &key, &mut report)?;
                    let later = tx.receipts_amended(&given.attempt)?;
                    if !attempt.receipt.iter().chain(&later).any(|known| *known == given) {
                        report.find(format!("attempt {}: its receipt on record is another one", given.attempt));
                    }
                }
                Err(Error::Refused(Refusal::NotFound)) => {
                    report.find(format!("attempt {}: there is none of that id here", given.attempt));
                }
                Err(other) => return Err(other),
            }
            Ok(report)
        })
        .await
}

fn read_receipt(path: &Path) -> Result<Receipt, Trouble> {
    let shown = path.display();
    let mut text = String::new();
    let unreadable = |e| Trouble::Usage(format!("{shown} cannot be read: {e}."));
    let file = fs::File::open(path).map_err(unreadable)?;
    file.take(MAX_RECEIPT_BYTES).read_to_string(&mut text).map_err(unreadable)?;
    serde_json::from_str(&text).map_err(|e| Trouble::Usage(format!("{shown} holds no receipt: {e}.")))
}

#[cfg(test)]
mod tests;
