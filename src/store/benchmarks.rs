//! Benchmark scripts as imported, and the script that readings of one are of. Asks for sight: no reviewer's query may
//! tell a benchmark from any other script.

use std::collections::BTreeSet;

use diesel::prelude::*;

use super::content::{Imported, newest, standing};
use super::schema::{benchmark, reading, script, vignette};
use super::{Error, Sighted, Tx, from_json, to_json, word};
use crate::domain::bank::{Benchmark, Vignette};
use crate::domain::ids::{PersonId, ReadingId, ScriptId};
use crate::domain::vocabulary::Strand;
use crate::store::marking::ReadingKind;

impl Tx<'_, Sighted> {
    /// What keeps a benchmark script from standing beside the vignettes that are here, in sentences.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn benchmark_misfits(&mut self, new: &Benchmark) -> Result<Vec<String>, Error> {
        let (id, version) = (&new.vignette, new.vignette_version);
        let text: Option<String> =
            vignette::table.find((id, version)).select(vignette::document).first(self.conn).optional()?;
        match text {
            None => Ok(vec![format!("the vignette {id} is not here in its version {version}")]),
            Some(text) => Ok(new.misfits(&from_json("vignette", &text)?)),
        }
    }

    /// Imports a version of a benchmark script whose vignette is here.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn benchmark_import(&mut self, new: &Benchmark) -> Result<Imported, Error> {
        let known: Vec<(i64, String)> = benchmark::table
            .filter(benchmark::id.eq(&new.id))
            .order(benchmark::version.desc())
            .select((benchmark::version, benchmark::digest))
            .load(self.conn)?;
        let digest = new.content_digest();
        match standing(&known, new.version, &digest) {
            Imported::Added => {}
            other => return Ok(other),
        }
        let answered: Vignette = self.vignette(&new.vignette, new.vignette_version)?;
        diesel::insert_into(benchmark::table)
            .values((
                benchmark::key.eq(key_of(new)),
                benchmark::id.eq(&new.id),
                benchmark::version.eq(new.version),
                benchmark::strand.eq(answered.strand.as_str()),
                benchmark::document.eq(to_json(new)?),
                benchmark::digest.eq(digest),
                benchmark::imported_at.eq(self.now.0),
            ))
            .execute(self.conn)?;
        Ok(Imported::Added)
    }

    /// The newest version of every benchmark script that is not retired, by id, with its strand.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn benchmarks_current(&mut self) -> Result<Vec<(Strand, Benchmark)>, Error> {
        let rows: Vec<(String, String)> = benchmark::table
            .filter(benchmark::retired_at.is_null())
            .order((benchmark::id, benchmark::version.desc()))
            .select((benchmark::id, benchmark::key))
            .load(self.conn)?;
        let keys = newest(rows);
        let rows: Vec<(String, String)> = benchmark::table
            .filter(benchmark::key.eq_any(keys))
            .order(benchmark::id)
            .select((benchmark::strand, benchmark::document))
            .load(self.conn)?;
        rows.iter()
            .map(|(strand, text)| Ok((word("benchmark", strand, Strand::parse)?, from_json("benchmark", text)?)))
            .collect()
    }

    /// The benchmark whose script that is; nothing for a script that somebody wrote.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn benchmark_of(&mut self, id: &ScriptId) -> Result<Option<Benchmark>, Error> {
        let text: Option<String> = script::table
            .inner_join(benchmark::table.on(script::benchmark_id.eq(benchmark::key.nullable())))
            .filter(script::id.eq(id.as_str()))
            .select(benchmark::document)
            .first(self.conn)
            .optional()?;
        text.map(|text| from_json("benchmark", &text)).transpose()
    }

    /// The ids of the benchmarks that somebody was ever given, in whatever version, those they gave back among them.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn benchmarks_seen(&mut self, who: &PersonId) -> Result<BTreeSet<String>, Error> {
        let ids: Vec<String> = reading::table
            .inner_join(script::table.on(script::id.eq(reading::script_id)))
            .inner_join(benchmark::table.on(script::benchmark_id.eq(benchmark::key.nullable())))
            .filter(reading::reviewer_id.eq(who.as_str()))
            .select(benchmark::id)
            .load(self.conn)?;
        Ok(ids.into_iter().collect())
    }

    /// Gives a benchmark to a reviewer, under a code of their own like any other script.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn benchmark_assign(
        &mut self,
        of: &Benchmark,
        to: &PersonId,
        due_on: &str,
    ) -> Result<(ScriptId, ReadingId), Error> {
        let script = self.script_of_benchmark(of)?;
        let reading = self.reading_assign(&script, to, ReadingKind::Benchmark, due_on)?;
        Ok((script, reading))
    }

    /// The script of a benchmark, made when it is first given to anybody.
    fn script_of_benchmark(&mut self, of: &Benchmark) -> Result<ScriptId, Error> {
        let key = key_of(of);
        let known: Option<String> =
            script::table.filter(script::benchmark_id.eq(&key)).select(script::id).first(self.conn).optional()?;
        if let Some(id) = known {
            return Ok(ScriptId(id));
        }
        let vignette = self.vignette(&of.vignette, of.vignette_version)?;
        let id: ScriptId = self.fresh();
        diesel::insert_into(script::table)
            .values((
                script::id.eq(id.as_str()),
                script::benchmark_id.eq(key),
                script::position.eq(1_i64),
                script::round.eq(0_i64),
                script::strand.eq(vignette.strand.as_str()),
                script::vignette_id.eq(&of.vignette),
                script::vignette_version.eq(of.vignette_version),
                script::body.eq(&of.answer),
                script::max_points.eq(vignette.rubric.max_points()),
                script::created_at.eq(self.now.0),
            ))
            .execute(self.conn)?;
        Ok(id)
    }
}

fn key_of(of: &Benchmark) -> String {
    format!("{}@{}", of.id, of.version)
}
