//! A walk over every page of a list: each task once, in order, though the list shifts meanwhile. It says what to ask; the
//! caller asks.
//!
//! ```text
//!  by number (ECS)     1 ─▶ 2 ─▶ 3 ─▶ … until a page is short, or the total is reached
//!                           ▲    │
//!                           └────┘ the total shrank: tasks of page 3 may have slipped onto page 2, which is read again
//!
//!  by token (BDRC)     "" ─▶ token ─▶ token ─▶ … until there is none; one that comes again ends the walk with an error
//! ```
//!
//! A task that is put in before the page moves others onto a page that is still to come: they come twice, and are dropped
//! by their ids.

use super::Call;
use crate::error::{Error, ErrorCode};
use crate::model::{Operation, Page, Task, TaskList};
use crate::text::{self, Texts};

/// How often in a row earlier pages are read again before the walk goes on regardless: a list that shrinks with every
/// look would hold it for ever.
const MOST_AGAIN: u32 = 5;

/// A walk over the pages of a list.
///
/// ```
/// use tasklens::{Argument, Body, Call, Operation, Pages, ParseOptions, parse};
///
/// let region = ("regionId".to_owned(), Argument::from("cn-shanghai"));
/// let mut pages = Pages::new(Call::new(Operation::BdrcDescribeTasks, [region])?)?;
/// let replies = [
///     r#"{"Data":{"Content":[{"TaskId":"a","TaskStatus":"RUNNING"}],"NextToken":"x"}}"#,
///     r#"{"Data":{"Content":[{"TaskId":"b","TaskStatus":"RUNNING"}],"NextToken":""}}"#,
/// ];
/// let (mut replies, mut found) = (replies.iter(), Vec::new());
/// while let Some(call) = pages.next()? {
///     let body = replies.next().unwrap(); // the caller sends `call`
///     let Body::Tasks(list) = parse(body.as_bytes(), &ParseOptions::default())?.body else { panic!("a list") };
///     found.extend(pages.take(list).into_iter().map(|task| task.id));
/// }
/// assert_eq!(found, ["a", "b"]);
/// # Ok::<(), tasklens::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Pages {
    /// For the page that comes next, where one comes.
    call: Call,
    then: Then,
    turn: Turn,
    seen: Texts,
    /// Pages in a row that brought nothing new.
    stale: u32,
}

/// What comes after a page.
#[derive(Clone, Debug)]
enum Then {
    Page,
    /// One that lies before: what is on this one will be read again.
    Again,
    End,
    /// The pages would never end: the path, and what is there.
    Never(&'static str, String),
}

/// How the next page is asked for.
#[derive(Clone, Debug)]
enum Turn {
    Number(Number),
    /// All tokens so far.
    Token(Texts),
}

/// Where a walk by number stands.
#[derive(Clone, Debug)]
struct Number {
    first: u64,
    size: u64,
    /// The page asked for.
    current: u64,
    furthest: u64,
    total: Option<u64>,
    again: u32,
}

impl Pages {
    /// How many pages in a row may bring nothing new: a server that does not page would hold the walk for ever.
    pub const MOST_STALE: u32 = 10;

    /// A walk that begins where `list` does.
    ///
    /// # Errors
    /// `request`, where that operation has no pages.
    pub fn new(list: Call) -> Result<Self, Error> {
        let (operation, mut call) = (list.operation(), list);
        let mut number = |wire, default| {
            let number = call.value(wire).and_then(text::number).unwrap_or(default);
            call.set(wire, number.to_string());
            number
        };
        let most = Call::MOST_IDS as u64;
        let turn = match operation {
            Operation::EcsDescribeTasks => {
                let (first, size) = (number("PageNumber", 1), number("PageSize", most));
                Turn::Number(Number { first, size, current: first, furthest: 0, total: None, again: 0 })
            }
            Operation::BdrcDescribeTasks => {
                number("MaxResults", most);
                let mut tokens = Texts::default();
                if let Some(token) = call.value("NextToken") {
                    tokens.add(token);
                }
                Turn::Token(tokens)
            }
            other => {
                let detail =
                    format!("expected `ecs.DescribeTasks` or `bdrc.DescribeTasks`, found `{}`", other.name());
                return Err(Error::new(ErrorCode::Request, detail).path("operation"));
            }
        };
        Ok(Self { call, then: Then::Page, turn, seen: Texts::default(), stale: 0 })
    }

    /// What to ask now; `None` at the end.
    ///
    /// # Errors
    /// `invalid`, where the server's pages would never end.
    pub fn next(&self) -> Result<Option<&Call>, Error> {
        match &self.then {
            Then::Page | Then::Again => Ok(Some(&self.call)),
            Then::End => Ok(None),
            Then::Never(path, detail) => {
                let detail = format!("{detail}; the list would never end");
                Err(Error::new(ErrorCode::Invalid, detail).path(*path))
            }
        }
    }

    /// Takes the page that was asked for; returns its tasks that no page before had.
    pub fn take<'s>(&mut self, mut list: TaskList<'s>) -> Vec<Task<'s>> {
        self.sift(&mut list);
        list.tasks
    }

    /// As [`Pages::take`], leaving those tasks in the list.
    pub(crate) fn sift(&mut self, list: &mut TaskList<'_>) {
        let tasks = &mut list.tasks;
        if !matches!(self.then, Then::Page | Then::Again) {
            return tasks.clear();
        }
        let had = !tasks.is_empty();
        self.then = match &mut self.turn {
            Turn::Number(number) => {
                let then = number.step(&list.page, tasks.len());
                self.call.set("PageNumber", number.current.to_string());
                then
            }
            Turn::Token(tokens) => match list.page.next_token.as_deref() {
                None => Then::End,
                Some(token) if tokens.add(token).is_some() => {
                    Then::Never("$.Data.NextToken", "the token of a page before came again".to_owned())
                }
                Some(token) => {
                    self.call.set("NextToken", token.to_owned());
                    Then::Page
                }
            },
        };
        if let Then::Again = self.then {
            return tasks.clear();
        }
        tasks.retain(|task| self.seen.add(&task.id).is_none());
        self.stale = if tasks.is_empty() { self.stale + 1 } else { 0 };
        if let (Then::Page, Self::MOST_STALE..) = (&self.then, self.stale) {
            let what = if had { "only tasks of pages before" } else { "no task" };
            self.then = Then::Never("$", format!("{} pages in a row hold {what}", Self::MOST_STALE));
        }
    }
}

impl Number {
    fn step(&mut self, page: &Page<'_>, count: usize) -> Then {
        // A server may hold its pages smaller than was asked for.
        let size = page.size.filter(|size| *size > 0).map_or(self.size, |size| size.min(self.size));
        let before = self.total;
        self.total = page.total.or(before);
        let slipped = before.zip(page.total).map_or(0, |(before, now)| before.saturating_sub(now));
        if slipped > 0 && self.current > self.first && self.again < MOST_AGAIN {
            self.again += 1;
            self.current = self.current.saturating_sub(slipped.div_ceil(size)).max(self.first);
            return Then::Again;
        }
        if self.current > self.furthest {
            self.furthest = self.current;
            self.again = 0;
        }
        let is_short = (count as u64) < size;
        let is_last = page.total.is_some_and(|total| self.current >= total.div_ceil(size));
        if is_short || is_last {
            return Then::End;
        }
        self.current += 1;
        Then::Page
    }
}
