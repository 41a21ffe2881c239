//! Where things are. Everything made is below the root, so that deleting `target`, `pkg` and `node_modules` undoes it all.

use std::{
    env,
    path::{Path, PathBuf},
};

/// Names another folder to work in, for `release`: it builds the same commit in two of them.
pub(crate) const ROOT: &str = "TASKLENS_ROOT";

/// The repository.
pub(crate) fn root() -> PathBuf {
    if let Some(root) = env::var_os(ROOT) {
        return root.into();
    }
    let xtask = Path::new(env!("CARGO_MANIFEST_DIR"));
    xtask.parent().unwrap_or(xtask).to_path_buf()
}

/// What cargo and we make.
pub(crate) fn target() -> PathBuf {
    root().join("target")
}

/// The wasm builds' own: another rustc than the host's may make them, and two would throw out each other's work.
pub(crate) fn wasm_target_dir() -> PathBuf {
    target().join("wasm")
}

/// Between cargo's module and the package: glue, optimised module, bundles.
pub(crate) fn stage() -> PathBuf {
    target().join("stage")
}

/// The npm package.
pub(crate) fn pkg() -> PathBuf {
    root().join("pkg")
}

/// The page as it is served, with the package beside it.
pub(crate) fn site() -> PathBuf {
    target().join("site")
}

/// A stranger's project that has installed the packed package.
pub(crate) fn consumer() -> PathBuf {
    target().join("consumer")
}

/// The Python packages that try out the proxy's contract.
pub(crate) fn schemathesis(version: &str) -> PathBuf {
    target().join(format!("schemathesis-{version}"))
}

/// A tool of `node_modules`.
pub(crate) fn npm_tool(name: &str) -> PathBuf {
    let name = if cfg!(windows) { format!("{name}.cmd") } else { name.to_owned() };
    root().join("node_modules/.bin").join(name)
}
