//! A compiler with a standard library for wasm32. The active toolchain's, where it has one; else, on Debian, its own rustc
//! with a standard library built once from its own sources. A toolchain is never changed: that is for its owner to do.
//!
//! Where the standard library is built here, the package's modules get one of their own in which a panic is a bare trap
//! ([`Std::Trapping`]). Nobody would hear its words: a module of ours writes to no console.

use super::debian;
use crate::{files, paths, process, report::Step};
use anyhow::{Context, Result, bail, ensure};
use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
};

pub(crate) const TARGET: &str = "wasm32-unknown-unknown";

/// Debian's rust that keeps up with the browsers', its sources, and a linker for wasm (which `rust-lld` points to, without
/// depending on it).
const PACKAGES: [&str; 4] = ["rustc-web", "cargo-web", "rust-web-src", "rust-web-llvm"];
const CLIPPY_PACKAGE: &str = "rust-web-clippy";
const RUSTC: &str = "/usr/bin/rustc";
const CARGO: &str = "/usr/bin/cargo";
const CARGO_CLIPPY: &str = "/usr/bin/cargo-clippy";
const RUST_LLD: &str = "/usr/bin/rust-lld";

/// Changes with how the standard library is built, so that an older one is not taken for it.
const STD_REVISION: u32 = 4;

/// What becomes of a panic.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Std {
    /// It tells what and where: in tests.
    Telling,
    /// It traps: no text, no place, nothing to put them together with. A tenth less to download.
    Trapping,
}

/// The first flag is rustc's own and not yet stable, so it needs the bootstrap switch, in the standard library and in all above
/// it. That switch alone would give functions longer names, which the glue repeats. The rest is LLVM's: what is copied or
/// compared in more than two steps is left to `memory.copy` and `memcmp` (1.4 % less to download, reading as fast as before;
/// in more than one step it is 5 % slower); and loops and loads are not given further variables to save an addition or a load,
/// which engines of WebAssembly see to themselves (1.7 %, as fast).
const TRAPPING: [&str; 8] = [
    "-Zunstable-options",
    "-Cpanic=immediate-abort",
    "-Csymbol-mangling-version=legacy",
    "-Cllvm-args=-max-store-memcpy=2",
    "-Cllvm-args=-max-store-memmove=2",
    "-Cllvm-args=-max-loads-per-memcmp-opt-size=1",
    "-Cllvm-args=-disable-lsr",
    "-Cllvm-args=-enable-load-pre=false",
];

/// A compiler that can build for wasm32, as a plain `cargo` needs to be told of it.
pub(crate) struct WasmTarget {
    env: Vec<(&'static str, PathBuf)>,
    rustflags: Vec<String>,
    /// Those of the package's modules, where the standard library is ours.
    trapping: Option<Vec<String>>,
    /// The linter of the same compiler: it reads no other's libraries.
    clippy: Clippy,
}

enum Clippy {
    OfCargo,
    /// Debian's, which is a package of its own.
    OfDebian,
}

impl Std {
    fn name(self) -> &'static str {
        match self {
            Self::Telling => "telling",
            Self::Trapping => "trapping",
        }
    }

    fn rustflags(self) -> &'static [&'static str] {
        match self {
            Self::Telling => &[],
            Self::Trapping => &TRAPPING,
        }
    }

    /// Its features: what is in a module is smaller before it is faster (2 % of it).
    fn features(self) -> &'static str {
        match self {
            Self::Telling => "-Zbuild-std-features=",
            Self::Trapping => "-Zbuild-std-features=optimize_for_size",
        }
    }
}

impl WasmTarget {
    /// A cargo that builds for wasm32.
    pub(crate) fn cargo(&self) -> Command {
        self.told(process::cargo())
    }

    /// A cargo that builds the package's modules, of which LLVM is told this besides.
    pub(crate) fn cargo_for_modules(&self, llvm: &[&str]) -> Command {
        let mut cargo = self.cargo();
        if self.trapping.is_some() {
            cargo.env("RUSTC_BOOTSTRAP", "1");
        }
        let mut rustflags = self.trapping.as_ref().unwrap_or(&self.rustflags).clone();
        rustflags.extend(llvm.iter().map(|option| format!("-Cllvm-args={option}")));
        cargo.env("CARGO_ENCODED_RUSTFLAGS", rustflags.join("\x1f"));
        cargo
    }

    /// `cargo clippy` for wasm32, or why there is none.
    pub(crate) fn clippy(&self) -> Result<Command, &'static str> {
        let mut clippy = match self.clippy {
            Clippy::OfCargo => process::cargo(),
            Clippy::OfDebian => Command::new(CARGO_CLIPPY),
        };
        let there = match self.clippy {
            Clippy::OfCargo => process::ask(process::cargo().args(["clippy", "--version"])).is_ok(),
            Clippy::OfDebian => Path::new(CARGO_CLIPPY).is_file(),
        };
        clippy.current_dir(paths::root()).arg("clippy");
        match (there, &self.clippy) {
            (true, _) => Ok(self.told(clippy)),
            (false, Clippy::OfCargo) => {
                Err("the toolchain has no clippy; `rustup component add clippy` gets it")
            }
            (false, Clippy::OfDebian) => {
                Err("Debian's clippy is not here; as root, `cargo xtask setup` gets it")
            }
        }
    }

    /// All builds for wasm have the same flags, so that they share what they make.
    fn told(&self, mut command: Command) -> Command {
        for ours_alone in ["RUSTFLAGS", "CARGO_BUILD_TARGET", "CARGO_BUILD_RUSTFLAGS"] {
            command.env_remove(ours_alone);
        }
        command.envs(self.env.iter().map(|(key, value)| (key, value)));
        // With `--target`, these reach neither proc macros nor build scripts.
        command.env("CARGO_ENCODED_RUSTFLAGS", self.rustflags.join("\x1f"));
        command.env("CARGO_TARGET_DIR", paths::wasm_target_dir());
        command
    }
}

fn active() -> String {
    env::var("RUSTC").unwrap_or_else(|_| "rustc".to_owned())
}

/// Is there a standard library that came with the toolchain? Then none is built here.
pub(crate) fn is_toolchains_own() -> bool {
    has_std(&active())
}

/// Finds such a compiler or makes one.
pub(crate) fn find_or_make(step: &Step) -> Result<WasmTarget> {
    if is_toolchains_own() {
        step.detail(format!("{} has it", active()));
        return Ok(WasmTarget {
            env: Vec::new(),
            rustflags: anonymous_paths()?,
            trapping: None,
            clippy: Clippy::OfCargo,
        });
    }
    if !debian::is_debian() {
        bail!("{}", instructions());
    }
    from_debian(step).with_context(instructions)
}

/// Sees to the linter, where it is a package of its own. Only one part of the tests needs it.
pub(crate) fn find_or_install_clippy(step: &Step, wasm: &WasmTarget) -> Result<()> {
    let Err(why) = wasm.clippy() else { return Ok(()) };
    step.note(why);
    if let Clippy::OfDebian = wasm.clippy
        && let Err(error) = debian::install(step, &[CLIPPY_PACKAGE])
    {
        step.note(&format!("{error:#}"));
    }
    Ok(())
}

fn instructions() -> String {
    format!(
        "no compiler here has a standard library for {TARGET}; run one of\n  rustup target add {TARGET}\n  {}\n",
        debian::by_hand(&format!(
            "{} lld-NN   (on Debian; NN as in `readlink {RUST_LLD}`)",
            PACKAGES.join(" ")
        ))
    )
}

fn has_std(rustc: &str) -> bool {
    let mut command = Command::new(rustc);
    command.current_dir(paths::root()).args(["--target", TARGET, "--print", "target-libdir"]);
    let Ok(dir) = process::ask(&mut command) else { return false };
    let is_core = |name: &str| name.starts_with("libcore-");
    fs::read_dir(dir)
        .is_ok_and(|files| files.flatten().any(|file| file.file_name().to_str().is_some_and(is_core)))
}

/// Flags that keep the places of this machine out of what panics say, so that two machines build the same module.
fn anonymous_paths() -> Result<Vec<String>> {
    let mut flags = anonymous_crates()?;
    flags.push(format!("--remap-path-prefix={}=tasklens", paths::root().display()));
    Ok(flags)
}

/// Those for the crates that cargo has fetched, of which the standard library uses some.
fn anonymous_crates() -> Result<Vec<String>> {
    let home = env::var_os("CARGO_HOME").map(PathBuf::from);
    let home = home.or_else(|| env::home_dir().map(|home| home.join(".cargo")));
    let mut flags = Vec::new();
    if let Some(sources) = home.map(|home| home.join("registry/src")).filter(|dir| dir.is_dir()) {
        for registry in fs::read_dir(&sources)?.flatten() {
            flags.push(format!("--remap-path-prefix={}=deps", registry.path().display()));
        }
    }
    flags.sort();
    Ok(flags)
}

fn from_debian(step: &Step) -> Result<WasmTarget> {
    install(step)?;
    let rust = files_of_rust()?;
    let about = process::ask(Command::new(RUSTC).arg("-vV"))?;
    let field = |key: &str| {
        about.lines().find_map(|line| line.strip_prefix(key)).unwrap_or_default().trim().to_owned()
    };
    let release = field("release:");
    // Debian may rebuild a release: rustc itself does not tell its revisions apart.
    let package = debian::version("rustc-web").unwrap_or_else(|| release.clone());
    let place = paths::target().join("wasm-sysroot").join(sysroot_name(&package, &field("commit-hash:")));
    let flags = |std: Std| -> Result<Vec<String>> {
        let sysroot = place.join(std.name());
        if !sysroot.join("done").is_file() {
            step.doing(&format!("building its standard library ({}), once", std.name()));
            build_std(&rust, &sysroot, std)?;
            files::write(&sysroot.join("done"), about.as_bytes())?;
        }
        let mut flags = vec![format!("--sysroot={}", sysroot.display())];
        flags.extend(anonymous_paths()?);
        flags.extend(std.rustflags().iter().map(|flag| (*flag).to_owned()));
        Ok(flags)
    };
    let (rustflags, trapping) = (flags(Std::Telling)?, flags(Std::Trapping)?);
    step.detail(format!("Debian's rustc {release}, with a standard library in {}", shown(&place)));
    let linker = linker()?;
    Ok(WasmTarget {
        env: vec![("RUSTC", RUSTC.into()), ("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", linker)],
        rustflags,
        trapping: Some(trapping),
        clippy: Clippy::OfDebian,
    })
}

fn shown(path: &Path) -> String {
    path.strip_prefix(paths::root()).unwrap_or(path).display().to_string()
}

/// A folder name that differs whenever the standard library would.
fn sysroot_name(package: &str, commit: &str) -> String {
    let plain: String = package
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() || ".-".contains(c) { c } else { '_' })
        .collect();
    let commit = commit.get(..9).unwrap_or("unknown");
    format!("{plain}-{commit}-{STD_REVISION}")
}

fn install(step: &Step) -> Result<()> {
    if !Path::new(RUSTC).is_file() || !Path::new(CARGO).is_file() || files_of_rust().is_err() {
        debian::install(step, &PACKAGES)?;
    }
    if linker().is_err() {
        if !Path::new(RUST_LLD).is_symlink() {
            debian::install(step, &["rust-web-llvm"])?;
        }
        let lld = fs::read_link(RUST_LLD).with_context(|| format!("reading the link {RUST_LLD}"))?;
        let package = lld.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        ensure!(package.starts_with("lld-"), "{RUST_LLD} points to `{}`, expected lld-NN", lld.display());
        debian::install(step, &[package])?;
    }
    Ok(())
}

/// The folder of Debian's rustc that holds its sources.
fn files_of_rust() -> Result<PathBuf> {
    let sysroot = process::ask(Command::new(RUSTC).args(["--print", "sysroot"]))?;
    let source = Path::new(&sysroot).join("lib/rustlib/src/rust");
    ensure!(source.join("library/std/Cargo.toml").is_file(), "{} has no sources of std", source.display());
    Ok(source)
}

/// rustc's default linker for wasm, else the newest of its other name.
fn linker() -> Result<PathBuf> {
    let mut newest: Option<(u32, PathBuf)> = None;
    for dir in env::split_paths(&env::var_os("PATH").unwrap_or_default()) {
        // The link is there before what it points to is.
        if dir.join("rust-lld").is_file() {
            return Ok(dir.join("rust-lld"));
        }
        for file in fs::read_dir(&dir).into_iter().flatten().flatten() {
            let version =
                file.file_name().to_str().and_then(|name| name.strip_prefix("wasm-ld-")?.parse().ok());
            if let Some(version) =
                version.filter(|version| newest.as_ref().is_none_or(|(best, _)| version > best))
            {
                newest = Some((version, file.path()));
            }
        }
    }
    newest.map(|(_, path)| path).context("no linker for wasm is on the PATH; install rust-lld or wasm-ld")
}

/// Builds the standard library and puts it where `--sysroot` looks. The bootstrap switch is for this build alone.
fn build_std(source: &Path, sysroot: &Path, std: Std) -> Result<()> {
    let work = sysroot.join("build");
    let lib = sysroot.join("lib/rustlib").join(TARGET).join("lib");
    let manifest =
        "[package]\nname = \"std-for-wasm\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[workspace]\n";
    files::write(&work.join("Cargo.toml"), manifest.as_bytes())?;
    files::write(&work.join("src/lib.rs"), b"")?;
    let mut cargo = Command::new(CARGO);
    cargo
        .current_dir(&work)
        .args(["build", "--release", "--message-format=json", "--target", TARGET, "--target-dir"])
        .arg(work.join("target"))
        // `test` and `proc_macro` are what `cargo test` links besides.
        .args(["-Zbuild-std=std,panic_abort,test,proc_macro", std.features()])
        .env("RUSTC_BOOTSTRAP", "1")
        .env("RUSTC", RUSTC)
        .env("CARGO_ENCODED_RUSTFLAGS", std_rustflags(source, std)?)
        // Small before fast, as the module: 3 to 5 % less to download.
        .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "s")
        .env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "1")
        .env("CARGO_PROFILE_RELEASE_PANIC", "abort")
        .env_remove("RUSTFLAGS")
        .env_remove("CARGO_BUILD_TARGET");
    let messages = process::run_quietly(&mut cargo).context("building std for wasm")?;
    let libraries: Vec<_> = messages.lines().flat_map(libraries).collect();
    ensure!(!libraries.is_empty(), "building std for wasm made no library");
    let _ = fs::remove_dir_all(&lib);
    fs::create_dir_all(&lib)?;
    for library in libraries {
        let name = library.file_name().context("a library without a name")?;
        fs::copy(&library, lib.join(name)).with_context(|| format!("copying {}", library.display()))?;
    }
    fs::remove_dir_all(&work).context("removing what std was built in")
}

fn std_rustflags(source: &Path, std: Std) -> Result<String> {
    let mut flags = vec!["-Cembed-bitcode=yes".to_owned()];
    flags.extend(std.rustflags().iter().map(|flag| (*flag).to_owned()));
    flags.push(format!("--remap-path-prefix={}=rust", source.display()));
    flags.extend(anonymous_crates()?);
    Ok(flags.join("\x1f"))
}

/// The wasm libraries that one of cargo's messages tells of.
fn libraries(message: &str) -> Vec<PathBuf> {
    let Ok(message) = serde_json::from_str::<serde_json::Value>(message) else { return Vec::new() };
    let text = |pointer| message.pointer(pointer).and_then(|value| value.as_str());
    if text("/reason") != Some("compiler-artifact") || text("/target/name") == Some("std_for_wasm") {
        return Vec::new();
    }
    let files = message.pointer("/filenames").and_then(|files| files.as_array());
    let files = files.into_iter().flatten().filter_map(|file| file.as_str()).map(PathBuf::from);
    let of_wasm = |file: &PathBuf| file.components().any(|part| part.as_os_str() == TARGET);
    files.filter(|file| file.extension().is_some_and(|ext| ext == "rlib") && of_wasm(file)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rebuilt_debian_package_gets_a_folder_of_its_own() {
        let name = |package| sysroot_name(package, "59807616e1aa");
        let ours = format!("1.95.0_dfsg1-1_deb12u1-59807616e-{STD_REVISION}");
        assert_eq!(name("1.95.0+dfsg1-1~deb12u1"), ours);
        assert_ne!(name("1.95.0+dfsg1-1~deb12u1"), name("1.95.0+dfsg1-1~deb12u2"));
        assert_eq!(sysroot_name("1.95.0", ""), format!("1.95.0-unknown-{STD_REVISION}"));
    }

    #[test]
    fn only_the_wasm_libraries_of_std_are_taken() {
        let message = |name, file| {
            format!(r#"{{"reason":"compiler-artifact","target":{{"name":"{name}"}},"filenames":["{file}"]}}"#)
        };
        let taken = |name, file| libraries(&message(name, file)).len();
        assert_eq!(taken("core", "/t/wasm32-unknown-unknown/release/deps/libcore-1.rlib"), 1);
        assert_eq!(taken("core", "/t/wasm32-unknown-unknown/release/deps/libcore-1.rmeta"), 0);
        assert_eq!(taken("build-script-build", "/t/release/build/libx.rlib"), 0);
        assert_eq!(taken("std_for_wasm", "/t/wasm32-unknown-unknown/release/libstd_for_wasm.rlib"), 0);
        assert!(libraries("warning: not a message").is_empty());
    }
}
