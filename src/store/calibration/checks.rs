//! What must hold of calibration in the database as a whole.

use std::collections::BTreeMap;

use diesel::prelude::*;

use super::super::schema::{
    admission, attempt, calibration_reading, calibration_set, planted_reading, reading, registration, script,
    settlement, sitting,
};
use super::{Error, Post, Sighted, Tx, post, standing_at, word};
use crate::domain::calibration::{Decision, may_read};
use crate::domain::ids::AssociationId;
use crate::domain::policy::Policy;
use crate::domain::timing::Instant;

/// A live reading: which, whose, when it was given out, of which association, of which strand.
type Live = (String, String, i64, String, String);

impl Tx<'_, Sighted> {
    /// Everything that does not hold of calibration, in sentences.
    pub(in crate::store) fn calibration_holds(&mut self, limit: i64) -> Result<Vec<String>, Error> {
        let mut findings = self.benchmarks_are_nobodys(limit)?;
        findings.extend(self.sets_are_whole()?);
        findings.extend(self.live_readers_were_admitted()?);
        Ok(findings)
    }

    /// A benchmark settles nothing; its readings, and no others, are of its own kind; each of them belongs to a set or is
    /// planted, and not both.
    fn benchmarks_are_nobodys(&mut self, limit: i64) -> Result<Vec<String>, Error> {
        let settled: Vec<String> = settlement::table
            .inner_join(script::table.on(script::id.eq(settlement::script_id)))
            .filter(script::benchmark_id.is_not_null())
            .limit(limit)
            .select(script::id)
            .load(self.conn)?;
        let mut findings: Vec<String> =
            settled.into_iter().map(|id| format!("script {id} is a benchmark and is settled")).collect();
        let mixed: Vec<String> = reading::table
            .inner_join(script::table.on(script::id.eq(reading::script_id)))
            .filter(
                script::benchmark_id
                    .is_not_null()
                    .and(reading::kind.ne("benchmark"))
                    .or(script::benchmark_id.is_null().and(reading::kind.eq("benchmark"))),
            )
            .limit(limit)
            .select(reading::id)
            .load(self.conn)?;
        findings.extend(mixed.into_iter().map(|id| format!("reading {id}: its kind does not fit its script")));
        let rows: Vec<(String, Option<String>, Option<String>)> = reading::table
            .left_join(planted_reading::table.on(planted_reading::reading_id.eq(reading::id)))
            .left_join(calibration_reading::table.on(calibration_reading::reading_id.eq(reading::id)))
            .filter(reading::kind.eq("benchmark"))
            .select((reading::id, planted_reading::reading_id.nullable(), calibration_reading::reading_id.nullable()))
            .load(self.conn)?;
        findings.extend(
            rows.into_iter()
                .filter(|(_, planted, of_set)| planted.is_some() == of_set.is_some())
                .map(|(id, ..)| format!("reading {id} of a benchmark is neither planted nor of a set, or both")),
        );
        Ok(findings)
    }

    /// A judged set has as many sealed readings as it has scripts, each with its lesson; one that is not judged has none.
    fn sets_are_whole(&mut self) -> Result<Vec<String>, Error> {
        type Row = (String, String, String, i64, i64, Option<i64>);
        let rows: Vec<Row> = calibration_set::table
            .select((
                calibration_set::person_id,
                calibration_set::association_id,
                calibration_set::strand,
                calibration_set::number,
                calibration_set::scripts,
                calibration_set::judged_at,
            ))
            .load(self.conn)?;
        let mut findings = Vec::new();
        for (who, place, strand, number, scripts, judged_at) in rows {
            let readings: Vec<(String, Option<String>)> = calibration_reading::table
                .inner_join(reading::table.on(reading::id.eq(calibration_reading::reading_id)))
                .filter(calibration_reading::person_id.eq(&who))
                .filter(calibration_reading::association_id.eq(&place))
                .filter(calibration_reading::strand.eq(&strand))
                .filter(calibration_reading::number.eq(number))
                .select((reading::state, calibration_reading::lesson))
                .load(self.conn)?;
            let learned = readings.iter().filter(|(_, lesson)| lesson.is_some()).count();
            let sealed = readings.iter().filter(|(state, lesson)| state == "sealed" && lesson.is_some()).count();
            let whole = usize::try_from(scripts).unwrap_or(usize::MAX);
            if judged_at.is_some() && (sealed, learned) != (whole, whole) || judged_at.is_none() && learned > 0 {
                findings.push(format!("calibration set {number} of {who}, {strand}: judged and lessons do not fit"));
            }
        }
        Ok(findings)
    }

    /// Whoever was given a live script might read it when it was given out.
    fn live_readers_were_admitted(&mut self) -> Result<Vec<String>, Error> {
        let mut decided: BTreeMap<Post, Vec<(i64, Instant, Decision)>> = BTreeMap::new();
        let rows: Vec<(String, String, String, i64, String, i64)> = admission::table
            .order(admission::version)
            .select((
                admission::person_id,
                admission::association_id,
                admission::strand,
                admission::version,
                admission::decision,
                admission::decided_at,
            ))
            .load(self.conn)?;
        for (who, place, strand, version, decision, at) in rows {
            let decision = word("admission", &decision, Decision::parse)?;
            decided.entry(post(who, place, &strand)?).or_default().push((version, Instant(at), decision));
        }
        let asking: BTreeMap<AssociationId, Vec<(Instant, Policy)>> = self
            .associations_ruled()?
            .into_iter()
            .map(|place| Ok((place.clone(), self.policies(&place, i64::MAX)?)))
            .collect::<Result<_, Error>>()?;
        if decided.is_empty() && asking.values().flatten().all(|(_, policy)| policy.calibration_scripts == 0) {
            return Ok(Vec::new());
        }
        let live: Vec<Live> = reading::table
            .inner_join(script::table.on(script::id.eq(reading::script_id)))
            .inner_join(attempt::table.on(script::attempt_id.eq(attempt::id.nullable())))
            .inner_join(registration::table.on(registration::id.eq(attempt::registration_id)))
            .inner_join(sitting::table.on(sitting::id.eq(registration::sitting_id)))
            .select((reading::id, reading::reviewer_id, reading::assigned_at, sitting::association_id, script::strand))
            .load(self.conn)?;
        let mut findings = Vec::new();
        for (id, who, at, place, strand) in live {
            let at = Instant(at);
            let here = post(who, place, &strand)?;
            let held = asking.get(&here.association).and_then(|all| all.iter().find(|(from, _)| *from <= at));
            let asked = held.is_some_and(|(_, policy)| policy.calibration_scripts > 0);
            let newest: BTreeMap<Post, Decision> = decided
                .iter()
                .filter(|(post, _)| post.person == here.person && post.strand == here.strand)
                .filter_map(|(post, all)| Some((post.clone(), all.iter().rev().find(|(_, then, _)| *then <= at)?.2)))
                .collect();
            // Whether somebody was lent is told by where they review today, which may have changed since.
            let admitted = [true, false].into_iter().any(|own| may_read(asked, standing_at(&newest, &here, own)));
            if !admitted {
                findings.push(format!("reading {id}: its reviewer was not admitted when it was given out"));
            }
        }
        Ok(findings)
    }
}
