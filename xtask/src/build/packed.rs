//! The module as JavaScript, for the entries that carry it: deflated, in base64. That is half of the bare module on a disk
//! and what a server's gzip makes of it on the way; `DecompressionStream` and `atob` turn it back.

use anyhow::{Context, Result};
use base64::{Engine, prelude::BASE64_STANDARD};
use zopfli::{Format, Options};

/// A script whose default export is `bytes`, packed.
pub(super) fn script(bytes: &[u8]) -> Result<String> {
    let mut deflated = Vec::new();
    zopfli::compress(Options::default(), Format::Zlib, bytes, &mut deflated)
        .context("deflating the module")?;
    Ok(format!("export default \"{}\";\n", BASE64_STANDARD.encode(deflated)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::process;
    use std::process::Command;

    #[test]
    fn javascript_gets_every_byte_back() -> Result<()> {
        let all: Vec<u8> = (0..=255).cycle().take(1000).collect();
        let script = script(&all)?.replace("export default", "const packed =");
        let check = "const bytes = require('node:zlib').inflateSync(Buffer.from(packed, 'base64'));\n\
             if (bytes.length !== 1000 || bytes.some((byte, i) => byte !== i % 256)) throw new Error(`${bytes}`);";
        process::ask(Command::new("node").args(["--eval", &format!("{script}{check}")])).map(drop)
    }
}
