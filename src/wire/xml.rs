//! XML text → [`Document`], in one pass over the bytes.
//!
//! A reply consists of `<Name>text</Name>`, which [`Scanner::plain`] reads at one go; whatever is not as plain as that is
//! read piece by piece, by functions of their own: so the loop is short, and a browser, which compiles what is called, does
//! not compile what a reply does without. What may stand inside of a piece, `markup` knows. Elements alone carry data;
//! attributes, comments and processing instructions are checked and skipped. References in brackets are to XML 1.0, fifth
//! edition: <https://www.w3.org/TR/xml/>.

mod markup;

use super::{Document, Format, Kind, Label, Limits, NodeId, Oddity, Span, same, same_inlined};
use crate::error::{Error, ErrorCode, Place, quote};
use crate::text::{cut, slice};
use markup::{BRACKET, Checked, MARKUP, NAME, RETURN, SUSPECT, Stop, broken, class, code_point, legal, word};

/// What text is not simply gone over at.
const STOP: u8 = MARKUP | BRACKET | RETURN | SUSPECT;

/// As nearly every reply declares itself: this one needs no reading.
const DECLARATION: &str = r#"<?xml version="1.0" encoding="UTF-8"?>"#;

/// Not inlined: where all replies are JSON, nothing of this is compiled.
///
/// # Errors
/// `syntax` with the place where the document is not well-formed, `limit` where its nesting is too deep.
#[inline(never)]
pub(crate) fn read<'s>(source: &'s str, limits: &Limits) -> Result<Document<'s>, Error> {
    let document = Document::new(Format::Xml, source);
    let at = if source.starts_with(DECLARATION) { DECLARATION.len() } else { 0 };
    let mut scanner = Scanner { document, source, at, open: Vec::new(), seen_root: false, limits: *limits };
    match scanner.run() {
        Ok(()) => Ok(scanner.document),
        Err(stop) => Err(error(source, stop, limits)),
    }
}

/// A character that is none, wherever it stands, says more of a body than what is wrong with its markup.
#[cold]
fn error<'s>(source: &'s str, stop: Box<Stop<'s>>, limits: &Limits) -> Error {
    let Stop { at, words } = *legal(source).err().unwrap_or(stop);
    let place = Place::of(source, offset(source, at));
    match words {
        Some(words) => Error::new(ErrorCode::Syntax, format!("xml: {words}")).at(place),
        None => limits.too_deep(place),
    }
}

struct Open {
    id: NodeId,
    /// Its name in the source.
    name: (usize, usize),
    /// What text the element holds: nothing yet, one stretch of the source, or several in the side buffer.
    text: Text,
    has_children: bool,
    /// Stray text was reported: once an element is enough.
    reported: bool,
    /// The node whose name the next child is likely to have. Any will do, see [`Scanner::name_again`].
    before: NodeId,
    /// The last child.
    last: NodeId,
}

#[derive(Clone, Copy)]
enum Text {
    None,
    Source(Span),
    Decoded { start: usize },
}

struct Scanner<'s> {
    document: Document<'s>,
    source: &'s str,
    /// How far it has read.
    at: usize,
    open: Vec<Open>,
    seen_root: bool,
    limits: Limits,
}

impl<'s> Scanner<'s> {
    fn run(&mut self) -> Checked<'s> {
        loop {
            match self.rest() {
                [] => return self.finish(),
                [b'<', b'/', ..] => self.end()?,
                [b'<', b'?', ..] => self.instruction()?,
                [b'<', b'!', ..] | [b'&', ..] => self.aside()?,
                [b'<', ..] => {
                    if self.plain().is_none() {
                        self.start()?;
                    }
                }
                _ => {
                    if self.blank().is_none() {
                        self.text()?;
                    }
                }
            }
        }
    }

    fn rest(&self) -> &'s [u8] {
        self.source.as_bytes().get(self.at..).unwrap_or_default()
    }

    /// What is to be read.
    fn here(&self) -> &'s str {
        slice(self.source, self.at, self.source.len())
    }

    fn error(&self, words: impl Into<String>) -> Box<Stop<'s>> {
        broken(self.here(), words)
    }

    fn unclosed(&self, mark: &str) -> Box<Stop<'s>> {
        self.error(format!("expected `{mark}` before the end of the text"))
    }

    /// What most elements do without.
    #[cold]
    fn aside(&mut self) -> Checked<'s> {
        match self.rest() {
            [b'&', ..] => self.reference(),
            _ => self.declared(),
        }
    }

    /// Goes on by so many bytes; what it passes must be legal characters.
    fn take(&mut self, length: usize) -> Checked<'s, &'s str> {
        let piece = slice(self.source, self.at, self.at + length);
        self.at += length;
        legal(piece)
    }

    /// `<Name>`, and the whole element where only text stands before its `</Name>`: without a look at each piece, and
    /// without an entry among the open ones. Of all but these it reads nothing.
    fn plain(&mut self) -> Option<()> {
        let is_second_root = self.open.is_empty() && self.seen_root;
        if is_second_root || self.open.len() > self.limits.depth {
            return None;
        }
        let start = self.at;
        let (label, before) = match self.name_again() {
            Some(again) => again,
            None => self.new_name()?,
        };
        let name = self.document.name_of(label).span.len as usize;
        let (tag, inside) = self.rest().split_at_checked(name + "<>".len())?;
        self.seen_root = true;
        self.child();
        let text_start = start + tag.len();
        let (text, end) = inside.split_at_checked(text_length(inside)).unwrap_or_default();
        let is_whole = is_end_of(end, tag);
        let (span, at) = match is_whole && !text.is_empty() {
            true => (Span::source(text_start, text_start + text.len()), text_start),
            false => (Span::NONE, start),
        };
        let id = self.document.push_labelled(label, Kind::Leaf, span, at);
        match is_whole {
            true => self.at = text_start + text.len() + tag.len() + "/".len(),
            false => {
                self.at = text_start;
                self.push_open(id, (start + 1, text_start - 1), before);
            }
        }
        Some(())
    }

    /// The elements of a list have the same children in the same order: where the text goes on as it did in the one before,
    /// the name is known already. Its label, and what to compare the first child with.
    fn name_again(&mut self) -> Option<(Label, NodeId)> {
        let open = self.open.last()?;
        let (label, likely, next) = match self.is_named_again(open.before) {
            Some(again) => again,
            None => self.is_named_elsewhere(open)?,
        };
        self.open.last_mut()?.before = next;
        Some((label, likely.next()))
    }

    /// The one before may have had another child in between, or this one may be a list itself.
    #[cold]
    fn is_named_elsewhere(&self, open: &Open) -> Option<(Label, NodeId, NodeId)> {
        let (_, skipped) = self.document.label(open.before);
        [skipped, open.last].into_iter().find_map(|likely| self.is_named_again(likely))
    }

    /// Does `<Name>` stand here as it did at that node?
    #[inline(always)]
    fn is_named_again(&self, likely: NodeId) -> Option<(Label, NodeId, NodeId)> {
        let (label, next) = self.document.label(likely);
        let name = self.document.name_of(label).span;
        let start = (name.start as usize).wrapping_sub("<".len());
        let length = "<".len() + name.len as usize;
        let before = self.source.as_bytes().get(start..)?.get(..length)?;
        let (here, behind) = self.rest().split_at_checked(length)?;
        (behind.starts_with(b">") && same_inlined(before, here)).then_some((label, likely, next))
    }

    #[cold]
    fn new_name(&mut self) -> Option<(Label, NodeId)> {
        let from = self.rest().get(1..)?;
        from.first().filter(|byte| byte.is_ascii_alphabetic())?;
        let length = from.iter().position(|byte| class(*byte) & NAME == 0)?;
        if from.get(length) != Some(&b'>') {
            return None;
        }
        let name = Span::source(self.at + 1, self.at + 1 + length);
        Some((self.document.new_label(name), self.document.next()))
    }

    fn push_open(&mut self, id: NodeId, name: (usize, usize), before: NodeId) {
        self.open.push(Open {
            id,
            name,
            text: Text::None,
            has_children: false,
            reported: false,
            before,
            last: id,
        });
    }

    /// The text of an element without children.
    fn set_text(&mut self, id: NodeId, span: Span) {
        if let Some(node) = self.document.node_mut(id) {
            node.text = span;
            if span.start & Span::DECODED == 0 {
                node.at = span.start;
            }
        }
    }

    /// The innermost open element gets a child.
    #[inline(always)]
    fn child(&mut self) {
        let Some(parent) = self.open.last_mut() else { return };
        parent.last = self.document.next();
        if !parent.has_children {
            parent.has_children = true;
            if let Some(node) = self.document.node_mut(parent.id) {
                node.kind = Kind::Object;
            }
        }
        if !matches!(parent.text, Text::None) {
            stray_text(&mut self.document, parent);
            parent.text = Text::None;
        }
    }

    /// Goes behind the tag that begins here: `>` may stand in quotes.
    fn tag(&mut self) -> Checked<'s, &'s str> {
        let mut quote = None;
        for (at, byte) in self.rest().iter().enumerate() {
            match (quote, byte) {
                (None, b'>') => return self.take(at + 1),
                (None, b'"' | b'\'') => quote = Some(*byte),
                (Some(open), byte) if open == *byte => quote = None,
                _ => {}
            }
        }
        Err(self.unclosed(match quote {
            None => ">",
            Some(b'"') => "\"",
            Some(_) => "'",
        }))
    }

    /// A start tag that is not as plain.
    #[cold]
    fn start(&mut self) -> Checked<'s> {
        let start = self.at;
        let piece = self.tag()?;
        if self.open.is_empty() && self.seen_root {
            return Err(broken(piece, "found a second root element"));
        }
        if self.open.len() > self.limits.depth {
            return Err(Box::new(Stop { at: piece, words: None }));
        }
        self.seen_root = true;
        let inside = inner(piece, "<", ">");
        let (name, attributes) = word(inside.strip_suffix('/').unwrap_or(inside));
        markup::check_name(name)?;
        markup::attributes(attributes)?;
        self.child();
        let (from, to) = (start + 1, start + 1 + name.len());
        let id = self.document.push(Span::source(from, to), Kind::Leaf, Span::NONE, start);
        if !inside.ends_with('/') {
            self.push_open(id, (from, to), self.document.next());
        }
        Ok(())
    }

    fn end(&mut self) -> Checked<'s> {
        let Some(mut open) = self.open.pop() else { return self.odd_end(None) };
        let name = self.source.as_bytes().get(open.name.0..open.name.1).unwrap_or_default();
        match self.rest().get("</".len()..).and_then(|rest| rest.split_at_checked(name.len())) {
            Some((found, [b'>', ..])) if same(found, name) => self.at += name.len() + "</>".len(),
            _ => self.odd_end(Some(&open))?,
        }
        if !matches!(open.text, Text::None) {
            match open.has_children {
                true => stray_text(&mut self.document, &mut open),
                false => self.set_text(open.id, resolve(&self.document, open.text)),
            }
        }
        self.document.close(open.id);
        Ok(())
    }

    /// An end tag with white space in it, or of another element than the innermost that is `open`.
    #[cold]
    fn odd_end(&mut self, open: Option<&Open>) -> Checked<'s> {
        let piece = self.tag()?;
        let inside = inner(piece, "</", ">");
        let trimmed = inside.trim_ascii_end();
        let found = if trimmed.is_empty() { inside } else { trimmed };
        let expected = open.map(|open| slice(self.source, open.name.0, open.name.1));
        if expected == Some(found) {
            return Ok(());
        }
        let found = quote(&format!("</{found}>"));
        Err(broken(
            piece,
            match expected {
                Some(expected) => format!("expected `</{expected}>`, found {found}"),
                None => format!("found {found} with no element open"),
            },
        ))
    }

    /// White space around child elements: nothing, so it need not be kept until the element ends.
    fn blank(&mut self) -> Option<()> {
        let open = self.open.last().filter(|open| matches!(open.text, Text::None))?;
        let rest = self.rest();
        let length = rest.iter().position(|byte| !matches!(byte, b' ' | b'\t' | b'\r' | b'\n'))?;
        match rest.get(length..)? {
            [b'<', b'/', ..] if !open.has_children => return None,
            // More text may come behind these.
            [b'<', b'!' | b'?', ..] => return None,
            [b'<', ..] => self.at += length,
            _ => return None,
        }
        Some(())
    }

    /// Text that is not all that its element holds, or that has more to look at.
    #[cold]
    fn text(&mut self) -> Checked<'s> {
        let mut seen = 0;
        let mut is_text = |byte: u8| {
            seen |= class(byte);
            class(byte) & MARKUP == 0
        };
        let rest = self.rest();
        let length = rest.iter().position(|byte| !is_text(*byte)).unwrap_or(rest.len());
        let piece = slice(self.source, self.at, self.at + length);
        if seen & SUSPECT != 0 {
            legal(piece)?;
        }
        self.at += length;
        if self.open.is_empty() {
            return match piece.trim_ascii_start() {
                "" => Ok(()),
                text => Err(broken(text, "expected an element, found text outside of the root")),
            };
        }
        if seen & BRACKET != 0
            && let Some(at) = find(piece.as_bytes(), "]]>")
        {
            let at = slice(piece, at, piece.len());
            return Err(broken(at, "`]]>` is not allowed in text [2.4]"));
        }
        self.append_piece(piece);
        Ok(())
    }

    /// What begins with `<!`.
    fn declared(&mut self) -> Checked<'s> {
        let rest = self.rest();
        match rest.get(2) {
            Some(b'-') => self.comment(),
            Some(b'[') => self.cdata(),
            Some(b'D' | b'd') => Err(self.error("a DOCTYPE is refused: no reply has one")),
            _ => Err(self.error("expected `<!--`, `<![CDATA[` or `<!DOCTYPE` after `<!`")),
        }
    }

    /// Goes behind a piece that stands between two marks, each with an angle bracket.
    fn between(&mut self, front: &str, behind: &str) -> Checked<'s, &'s str> {
        let inside = self.rest().strip_prefix(front.as_bytes());
        match inside.and_then(|inside| find(inside, behind)) {
            None => Err(self.unclosed(behind)),
            Some(length) => {
                let piece = self.take(front.len() + length + behind.len())?;
                Ok(inner(piece, front, behind))
            }
        }
    }

    fn comment(&mut self) -> Checked<'s> {
        let piece = self.between("<!--", "-->")?;
        // The last one and the first of the end make two.
        let last = piece.len().saturating_sub(1);
        let at = piece.as_bytes().windows(2).position(|pair| pair == b"--");
        match at.or(piece.ends_with('-').then_some(last)) {
            None => Ok(()),
            Some(at) => Err(broken(slice(piece, at, piece.len()), "`--` is not allowed in a comment [2.5]")),
        }
    }

    fn cdata(&mut self) -> Checked<'s> {
        let whole = self.here();
        let piece = self.between("<![CDATA[", "]]>")?;
        if self.open.is_empty() {
            return Err(broken(whole, "expected an element, found CDATA outside of the root"));
        }
        self.append_piece(piece);
        Ok(())
    }

    /// What begins with `<?`.
    #[cold]
    fn instruction(&mut self) -> Checked<'s> {
        let (start, whole) = (self.at, self.here());
        let (target, attributes) = word(self.between("<?", "?>")?);
        match target {
            "xml" if start > 0 => Err(broken(whole, "an XML declaration is allowed at the very start only")),
            "xml" => markup::declaration(whole, attributes),
            _ => markup::instruction(target),
        }
    }

    fn reference(&mut self) -> Checked<'s> {
        let inside = self.rest().get(1..).unwrap_or_default();
        let length = inside.iter().position(|byte| matches!(byte, b';' | b'&' | b'<'));
        let Some(length) = length.filter(|length| inside.get(*length) == Some(&b';')) else {
            return Err(self.error("expected `;` after `&`"));
        };
        if self.open.is_empty() {
            return Err(self.error("expected an element, found a reference outside of the root"));
        }
        let whole = self.here();
        let c = markup::dereference(whole, slice(whole, 1, length + 1))?;
        self.at += "&;".len() + length;
        self.append(c.encode_utf8(&mut [0; 4]));
        Ok(())
    }

    /// More text for the innermost open element, its line ends read as line feeds [2.11].
    fn append_piece(&mut self, piece: &'s str) {
        let Some(open) = self.open.last_mut() else { return };
        if matches!(open.text, Text::None) && !piece.bytes().any(|byte| byte == b'\r') {
            let start = offset(self.source, piece);
            open.text = Text::Source(Span::source(start, start + piece.len()));
            return;
        }
        let mut rest = piece;
        while let Some((line, behind)) = cut(rest, b'\r') {
            self.append(line);
            // `\r\n` is one end of a line, and so is `\r` alone.
            if !behind.starts_with('\n') {
                self.append("\n");
            }
            rest = behind;
        }
        self.append(rest);
    }

    fn append(&mut self, text: &str) {
        let Some(open) = self.open.last_mut() else { return };
        if let Text::None | Text::Source(_) = open.text {
            let start = self.document.decoded.len();
            if let Text::Source(span) = open.text {
                let from = span.start as usize;
                let before = slice(self.source, from, from + span.len as usize);
                self.document.decoded.push_str(before);
            }
            open.text = Text::Decoded { start };
        }
        self.document.decoded.push_str(text);
    }

    #[cold]
    fn finish(&self) -> Checked<'s> {
        match self.open.last() {
            Some(open) => Err(self
                .error(format!("expected `</{}>`, found the end of the text", self.document.name(open.id)))),
            None if self.seen_root => Ok(()),
            None => Err(self.error("expected a root element, found the end of the text")),
        }
    }
}

/// How long the text is that is only text, with nothing to look at in it.
///
/// Eight bytes at a time: a byte is no ASCII or one to stop at where its high bit is set in what is `found`; a borrow can
/// set only higher ones than the first (Mycroft's test for a zero byte).
fn text_length(bytes: &[u8]) -> usize {
    const ONES: u64 = u64::MAX / 0xFF;
    let mut at = 0;
    while let Some(eight) = bytes.get(at..).and_then(|rest| rest.first_chunk()) {
        let word = u64::from_le_bytes(*eight);
        let without = |byte: u8| (word ^ (ONES * u64::from(byte))).wrapping_sub(ONES);
        let found =
            without(b'<') | without(b'&') | without(b']') | word.wrapping_sub(ONES * u64::from(b' ')) | word;
        let found = found & (ONES << 7);
        if found != 0 {
            at += (found.trailing_zeros() / 8) as usize;
            break;
        }
        at += 8;
    }
    while bytes.get(at).is_some_and(|byte| class(*byte) & STOP == 0) {
        at += 1;
    }
    at
}

/// Does `</Name>` stand here, where the start tag is `<Name>`?
#[inline(always)]
fn is_end_of(text: &[u8], tag: &[u8]) -> bool {
    let (Some(name), Some(end)) = (tag.get(1..), text.strip_prefix(b"</")) else { return false };
    end.get(..name.len()).is_some_and(|end| same_inlined(end, name))
}

/// Where `mark` stands first, which ends with `>`.
fn find(text: &[u8], mark: &str) -> Option<usize> {
    let ends = text.iter().enumerate().filter(|(_, byte)| **byte == b'>').map(|(at, _)| at + 1);
    let mut found = ends.filter(|end| text.get(..*end).is_some_and(|text| text.ends_with(mark.as_bytes())));
    found.next().map(|end| end - mark.len())
}

/// Where a piece of the source begins in it.
fn offset(source: &str, piece: &str) -> usize {
    piece.as_ptr().addr().saturating_sub(source.as_ptr().addr())
}

/// A piece without the markup in front and behind.
fn inner<'s>(piece: &'s str, front: &str, behind: &str) -> &'s str {
    piece.strip_prefix(front).and_then(|piece| piece.strip_suffix(behind)).unwrap_or_default()
}

fn resolve(document: &Document<'_>, text: Text) -> Span {
    match text {
        Text::None => Span::NONE,
        Text::Source(span) => span,
        Text::Decoded { start } => Span::decoded(start, document.decoded.len()),
    }
}

/// Text beside child elements: white space is nothing, the rest belongs to no field and is reported.
#[cold]
fn stray_text(document: &mut Document<'_>, open: &mut Open) {
    let text = document.span(resolve(document, open.text));
    let stray = text.trim_ascii();
    if stray.is_empty() || open.reported {
        return;
    }
    open.reported = true;
    // White space that XML does not take for it, such as U+00A0 in three published samples, would not be seen.
    let shown = match stray.chars().next().filter(|c| c.is_whitespace()) {
        Some(unseen) => code_point(unseen),
        None => quote(stray),
    };
    let message = format!("text beside child elements belongs to no field: {shown}");
    let at = match open.text {
        Text::Source(span) => span.start as usize + text.len() - text.trim_ascii_start().len(),
        Text::None | Text::Decoded { .. } => document.at(open.id),
    };
    document.oddities.push(Oddity { code: "mixed-content", node: open.id, at, message });
}
