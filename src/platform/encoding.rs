//! Text in whatever encoding another program wrote it (Encoding Standard; the byte order mark of
//! Unicode, section 23.8).

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

/// The text, and what the encoding is called.
pub struct Decoded {
    pub text: String,
    pub encoding: &'static str,
}

/// Reads text: as its byte order mark says; else as UTF-8, if it is that; else as UTF-16, if every other
/// byte of its beginning is zero; else as Windows-1252, which any bytes are.
pub fn decode(bytes: &[u8]) -> Decoded {
    let (encoding, mark) = Encoding::for_bom(bytes).unwrap_or_else(|| (guess(bytes), 0));
    let rest = bytes.get(mark..).unwrap_or_default();
    let (text, _) = encoding.decode_without_bom_handling(rest);
    Decoded {
        text: text.into_owned(),
        encoding: encoding.name(),
    }
}

/// Bytes that are looked at.
const BEGINNING: usize = 200;

fn guess(bytes: &[u8]) -> &'static Encoding {
    let beginning = bytes.get(..BEGINNING).unwrap_or(bytes);
    let (pairs, _) = beginning.as_chunks::<2>();
    let zeros = |place: usize| pairs.iter().filter(|pair| pair[place] == 0).count();
    // Names of many scripts fill both bytes; commas and ends of lines do not.
    let is_half_empty = |place: usize| zeros(place) * 2 > pairs.len() && zeros(1 - place) == 0;
    if is_half_empty(1) {
        UTF_16LE
    } else if is_half_empty(0) {
        UTF_16BE
    } else if std::str::from_utf8(bytes).is_ok() {
        UTF_8
    } else {
        WINDOWS_1252
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_encoding_is_known() {
        let wide = |text: &str, order: fn(u16) -> [u8; 2]| {
            text.encode_utf16().flat_map(order).collect::<Vec<u8>>()
        };
        let text = "name,email\nJosé,jose@example.org\n";
        let little = wide(text, u16::to_le_bytes);
        let big = wide(text, u16::to_be_bytes);
        let western: Vec<u8> = text.chars().map(|c| c as u8).collect();
        for (bytes, encoding) in [
            (text.as_bytes().to_vec(), "UTF-8"),
            ([b"\xEF\xBB\xBF", text.as_bytes()].concat(), "UTF-8"),
            (little.clone(), "UTF-16LE"),
            ([b"\xFF\xFE", little.as_slice()].concat(), "UTF-16LE"),
            (big.clone(), "UTF-16BE"),
            ([b"\xFE\xFF", big.as_slice()].concat(), "UTF-16BE"),
            (western, "windows-1252"),
        ] {
            let decoded = decode(&bytes);
            assert_eq!((decoded.text.as_str(), decoded.encoding), (text, encoding));
        }
        assert_eq!(decode(b"").text, "");
    }
}
