//! Calls that carried a retry key, and what they were answered.

use diesel::prelude::*;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::schema::answered_call;
use super::{Error, RetryKey, Sighted, Tx, from_json, to_json};
use crate::domain::refusal::Refusal;
use crate::domain::timing::Instant;

impl<S> Tx<'_, S> {
    /// Runs `job`, unless the same call was answered before: then it is answered the same. Answer and effect are
    /// written in one transaction, so that there is never one without the other.
    pub(super) fn answer_once<T: Serialize + DeserializeOwned>(
        &mut self,
        retry: &RetryKey,
        job: &impl Fn(&mut Self) -> Result<T, Error>,
    ) -> Result<T, Error> {
        // Who has been signed out is answered nothing, not even what they were answered before.
        self.authority(&retry.session)?;
        let known: Option<(String, String)> = answered_call::table
            .find((retry.person.as_str(), &retry.key))
            .select((answered_call::request_digest, answered_call::answer))
            .first(self.conn)
            .optional()?;
        match known {
            Some((digest, answer)) if digest == retry.request_digest => from_json("answered_call", &answer),
            Some(_) => Err(Refusal::IdempotencyConflict.into()),
            None => {
                let answer = job(self)?;
                diesel::insert_into(answered_call::table)
                    .values((
                        answered_call::person_id.eq(retry.person.as_str()),
                        answered_call::retry_key.eq(&retry.key),
                        answered_call::request_digest.eq(&retry.request_digest),
                        answered_call::answer.eq(to_json(&answer)?),
                        answered_call::answered_at.eq(self.now.0),
                    ))
                    .execute(self.conn)?;
                Ok(answer)
            }
        }
    }
}

impl Tx<'_, Sighted> {
    /// Forgets answers older than `before`.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn answered_calls_forget(&mut self, before: Instant) -> Result<usize, Error> {
        Ok(diesel::delete(answered_call::table.filter(answered_call::answered_at.lt(before.0))).execute(self.conn)?)
    }
}
