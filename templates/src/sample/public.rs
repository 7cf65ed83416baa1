//! Samples of what anyone may see, and of the readable page of the HTTP interface.

use super::{Pages, at};
use crate::{
    docs::{self, DocsView, Group, Named, Operation, ProblemKind},
    exam::Part,
    form::FieldError,
    page::Shell,
    public::{InvitationView, Problem, ProblemView, SignInView, invitation, landing, problem, sign_in},
    receipts::{Found, ReceiptsView, Said, receipts},
    urls,
    words::Locale,
};

/// Every page, in its states.
pub(super) fn pages(locale: Locale) -> Pages {
    let shell = |path: &str| Shell::anonymous(locale, path);
    let mut pages = vec![
        ("landing", landing(&shell(urls::HOME))),
        ("sign-in", sign_in(&shell(urls::SIGN_IN), &SignInView::default())),
        ("sign-in-refused", sign_in(&shell(urls::SIGN_IN), &refused(locale))),
        ("invitation", invitation(&shell("/invitations/abc"), &invited(Vec::new()))),
        ("invitation-refused", invitation(&shell("/invitations/abc"), &invited(vec![short(locale)]))),
    ];
    let checked = |found| ReceiptsView { found, ..receipts_page() };
    pages.extend([
        ("receipts", receipts(&shell(urls::RECEIPTS), &receipts_page())),
        ("receipts-hold", receipts(&shell(urls::RECEIPTS), &checked(Some(found(true))))),
        ("receipts-altered", receipts(&shell(urls::RECEIPTS), &checked(Some(found(false))))),
    ]);
    pages.extend(problems().into_iter().map(|(name, view)| (name, problem(&shell("/exams/r-1"), &view))));
    if locale == Locale::En {
        pages.push(("docs", docs::page(&shell(urls::DOCS), &interface())));
    }
    pages
}

fn refused(locale: Locale) -> SignInView {
    let message = match locale {
        Locale::En => "The address, the password or the code is not right.",
        Locale::Es => "El correo, la contraseña o el código no es correcto.",
    };
    SignInView {
        email: "maria.delgado@example.org".to_owned(),
        asks_code: true,
        back: Some(urls::exams()),
        wait_seconds: Some(45),
        errors: vec![FieldError { field: "password".to_owned(), message: message.to_owned() }],
    }
}

fn short(locale: Locale) -> FieldError {
    let message = match locale {
        Locale::En => "This password is too short: it needs at least 12 characters.",
        Locale::Es => "Esta contraseña es demasiado corta: necesita al menos 12 caracteres.",
    };
    FieldError { field: "password".to_owned(), message: message.to_owned() }
}

fn invited(errors: Vec<FieldError>) -> InvitationView {
    InvitationView {
        token: "abc".to_owned(),
        name: "Maria Delgado".to_owned(),
        email: "maria.delgado@example.org".to_owned(),
        association: "Connecticut (CT-AIMH)".to_owned(),
        expires_at: at("2026-12-05T17:00:00Z"),
        minimum_length: 12,
        errors,
    }
}

fn receipts_page() -> ReceiptsView {
    ReceiptsView {
        key_id: "5d2f9c0011aa34be".to_owned(),
        public_key: "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a".to_owned(),
        pasted: String::new(),
        found: None,
        errors: Vec::new(),
    }
}

fn found(holds: bool) -> Found {
    let said = Said {
        attempt: "a-1".to_owned(),
        part: Part::One,
        closed_at: Some(at("2027-03-20T15:22:41Z")),
        answered: 58,
        admitted: 2,
    };
    Found {
        holds,
        signature_holds: holds,
        key_id: "5d2f9c0011aa34be".to_owned(),
        key_known: true,
        on_record: holds.then_some(true),
        digest_holds: holds.then_some(true),
        version: 2,
        newest_version: holds.then_some(3),
        said: holds.then_some(said),
    }
}

fn problems() -> Vec<(&'static str, ProblemView)> {
    let view = |problem| ProblemView { problem, fault_id: None, contact: None, next: None };
    vec![
        ("problem-not-found", view(Problem::NotFound)),
        ("problem-not-allowed", view(Problem::NotAllowed)),
        ("problem-signed-out", view(Problem::SignedOut)),
        ("problem-invitation-gone", view(Problem::InvitationGone)),
        ("problem-bad-request", view(Problem::BadRequest)),
        ("problem-foreign-origin", view(Problem::ForeignOrigin)),
        ("problem-agreement-required", view(Problem::AgreementRequired)),
        ("problem-part-not-ready", view(Problem::PartNotReady)),
        ("problem-part-closed", view(Problem::PartClosed)),
        ("problem-too-late", ProblemView { contact: Some("+1 860 555 0100".to_owned()), ..view(Problem::TooLate) }),
        ("problem-sitting-not-open", view(Problem::SittingNotOpen)),
        ("problem-not-admitted", view(Problem::NotAdmitted)),
        ("problem-busy", view(Problem::Busy { seconds: 5 })),
        ("problem-fault", ProblemView { fault_id: Some("7c1f-09ae".to_owned()), ..view(Problem::Fault) }),
        ("problem-stated", view(Problem::Stated { detail: "The sitting is full.".to_owned() })),
    ]
}

fn interface() -> DocsView {
    let named = |name: &str, meaning: &str| Named { name: name.to_owned(), meaning: meaning.to_owned() };
    DocsView {
        version: "1".to_owned(),
        introduction: "JSON in and out, UTF-8, `snake_case`. Errors are *problem documents* with a stable `code`."
            .to_owned(),
        groups: vec![Group {
            title: "Examinee".to_owned(),
            operations: vec![Operation {
                method: "PUT".to_owned(),
                path: "/api/v1/attempts/{id}/answers/{position}".to_owned(),
                summary: "Saves one answer.".to_owned(),
                description: "A revision that is **not newer** changes nothing and answers what is stored.".to_owned(),
                authority: "the examinee of the attempt".to_owned(),
                fields: vec![
                    named("revision", "A number that only grows."),
                    named("choice", "Part One: one of the paper’s choices, or `null`."),
                    named("text", "Part Two: the prose, or `null`."),
                ],
                example: Some("{\n  \"revision\": 4,\n  \"choice\": \"c2\"\n}".to_owned()),
                answers: vec![
                    named("200", "Stored; `saved_at` is the server’s instant."),
                    named("409 part_closed", "The part is closed; kept as late evidence."),
                ],
            }],
        }],
        problems: vec![ProblemKind {
            code: "part_closed".to_owned(),
            status: 409,
            sentence: "The part is closed; nothing in it can change.".to_owned(),
        }],
    }
}
