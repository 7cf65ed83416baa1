//! Who may do what: every route by every kind of actor.
