//! A browser for the tests, its driver, and letters for Chinese.

use super::debian;
use crate::{files, paths, process, report::Step};
use anyhow::{Context, Result, bail, ensure};
use std::{
    path::{Path, PathBuf},
    process::Command,
};

/// Debian's browser and driver are of one version; a machine without Chinese letters draws boxes.
const PACKAGES: [&str; 2] = ["chromium", "chromium-driver"];
const FONTS: &str = "fonts-noto-cjk";

const NAMES: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
const MAC: &str = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome";

/// Flags of every test browser: no window, no sandbox (root has none), nothing sent anywhere in the background.
const FLAGS: [&str; 8] = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
];

/// Where they are.
pub(crate) struct Chromium {
    pub(crate) browser: PathBuf,
    pub(crate) driver: PathBuf,
}

/// Finds them, or installs Debian's.
pub(crate) fn find_or_install(step: &Step) -> Result<Chromium> {
    let debian = debian::is_debian();
    if find().is_err() && debian {
        debian::install(step, &PACKAGES)?;
    }
    if debian && debian::version(FONTS).is_none() {
        // Without them the tests pass; only what they draw is harder to look at.
        if let Err(error) = debian::install(step, &[FONTS]) {
            step.note(&format!("Chinese letters will be boxes in screenshots: {error:#}"));
        }
    }
    let found = find()?;
    let browser = version(&found.browser)?;
    let driver = version(&found.driver)?;
    ensure!(
        major(&browser) == major(&driver),
        "{} is `{browser}` and {} is `{driver}`; install a driver of the browser's version, or set CHROMEDRIVER to it",
        found.browser.display(),
        found.driver.display()
    );
    step.detail(browser);
    Ok(found)
}

fn find() -> Result<Chromium> {
    let mac = Some(PathBuf::from(MAC)).filter(|path| path.is_file());
    let Some(browser) = process::find_program("CHROME_PATH", &NAMES).or(mac) else {
        bail!(
            "no Chromium or Chrome is here; install one and its driver, or set CHROME_PATH and CHROMEDRIVER; on Debian:\n  {}",
            debian::by_hand(&PACKAGES.join(" "))
        );
    };
    let driver = process::find_program("CHROMEDRIVER", &["chromedriver"]).with_context(|| {
        format!("{} has no chromedriver; install one of its version, or set CHROMEDRIVER", browser.display())
    })?;
    Ok(Chromium { browser, driver })
}

/// `Chromium 156.0.7890.12`, without what comes after.
fn version(program: &Path) -> Result<String> {
    let said = process::ask(Command::new(program).arg("--version"))
        .with_context(|| format!("{} does not start", program.display()))?;
    Ok(said
        .split_whitespace()
        .take_while(|word| *word != "built" && !word.starts_with('('))
        .collect::<Vec<_>>()
        .join(" "))
}

/// The first number of the first word that is a version.
fn major(version: &str) -> Option<u32> {
    version.split_whitespace().find_map(|word| word.split_once('.')?.0.parse().ok())
}

impl Chromium {
    /// Writes down, for the wasm tests' driver, which browser to start and how.
    pub(crate) fn webdriver_json(&self) -> Result<PathBuf> {
        let path = paths::target().join("webdriver.json");
        let options = serde_json::json!({ "goog:chromeOptions": { "binary": self.browser, "args": FLAGS } });
        files::write(&path, options.to_string().as_bytes())?;
        Ok(path)
    }
}

#[cfg(test)]
mod tests {
    use super::major;

    #[test]
    fn browser_and_driver_are_compared_by_their_major_version() {
        assert_eq!(major("Chromium 156.0.7890.12"), Some(156));
        assert_eq!(major("ChromeDriver 156.0.7890.99"), Some(156));
        assert_eq!(major("Google Chrome 9.1"), Some(9));
        assert_eq!(major("something else"), None);
    }
}
