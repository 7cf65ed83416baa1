//! Whom an examinee knows among those who may read: named before the sitting, in their own words. The answer is the same
//! whether anybody of that name reads or not.

use serde_json::json;

use super::Examinee;
use crate::domain::conflict::{Named, problems_of};
use crate::domain::refusal::Refusal;
use crate::domain::rights::Authority;
use crate::domain::vocabulary::Role;
use crate::store::Error;
use crate::store::audit::Entry;
use crate::store::profiles::Side;

impl Examinee {
    /// Whom I named.
    ///
    /// # Errors
    /// [`Refusal::RoleRequired`].
    pub async fn acquaintances(&self) -> Result<Vec<Named>, Error> {
        self.0
            .read(|tx, me| {
                require_examinee(me)?;
                tx.named_by(&me.person, Side::Examinee)
            })
            .await
    }

    /// Names everybody I know, in the place of whom I named before. It counts for what is given to reviewers from then on.
    ///
    /// # Errors
    /// [`Refusal::Invalid`], [`Refusal::RoleRequired`].
    pub async fn acquaintances_set(&self, knows: Vec<Named>) -> Result<Vec<Named>, Error> {
        self.0
            .write(move |tx, me| {
                require_examinee(me)?;
                let problems = problems_of(&knows);
                if !problems.is_empty() {
                    return Err(Refusal::Invalid(problems).into());
                }
                tx.named_set(&me.person, Side::Examinee, &knows)?;
                tx.audit(Entry {
                    association: me.roles.iter().find(|(role, _)| *role == Role::Examinee).map(|r| r.1.clone()),
                    actor: me.person.0.clone(),
                    act: "acquaintance.declare",
                    subject: me.person.0.clone(),
                    detail: json!({ "count": knows.len() }),
                })?;
                tx.named_by(&me.person, Side::Examinee)
            })
            .await
    }
}

fn require_examinee(me: &Authority) -> Result<(), Refusal> {
    let is = me.roles.iter().any(|(role, _)| *role == Role::Examinee);
    if is { Ok(()) } else { Err(Refusal::RoleRequired) }
}
