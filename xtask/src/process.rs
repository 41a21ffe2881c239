//! Other programs: started, watched, and ended with us. Each child leads a process group of its own, so that a signal to us
//! ends its children too: cargo's compilers, the driver's browser. Their stdout goes to our stderr, in one order with ours.

use anyhow::{Context, Result, bail, ensure};
use std::{
    ffi::OsStr,
    io::{self, BufRead, BufReader, IsTerminal, Read, Write},
    iter,
    path::{Path, PathBuf},
    process::{Child, Command, ExitStatus, Stdio},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

static INTERRUPTED: AtomicBool = AtomicBool::new(false);
static RUNNING: Mutex<Vec<u32>> = Mutex::new(Vec::new());

/// How long a child may take to end when asked to.
const PATIENCE: Duration = Duration::from_secs(5);

/// After this much silence a quiet child's last line is shown.
const SILENCE: Duration = Duration::from_secs(15);

/// Whether a signal has asked us to end.
pub(crate) fn interrupted() -> bool {
    INTERRUPTED.load(Ordering::SeqCst)
}

/// On Ctrl-C, a plain `kill` or a closed terminal: ends the running children; whoever waits for them then fails. A second
/// signal ends us at once.
pub(crate) fn end_children_on_signal() -> Result<()> {
    ctrlc::set_handler(|| {
        if INTERRUPTED.swap(true, Ordering::SeqCst) {
            signal_children("KILL");
            std::process::exit(130);
        }
        signal_children("TERM");
        thread::spawn(|| {
            thread::sleep(PATIENCE);
            signal_children("KILL");
        });
    })
    .context("listening for Ctrl-C")
}

fn running() -> MutexGuard<'static, Vec<u32>> {
    RUNNING.lock().unwrap_or_else(PoisonError::into_inner)
}

fn signal_children(signal: &str) {
    for leader in running().iter() {
        // Windows sends Ctrl-C to every process of the console itself.
        if cfg!(unix) {
            let _ = Command::new("kill").args(["-s", signal, "--", &format!("-{leader}")]).status();
        }
    }
}

/// A child on the list of those a signal ends.
struct Running(Child);

impl Running {
    fn start(command: &mut Command) -> Result<Self> {
        ensure!(!interrupted(), "interrupted");
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(command, 0);
        let child = command
            .stdin(Stdio::null())
            .spawn()
            .with_context(|| format!("cannot start {}", name(command)))?;
        running().push(child.id());
        if interrupted() {
            signal_children("TERM");
        }
        Ok(Self(child))
    }

    fn wait(&mut self) -> io::Result<ExitStatus> {
        self.0.wait()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let id = self.0.id();
        running().retain(|leader| *leader != id);
    }
}

/// What was run, for messages: the program without its place, and as many arguments as are read.
fn name(command: &Command) -> String {
    const READ: usize = 72;
    let program = Path::new(command.get_program()).file_name().unwrap_or_default();
    let words: Vec<_> = iter::once(program).chain(command.get_args()).map(OsStr::to_string_lossy).collect();
    let line = words.join(" ");
    let mut shown: String = line.chars().take(READ).collect();
    if shown.len() < line.len() {
        shown.push('…');
    }
    format!("`{shown}`")
}

fn finish(command: &Command, status: ExitStatus) -> Result<()> {
    ensure!(!interrupted(), "interrupted");
    ensure!(status.success(), "{} ended with {status}", name(command));
    Ok(())
}

/// Runs a program whose output a person should see as it comes.
pub(crate) fn run(command: &mut Command) -> Result<()> {
    command.stdout(to_stderr()?);
    run_as_it_is(command)
}

/// Runs a program whose stdout is what was asked for, and so is ours.
pub(crate) fn run_as_it_is(command: &mut Command) -> Result<()> {
    let status = Running::start(command)?.wait()?;
    finish(command, status)
}

#[cfg(unix)]
fn to_stderr() -> Result<Stdio> {
    use std::os::fd::AsFd;
    Ok(io::stderr().as_fd().try_clone_to_owned().context("copying stderr")?.into())
}

#[cfg(not(unix))]
fn to_stderr() -> Result<Stdio> {
    Ok(Stdio::inherit())
}

/// Runs a program that talks more than anybody reads: its last line shows now and then that it lives, all of it only when
/// it fails. Returns its stdout.
pub(crate) fn run_quietly(command: &mut Command) -> Result<String> {
    let mut child = Running::start(command.stdout(Stdio::piped()).stderr(Stdio::piped()))?;
    let log = Arc::new(Log::default());
    let out = child.0.stdout.take().map(|pipe| log.follow(pipe));
    let err = child.0.stderr.take().map(|pipe| log.follow(pipe));
    let showing = log.show_when_silent();
    let status = child.wait()?;
    let read =
        |thread: Option<thread::JoinHandle<String>>| thread.and_then(|t| t.join().ok()).unwrap_or_default();
    let (out, err) = (read(out), read(err));
    log.ended.store(true, Ordering::SeqCst);
    showing.thread().unpark();
    let _ = showing.join();
    finish(command, status).with_context(|| format!("{out}{err}").trim_end().to_owned())?;
    Ok(out)
}

/// What a quiet child said last.
#[derive(Default)]
struct Log {
    last: Mutex<String>,
    ended: AtomicBool,
}

impl Log {
    fn follow(self: &Arc<Self>, pipe: impl Read + Send + 'static) -> thread::JoinHandle<String> {
        let log = Arc::clone(self);
        thread::spawn(move || {
            let mut all = String::new();
            let mut lines = BufReader::new(pipe);
            let mut line = Vec::new();
            while lines.read_until(b'\n', &mut line).is_ok_and(|n| n > 0) {
                let text = String::from_utf8_lossy(&line);
                // Cargo's reports to programs are JSON.
                if !text.trim().is_empty() && !text.starts_with('{') {
                    *log.last.lock().unwrap_or_else(PoisonError::into_inner) = text.trim().to_owned();
                }
                all.push_str(&text);
                line.clear();
            }
            all
        })
    }

    fn show_when_silent(self: &Arc<Self>) -> thread::JoinHandle<()> {
        let log = Arc::clone(self);
        let (every, on_terminal) =
            if io::stderr().is_terminal() { (Duration::from_millis(200), true) } else { (SILENCE, false) };
        thread::spawn(move || {
            let begun = Instant::now();
            let mut next = begun + every;
            while !log.ended.load(Ordering::SeqCst) {
                thread::park_timeout(next.saturating_duration_since(Instant::now()));
                if log.ended.load(Ordering::SeqCst) || Instant::now() < next {
                    continue;
                }
                next += every;
                let last = log.last.lock().unwrap_or_else(PoisonError::into_inner);
                let line: String =
                    format!("{:>4} s  {last}", begun.elapsed().as_secs()).chars().take(96).collect();
                // On a terminal one line is written over, elsewhere a line is added now and then.
                let _ = if on_terminal {
                    write!(io::stderr(), "\r\x1b[2K{line}")
                } else {
                    writeln!(io::stderr(), "{line}")
                };
            }
            if on_terminal {
                let _ = write!(io::stderr(), "\r\x1b[2K");
            }
        })
    }
}

/// What a short question to a program answers, without the white space around it.
pub(crate) fn ask(command: &mut Command) -> Result<String> {
    let output =
        command.stdin(Stdio::null()).output().with_context(|| format!("cannot start {}", name(command)))?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        bail!("{} ended with {}\n{}", name(command), output.status, said.trim_end());
    }
    Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// Where a program is: the variable's word if it is set, else the first of the names that is on the PATH.
pub(crate) fn find_program(variable: &str, names: &[&str]) -> Option<PathBuf> {
    find_program_in(
        std::env::var_os(variable).as_deref(),
        &std::env::var_os("PATH").unwrap_or_default(),
        names,
    )
}

fn find_program_in(chosen: Option<&OsStr>, path: &OsStr, names: &[&str]) -> Option<PathBuf> {
    if let Some(chosen) = chosen.filter(|word| !word.is_empty()) {
        return Some(PathBuf::from(chosen));
    }
    let places: Vec<_> = std::env::split_paths(path).collect();
    names.iter().find_map(|name| places.iter().map(|dir| dir.join(name)).find(|file| file.is_file()))
}

/// The cargo that runs us, at the root.
pub(crate) fn cargo() -> Command {
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.current_dir(crate::paths::root());
    cargo
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_variable_beats_the_path() {
        let found = find_program_in(Some(OsStr::new("/opt/x")), OsStr::new("/usr/bin:/bin"), &["sh"]);
        assert_eq!(found, Some(PathBuf::from("/opt/x")));
    }

    #[test]
    #[cfg(unix)]
    fn the_first_name_that_is_there_is_taken() {
        let found = find_program_in(None, OsStr::new("/bin"), &["no-such-program", "sh"]);
        assert_eq!(found, Some(PathBuf::from("/bin/sh")));
    }

    #[test]
    #[cfg(unix)]
    fn a_quiet_program_that_fails_says_what_it_said() -> Result<()> {
        let failed = run_quietly(Command::new("sh").args(["-c", "echo here; echo there >&2; exit 3"]));
        let Err(error) = failed else { bail!("it should fail") };
        let text = format!("{error:#}");
        assert!(text.contains("here") && text.contains("there") && text.contains("exit status: 3"), "{text}");
        Ok(())
    }
}
