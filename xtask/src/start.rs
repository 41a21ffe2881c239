//! `cargo xtask start`: the Worker with its page and a cloud behind it, on this machine alone.

use crate::{build, paths, process, test};
use anyhow::{Context, Result, bail};
use std::{
    net::{Ipv4Addr, TcpListener},
    process::Command,
};

/// The port of `--port N`, if it is given.
pub(crate) fn port(args: &[&str]) -> Result<Option<u16>> {
    let word = match args {
        [] => return Ok(None),
        ["--port", word] => word,
        [word] => word.strip_prefix("--port=").with_context(|| unexpected(args))?,
        _ => bail!("{}", unexpected(args)),
    };
    word.parse()
        .map(Some)
        .with_context(|| format!("--port: expected a number from 0 to 65535, found `{word}`"))
}

fn unexpected(args: &[&str]) -> String {
    format!("start: expected `--port N` or nothing, found `{}`", args.join(" "))
}

/// Builds and runs until Ctrl-C.
pub(crate) fn start(port: Option<u16>) -> Result<()> {
    // Before the long work: a port that is taken is said at once.
    if let Some(port) = port {
        TcpListener::bind((Ipv4Addr::LOCALHOST, port))
            .with_context(|| format!("port {port} cannot be had; name another with --port"))?;
    }
    build::command()?;
    test::install_as_stranger()?;
    let mut node = Command::new("node");
    node.arg(paths::root().join("xtask/src/start.mjs")).arg(paths::site());
    node.args(port.map(|port| port.to_string()));
    process::run_as_it_is(node.env("TASKLENS_CONSUMER", paths::consumer()).current_dir(paths::root()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_port_is_asked_for_in_one_way() {
        let text = |args: &[&str]| port(args).map_err(|error| error.to_string());
        assert_eq!(text(&[]), Ok(None));
        assert_eq!(text(&["--port", "8080"]), Ok(Some(8080)));
        assert_eq!(text(&["--port=8080"]), Ok(Some(8080)));
        assert_eq!(
            text(&["--port", "70000"]),
            Err("--port: expected a number from 0 to 65535, found `70000`".to_owned())
        );
        assert_eq!(text(&["8080"]), Err("start: expected `--port N` or nothing, found `8080`".to_owned()));
    }
}
