//! Closing a part: the receipt, the score of Part One, the scripts of Part Two. The same for an examinee who submits and
//! for the clerk when time is up. Practice gets its receipt and nothing else: no score, no script, no message.

use std::collections::BTreeMap;

use serde_json::json;

use super::stops::settle;
use crate::domain::bank::Vignette;
use crate::domain::form::Layout;
use crate::domain::receipt::{Receipt, ReceiptKey};
use crate::domain::scoring::{KeyedItem, Treatment, score};
use crate::domain::timing::{ClosedBy, Instant};
use crate::domain::vocabulary::Part;
use crate::store::answers::Answer;
use crate::store::attempts::Attempt;
use crate::store::audit::Entry;
use crate::store::marking::NewScript;
use crate::store::registrations::Registration;
use crate::store::sittings::Sitting;
use crate::store::{Error, Sighted, Tx};

/// Closes an open attempt from what is stored and returns its receipt. One that is closed gives the newest it has.
pub fn close(
    tx: &mut Tx<'_, Sighted>,
    key: &ReceiptKey,
    attempt: &Attempt,
    at: Instant,
    by: ClosedBy,
    actor: &str,
) -> Result<Receipt, Error> {
    if let Some(receipt) = &attempt.receipt {
        return tx.receipt_newest(receipt.clone());
    }
    let attempt = &settle(tx, attempt)?;
    tx.break_end(&attempt.id, at)?;
    let blank = Receipt {
        attempt: attempt.id.clone(),
        part: attempt.part,
        closed_at: at.rfc3339(),
        closed_by: by,
        answered: 0,
        digest: String::new(),
        signature: String::new(),
        key_id: String::new(),
        amendment: None,
    };
    let receipt = tx.receipt_for(blank, &[], key)?;
    tx.attempt_close(&receipt, at)?;
    let registration = tx.registration(&attempt.registration)?;
    let sitting = tx.sitting(&registration.sitting)?;
    match attempt.part {
        _ if registration.practice => {}
        Part::One => score_part_one(tx, attempt, &sitting)?,
        Part::Two => make_scripts(tx, attempt, &registration, &sitting)?,
    }
    tx.audit(Entry {
        association: Some(sitting.association.clone()),
        actor: actor.to_owned(),
        act: "attempt.close",
        subject: attempt.id.0.clone(),
        detail: closing_detail(&receipt, registration.practice),
    })?;
    send_receipt(tx, &receipt, &registration, &sitting)?;
    Ok(receipt)
}

fn closing_detail(receipt: &Receipt, practice: bool) -> serde_json::Value {
    let mut detail = json!({
        "part": receipt.part, "by": receipt.closed_by, "answered": receipt.answered, "digest": receipt.digest,
    });
    if practice {
        detail["practice"] = json!(true);
    }
    detail
}

/// Mails a receipt to its examinee; that of practice is not worth a mail.
pub(super) fn send_receipt(
    tx: &mut Tx<'_, Sighted>,
    receipt: &Receipt,
    registration: &Registration,
    sitting: &Sitting,
) -> Result<(), Error> {
    if registration.practice {
        return Ok(());
    }
    let parameters = json!({
        "sitting": sitting.terms.title, "part": receipt.part, "closed_at": receipt.closed_at,
        "answered": receipt.answered.to_string(), "digest": receipt.digest, "signature": receipt.signature,
        "key_id": receipt.key_id, "attempt": receipt.attempt, "closed_by": receipt.closed_by,
        "time_zone": sitting.terms.time_zone,
    });
    tx.message_add(&registration.person, "receipt", &parameters)
}

/// Scores Part One from the frozen form, the seed and the answers that count.
pub fn score_of(
    tx: &mut Tx<'_, Sighted>,
    attempt: &Attempt,
    pass_percent: i64,
) -> Result<crate::domain::scoring::Score, Error> {
    let form: Vec<KeyedItem> = tx
        .form_items(&attempt.form)?
        .into_iter()
        .map(|item| KeyedItem { key: item.key, treatment: Treatment::Scored, domain: item.domain })
        .collect();
    let answers: BTreeMap<i64, String> =
        tx.answers_counted(&attempt.id)?.into_iter().filter_map(|a| Some((a.position, a.choice?))).collect();
    Ok(score(&form, &Layout::of(&attempt.seed, form.len()), &answers, pass_percent))
}

pub(super) fn score_part_one(tx: &mut Tx<'_, Sighted>, attempt: &Attempt, sitting: &Sitting) -> Result<(), Error> {
    let score = score_of(tx, attempt, sitting.terms.one_pass_percent)?;
    tx.score_add(&attempt.id, &score)
}

/// Which positions count when more vignettes are offered than are to be answered: the first that hold an answer, in
/// order; blank ones fill up when there are too few (domain.md, The exam).
fn counted_positions(answers: &[Answer], offered: i64, wanted: i64) -> Vec<i64> {
    let answered = |position: &i64| answers.iter().any(|a| a.position == *position && !a.is_blank());
    let (first, rest): (Vec<i64>, Vec<i64>) = (1..=offered).partition(answered);
    let mut counted: Vec<i64> = first.into_iter().chain(rest).take(usize::try_from(wanted).unwrap_or(0)).collect();
    counted.sort_unstable();
    counted
}

/// The scripts that these answers of a Part Two give: one for each vignette that counts.
pub(super) fn scripts_of(
    tx: &mut Tx<'_, Sighted>,
    attempt: &Attempt,
    registration: &Registration,
    sitting: &Sitting,
    answers: &[Answer],
) -> Result<Vec<NewScript>, Error> {
    let vignettes = tx.form_vignettes(&attempt.form)?;
    let offered = i64::try_from(vignettes.len()).unwrap_or(i64::MAX);
    let counted = counted_positions(answers, offered, sitting.terms.two_answer);
    let script = |(position, vignette): (i64, Vignette)| NewScript {
        attempt: attempt.id.clone(),
        position,
        strand: registration.strand,
        max_points: vignette.rubric.max_points(),
        vignette: (vignette.id, vignette.version),
        body: answers.iter().find(|a| a.position == position).and_then(|a| a.body.clone()).unwrap_or_default(),
    };
    Ok((1_i64..).zip(vignettes).filter(|(p, _)| counted.contains(p)).map(script).collect())
}

fn make_scripts(
    tx: &mut Tx<'_, Sighted>,
    attempt: &Attempt,
    registration: &Registration,
    sitting: &Sitting,
) -> Result<(), Error> {
    let answers = tx.answers_counted(&attempt.id)?;
    scripts_of(tx, attempt, registration, sitting, &answers)?.iter().try_for_each(|script| tx.script_add(script))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn which_vignettes_count() {
        let answer = |position, body: &str| Answer {
            position,
            revision: 1,
            choice: None,
            body: Some(body.to_owned()),
            saved_at: 0,
        };
        type Case<'c> = (&'c [(i64, &'c str)], i64, i64, &'c [i64]);
        let cases: [Case<'_>; 6] = [
            (&[(1, "x"), (2, "y")], 2, 2, &[1, 2]),
            (&[], 2, 2, &[1, 2]),
            (&[(1, "x"), (2, "y"), (3, "z")], 3, 2, &[1, 2]),
            (&[(1, "x"), (3, "z")], 3, 2, &[1, 3]),
            (&[(1, "  "), (3, "z")], 3, 2, &[1, 3]),
            (&[(2, "y")], 3, 2, &[1, 2]),
        ];
        for (given, offered, wanted, expected) in cases {
            let answers: Vec<Answer> = given.iter().map(|(p, b)| answer(*p, b)).collect();
            assert_eq!(counted_positions(&answers, offered, wanted), expected, "{given:?}");
        }
    }
}
