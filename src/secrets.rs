//! Secrets: the keys of this installation, kept in files for its owner's eyes alone, and passwords, of which only
//! hashes are kept.
//!
//! Invariants: a key file is complete as soon as it can be seen and never changes afterwards; one that others could
//! have read is refused; checking a password costs the same whether or not there is one to check against.

use std::fs::{self, DirBuilder, OpenOptions};
use std::io::{ErrorKind, Read, Write};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use argon2::password_hash::{PasswordHash, PasswordHasher, PasswordVerifier, SaltString};
use argon2::{Algorithm, Argon2, Params, Version};

use crate::domain::hex::unhex;
use crate::domain::receipt::ReceiptKey;
use crate::store::Fault;
use crate::world::Entropy;

/// The longest password that is taken, in bytes.
pub const MAX_PASSWORD_BYTES: usize = 1024;

/// Argon2id as OWASP recommends it: 19 MiB, two passes, one lane.
const MEMORY_KIB: u32 = 19_456;
const PASSES: u32 = 2;
const LANES: u32 = 1;

/// What is checked against when there is nobody: the hash of something that was forgotten at once.
const NOBODY: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$bm9ib2R5LWhhcy10aGlzLg$F0Vh2rjvQHhSx8sdFnwfW7nTt2ajqcS3v6oDqCqPqGU";

/// The keys of this installation.
pub struct Secrets {
    /// Authenticates tokens, by HMAC.
    pub token_key: [u8; 32],
    /// Signs receipts.
    pub receipt_key: ReceiptKey,
}

impl std::fmt::Debug for Secrets {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Secrets").field("receipt_key", &self.receipt_key).finish_non_exhaustive()
    }
}

/// The keys in `data`, made there if they are not there yet.
///
/// # Errors
/// When they can't be read or made, are damaged, or others can read them.
pub fn load_or_create(data: &Path, entropy: &Entropy) -> Result<Secrets, Fault> {
    let folder = folder_in(data);
    DirBuilder::new().recursive(true).mode(0o700).create(&folder).map_err(|e| fault(&folder, &e))?;
    for name in [TOKEN_KEY, RECEIPT_KEY] {
        create(&folder, name, entropy)?;
    }
    load(data)
}

/// The keys in `data`, which must be there.
///
/// # Errors
/// As [`load_or_create`], and when there are none.
pub fn load(data: &Path) -> Result<Secrets, Fault> {
    let folder = folder_in(data);
    if !folder.try_exists().map_err(|e| fault(&folder, &e))? {
        let folder = folder.display();
        return Err(Fault::Outside(format!("there are no keys in {folder}; a server makes them when it first starts")));
    }
    keep_private(&folder)?;
    Ok(Secrets {
        token_key: read(&folder.join(TOKEN_KEY))?,
        receipt_key: ReceiptKey::new(&read(&folder.join(RECEIPT_KEY))?),
    })
}

const TOKEN_KEY: &str = "token.key";
const RECEIPT_KEY: &str = "receipt.key";

fn folder_in(data: &Path) -> PathBuf {
    data.join("secrets")
}

/// Makes a key unless there is one. It is written beside and then linked to its name, which fails if the name is taken:
/// of two servers that start at once, both go on with the same whole key.
fn create(folder: &Path, name: &str, entropy: &Entropy) -> Result<(), Fault> {
    let path = folder.join(name);
    if path.try_exists().map_err(|e| fault(&path, &e))? {
        return Ok(());
    }
    let beside = folder.join(format!(".{name}.{}", entropy.word(10)));
    let mut file =
        OpenOptions::new().write(true).create_new(true).mode(0o600).open(&beside).map_err(|e| fault(&beside, &e))?;
    let written = file.write_all(format!("{}\n", entropy.secret()).as_bytes()).and_then(|()| file.sync_all());
    let linked = written.and_then(|()| match fs::hard_link(&beside, &path) {
        Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(()),
        other => other,
    });
    fs::remove_file(&beside).map_err(|e| fault(&beside, &e))?;
    linked.and_then(|()| fs::File::open(folder)?.sync_all()).map_err(|e| fault(&path, &e))
}

fn read(path: &Path) -> Result<[u8; 32], Fault> {
    keep_private(path)?;
    let mut text = String::new();
    let file = fs::File::open(path).map_err(|e| fault(path, &e))?;
    // A key with its line feed is 65 long.
    file.take(128).read_to_string(&mut text).map_err(|e| fault(path, &e))?;
    let key = unhex(text.trim()).and_then(|bytes| <[u8; 32]>::try_from(bytes).ok());
    key.ok_or_else(|| Fault::Outside(format!("{} is damaged: it must hold 64 hexadecimal digits", path.display())))
}

/// Refuses what others than the owner can get at.
fn keep_private(path: &Path) -> Result<(), Fault> {
    let mode = fs::metadata(path).map_err(|e| fault(path, &e))?.mode();
    if mode & 0o077 == 0 {
        return Ok(());
    }
    let path = path.display();
    Err(Fault::Outside(format!(
        "{path} is open to other users of this machine, and its keys may be known to them; run `chmod go= {path}`, or \
         remove it to have new keys made"
    )))
}

fn fault(path: &Path, error: &std::io::Error) -> Fault {
    // The kind alone would not say which file it was.
    Fault::File(std::io::Error::new(error.kind(), format!("{}: {error}", path.display())))
}

fn argon2() -> Result<Argon2<'static>, Fault> {
    let params = Params::new(MEMORY_KIB, PASSES, LANES, None).map_err(|e| Fault::Outside(format!("argon2: {e}")))?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

/// The hash under which a password is kept. Takes a good part of a tenth of a second and 19 MiB: for a thread that may
/// block.
///
/// # Errors
/// When the password is longer than [`MAX_PASSWORD_BYTES`].
pub fn hash_password(password: &str, entropy: &Entropy) -> Result<String, Fault> {
    if password.len() > MAX_PASSWORD_BYTES {
        return Err(Fault::Outside(format!("a password may be {MAX_PASSWORD_BYTES} bytes long at most")));
    }
    let mut salt = [0_u8; 16];
    entropy.fill(&mut salt);
    let broken = |e| Fault::Outside(format!("argon2: {e}"));
    let salt = SaltString::encode_b64(&salt).map_err(broken)?;
    Ok(argon2()?.hash_password(password.as_bytes(), &salt).map_err(broken)?.to_string())
}

/// Whether this is the password of that hash. Without a hash, or with one that is none, the same work is done and the
/// answer is no.
pub fn verify_password(password: &str, hash: Option<&str>) -> bool {
    let stored = hash.and_then(|text| PasswordHash::new(text).ok());
    let known = stored.is_some();
    let Some(against) = stored.or_else(|| PasswordHash::new(NOBODY).ok()) else { return false };
    let Ok(argon2) = argon2() else { return false };
    let fits = password.len() <= MAX_PASSWORD_BYTES && argon2.verify_password(password.as_bytes(), &against).is_ok();
    fits && known
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;
    use crate::domain::hex::hex;

    /// A folder that goes away with the test.
    struct Folder(PathBuf);

    impl Folder {
        fn new() -> Self {
            let path = crate::config::temporary_folder().join(format!("evenhand-secrets-{}", Entropy::System.word(12)));
            fs::create_dir(&path).unwrap();
            Self(path)
        }
    }

    impl Drop for Folder {
        fn drop(&mut self) {
            let _ = fs::remove_dir_all(&self.0);
        }
    }

    fn mode(path: &Path) -> u32 {
        fs::metadata(path).unwrap().mode() & 0o777
    }

    #[test]
    fn keys_are_made_once_and_stay() {
        let folder = Folder::new();
        assert!(load(&folder.0).is_err(), "nothing is made unasked");
        let first = load_or_create(&folder.0, &Entropy::seeded(1)).unwrap();
        let again = load_or_create(&folder.0, &Entropy::seeded(2)).unwrap();
        assert_eq!(first.token_key, again.token_key);
        assert_eq!(first.receipt_key.public(), again.receipt_key.public());
        assert_ne!(first.token_key, [0; 32]);
        let secrets = folder.0.join("secrets");
        let mut names: Vec<_> = fs::read_dir(&secrets).unwrap().map(|e| e.unwrap().file_name()).collect();
        names.sort();
        assert_eq!(names, ["receipt.key", "token.key"], "nothing is left beside");
        assert_eq!((mode(&secrets), mode(&secrets.join("token.key"))), (0o700, 0o600));
        assert!(!format!("{first:?}").contains(&hex(&first.token_key)));
    }

    #[test]
    fn keys_that_others_can_read_or_that_are_damaged_are_refused() {
        let folder = Folder::new();
        load_or_create(&folder.0, &Entropy::seeded(1)).unwrap();
        let secrets = folder.0.join("secrets");
        let key = secrets.join("receipt.key");
        for (path, open, shut) in [(&key, 0o640, 0o600), (&key, 0o604, 0o600), (&secrets, 0o750, 0o700)] {
            fs::set_permissions(path, fs::Permissions::from_mode(open)).unwrap();
            let told = load_or_create(&folder.0, &Entropy::seeded(1)).unwrap_err().to_string();
            assert!(told.contains("open to other users") && told.contains(&path.display().to_string()), "{told}");
            fs::set_permissions(path, fs::Permissions::from_mode(shut)).unwrap();
        }
        let whole = fs::read_to_string(&key).unwrap();
        for damaged in ["", "00", &whole[..62], &format!("{whole}00")] {
            fs::write(&key, damaged).unwrap();
            let told = load(&folder.0).unwrap_err().to_string();
            assert!(told.contains("damaged") && !told.contains("00\n"), "{told}");
        }
        assert!(load_or_create(&folder.0, &Entropy::seeded(1)).is_err(), "a damaged key is not replaced");
    }

    #[test]
    fn passwords() {
        let hash = hash_password("correct horse", &Entropy::seeded(1)).unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        assert_ne!(hash, hash_password("correct horse", &Entropy::seeded(2)).unwrap());
        assert!(verify_password("correct horse", Some(&hash)));
        for (password, against) in
            [("Correct horse", Some(hash.as_str())), ("", Some("")), ("", None), ("x", Some("x"))]
        {
            assert!(!verify_password(password, against), "{password} {against:?}");
        }
        let long = "x".repeat(MAX_PASSWORD_BYTES + 1);
        assert!(hash_password(&long, &Entropy::seeded(1)).is_err());
        assert!(hash_password(&long[1..], &Entropy::seeded(1)).is_ok());
    }

    #[test]
    fn nobodys_hash_costs_what_somebodys_does() {
        let parts = |text: &str| {
            let hash = PasswordHash::new(text).unwrap();
            (hash.algorithm.to_string(), hash.version, Params::try_from(&hash).unwrap(), hash.hash.unwrap().len())
        };
        assert_eq!(parts(NOBODY), parts(&hash_password("x", &Entropy::seeded(1)).unwrap()));
    }
}
