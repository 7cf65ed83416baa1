//! How mail leaves the house: as files in a folder, or through a mail server. Everything here blocks.
//!
//! Invariant: neither addresses nor contents get into a log or a fault.

use std::fs::{self, OpenOptions};
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use lettre::message::{Mailbox, Message, header::ContentType};
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Tls, TlsParameters};
use lettre::{Address, SmtpTransport, Transport as _};

use crate::config::{MailConfig, MailTls, SmtpConfig};
use crate::domain::timing::Instant;
use crate::store::Fault;

/// How long each step of a conversation with a mail server may take.
const STEP_SECONDS: u64 = 20;

/// Whom mail in files comes from: nobody will answer it.
const FILES_FROM: &str = "evenhand <evenhand@localhost>";

/// A mail to one person.
#[derive(Clone)]
pub struct Letter {
    /// The address.
    pub to: String,
    /// The subject, on one line.
    pub subject: String,
    /// The text.
    pub body: String,
    /// What tells this mail from all others, the same whenever it is sent again: a mail that is sent twice, because the
    /// answer was lost, is then shown once.
    pub message_id: String,
    /// When it was written.
    pub written_at: Instant,
}

/// The way out.
#[derive(Clone)]
pub enum Transport {
    /// One file a mail, in this folder.
    File(PathBuf),
    /// Through a mail server.
    Smtp(Box<Smtp>),
}

/// The way through a mail server.
#[derive(Clone)]
pub struct Smtp {
    transport: SmtpTransport,
    from: Mailbox,
}

impl Transport {
    /// The way out that is configured. Connects to nothing yet.
    ///
    /// # Errors
    /// When the folder cannot be made, or the mail server's name is no name.
    pub fn open(config: &MailConfig) -> Result<Self, Fault> {
        match config {
            MailConfig::File { folder } => {
                fs::create_dir_all(folder)?;
                Ok(Self::File(folder.clone()))
            }
            MailConfig::Smtp(server) => Ok(Self::Smtp(Box::new(Smtp::open(server)?))),
        }
    }

    /// Sends a mail. When this returns, it is in its file, or a mail server has taken it over.
    ///
    /// # Errors
    /// When it could not be written or handed over; whether it is worth trying again is for the caller to say.
    pub fn send(&self, letter: &Letter) -> Result<(), Fault> {
        match self {
            Self::File(folder) => write(folder, letter),
            Self::Smtp(smtp) => {
                let message = compose(letter, smtp.from.clone())?;
                // The server's own words may repeat the address: only their kind is told.
                smtp.transport.send(&message).map(|_| ()).map_err(|e| Fault::Outside(kind_of(&e)))
            }
        }
    }
}

impl Smtp {
    fn open(server: &SmtpConfig) -> Result<Self, Fault> {
        let broken = |_| Fault::Outside("mail: the server's name or certificates cannot be used".to_owned());
        let parameters = || TlsParameters::new(server.host.clone()).map_err(broken);
        let tls = match server.tls {
            MailTls::Starttls => Tls::Required(parameters()?),
            MailTls::Tls => Tls::Wrapper(parameters()?),
            MailTls::None => Tls::None,
        };
        let mut builder = SmtpTransport::builder_dangerous(&server.host)
            .port(server.port)
            .tls(tls)
            .timeout(Some(Duration::from_secs(STEP_SECONDS)));
        if let (Some(user), Some(password)) = (&server.user, &server.password) {
            builder = builder.credentials(Credentials::new(user.clone(), password.clone()));
        }
        let from = server.from.parse().map_err(|_| Fault::Outside("mail: the sender is no address".to_owned()))?;
        Ok(Self { transport: builder.build(), from })
    }
}

/// What went wrong between us and a mail server, without its words.
fn kind_of(error: &lettre::transport::smtp::Error) -> String {
    let kind = match () {
        () if error.is_permanent() => "the server refused it for good",
        () if error.is_transient() => "the server refused it for now",
        () if error.is_timeout() => "the server did not answer in time",
        () if error.is_tls() => "the connection could not be protected",
        () if error.is_response() => "the server's answer was not understood",
        () => "the server could not be reached",
    };
    match error.status() {
        Some(code) => format!("mail: {kind} ({code})"),
        None => format!("mail: {kind}"),
    }
}

/// The mail in the format of RFC 5322.
fn compose(letter: &Letter, from: Mailbox) -> Result<Message, Fault> {
    let broken = |what: &str| Fault::Outside(format!("mail: the {what} cannot be used"));
    let to: Address = letter.to.parse().map_err(|_| broken("address"))?;
    Message::builder()
        .from(from)
        .to(Mailbox::new(None, to))
        // Who writes a subject over two lines could write further headers.
        .subject(letter.subject.split_whitespace().collect::<Vec<_>>().join(" "))
        // Left to itself, the library would ask the machine's clock.
        .date(SystemTime::UNIX_EPOCH + Duration::from_millis(u64::try_from(letter.written_at.0).unwrap_or(0)))
        .message_id(Some(format!("<{}@evenhand>", name_of(letter)?)))
        .header(ContentType::TEXT_PLAIN)
        .body(letter.body.clone())
        .map_err(|_| broken("text"))
}

/// A message id that may be a file's name as well.
fn name_of(letter: &Letter) -> Result<&str, Fault> {
    let id = letter.message_id.as_str();
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    if (1..=100).contains(&id.len()) && id.chars().all(plain) {
        Ok(id)
    } else {
        Err(Fault::Outside("mail: the message id cannot be used".to_owned()))
    }
}

/// Writes the mail beside and gives it its name when it is whole: whoever watches the folder never reads half of one.
fn write(folder: &Path, letter: &Letter) -> Result<(), Fault> {
    let from = FILES_FROM.parse().map_err(|_| Fault::Outside("mail: the sender is no address".to_owned()))?;
    let name = name_of(letter)?;
    let message = compose(letter, from)?.formatted();
    let beside = folder.join(format!(".{name}.part"));
    let mut file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&beside)?;
    file.write_all(&message)?;
    file.sync_all()?;
    fs::rename(&beside, folder.join(format!("{name}.eml")))?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::io::{BufRead, BufReader};
    use std::net::TcpListener;

    use super::*;
    use crate::world::Entropy;

    fn letter() -> Letter {
        Letter {
            to: "ana@demo.example".into(),
            subject: "Su examen: mañana\r\nBcc: eve@demo.example".into(),
            body: "Hola, Ana:\n\nMañana a las 9.\n".into(),
            message_id: "9f1c-1".into(),
            written_at: Instant(1_800_000_000_000),
        }
    }

    fn in_folder(test: impl FnOnce(&Transport, &Path)) {
        let folder = crate::config::temporary_folder().join(format!("evenhand-mail-{}", Entropy::System.word(12)));
        let transport = Transport::open(&MailConfig::File { folder: folder.clone() }).unwrap();
        test(&transport, &folder);
        fs::remove_dir_all(folder).unwrap();
    }

    fn names(folder: &Path) -> Vec<String> {
        fs::read_dir(folder).unwrap().map(|e| e.unwrap().file_name().to_string_lossy().into_owned()).collect()
    }

    #[test]
    fn a_mail_is_one_file_however_often_it_is_sent() {
        in_folder(|transport, folder| {
            transport.send(&letter()).unwrap();
            transport.send(&letter()).unwrap();
            assert_eq!(names(folder), ["9f1c-1.eml"]);
            let text = fs::read_to_string(folder.join("9f1c-1.eml")).unwrap();
            let (head, body) = text.split_once("\r\n\r\n").unwrap();
            let headers: Vec<&str> = head.split("\r\n").filter_map(|line| line.split(':').next()).collect();
            for name in ["From", "To", "Subject", "Message-ID", "Date", "Content-Type"] {
                assert!(headers.contains(&name), "{name}: {head}");
            }
            assert!(head.contains("Message-ID: <9f1c-1@evenhand>") && head.contains("To: ana@demo.example"), "{head}");
            assert!(!headers.contains(&"Bcc"), "{head}");
            assert!(body.starts_with("Hola, Ana:"), "{body}");
        });
    }

    #[test]
    fn what_cannot_be_sent_leaves_nothing_and_tells_nothing() {
        in_folder(|transport, folder| {
            let cases = [
                Letter { to: "nobody".into(), ..letter() },
                Letter { to: "a@b.example\r\nBcc: eve@demo.example".into(), ..letter() },
                Letter { message_id: "../../etc/x".into(), ..letter() },
                Letter { message_id: String::new(), ..letter() },
            ];
            for case in cases {
                let told = transport.send(&case).unwrap_err().to_string();
                assert!(!told.contains('@') && !told.contains("Hola"), "{told}");
            }
            assert!(names(folder).is_empty());
        });
    }

    fn server_at(port: u16) -> Transport {
        let server = SmtpConfig {
            host: "127.0.0.1".into(),
            port,
            user: None,
            password: None,
            from: "Exams <exams@demo.example>".into(),
            tls: MailTls::None,
        };
        Transport::open(&MailConfig::Smtp(server)).unwrap()
    }

    /// A mail server for one conversation, which answers every recipient as told and gives back what it heard.
    fn listen(recipient: &'static str) -> (u16, std::thread::JoinHandle<String>) {
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        let heard = std::thread::spawn(move || {
            let (stream, _) = listener.accept().unwrap();
            let (mut lines, mut out) = (BufReader::new(stream.try_clone().unwrap()).lines(), stream);
            let (mut heard, mut in_data) = (String::new(), false);
            writeln!(out, "220 ready\r").unwrap();
            while let Some(Ok(line)) = lines.next() {
                heard.push_str(&format!("{line}\n"));
                let answer = match line.get(..4).unwrap_or_default() {
                    _ if in_data && line != "." => continue,
                    "EHLO" => "250 here",
                    "DATA" => "354 go on",
                    "RCPT" => recipient,
                    "QUIT" => break,
                    _ => "250 good",
                };
                in_data = line == "DATA";
                if writeln!(out, "{answer}\r").is_err() {
                    break;
                }
            }
            heard
        });
        (port, heard)
    }

    #[test]
    fn a_server_is_given_the_mail_whole() {
        let (port, heard) = listen("250 good");
        let transport = server_at(port);
        transport.send(&letter()).unwrap();
        drop(transport);
        let heard = heard.join().unwrap();
        let expected =
            ["MAIL FROM:<exams@demo.example>", "RCPT TO:<ana@demo.example>", "From: Exams <exams@demo.example>"];
        for words in expected.into_iter().chain(["Message-ID: <9f1c-1@evenhand>", "Hola, Ana:"]) {
            assert!(heard.contains(words), "{words}: {heard}");
        }
    }

    #[test]
    fn a_refusal_is_told_by_its_kind_without_the_servers_words() {
        let cases = [
            ("550 no such user ana@demo.example", "mail: the server refused it for good (550)"),
            ("451 ana@demo.example: come back later", "mail: the server refused it for now (451)"),
        ];
        for (answer, expected) in cases {
            let (port, heard) = listen(answer);
            let transport = server_at(port);
            assert_eq!(transport.send(&letter()).unwrap_err().to_string(), expected);
            drop(transport);
            heard.join().unwrap();
        }
    }

    #[test]
    fn a_server_that_is_not_there_is_a_fault_too() {
        // The port of nothing: the kernel refuses at once.
        let told = server_at(1).send(&letter()).unwrap_err().to_string();
        assert_eq!(told, "mail: the server could not be reached");
    }
}
