//! Text in whatever encoding another program wrote it (Encoding Standard; the byte order mark of
//! Unicode, section 23.8).

use std::io::{self, Read};

use encoding_rs::{
    CoderResult, Decoder, DecoderResult, Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252,
};

/// An encoding, and how many bytes of a mark stand before the text.
#[derive(Clone, Copy)]
pub struct Known {
    encoding: &'static Encoding,
    mark: usize,
}

impl Known {
    /// What it is called.
    pub fn name(self) -> &'static str {
        self.encoding.name()
    }
}

/// How text is written: as its byte order mark says; else in UTF-8, if it is that; else in UTF-16, if every
/// other byte of its beginning is zero; else in Windows-1252, which any bytes are.
///
/// # Errors
/// What reading it says.
pub fn detect(input: &mut dyn Read) -> io::Result<Known> {
    let mut beginning = Vec::new();
    input.take(BEGINNING).read_to_end(&mut beginning)?;
    if let Some((encoding, mark)) = Encoding::for_bom(&beginning) {
        return Ok(Known { encoding, mark });
    }
    let encoding = match wide(&beginning) {
        Some(wide) => wide,
        None if is_utf_8(&mut beginning.chain(input))? => UTF_8,
        None => WINDOWS_1252,
    };
    Ok(Known { encoding, mark: 0 })
}

/// Bytes that are looked at.
const BEGINNING: u64 = 200;

/// UTF-16, if it is that.
fn wide(beginning: &[u8]) -> Option<&'static Encoding> {
    let (pairs, _) = beginning.as_chunks::<2>();
    let zeros = |place: usize| pairs.iter().filter(|pair| pair[place] == 0).count();
    // Names of many scripts fill both bytes; commas and ends of lines do not.
    let is_half_empty = |place: usize| zeros(place) * 2 > pairs.len() && zeros(1 - place) == 0;
    if is_half_empty(1) {
        Some(UTF_16LE)
    } else {
        is_half_empty(0).then_some(UTF_16BE)
    }
}

/// Bytes that are read together.
const CHUNK: usize = 16 << 10;

fn is_utf_8(input: &mut dyn Read) -> io::Result<bool> {
    let mut decoder = UTF_8.new_decoder_without_bom_handling();
    let (mut bytes, mut text) = ([0; CHUNK], [0; CHUNK + 16]);
    loop {
        let read = read_some(input, &mut bytes)?;
        let (result, _, _) =
            decoder.decode_to_utf8_without_replacement(&bytes[..read], &mut text, read == 0);
        match result {
            DecoderResult::InputEmpty if read == 0 => return Ok(true),
            DecoderResult::InputEmpty => {}
            DecoderResult::Malformed(_, _) | DecoderResult::OutputFull => return Ok(false),
        }
    }
}

fn read_some(input: &mut dyn Read, bytes: &mut [u8]) -> io::Result<usize> {
    loop {
        match input.read(bytes) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            read => return read,
        }
    }
}

/// Text as UTF-8, whatever it was written in; what is malformed becomes U+FFFD.
pub struct Text<R> {
    input: R,
    /// Bytes of the mark that are still to be passed over.
    mark: usize,
    decoder: Decoder,
    /// What was read and not decoded, and what was decoded and not given out.
    raw: Vec<u8>,
    text: Vec<u8>,
    given: usize,
    is_over: bool,
}

impl<R: Read> Text<R> {
    /// The text of these bytes.
    pub fn new(input: R, known: Known) -> Self {
        Self {
            input,
            mark: known.mark,
            decoder: known.encoding.new_decoder_without_bom_handling(),
            raw: Vec::new(),
            text: Vec::new(),
            given: 0,
            is_over: false,
        }
    }

    /// Decodes the next bytes.
    fn fill(&mut self) -> io::Result<()> {
        let mut bytes = [0; CHUNK];
        let read = read_some(&mut self.input, &mut bytes)?;
        let passed = self.mark.min(read);
        self.mark -= passed;
        self.raw.extend_from_slice(&bytes[passed..read]);
        self.text.resize(4 * CHUNK, 0);
        let (result, used, written, _) =
            self.decoder
                .decode_to_utf8(&self.raw, &mut self.text, read == 0);
        self.raw.drain(..used);
        self.text.truncate(written);
        self.given = 0;
        self.is_over = read == 0 && result == CoderResult::InputEmpty;
        Ok(())
    }
}

impl<R: Read> Read for Text<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.given == self.text.len() && !self.is_over {
            self.fill()?;
        }
        let left = &self.text[self.given..];
        let length = left.len().min(buffer.len());
        buffer[..length].copy_from_slice(&left[..length]);
        self.given += length;
        Ok(length)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The text, and what its encoding is called.
    fn decode(bytes: &[u8]) -> (String, &'static str) {
        let known = detect(&mut &bytes[..]).unwrap();
        let mut text = String::new();
        Text::new(bytes, known).read_to_string(&mut text).unwrap();
        (text, known.name())
    }

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
            assert_eq!(decode(&bytes), (text.to_owned(), encoding));
        }
        assert_eq!(decode(b"").0, "");
    }

    #[test]
    fn no_character_is_cut_in_two() {
        for shift in 0..4 {
            let text = "x".repeat(shift) + &"a\u{e9}\u{4e2d}\u{1f600}".repeat(5000);
            assert_eq!(decode(text.as_bytes()), (text.clone(), "UTF-8"));
            let western = [text.as_bytes(), b"\xe9"].concat();
            assert_eq!(decode(&western).1, "windows-1252");
        }
    }
}
