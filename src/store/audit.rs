//! The audit log: every act that matters, each entry chained to the one before by digest.

use diesel::prelude::*;
use sha2::{Digest, Sha256};

use super::schema::{audit, audit_head};
use super::{Error, Sighted, Tx, beginning, holding};
use crate::domain::hex::hex;
use crate::domain::ids::AssociationId;
use crate::domain::timing::Instant;

/// Something that was done.
#[derive(Debug, Clone, Default)]
pub struct Entry {
    /// Where, if it concerns one association.
    pub association: Option<AssociationId>,
    /// Who: a person's id, or `clerk` for what nobody clicked.
    pub actor: String,
    /// What, such as `attempt.start`.
    pub act: &'static str,
    /// To what: an id.
    pub subject: String,
    /// Further facts as JSON; never a name, an answer, a remark or a token.
    pub detail: serde_json::Value,
}

/// An entry as it stands in the log.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = audit)]
pub struct Recorded {
    /// From 1, without a gap.
    pub sequence: i64,
    /// When, in milliseconds.
    pub at: i64,
    /// Where.
    pub association_id: Option<String>,
    /// Who.
    pub actor: String,
    /// What.
    pub act: String,
    /// To what.
    pub subject: String,
    /// Further facts.
    pub detail: String,
    /// The digest of the entry before; empty for the first.
    pub previous_digest: String,
    /// This entry's.
    pub digest: String,
}

impl Recorded {
    /// The digest that this entry must have: SHA-256 over all its fields, each led by its length, so that no two
    /// entries are spelled alike.
    pub fn expected_digest(&self) -> String {
        let (sequence, at) = (self.sequence.to_string(), self.at.to_string());
        let association = self.association_id.as_deref().unwrap_or("");
        let fields =
            [&sequence, &at, association, &self.actor, &self.act, &self.subject, &self.detail, &self.previous_digest];
        let mut hash = Sha256::new();
        for field in fields {
            hash.update(field.len().to_string());
            hash.update(":");
            hash.update(field);
        }
        hex(&hash.finalize())
    }
}

impl<S> Tx<'_, S> {
    /// Appends an entry.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn audit(&mut self, entry: Entry) -> Result<(), Error> {
        let (last, previous_digest): (i64, String) =
            audit_head::table.find(1).select((audit_head::sequence, audit_head::digest)).first(self.conn)?;
        let mut recorded = Recorded {
            sequence: last + 1,
            at: self.now.0,
            association_id: entry.association.map(|a| a.0),
            actor: entry.actor,
            act: entry.act.to_owned(),
            subject: entry.subject,
            detail: entry.detail.to_string(),
            previous_digest,
            digest: String::new(),
        };
        recorded.digest = recorded.expected_digest();
        diesel::insert_into(audit::table).values(&recorded).execute(self.conn)?;
        diesel::update(audit_head::table.find(1))
            .set((audit_head::sequence.eq(recorded.sequence), audit_head::digest.eq(&recorded.digest)))
            .execute(self.conn)?;
        Ok(())
    }

    /// Writes the head of the chain and leaves it as it is: the smallest thing that shows whether anything can be stored.
    /// There and back, because a database may spare itself the writing of what is there already.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn audit_head_touch(&mut self) -> Result<(), Error> {
        for step in [1, -1] {
            diesel::update(audit_head::table.find(1))
                .set(audit_head::sequence.eq(audit_head::sequence + step))
                .execute(self.conn)?;
        }
        Ok(())
    }
}

impl Tx<'_, Sighted> {
    /// Entries of these associations, in order, from after `after` on.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn audit_list(&mut self, places: &[AssociationId], after: i64, limit: i64) -> Result<Vec<Recorded>, Error> {
        let places: Vec<&str> = places.iter().map(AssociationId::as_str).collect();
        Ok(audit::table
            .filter(audit::association_id.eq_any(places))
            .filter(audit::sequence.gt(after))
            .order(audit::sequence)
            .limit(limit)
            .select(Recorded::as_select())
            .load(self.conn)?)
    }

    /// Entries of these associations, newest first, from before `before` back: all of them, or those whose act holds
    /// `search`, whose subject begins with `search`, or whose actor or subject is one of `ids`.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn audit_find(
        &mut self,
        places: &[AssociationId],
        search: &str,
        ids: &[String],
        before: i64,
        limit: i64,
    ) -> Result<Vec<Recorded>, Error> {
        let places: Vec<&str> = places.iter().map(AssociationId::as_str).collect();
        let mut query =
            audit::table.filter(audit::association_id.eq_any(places)).filter(audit::sequence.lt(before)).into_boxed();
        if !search.is_empty() {
            query = query.filter(
                audit::act
                    .like(holding(search))
                    .escape('\\')
                    .or(audit::subject.like(beginning(search)).escape('\\'))
                    .or(audit::actor.eq_any(ids.to_vec()))
                    .or(audit::subject.eq_any(ids.to_vec())),
            );
        }
        Ok(query.order(audit::sequence.desc()).limit(limit).select(Recorded::as_select()).load(self.conn)?)
    }

    /// Walks the whole chain and says everything that does not hold, at most `limit` findings.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn audit_verify(&mut self, limit: usize) -> Result<ChainReport, Error> {
        let mut report = ChainReport::default();
        let (mut sequence, mut digest) = (0_i64, String::new());
        loop {
            let page: Vec<Recorded> = audit::table
                .filter(audit::sequence.gt(sequence))
                .order(audit::sequence)
                .limit(1000)
                .select(Recorded::as_select())
                .load(self.conn)?;
            if page.is_empty() {
                break;
            }
            for entry in page {
                report.check(&entry, sequence, &digest);
                (sequence, digest) = (entry.sequence, entry.digest);
            }
        }
        let head: (i64, String) =
            audit_head::table.find(1).select((audit_head::sequence, audit_head::digest)).first(self.conn)?;
        if head.0 != sequence || head.1 != digest {
            report.first_flaw.get_or_insert(sequence);
            report.findings.push(format!("the log ends at {sequence}, but {} entries were written", head.0));
        }
        report.findings.truncate(limit);
        Ok(report)
    }
}

/// What a walk along the chain found.
#[derive(Debug, Default)]
pub struct ChainReport {
    /// How many entries there are.
    pub entries: i64,
    /// What does not hold.
    pub findings: Vec<String>,
    /// The first entry at which something does not hold.
    pub first_flaw: Option<i64>,
}

impl ChainReport {
    fn check(&mut self, entry: &Recorded, last: i64, last_digest: &str) {
        self.entries += 1;
        let (number, at) = (entry.sequence, Instant(entry.at).rfc3339());
        if number != last + 1 {
            self.findings.push(format!("entries {} to {} are missing", last + 1, number - 1));
        } else if entry.previous_digest != last_digest {
            self.findings.push(format!("entry {number} ({at}) does not follow the one before it"));
        }
        if entry.digest != entry.expected_digest() {
            self.findings.push(format!("entry {number} ({at}) was altered"));
        }
        if !self.findings.is_empty() {
            self.first_flaw.get_or_insert(number);
        }
    }
}
