//! Configuration: from a file and from variables, read once at the start. Only this module reads the environment.
//!
//! Invariants: a [`Config`] that exists is possible as a whole; whatever is wrong is told all at once, each problem by
//! the key or variable at which it stands; no secret appears in `Debug` output.

use std::fmt;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use crate::store::Address;

mod sources;

use sources::Sources;

/// The longest session that can be configured, in minutes: a week.
const MAX_TOKEN_MINUTES: i64 = 7 * 24 * 60;
/// The most worker threads.
const MAX_WORKERS: i64 = 256;
/// The largest configuration file that is read.
const MAX_FILE_BYTES: u64 = 1024 * 1024;
/// A shorter token could be guessed.
const MIN_OPERATOR_TOKEN_CHARS: usize = 16;
/// Which log lines are written when nothing says otherwise.
const DEFAULT_LOG: &str = "info";

/// Everything that an operator decides.
#[derive(Clone, PartialEq, Eq)]
pub struct Config {
    /// Where the server listens: `server.listen`, `EVENHAND_SERVER_LISTEN`; `127.0.0.1:8080`.
    pub listen: SocketAddr,
    /// What people type to get here, without a slash at the end: `server.public_url`, `EVENHAND_SERVER_PUBLIC_URL`;
    /// `http://` and `listen`. Decides which origin may act and whether cookies are `Secure`. Read it through
    /// [`Config::base_url`] once the port is known.
    pub public_url: String,
    /// The folder of everything that is kept in files: `data.folder`, `EVENHAND_DATA_FOLDER`; `./data`.
    pub data: PathBuf,
    /// Where the database is: `database.url`, `EVENHAND_DATABASE_URL` or `DATABASE_URL`; `sqlite://` and `evenhand.db`
    /// in the data folder.
    pub database: Address,
    /// Sessions.
    pub session: SessionConfig,
    /// Mail.
    pub mail: MailConfig,
    /// What is for operators alone.
    pub operator: OperatorConfig,
    /// How many threads answer requests: `server.workers`, `EVENHAND_SERVER_WORKERS`; as many as there are cores.
    pub workers: usize,
}

/// How people stay signed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionConfig {
    /// How long a token is good for: `session.token_minutes`, `EVENHAND_SESSION_TOKEN_MINUTES`; 240.
    pub token_minutes: i64,
}

/// How mail leaves: `mail.transport`, `EVENHAND_MAIL_TRANSPORT`, either `file` (as it is by default) or `smtp`.
#[derive(Clone, PartialEq, Eq)]
pub enum MailConfig {
    /// One file a mail.
    File {
        /// Where to: `mail.folder`, `EVENHAND_MAIL_FOLDER`; `mail` in the data folder.
        folder: PathBuf,
    },
    /// Through a mail server.
    Smtp(SmtpConfig),
}

/// A mail server.
#[derive(Clone, PartialEq, Eq)]
pub struct SmtpConfig {
    /// Its name: `mail.host`, `EVENHAND_MAIL_HOST`.
    pub host: String,
    /// Its port: `mail.port`, `EVENHAND_MAIL_PORT`; what is usual for `tls`.
    pub port: u16,
    /// Who signs in there: `mail.user`, `EVENHAND_MAIL_USER`; nobody.
    pub user: Option<String>,
    /// With what: `mail.password`, `EVENHAND_MAIL_PASSWORD`.
    pub password: Option<String>,
    /// Whom mail comes from: `mail.from`, `EVENHAND_MAIL_FROM`; an address, with or without a name before it.
    pub from: String,
    /// How the way there is protected: `mail.tls`, `EVENHAND_MAIL_TLS`; `starttls`.
    pub tls: MailTls,
}

/// How the way to a mail server is protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MailTls {
    /// `starttls`: the connection begins in the clear and is protected before anything is said; port 587.
    Starttls,
    /// `tls`: protected from the start; port 465.
    Tls,
    /// `none`: not at all, for a relay on this machine; port 25.
    None,
}

/// What is for operators alone.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct OperatorConfig {
    /// What a monitor shows to read `/metrics`: `operator.token`, `EVENHAND_OPERATOR_TOKEN`; nothing, which keeps
    /// them shut.
    pub token: Option<String>,
}

/// Something in the configuration that cannot be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfigProblem {
    /// Where it stands: a key with its file, or a variable.
    pub field: String,
    /// What is wrong, as the rest of a sentence that begins with the field. Never repeats the value of a secret.
    pub detail: String,
}

impl fmt::Display for ConfigProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.field, self.detail)
    }
}

impl Config {
    /// Reads the file, if one is named, and then the process's variables, which override it. An empty variable counts
    /// as none.
    ///
    /// # Errors
    /// Everything that is wrong.
    pub fn load(file: Option<&Path>) -> Result<Self, Vec<ConfigProblem>> {
        let text = match file {
            Some(path) => Some((path.display().to_string(), read(path).map_err(|p| vec![p])?)),
            None => None,
        };
        // A variable that is not UTF-8 is none of ours that could be right; its name still counts as unknown or wrong.
        let variables = std::env::vars_os()
            .map(|(name, value)| (name.to_string_lossy().into_owned(), value.to_string_lossy().into_owned()));
        Self::from_sources(text.as_ref().map(|(path, text)| (path.as_str(), text.as_str())), variables)
    }

    /// The same from a file's name and text, and from given variables.
    ///
    /// # Errors
    /// Everything that is wrong.
    pub fn from_sources(
        file: Option<(&str, &str)>,
        variables: impl IntoIterator<Item = (String, String)>,
    ) -> Result<Self, Vec<ConfigProblem>> {
        let mut from = Sources::gather(file, variables);
        let listen = from
            .parsed("server.listen", "must be an address and a port, such as 127.0.0.1:8080", |text| text.parse().ok());
        let listen = listen.unwrap_or(SocketAddr::from(([127, 0, 0, 1], 8080)));
        let public_url = from.parsed("server.public_url", PUBLIC_URL, public_url);
        let workers = from.number("server.workers", 1..=MAX_WORKERS);
        let data = PathBuf::from(from.text("data.folder").unwrap_or_else(|| "data".to_owned()));
        let database =
            from.parsed("database.url", "must begin with sqlite:// or postgres://", |url| Address::parse(url).ok());
        let config = Self {
            public_url: public_url.unwrap_or_else(|| format!("http://{listen}")),
            listen,
            workers: workers.and_then(|n| usize::try_from(n).ok()).unwrap_or_else(cores),
            database: database.unwrap_or_else(|| embedded_in(&data)),
            session: SessionConfig {
                token_minutes: from.number("session.token_minutes", 1..=MAX_TOKEN_MINUTES).unwrap_or(240),
            },
            mail: mail(&mut from, &data),
            operator: OperatorConfig { token: operator_token(&mut from) },
            data,
        };
        let problems = from.into_problems();
        if problems.is_empty() { Ok(config) } else { Err(problems) }
    }

    /// The defaults, with everything that is kept in `data`.
    pub fn in_folder(data: PathBuf) -> Self {
        let listen = SocketAddr::from(([127, 0, 0, 1], 8080));
        Self {
            public_url: format!("http://{listen}"),
            listen,
            workers: cores(),
            database: embedded_in(&data),
            session: SessionConfig { token_minutes: 240 },
            mail: MailConfig::File { folder: data.join("mail") },
            operator: OperatorConfig::default(),
            data,
        }
    }

    /// What people type to get here, now that the server listens at `bound`: `public_url`, except where that was made
    /// from a listening address whose port the system was to choose.
    pub fn base_url(&self, bound: SocketAddr) -> String {
        if self.public_url == format!("http://{}", self.listen) {
            format!("http://{bound}")
        } else {
            self.public_url.clone()
        }
    }
}

/// Which log lines to write: `EVENHAND_LOG`, such as `warn` or `info,evenhand=debug`; else `default`, or `info`.
pub fn log_filter(default: Option<&str>) -> String {
    let given = std::env::var("EVENHAND_LOG").ok().filter(|text| !text.trim().is_empty());
    given.unwrap_or_else(|| default.unwrap_or(DEFAULT_LOG).to_owned())
}

/// The system's folder for what nobody will miss.
pub fn temporary_folder() -> PathBuf {
    std::env::temp_dir()
}

const PUBLIC_URL: &str = "must be http:// or https:// and a host, without a path, such as https://exam.example.org";

/// An origin: scheme and host, perhaps a port, nothing behind.
fn public_url(text: &str) -> Option<String> {
    let text = text.strip_suffix('/').unwrap_or(text);
    let host = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"))?;
    let allowed = |c: char| c.is_ascii_alphanumeric() || ".-:[]".contains(c);
    // Browsers spell origins in lower case, and they are compared with this as spelled.
    (!host.is_empty() && host.chars().all(allowed)).then(|| text.to_lowercase())
}

fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

fn embedded_in(data: &Path) -> Address {
    Address::Sqlite(data.join("evenhand.db").to_string_lossy().into_owned())
}

fn read(path: &Path) -> Result<String, ConfigProblem> {
    let problem = |detail: String| ConfigProblem {
        field: path.display().to_string(),
        detail: format!("cannot be read: {detail}"),
    };
    let size = std::fs::metadata(path).map_err(|e| problem(e.to_string()))?.len();
    if size > MAX_FILE_BYTES {
        return Err(problem("it is far too long for a configuration".to_owned()));
    }
    std::fs::read_to_string(path).map_err(|e| problem(e.to_string()))
}

fn operator_token(from: &mut Sources) -> Option<String> {
    let detail = format!("must have {MIN_OPERATOR_TOKEN_CHARS} characters at least");
    from.parsed("operator.token", &detail, |text| {
        (text.chars().count() >= MIN_OPERATOR_TOKEN_CHARS).then(|| text.to_owned())
    })
}

fn mail(from: &mut Sources, data: &Path) -> MailConfig {
    let smtp = from.parsed("mail.transport", "must be file or smtp", |text| match text {
        "file" => Some(false),
        "smtp" => Some(true),
        _ => None,
    });
    if smtp == Some(true) {
        from.superfluous(&["mail.folder"], "means nothing when mail.transport is smtp");
        return MailConfig::Smtp(smtp_server(from));
    }
    // Whoever names a mail server expects mail to leave through it, not to pile up in a folder.
    from.superfluous(
        &["mail.host", "mail.port", "mail.user", "mail.password", "mail.from", "mail.tls"],
        "means nothing unless mail.transport is smtp",
    );
    MailConfig::File { folder: from.text("mail.folder").map_or_else(|| data.join("mail"), PathBuf::from) }
}

fn smtp_server(from: &mut Sources) -> SmtpConfig {
    let tls = from
        .parsed("mail.tls", "must be starttls, tls or none", |text| match text {
            "starttls" => Some(MailTls::Starttls),
            "tls" => Some(MailTls::Tls),
            "none" => Some(MailTls::None),
            _ => None,
        })
        .unwrap_or(MailTls::Starttls);
    let usual = match tls {
        MailTls::Starttls => 587,
        MailTls::Tls => 465,
        MailTls::None => 25,
    };
    let port = from.number("mail.port", 1..=65_535).and_then(|port| u16::try_from(port).ok()).unwrap_or(usual);
    let host = from.required("mail.host", "is needed when mail.transport is smtp");
    let sender = from.required("mail.from", "is needed when mail.transport is smtp");
    if sender.as_ref().is_some_and(|text| text.parse::<lettre::message::Mailbox>().is_err()) {
        from.problem("mail.from", "must be an address, such as exams@example.org or Exams <exams@example.org>");
    }
    let (user, password) = (from.text("mail.user"), from.text("mail.password"));
    if user.is_some() != password.is_some() {
        from.problem(if user.is_some() { "mail.user" } else { "mail.password" }, "needs mail.user and mail.password");
    }
    let local = host.as_deref().is_some_and(|h| h == "localhost" || h.starts_with("127.") || h == "::1");
    if tls == MailTls::None && user.is_some() && !local {
        from.problem("mail.tls", "must not be none: the password would cross the network in the clear");
    }
    SmtpConfig { host: host.unwrap_or_default(), port, user, password, from: sender.unwrap_or_default(), tls }
}

impl fmt::Debug for Config {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // A database's URL may hold a password.
        let database = match &self.database {
            Address::Sqlite(path) => format!("sqlite://{path}"),
            Address::Postgres(_) => "postgres://…".to_owned(),
        };
        f.debug_struct("Config")
            .field("listen", &self.listen)
            .field("public_url", &self.public_url)
            .field("data", &self.data)
            .field("database", &database)
            .field("session", &self.session)
            .field("mail", &self.mail)
            .field("operator", &self.operator)
            .field("workers", &self.workers)
            .finish()
    }
}

impl fmt::Debug for MailConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File { folder } => f.debug_struct("File").field("folder", folder).finish(),
            Self::Smtp(server) => server.fmt(f),
        }
    }
}

impl fmt::Debug for SmtpConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Smtp")
            .field("host", &self.host)
            .field("port", &self.port)
            .field("signs_in", &self.user.is_some())
            .field("tls", &self.tls)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for OperatorConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OperatorConfig").field("has_token", &self.token.is_some()).finish()
    }
}

#[cfg(test)]
mod tests;
