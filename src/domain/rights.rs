//! Rights: what a person may do with a thing, computed once and purely from facts. SQL narrows; this decides.

use super::ids::{AssociationId, PersonId};
use super::refusal::Refusal;
use super::vocabulary::Role;

/// Who is acting, and as what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Authority {
    /// The person.
    pub person: PersonId,
    /// Their roles, by association.
    pub roles: Vec<(Role, AssociationId)>,
}

/// What somebody wants to do within an association.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Act {
    /// See the association's sittings and how full they are.
    SeeSittings,
    /// Create and change sittings, register people, allocate, prepare and approve releases, import authorisations.
    RunSittings,
    /// See the live board.
    SeeBoard,
    /// Admit, grant credit, record incidents.
    RunRoom,
    /// See people and their arrangements.
    SeePeople,
    /// Add people, confirm accommodations.
    ManagePeople,
    /// Read what examinees write when they ask for an arrangement, and decide on it.
    JudgeArrangements,
    /// Give roles that reach beyond the exam room: coordinators, administrators, auditors.
    AppointStaff,
    /// See the rules of the association.
    SeePolicy,
    /// Put rules in force.
    SetPolicy,
    /// Read the audit log.
    ReadAudit,
    /// See how reviewers agree, and how severe each is.
    SeeAgreement,
    /// Score scripts.
    Review,
}

impl Act {
    /// The roles that may do this.
    fn roles(self) -> &'static [Role] {
        match self {
            Self::SeeSittings => &[Role::Coordinator, Role::Administrator, Role::Auditor, Role::Proctor],
            Self::RunSittings => &[Role::Coordinator],
            Self::SeeBoard => &[Role::Coordinator, Role::Proctor],
            Self::RunRoom => &[Role::Coordinator, Role::Proctor],
            Self::SeePeople => &[Role::Coordinator, Role::Administrator],
            Self::ManagePeople => &[Role::Coordinator, Role::Administrator],
            Self::JudgeArrangements => &[Role::Coordinator],
            Self::AppointStaff => &[Role::Administrator],
            Self::SeePolicy => &[Role::Administrator, Role::Coordinator, Role::Auditor],
            Self::SetPolicy => &[Role::Administrator],
            Self::ReadAudit => &[Role::Auditor, Role::Coordinator, Role::Administrator],
            Self::SeeAgreement => &[Role::Coordinator, Role::Administrator, Role::Auditor],
            Self::Review => &[Role::Reviewer],
        }
    }
}

impl Authority {
    /// Whether this person may do `act` in that association.
    pub fn may(&self, act: Act, association: &AssociationId) -> bool {
        self.roles.iter().any(|(role, place)| place == association && act.roles().contains(role))
    }

    /// The associations in which this person may do `act`.
    pub fn associations(&self, act: Act) -> Vec<AssociationId> {
        let mut places: Vec<AssociationId> =
            self.roles.iter().filter(|(role, _)| act.roles().contains(role)).map(|(_, place)| place.clone()).collect();
        places.sort();
        places.dedup();
        places
    }

    /// For calls that name no thing: the associations concerned.
    ///
    /// # Errors
    /// [`Refusal::RoleRequired`] when there is none.
    pub fn require_anywhere(&self, act: Act) -> Result<Vec<AssociationId>, Refusal> {
        let places = self.associations(act);
        if places.is_empty() { Err(Refusal::RoleRequired) } else { Ok(places) }
    }

    /// For calls on a thing of an association. Whoever may not even see that it exists learns nothing.
    ///
    /// # Errors
    /// [`Refusal::RoleRequired`] for those who may see it; [`Refusal::NotFound`] for everybody else.
    pub fn require(&self, act: Act, see: Act, association: &AssociationId) -> Result<(), Refusal> {
        if self.may(act, association) {
            Ok(())
        } else if self.may(see, association) {
            Err(Refusal::RoleRequired)
        } else {
            Err(Refusal::NotFound)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn authority(roles: &[(Role, &str)]) -> Authority {
        let roles = roles.iter().map(|(r, a)| (*r, AssociationId((*a).to_owned()))).collect();
        Authority { person: PersonId("p".into()), roles }
    }

    #[test]
    fn roles_count_only_where_they_are_held() {
        use Act::{RunRoom, RunSittings, SeeSittings};
        let here = AssociationId("here".into());
        let cases = [
            (authority(&[(Role::Coordinator, "here")]), RunSittings, Ok(())),
            (authority(&[(Role::Coordinator, "there")]), RunSittings, Err(Refusal::NotFound)),
            (authority(&[(Role::Reviewer, "here")]), RunSittings, Err(Refusal::NotFound)),
            (authority(&[(Role::Proctor, "here")]), RunSittings, Err(Refusal::RoleRequired)),
            (authority(&[(Role::Proctor, "here")]), RunRoom, Ok(())),
            (authority(&[(Role::Auditor, "here")]), RunRoom, Err(Refusal::RoleRequired)),
            (authority(&[]), RunRoom, Err(Refusal::NotFound)),
        ];
        for (who, act, expected) in cases {
            assert_eq!(who.require(act, SeeSittings, &here), expected, "{who:?} {act:?}");
        }
    }

    #[test]
    fn one_person_may_be_different_things_in_different_places() {
        let who = authority(&[(Role::Coordinator, "a"), (Role::Reviewer, "b"), (Role::Reviewer, "a")]);
        let names = |act| who.associations(act).into_iter().map(|a| a.0).collect::<Vec<_>>();
        assert_eq!(names(Act::RunSittings), ["a"]);
        assert_eq!(names(Act::Review), ["a", "b"]);
        assert_eq!(who.require_anywhere(Act::ReadAudit).map(|a| a.len()), Ok(1));
        assert_eq!(authority(&[]).require_anywhere(Act::Review), Err(Refusal::RoleRequired));
    }
}
