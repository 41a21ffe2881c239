//! The module as JavaScript, for the entry that carries it: a string with one character per byte, and the loop that turns
//! it back. Base64 shifts bytes across characters, and so hides from a compressor what the module repeats; this costs a few
//! per cent over the bare module where base64 costs thirty, and still less than base64 where a bundler escapes it.

/// Bytes below this are one printable ASCII character each, those from it on a letter of two bytes in UTF-8.
const ASCII: u8 = 92;

/// The first character of each row; a row of ASCII ends before a character that needs an escape in a string or, in a
/// page, ends a script early: `"`, `<` and `\`.
const SPACE: u32 = 0x20;
const SKIPPED: [char; 3] = ['"', '<', '\\'];

/// Letters that stay as they are under every Unicode normalisation.
const LETTERS: u32 = 0x100;

/// A script whose default export is `bytes`, as a `Uint8Array`.
pub(super) fn script(bytes: &[u8]) -> String {
    let text: String = bytes.iter().map(|byte| character(*byte)).collect();
    let skipped: String = SKIPPED.iter().map(|c| format!(" - (code > {})", u32::from(*c))).collect();
    format!(
        "const text = \"{text}\";\n\
         const bytes = new Uint8Array(text.length);\n\
         for (let i = 0; i < bytes.length; i++) {{\n  \
           const code = text.charCodeAt(i);\n  \
           bytes[i] = code < {LETTERS} ? code - {SPACE}{skipped} : code - {LETTERS};\n\
         }}\n\
         export default bytes;\n"
    )
}

fn character(byte: u8) -> char {
    if byte >= ASCII {
        return char::from_u32(LETTERS + u32::from(byte)).unwrap_or_default();
    }
    let mut code = SPACE + u32::from(byte);
    for skipped in SKIPPED {
        code += u32::from(code >= u32::from(skipped));
    }
    char::from_u32(code).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::process;
    use anyhow::Result;
    use std::{collections::BTreeSet, process::Command};

    #[test]
    fn every_byte_has_a_character_of_its_own_that_needs_no_escape() {
        let characters: BTreeSet<char> = (0..=255).map(character).collect();
        assert_eq!(characters.len(), 256);
        assert!(characters.iter().all(|c| !c.is_control() && !SKIPPED.contains(c)), "{characters:?}");
        assert_eq!(characters.iter().filter(|c| c.is_ascii()).count(), usize::from(ASCII));
    }

    #[test]
    fn javascript_gets_every_byte_back() -> Result<()> {
        let all: Vec<u8> = (0..=255).collect();
        let check =
            "if (bytes.length !== 256 || bytes.some((byte, i) => byte !== i)) throw new Error(`${bytes}`);";
        let test = format!("{}{check}", script(&all));
        process::ask(Command::new("node").args(["--input-type=module", "--eval", &test])).map(drop)
    }
}
