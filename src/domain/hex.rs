//! Hexadecimal, as digests, keys and signatures are written.

/// Lower-case hexadecimal.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

/// Reads hexadecimal; nothing when it is none.
pub fn unhex(text: &str) -> Option<Vec<u8>> {
    let digits = text.as_bytes();
    let byte = |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok();
    if digits.len().is_multiple_of(2) && digits.iter().all(u8::is_ascii_hexdigit) {
        digits.chunks(2).map(byte).collect()
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_and_back() {
        for bytes in [vec![], vec![0], vec![255, 0, 16]] {
            assert_eq!(unhex(&hex(&bytes)), Some(bytes));
        }
        for bad in ["0", "0g", "+1", "é", " 00"] {
            assert_eq!(unhex(bad), None, "{bad}");
        }
    }
}
