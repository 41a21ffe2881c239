//! What a module and its glue call each other by. wasm-bindgen's names tell a reader what they are and carry hashes; nobody
//! reads them in a download, of which they are 1.4 %. So both sides get letters instead.

use anyhow::{Context, Result, ensure};
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use walrus::Module;

/// Gives both sides short names, and takes from the module what the glue never asks for.
///
/// Under letters, the glue would take a module of another version, and call one thing for another. So the first import is
/// named by a hash of the glue: any other module fails to link.
pub(super) fn shorten(module: &mut Module, glue: &str) -> Result<String> {
    let version: String = Sha256::digest(glue).iter().take(4).map(|byte| format!("{byte:02x}")).collect();
    let mut glue = glue.to_owned();
    let mut names = (0..).map(letters);
    for (at, import) in module.imports.iter_mut().enumerate() {
        let short = if at == 0 { format!("v{version}") } else { names.next().unwrap_or_default() };
        let [before, after] = [&import.name, &short].map(|name| format!("{name}: function("));
        ensure!(glue.matches(&before).count() == 1, "the glue does not define `{}` once", import.name);
        glue = glue.replace(&before, &after);
        import.name = short;
    }
    let mut parts = glue.split("wasm.");
    let mut short_glue = parts.next().unwrap_or_default().to_owned();
    let mut exports: HashMap<&str, String> = HashMap::new();
    for part in parts {
        let end = part.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(part.len());
        let (name, rest) = part.split_at(end);
        let short = exports.entry(name).or_insert_with(|| names.next().unwrap_or_default());
        short_glue += &format!("wasm.{short}{rest}");
    }
    let unused: Vec<_> = module.exports.iter().filter(|it| !exports.contains_key(&*it.name)).collect();
    let unused: Vec<_> = unused.iter().map(|it| it.id()).collect();
    unused.into_iter().for_each(|id| module.exports.delete(id));
    for export in module.exports.iter_mut() {
        export.name = exports.remove(&*export.name).context("an export has no name")?;
    }
    let missing: Vec<_> = exports.keys().collect();
    ensure!(missing.is_empty(), "the glue asks for what the module does not export: {missing:?}");
    Ok(short_glue)
}

/// `a` to `z`, then `aa` and on.
fn letters(number: u32) -> String {
    let last = char::from(b'a' + (number % 26) as u8);
    match number / 26 {
        0 => last.to_string(),
        before => format!("{}{last}", letters(before - 1)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_go_on_behind_z() {
        assert_eq!([0, 25, 26, 51, 52].map(letters), ["a", "z", "aa", "az", "ba"]);
    }

    #[test]
    fn both_sides_get_the_same_names_and_what_is_not_asked_for_goes() -> Result<()> {
        let mut module = Module::default();
        let ty = module.types.add(&[], &[]);
        let mut imported = |name: &str| module.add_import_func("./core_bg.js", name, ty).0;
        let [one, two] = ["__wbg_one_1", "__wbg_two_2"].map(&mut imported);
        for (name, function) in [("parse", one), ("unused", one), ("__start", two)] {
            module.exports.add(name, function);
        }
        let glue =
            "__wbg_one_1: function() {}, __wbg_two_2: function() {}; wasm.parse(wasm.__start, wasm.parse);";
        let short = shorten(&mut module, glue)?;
        let imports: Vec<_> = module.imports.iter().map(|it| it.name.as_str()).collect();
        let [version, "a"] = imports[..] else { anyhow::bail!("{imports:?}") };
        assert_eq!(short, format!("{version}: function() {{}}, a: function() {{}}; wasm.b(wasm.c, wasm.b);"));
        assert!(version.len() == 9 && version.starts_with('v'), "{version}");
        assert_eq!(module.exports.iter().map(|it| it.name.as_str()).collect::<Vec<_>>(), ["b", "c"]);
        assert!(shorten(&mut module, "wasm.other()").is_err());
        Ok(())
    }
}
