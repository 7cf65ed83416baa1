use super::*;
use crate::domain::record::FactKind;

const KNOWN: Known<'_> = Known { name: "Maria Delgado", email: "mdelgado@example.org", employer: None, facts: &[] };

/// The text with what is found in brackets.
fn marked(text: &str) -> String {
    let (mut shown, mut done) = (String::new(), 0);
    for finding in screen(text, &KNOWN, &[]) {
        shown.push_str(&text[done..finding.start]);
        shown.push_str(&format!("[{}]", &text[finding.start..finding.end]));
        done = finding.end;
    }
    shown + &text[done..]
}

#[test]
fn passages_of_every_kind() {
    for text in [
        "They call me [Maria].",
        "[M. Delgado] signed it, [delgado, maria] did not.".replace("[delgado, maria]", "delgado, [maria]").as_str(),
    ] {
        assert_eq!(marked(&text.replace(['[', ']'], "")), text);
    }
    for text in [
        "Write to [mdelgado@example.org], [x.y+z@mail.example.ie]. Or @home, or [@maria_d].",
        "See [https://harbor.example/a?b=c], [harbor-dads.org] and cdc.gov; the end.Then we go.",
        "[860-555-0142], [(860) 555 0142], [+353 45 555 017], [1-860-555-0142], on 12-18-2024 and 3-5 times, 1998-2001.",
        "Call [555-0142] or [0412 345 678]. Ages 12 24 36, 600-700 ml, $1,200,000, 45 CFR 164.512, ext. 12.",
        "My license is [123456]; licensed since 2019; a license in 2019; [LCSW #4417].",
    ] {
        assert_eq!(marked(&text.replace(['[', ']'], "")), text);
    }
}

#[test]
fn names_that_nothing_accounts_for() {
    for text in [
        "As [Marlene] would say, wait. I see families at [Fort Sill] and on [Dauphin Street].",
        "My late friend [Hattie Brubaker] taught me, and so did [Prof. Aldana] at [Wayne State].",
        "I do Tuesdays at [Sarah's Place], and nights at [St. Brendan's] too.",
        "Where I live, that's [Black Mountain], the roads close. Here in [duluth] we drive on ice.",
        "I am with [ACCESS-ECP]. I work nights at [st lukes] as well.".replace("with", "at").as_str(),
        "They call me [Coach]. Find me on insta as [tiny_feet_9], or ring [five oh three five five five one two].",
        "I would wait.\n--[MKT]",
        // What anybody writes.
        "I Felt Angry. Ainsworth went to Uganda; Circle of Security and the Early Head Start came later.",
        "On Monday a Somali grandmother prays at Ramadan. NOT now, I said. Call 988 or 1-833-852-6262.",
        "Carl Rogers would listen. Rogers would too. Part C serves Alaska and Ohio. I use Zoom and the ASQ.",
    ] {
        assert_eq!(marked(&text.replace(['[', ']'], "")), text);
    }
    let words = |context: &[&str]| screen("I wonder what Imani wants.", &KNOWN, context).len();
    assert_eq!((words(&[]), words(&["Imani is six months old."])), (1, 0));
}

#[test]
fn what_stands_in_the_vignette_is_the_vignettes() {
    let text = "Maria waits. Maria Delgado waits. I waited with Delgado.";
    let starts = |context: &[&str]| screen(text, &KNOWN, context).iter().map(|f| f.start).collect::<Vec<_>>();
    assert_eq!(starts(&[]), [0, 13, 48]);
    assert_eq!(starts(&["Maria is two."]), [13, 48]);
}

#[test]
fn masks_are_typed_and_stable() {
    let facts = [
        Fact { kind: FactKind::Supervisor, value: "Bea Cole".into() },
        Fact { kind: FactKind::Colleague, value: "Ahmad Zaki".into() },
    ];
    let known = Known { facts: &facts, ..KNOWN };
    let text = "Zaki asked Bea Cole. Cole asked Maria, and Ahmad Zaki wrote to a@b.org, c@d.org and a@b.org.";
    let found = screen(text, &known, &[]);
    let passages: Vec<Masked<'_>> =
        found.iter().map(|f| Masked { start: f.start, end: f.end, kind: f.kind, subject: &f.subject }).collect();
    let (shown, _) = masked(text, &passages);
    assert_eq!(
        shown,
        "[person 1] asked [person 2]. [person 2] asked [name], and [person 1] wrote to [e-mail], [e-mail 2] and [e-mail]."
    );
    assert_eq!(masked(text, &[]).0, text);
}

#[test]
fn hostile_texts_cost_no_more_than_others() {
    let rows = [
        "@",
        "a@",
        "a.",
        "-1",
        "+1 ",
        "(1",
        "Maria-",
        "Maria ",
        "'s",
        "my supervisor ",
        "www.",
        "LCSW #",
        "J. ",
        "\u{301}",
        "é",
        "1 2 ",
    ];
    for row in rows {
        let text: String = row.repeat(12_000 / row.len());
        for finding in screen(&text, &KNOWN, &[]) {
            assert!(
                text.is_char_boundary(finding.start)
                    && text.is_char_boundary(finding.end)
                    && finding.start < finding.end
            );
        }
    }
}
