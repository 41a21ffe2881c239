//! Files as values: a folder is a map from names to bytes, written only where it differs, so that nothing changes when
//! nothing changed; and the stamps that let a step be skipped.

use anyhow::{Context, Result};
use std::{
    collections::BTreeMap,
    fs::{self, File, TryLockError},
    hash::{DefaultHasher, Hash, Hasher},
    path::{Path, PathBuf},
};

/// A folder's files, by their path in it.
pub(crate) type Tree = BTreeMap<PathBuf, Vec<u8>>;

/// Reads a file; its name is in the error.
pub(crate) fn read(path: &Path) -> Result<Vec<u8>> {
    fs::read(path).with_context(|| format!("reading {}", path.display()))
}

/// Reads a text file; its name is in the error.
pub(crate) fn read_text(path: &Path) -> Result<String> {
    fs::read_to_string(path).with_context(|| format!("reading {}", path.display()))
}

/// Writes a file and the folders above it.
pub(crate) fn write(path: &Path, bytes: &[u8]) -> Result<()> {
    if let Some(dir) = path.parent() {
        fs::create_dir_all(dir).with_context(|| format!("making {}", dir.display()))?;
    }
    fs::write(path, bytes).with_context(|| format!("writing {}", path.display()))
}

/// All files below `dir`; none when it is not there.
pub(crate) fn read_tree(dir: &Path) -> Result<Tree> {
    let mut tree = Tree::new();
    let mut folders = vec![dir.to_path_buf()];
    while let Some(folder) = folders.pop() {
        if !folder.is_dir() {
            continue;
        }
        for entry in fs::read_dir(&folder).with_context(|| format!("reading {}", folder.display()))? {
            let path = entry?.path();
            if path.is_dir() {
                folders.push(path);
            } else {
                tree.insert(path.strip_prefix(dir)?.to_path_buf(), read(&path)?);
            }
        }
    }
    Ok(tree)
}

/// Makes `dir` hold exactly `tree`; says how many files had to change.
pub(crate) fn write_tree(dir: &Path, tree: &Tree) -> Result<usize> {
    let there = read_tree(dir)?;
    let mut changed = 0;
    for (path, bytes) in tree.iter().filter(|(path, bytes)| there.get(*path) != Some(*bytes)) {
        write(&dir.join(path), bytes)?;
        changed += 1;
    }
    for path in there.keys().filter(|path| !tree.contains_key(*path)) {
        fs::remove_file(dir.join(path)).with_context(|| format!("removing {}", path.display()))?;
        changed += 1;
    }
    Ok(changed)
}

/// One number for all of it.
pub(crate) fn hash(value: &impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}

/// Makes `dir` from what `inputs` is the hash of, unless it is still what was made from the same.
pub(crate) fn make_once(dir: &Path, inputs: u64, make: impl FnOnce() -> Result<()>) -> Result<()> {
    let stamp = dir.with_extension("stamp");
    let now = |tree: &Tree| format!("{inputs:016x} {:016x}\n", hash(tree));
    let tree = read_tree(dir)?;
    if !tree.is_empty() && fs::read_to_string(&stamp).is_ok_and(|then| then == now(&tree)) {
        return Ok(());
    }
    let _ = fs::remove_file(&stamp);
    write_tree(dir, &Tree::new())?;
    fs::create_dir_all(dir).with_context(|| format!("making {}", dir.display()))?;
    make()?;
    write(&stamp, now(&read_tree(dir)?).as_bytes())
}

/// Keeps other commands of ours from writing the same files until it is dropped.
pub(crate) fn lock() -> Result<File> {
    let path = crate::paths::target().join("xtask.lock");
    write(&path, b"")?;
    let file = File::create(&path).with_context(|| format!("opening {}", path.display()))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => {
            eprintln!("waiting for another `cargo xtask` to end …");
            file.lock().context("waiting for target/xtask.lock")?;
            Ok(file)
        }
        Err(TryLockError::Error(error)) => Err(error).context("locking target/xtask.lock"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::Cell;

    /// A folder of its own for each test; cargo gives unit tests no temporary directory.
    fn folder(name: &str) -> Result<PathBuf> {
        let dir = std::env::temp_dir().join(format!("tasklens-xtask-{}-{name}", std::process::id()));
        let _ = fs::remove_dir_all(&dir);
        fs::create_dir_all(&dir)?;
        Ok(dir)
    }

    fn tree(files: &[(&str, &str)]) -> Tree {
        files.iter().map(|(path, text)| (PathBuf::from(path), text.as_bytes().to_vec())).collect()
    }

    #[test]
    fn a_folder_becomes_exactly_the_tree() -> Result<()> {
        let dir = folder("exactly")?;
        assert_eq!(write_tree(&dir, &tree(&[("a", "1"), ("b/c", "2")]))?, 2);
        assert_eq!(write_tree(&dir, &tree(&[("a", "1"), ("b/d", "3")]))?, 2);
        assert_eq!(read_tree(&dir)?, tree(&[("a", "1"), ("b/d", "3")]));
        assert_eq!(write_tree(&dir, &tree(&[("a", "1"), ("b/d", "3")]))?, 0);
        Ok(fs::remove_dir_all(dir)?)
    }

    #[test]
    fn work_is_redone_when_its_input_or_its_result_changes() -> Result<()> {
        let home = folder("once")?;
        let dir = home.join("out");
        let made = Cell::new(0);
        let make = |inputs| {
            make_once(&dir, inputs, || {
                made.set(made.get() + 1);
                write(&dir.join("x"), b"made")
            })
        };
        make(1)?;
        make(1)?;
        assert_eq!(made.get(), 1, "nothing changed");
        make(2)?;
        assert_eq!(made.get(), 2, "another input");
        write(&dir.join("x"), b"spoilt")?;
        make(2)?;
        assert_eq!(made.get(), 3, "a spoilt result");
        Ok(fs::remove_dir_all(home)?)
    }
}
