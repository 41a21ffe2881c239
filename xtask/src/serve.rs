//! `cargo xtask start`: the page, served from `target/site/` to this machine alone.

use crate::{build, paths, process};
use anyhow::{Context, Result, anyhow, bail};
use std::{
    fs::File,
    io::Write,
    net::{Ipv4Addr, TcpListener},
    path::{Component, Path, PathBuf},
    sync::Arc,
};
use tiny_http::{Header, Method, Request, Response, Server};

/// Where it is when nobody asked for another place and nobody else is there.
const PORT: u16 = 4180;

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

/// Builds and serves until Ctrl-C.
pub(crate) fn start(port: Option<u16>) -> Result<()> {
    // Before the long work: a port that is taken is said at once.
    let listener = listen(port)?;
    build::command()?;
    let server = Server::from_listener(listener, None).map_err(|error| anyhow!("serving: {error}"))?;
    let address = server.server_addr();
    let server = Arc::new(server);
    let at_signal = Arc::clone(&server);
    process::at_signal(move || at_signal.unblock());

    println!("ready http://{address}/");
    std::io::stdout().flush().context("saying `ready`")?;
    let site = paths::site();
    while !process::interrupted() {
        match server.recv() {
            Ok(request) => answer(request, &site),
            // `unblock` ends the wait; any other trouble is one connection's.
            Err(error) if !process::interrupted() => eprintln!("  serve          {error}"),
            Err(_) => {}
        }
    }
    Ok(())
}

fn listen(port: Option<u16>) -> Result<TcpListener> {
    let on = |port| TcpListener::bind((Ipv4Addr::LOCALHOST, port));
    match port {
        Some(port) => {
            on(port).with_context(|| format!("port {port} cannot be had; name another with --port"))
        }
        None => on(PORT).or_else(|_| on(0)).context("no port can be had on 127.0.0.1"),
    }
}

/// Sends a file, or says why not. A client that has gone away is no trouble of ours.
fn answer(request: Request, site: &Path) {
    if !matches!(request.method(), Method::Get | Method::Head) {
        return refuse(request, 405);
    }
    let Some(path) = file_of(request.url()).map(|path| site.join(path)) else { return refuse(request, 404) };
    let Ok(file) = File::open(&path) else { return refuse(request, 404) };
    if !file.metadata().is_ok_and(|about| about.is_file()) {
        return refuse(request, 404);
    }
    let mut response = Response::from_file(file).with_chunked_threshold(usize::MAX);
    for (name, value) in [("content-type", content_type(&path)), ("cache-control", "no-cache")] {
        if let Ok(header) = Header::from_bytes(name, value) {
            response.add_header(header);
        }
    }
    let _ = request.respond(response);
}

fn refuse(request: Request, status: u16) {
    let _ = request.respond(Response::from_string(format!("{status}\n")).with_status_code(status));
}

/// The file that an address names, as a path inside the site; none for one that would lead out of it.
fn file_of(url: &str) -> Option<PathBuf> {
    let path = url.split(['?', '#']).next()?.strip_prefix('/')?;
    let mut path = percent_decoded(path)?;
    if path.is_empty() || path.ends_with('/') {
        path.push_str("index.html");
    }
    if path.contains(['\\', '\0']) {
        return None;
    }
    let path = PathBuf::from(path);
    path.components().all(|part| matches!(part, Component::Normal(_))).then_some(path)
}

fn percent_decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let mut digit = || char::from(rest.next()?).to_digit(16);
            bytes.push(u8::try_from(digit()? * 16 + digit()?).ok()?);
        } else {
            bytes.push(byte);
        }
    }
    String::from_utf8(bytes).ok()
}

/// What a file is, by its name. Browsers run a module only as JavaScript, and stream one only as wasm.
fn content_type(path: &Path) -> &'static str {
    match path.extension().and_then(|ext| ext.to_str()).unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "json" | "map" | "webmanifest" => "application/json",
        "wasm" => "application/wasm",
        "xml" => "text/xml; charset=utf-8",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "ts" | "cts" | "cjs" | "md" | "txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(url: &str) -> Option<String> {
        file_of(url).map(|path| path.display().to_string())
    }

    #[test]
    fn an_address_names_a_file_of_the_site() {
        assert_eq!(file("/").as_deref(), Some("index.html"));
        assert_eq!(file("/samples/?x=1").as_deref(), Some("samples/index.html"));
        assert_eq!(file("/app.js?v=../2").as_deref(), Some("app.js"));
        assert_eq!(file("/a%20b/%E4%BB%BB.json").as_deref(), Some("a b/任.json"));
    }

    #[test]
    fn no_address_leads_out_of_the_site() {
        for url in [
            "/../Cargo.toml",
            "/a/../../Cargo.toml",
            "/%2e%2e/Cargo.toml",
            "/..%2fCargo.toml",
            "//etc/passwd",
            "/%2Fetc/passwd",
            "/a\\..\\b",
            "/a%00.js",
            "/%zz",
            "/%f",
            "/%ff",
            "",
            "index.html",
        ] {
            assert_eq!(file(url), None, "{url}");
        }
    }

    #[test]
    fn browsers_get_the_types_they_insist_on() {
        let of = |name| content_type(Path::new(name));
        assert_eq!(of("dist/inline.js"), "text/javascript; charset=utf-8");
        assert_eq!(of("dist/core.wasm"), "application/wasm");
        assert_eq!(of("samples/x.xml"), "text/xml; charset=utf-8");
        assert_eq!(of("samples/x.json"), "application/json");
        assert_eq!(of("index.d.ts"), "text/plain; charset=utf-8");
        assert_eq!(of("LICENSE-MIT"), "application/octet-stream");
    }

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
