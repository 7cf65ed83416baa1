use super::*;

fn vars(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

fn load(text: &str, pairs: &[(&str, &str)]) -> Result<Config, Vec<String>> {
    Config::from_sources(Some(("e.toml", text)), vars(pairs))
        .map_err(|problems| problems.iter().map(ToString::to_string).collect())
}

const WHOLE: &str = r#"
[server]
listen = "0.0.0.0:9000"
public_url = "https://Exam.example.org/"
workers = 3
[data]
folder = "/var/lib/evenhand"
[database]
url = "postgres://u:secret@db/evenhand"
[session]
token_minutes = 60
[mail]
transport = "smtp"
host = "mail.example.org"
port = 2525
user = "exams"
password = "hush-hush"
from = "Exams <exams@example.org>"
tls = "tls"
[operator]
token = "0123456789abcdef"
"#;

#[test]
fn nothing_given_gives_the_defaults() {
    let config = Config::from_sources(None, []).unwrap();
    assert_eq!(config, Config::in_folder("data".into()));
    assert_eq!(config.database, Address::Sqlite("data/evenhand.db".into()));
    assert_eq!(config.public_url, "http://127.0.0.1:8080");
    assert!(config.workers >= 1);
}

#[test]
fn a_whole_file_is_read_and_its_secrets_are_kept() {
    let config = load(WHOLE, &[]).unwrap();
    assert_eq!(config.public_url, "https://exam.example.org");
    assert_eq!((config.workers, config.session.token_minutes), (3, 60));
    assert_eq!(config.data, PathBuf::from("/var/lib/evenhand"));
    let MailConfig::Smtp(mail) = &config.mail else { panic!("{config:?}") };
    assert_eq!((mail.port, mail.tls, mail.password.as_deref()), (2525, MailTls::Tls, Some("hush-hush")));
    let shown = format!("{config:?} {:?} {:?}", config.mail, config.operator);
    for secret in ["secret", "hush", "0123456789abcdef"] {
        assert!(!shown.contains(secret), "{shown}");
    }
}

#[test]
fn variables_stand_above_the_file_and_the_particular_above_the_general() {
    let given = [
        ("EVENHAND_SERVER_LISTEN", "127.0.0.1:1"),
        ("EVENHAND_DATABASE_URL", "sqlite:///a.db"),
        ("DATABASE_URL", "sqlite:///b.db"),
        ("EVENHAND_SESSION_TOKEN_MINUTES", "5"),
        ("EVENHAND_OPERATOR_TOKEN", ""),
        ("EVENHAND_LOG", "debug"),
        ("EVENHAND_TEST_POSTGRES", "x"),
        ("PATH", "/bin"),
    ];
    let config = load(WHOLE, &given).unwrap();
    assert_eq!(config.listen.port(), 1);
    assert_eq!(config.database, Address::Sqlite("/a.db".into()));
    assert_eq!(config.session.token_minutes, 5);
    assert!(config.operator.token.is_some(), "an empty variable counts as none");
    let config = load("", &[("DATABASE_URL", "sqlite:///b.db")]).unwrap();
    assert_eq!(config.database, Address::Sqlite("/b.db".into()));
}

#[test]
fn every_problem_is_told_at_once_and_where_it_stands() {
    let text = "name = 1\n[server]\nlisten = 8080\nport = 1\nworkers = 0\n[mail]\nhost = \"h\"\n[mial]\nx = 1\n";
    let given = [
        ("EVENHAND_SERVER_PUBLIC_URL", "exam.example.org"),
        ("DATABASE_URL", "mysql://u:secret@h/d"),
        ("EVENHAND_OPERATOR_TOKEN", "short"),
        ("EVENHAND_SESSION_TOKEN_MINUTE", "5"),
    ];
    let problems = load(text, &given).unwrap_err();
    let mut fields: Vec<String> =
        problems.iter().map(|p| p.split(" must ").next().unwrap().split(" is ").next().unwrap().to_owned()).collect();
    fields.sort();
    assert_eq!(
        fields,
        [
            "DATABASE_URL",
            "EVENHAND_OPERATOR_TOKEN",
            "EVENHAND_SERVER_PUBLIC_URL",
            "EVENHAND_SESSION_TOKEN_MINUTE",
            "mail.host in e.toml means nothing unless mail.transport",
            "mial.x in e.toml",
            "name in e.toml",
            "server.listen in e.toml",
            "server.port in e.toml",
            "server.workers in e.toml",
        ]
    );
    assert!(!problems.concat().contains("secret"));
}

#[test]
fn one_wrong_thing_is_one_problem() {
    let cases: [(&str, &str); 16] = [
        ("[server]\npublic_url = \"https://a.example/exam\"", "server.public_url in e.toml must be http://"),
        ("[server]\npublic_url = \"ftp://a.example\"", "server.public_url in e.toml must be http://"),
        ("[server]\nworkers = 257", "server.workers in e.toml must be a whole number from 1 to 256"),
        ("[server]\nworkers = \"3\"", "server.workers in e.toml must be a whole number"),
        ("[data]\nfolder = \"\"", "data.folder in e.toml must not be empty"),
        ("[data]\nfolder = true", "data.folder in e.toml must be text"),
        ("[session]\ntoken_minutes = 0", "session.token_minutes in e.toml must be a whole number"),
        ("[mail]\ntransport = \"pigeon\"", "mail.transport in e.toml must be file or smtp"),
        ("[mail]\ntransport = \"smtp\"\nhost = \"h\"", "mail.from is needed"),
        ("[mail]\ntransport = \"smtp\"\nfrom = \"a@b.example\"", "mail.host is needed"),
        ("[mail]\ntransport = \"smtp\"\nhost = \"h\"\nfrom = \"nobody\"", "mail.from in e.toml must be an address"),
        (
            "[mail]\ntransport = \"smtp\"\nhost = \"h\"\nfrom = \"a@b.example\"\nuser = \"u\"",
            "mail.user in e.toml needs mail.user and mail.password",
        ),
        (
            "[mail]\ntransport = \"smtp\"\nhost = \"h\"\nfrom = \"a@b.example\"\n\
             user = \"u\"\npassword = \"p\"\ntls = \"none\"",
            "mail.tls in e.toml must not be none",
        ),
        (
            "[mail]\ntransport = \"smtp\"\nhost = \"h\"\nfrom = \"a@b.example\"\nfolder = \"f\"",
            "mail.folder in e.toml means nothing",
        ),
        ("[operator]\ntoken = \"secret = \\\"\"", "operator.token in e.toml must have 16 characters"),
        ("[server]\nlisten = \"127.0.0.1:8080\"\n[operator]\ntoken = \"unclosed", "e.toml:4 is not TOML"),
    ];
    for (text, expected) in cases {
        let problems = load(text, &[]).unwrap_err();
        assert_eq!(problems.len(), 1, "{text}: {problems:?}");
        assert!(problems[0].starts_with(expected), "{text}: {problems:?}");
        assert!(!problems[0].contains("unclosed\"") && !problems[0].contains("secret ="), "{problems:?}");
    }
}

#[test]
fn the_base_follows_a_port_that_the_system_chose() {
    let bound = SocketAddr::from(([127, 0, 0, 1], 4321));
    let config = load("[server]\nlisten = \"127.0.0.1:0\"", &[]).unwrap();
    assert_eq!(config.base_url(bound), "http://127.0.0.1:4321");
    assert_eq!(load(WHOLE, &[]).unwrap().base_url(bound), "https://exam.example.org");
}
