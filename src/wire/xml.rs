//! XML text → [`Document`].
//!
//! quick-xml cuts the text into events and checks that tags match; what it leaves open of well-formedness is checked
//! here on each event's own stretch of the text: names, attributes, references, legal characters, one root, the
//! declaration. Elements alone carry data; attributes, comments and processing instructions are checked and skipped.
//! References in brackets are to XML 1.0, fifth edition: <https://www.w3.org/TR/xml/>.

use super::{Document, Format, Kind, Limits, NodeId, Oddity, Span};
use crate::error::{Error, ErrorCode, Place, quote};
use quick_xml::Reader;
use quick_xml::events::Event;

/// # Errors
/// `syntax` with the place where the document is not well-formed, `limit` where its nesting is too deep.
pub(crate) fn read<'s>(source: &'s str, limits: &Limits) -> Result<Document<'s>, Error> {
    if let Some((at, c)) = first_illegal(source) {
        return Err(syntax(source, at, format!("character U+{:04X} is not allowed", c as u32)));
    }
    let mut reader = Reader::from_str(source);
    reader.config_mut().check_comments = true;
    let document = Document::new(Format::Xml, source);
    let mut builder = Builder { document, open: Vec::new(), seen_root: false, limits: *limits };
    loop {
        let start = reader.buffer_position() as usize;
        let event = reader.read_event().map_err(|error| {
            let at = reader.error_position() as usize;
            syntax(source, at, words(&error))
        })?;
        let piece = Piece { source, start, end: reader.buffer_position() as usize };
        match event {
            Event::Start(_) => builder.start(piece, false)?,
            Event::Empty(_) => builder.start(piece, true)?,
            Event::End(_) => builder.end(piece)?,
            Event::Text(_) => builder.text(piece)?,
            Event::CData(_) => builder.cdata(piece)?,
            Event::GeneralRef(_) => builder.reference(piece)?,
            Event::Comment(_) => {}
            Event::Decl(_) => declaration(piece)?,
            Event::PI(_) => instruction(piece)?,
            Event::DocType(_) => return Err(piece.error("a DOCTYPE is refused: no reply has one")),
            Event::Eof => return builder.finish(source),
        }
    }
}

fn syntax(source: &str, at: usize, detail: impl std::fmt::Display) -> Error {
    Error::new(ErrorCode::Syntax, format!("xml: {detail}")).at(Place::of(source, at))
}

/// quick-xml's errors in our words: its own would bring along words for what it is never asked to do.
fn words(error: &quick_xml::Error) -> String {
    use quick_xml::errors::{IllFormedError as Ill, SyntaxError};
    let fixed = match error {
        quick_xml::Error::IllFormed(Ill::MismatchedEndTag { expected, found }) => {
            return format!("expected `</{expected}>`, found {}", quote(&format!("</{found}>")));
        }
        quick_xml::Error::IllFormed(Ill::UnmatchedEndTag(found)) => {
            return format!("found {} with no element open", quote(&format!("</{found}>")));
        }
        quick_xml::Error::IllFormed(Ill::DoubleHyphenInComment) => "`--` is not allowed in a comment [2.5]",
        quick_xml::Error::IllFormed(Ill::UnclosedReference) => "expected `;` after `&`",
        quick_xml::Error::Syntax(syntax) => match syntax {
            SyntaxError::InvalidBangMarkup => "expected `<!--`, `<![CDATA[` or `<!DOCTYPE` after `<!`",
            SyntaxError::UnclosedPI | SyntaxError::UnclosedXmlDecl => {
                "expected `?>` before the end of the text"
            }
            SyntaxError::UnclosedComment => "expected `-->` before the end of the text",
            SyntaxError::UnclosedDoctype => "a DOCTYPE is refused: no reply has one",
            SyntaxError::UnclosedCData => "expected `]]>` before the end of the text",
            SyntaxError::UnclosedTag => "expected `>` before the end of the text",
            SyntaxError::UnclosedSingleQuotedAttributeValue => "expected `'` before the end of the text",
            SyntaxError::UnclosedDoubleQuotedAttributeValue => "expected `\"` before the end of the text",
        },
        _ => "not well-formed",
    };
    fixed.to_owned()
}

/// The stretch of the text that an event covers, markup included.
#[derive(Clone, Copy)]
struct Piece<'s> {
    source: &'s str,
    start: usize,
    end: usize,
}

impl<'s> Piece<'s> {
    fn raw(self) -> &'s str {
        self.source.get(self.start..self.end).unwrap_or_default()
    }

    /// Without so many bytes of markup in front and behind.
    fn inner(self, front: usize, behind: usize) -> Piece<'s> {
        Piece { start: self.start + front, end: self.end.saturating_sub(behind), ..self }
    }

    fn error(self, detail: impl std::fmt::Display) -> Error {
        syntax(self.source, self.start, detail)
    }
}

struct Open {
    id: NodeId,
    /// What text the element holds: nothing yet, one stretch of the source, or several in the side buffer.
    text: Text,
    has_children: bool,
    /// Stray text was reported: once an element is enough.
    reported: bool,
}

#[derive(Clone, Copy)]
enum Text {
    None,
    Source(Span),
    Decoded { start: usize },
}

struct Builder<'s> {
    document: Document<'s>,
    open: Vec<Open>,
    seen_root: bool,
    limits: Limits,
}

impl<'s> Builder<'s> {
    fn start(&mut self, piece: Piece<'s>, empty: bool) -> Result<(), Error> {
        if self.open.is_empty() && self.seen_root {
            return Err(piece.error("found a second root element"));
        }
        if self.open.len() > self.limits.depth {
            return Err(self.limits.too_deep(Place::of(piece.source, piece.start)));
        }
        self.seen_root = true;
        let inner = piece.inner(1, if empty { 2 } else { 1 });
        let name_end = inner.start + inner.raw().find(is_space).unwrap_or(inner.raw().len());
        let name = Piece { end: name_end, ..inner };
        check_name(name)?;
        attributes(Piece { start: name_end, ..inner })?;
        if let Some(mut parent) = self.open.pop() {
            parent.has_children = true;
            if let Some(node) = self.document.node_mut(parent.id) {
                node.kind = Kind::Object;
            }
            self.stray_text(&mut parent);
            parent.text = Text::None;
            self.open.push(parent);
        }
        let id = self.document.push(Span::source(name.start, name.end), Kind::Leaf, Span::NONE, piece.start);
        if !empty {
            self.open.push(Open { id, text: Text::None, has_children: false, reported: false });
        }
        Ok(())
    }

    fn end(&mut self, piece: Piece<'s>) -> Result<(), Error> {
        let Some(mut open) = self.open.pop() else {
            return Err(piece.error("found an end tag with no element open"));
        };
        let span = self.resolve(open.text);
        if open.has_children {
            self.stray_text(&mut open);
        } else if let Some(node) = self.document.node_mut(open.id) {
            node.text = span;
            if let Text::Source(span) = open.text {
                node.at = span.start;
            }
        }
        self.document.close(open.id);
        Ok(())
    }

    fn resolve(&self, text: Text) -> Span {
        match text {
            Text::None => Span::NONE,
            Text::Source(span) => span,
            Text::Decoded { start } => Span::decoded(start, self.document.decoded.len()),
        }
    }

    /// Text beside child elements: white space is nothing, the rest belongs to no field and is reported.
    fn stray_text(&mut self, open: &mut Open) {
        let text = self.document.span(self.resolve(open.text));
        let stray = text.trim_matches(is_space);
        if stray.is_empty() || open.reported {
            return;
        }
        open.reported = true;
        // White space that XML does not take for it, such as U+00A0 in three published samples, would not be seen.
        let shown = match stray.chars().next().filter(|c| c.is_whitespace()) {
            Some(unseen) => format!("U+{:04X}", unseen as u32),
            None => quote(stray),
        };
        let message = format!("text beside child elements belongs to no field: {shown}");
        let at = match open.text {
            Text::Source(span) => span.start as usize + text.len() - text.trim_start_matches(is_space).len(),
            Text::None | Text::Decoded { .. } => self.document.at(open.id),
        };
        self.document.oddities.push(Oddity { code: "mixed-content", node: open.id, at, message });
    }

    fn text(&mut self, piece: Piece<'s>) -> Result<(), Error> {
        let raw = piece.raw();
        if self.open.is_empty() {
            // quick-xml gives the white space around the root as text.
            return match raw.find(|c| !is_space(c)) {
                None => Ok(()),
                Some(at) => {
                    Err(piece.inner(at, 0).error("expected an element, found text outside of the root"))
                }
            };
        }
        // The one byte first: a search for three costs more to begin than most texts are long.
        if let Some(at) = raw.contains(']').then(|| raw.find("]]>")).flatten() {
            return Err(piece.inner(at, 0).error("`]]>` is not allowed in text [2.4]"));
        }
        if raw.contains('\r') {
            self.append(&normalize_line_ends(raw));
        } else {
            self.append_source(piece);
        }
        Ok(())
    }

    fn cdata(&mut self, piece: Piece<'s>) -> Result<(), Error> {
        if self.open.is_empty() {
            return Err(piece.error("expected an element, found CDATA outside of the root"));
        }
        let inner = piece.inner("<![CDATA[".len(), "]]>".len());
        if inner.raw().contains('\r') {
            self.append(&normalize_line_ends(inner.raw()));
        } else {
            self.append_source(inner);
        }
        Ok(())
    }

    fn reference(&mut self, piece: Piece<'s>) -> Result<(), Error> {
        if self.open.is_empty() {
            return Err(piece.error("expected an element, found a reference outside of the root"));
        }
        let c = dereference(piece.inner(1, 1))?;
        self.append(c.encode_utf8(&mut [0; 4]));
        Ok(())
    }

    fn append_source(&mut self, piece: Piece<'s>) {
        if let Some(open) = self.open.last_mut() {
            match open.text {
                Text::None => open.text = Text::Source(Span::source(piece.start, piece.end)),
                Text::Source(_) | Text::Decoded { .. } => self.append(piece.raw()),
            }
        }
    }

    fn append(&mut self, text: &str) {
        let Some(open) = self.open.last_mut() else { return };
        if let Text::None | Text::Source(_) = open.text {
            let start = self.document.decoded.len();
            if let Text::Source(span) = open.text {
                let from = span.start as usize;
                let before = self.document.source.get(from..from + span.len as usize).unwrap_or_default();
                self.document.decoded.push_str(before);
            }
            open.text = Text::Decoded { start };
        }
        self.document.decoded.push_str(text);
    }

    fn finish(self, source: &'s str) -> Result<Document<'s>, Error> {
        if let Some(open) = self.open.last() {
            let detail = format!("expected `</{}>`, found the end of the text", self.document.name(open.id));
            return Err(syntax(source, source.len(), detail));
        }
        match self.seen_root {
            true => Ok(self.document),
            false => Err(syntax(source, source.len(), "expected a root element, found the end of the text")),
        }
    }
}

/// White space [3].
fn is_space(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\r' | '\n')
}

/// Char [2].
fn is_char(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | '\u{20}'..='\u{D7FF}' | '\u{E000}'..='\u{FFFD}' | '\u{10000}'..)
}

/// The first character that is none of XML's: in UTF-8 a control byte, or U+FFFE and U+FFFF, which begin with 0xEF.
fn first_illegal(source: &str) -> Option<(usize, char)> {
    // Without a branch for each byte, so that the compiler takes many at once.
    let suspect = |b: u8| (b < b' ') & (b != b'\t') & (b != b'\n') & (b != b'\r') | (b == 0xEF);
    if !source.as_bytes().chunks(64).any(|chunk| chunk.iter().fold(false, |any, b| any | suspect(*b))) {
        return None;
    }
    source.char_indices().find(|(_, c)| !is_char(*c))
}

/// NameStartChar [4].
fn is_name_start(c: char) -> bool {
    matches!(c, 'A'..='Z' | 'a'..='z' | ':' | '_'
        | '\u{C0}'..='\u{D6}' | '\u{D8}'..='\u{F6}' | '\u{F8}'..='\u{2FF}' | '\u{370}'..='\u{37D}'
        | '\u{37F}'..='\u{1FFF}' | '\u{200C}'..='\u{200D}' | '\u{2070}'..='\u{218F}' | '\u{2C00}'..='\u{2FEF}'
        | '\u{3001}'..='\u{D7FF}' | '\u{F900}'..='\u{FDCF}' | '\u{FDF0}'..='\u{FFFD}' | '\u{10000}'..='\u{EFFFF}')
}

/// NameChar [4a].
fn is_name_char(c: char) -> bool {
    is_name_start(c)
        || matches!(c, '0'..='9' | '-' | '.' | '\u{B7}' | '\u{300}'..='\u{36F}' | '\u{203F}'..='\u{2040}')
}

/// Name [5].
fn check_name(name: Piece<'_>) -> Result<(), Error> {
    let raw = name.raw();
    let mut bytes = raw.bytes();
    if bytes.next().is_some_and(|b| b.is_ascii_alphabetic()) && bytes.all(|b| b.is_ascii_alphanumeric()) {
        return Ok(());
    }
    match raw.chars().enumerate().all(|(i, c)| if i == 0 { is_name_start(c) } else { is_name_char(c) }) {
        true if !raw.is_empty() => Ok(()),
        _ => Err(name.error(format!("expected a name, found {}", quote(raw)))),
    }
}

/// The attributes of a start tag [40, 41]: `(S Name S? '=' S? value)*`, each name once.
fn attributes(piece: Piece<'_>) -> Result<(), Error> {
    let mut names: Vec<(&str, usize)> = Vec::new();
    let mut rest = piece;
    loop {
        let text = rest.raw();
        let spaces = text.len() - text.trim_start_matches(is_space).len();
        rest = rest.inner(spaces, 0);
        if rest.raw().is_empty() {
            break;
        }
        if spaces == 0 {
            return Err(rest.error("expected white space before an attribute"));
        }
        let (name, value, after) = attribute(rest)?;
        names.push((name, rest.start));
        attribute_value(value)?;
        rest = after;
    }
    let names = super::sorted(names);
    match names.iter().zip(names.iter().skip(1)).find(|((name, _), (next, _))| name == next) {
        Some((_, (name, start))) => {
            Err(Piece { start: *start, ..piece }.error(format!("attribute {} comes twice", quote(name))))
        }
        None => Ok(()),
    }
}

/// Cuts one `name="value"` off: the name, the value without its quotes, and what follows.
fn attribute(piece: Piece<'_>) -> Result<(&str, Piece<'_>, Piece<'_>), Error> {
    let text = piece.raw();
    let name_length = text.find(|c| is_space(c) || c == '=').unwrap_or(text.len());
    let name = Piece { end: piece.start + name_length, ..piece };
    check_name(name)?;
    let skip_space = |piece: Piece<'_>| piece.raw().len() - piece.raw().trim_start_matches(is_space).len();
    let equals = piece.inner(name_length, 0);
    let equals = equals.inner(skip_space(equals), 0);
    if !equals.raw().starts_with('=') {
        return Err(equals.error(format!("expected `=` after attribute {}", quote(name.raw()))));
    }
    let value = equals.inner(1, 0);
    let value = value.inner(skip_space(value), 0);
    let quoted = value.raw().chars().next().filter(|c| matches!(c, '"' | '\''));
    let length = quoted.and_then(|mark| value.inner(1, 0).raw().find(mark));
    match length {
        None => Err(value.error("expected a quoted attribute value")),
        Some(length) => {
            let inside = Piece { start: value.start + 1, end: value.start + 1 + length, ..value };
            Ok((name.raw(), inside, value.inner(length + 2, 0)))
        }
    }
}

/// AttValue [10]: no `<`, and every `&` begins a reference that we know.
fn attribute_value(value: Piece<'_>) -> Result<(), Error> {
    let mut rest = value;
    while let Some(at) = rest.raw().find(['<', '&']) {
        let found = rest.inner(at, 0);
        if found.raw().starts_with('<') {
            return Err(found.error("`<` is not allowed in an attribute value"));
        }
        let Some(end) = found.raw().find(';') else { return Err(found.error("expected `;` after `&`")) };
        dereference(Piece { start: found.start + 1, end: found.start + end, ..found })?;
        rest = found.inner(end + 1, 0);
    }
    Ok(())
}

/// The five named entities and character references [4.1, 4.6]; others need a DOCTYPE, which no reply has.
fn dereference(name: Piece<'_>) -> Result<char, Error> {
    let raw = name.raw();
    let code = match (raw, raw.strip_prefix("#x"), raw.strip_prefix('#')) {
        ("lt", ..) => return Ok('<'),
        ("gt", ..) => return Ok('>'),
        ("amp", ..) => return Ok('&'),
        ("quot", ..) => return Ok('"'),
        ("apos", ..) => return Ok('\''),
        (_, Some(hex), _) if hex.bytes().all(|b| b.is_ascii_hexdigit()) => u32::from_str_radix(hex, 16).ok(),
        (_, None, Some(decimal)) if decimal.bytes().all(|b| b.is_ascii_digit()) => decimal.parse().ok(),
        _ => None,
    };
    code.and_then(char::from_u32).filter(|c| is_char(*c)).ok_or_else(|| {
        let whole = Piece { start: name.start - 1, ..name };
        whole.error(format!("{} is no reference", quote(&format!("&{raw};"))))
    })
}

/// XMLDecl [23]: at the very start, version, then encoding, then standalone.
fn declaration(piece: Piece<'_>) -> Result<(), Error> {
    if piece.start != 0 {
        return Err(piece.error("an XML declaration is allowed at the very start only"));
    }
    let mut rest = piece.inner("<?xml".len(), "?>".len());
    attributes(rest)?;
    let mut allowed = ["version", "encoding", "standalone"].iter();
    let mut first = true;
    while !rest.raw().trim_matches(is_space).is_empty() {
        let spaces = rest.raw().len() - rest.raw().trim_start_matches(is_space).len();
        let (name, value, after) = attribute(rest.inner(spaces, 0))?;
        if !allowed.any(|next| *next == name) || (first && name != "version") {
            return Err(rest
                .inner(spaces, 0)
                .error(format!("{} is out of place in the XML declaration", quote(name))));
        }
        let text = value.raw();
        let good = match name {
            "version" => text == "1.0",
            "encoding" => text.eq_ignore_ascii_case("utf-8"),
            _ => matches!(text, "yes" | "no"),
        };
        if !good {
            return Err(value.error(format!("XML declaration: {name} {} is not supported", quote(text))));
        }
        first = false;
        rest = after;
    }
    match first {
        true => Err(piece.error("expected a version in the XML declaration")),
        false => Ok(()),
    }
}

/// PI [16, 17]: a name that is not `xml`, then white space before anything else.
fn instruction(piece: Piece<'_>) -> Result<(), Error> {
    let inner = piece.inner("<?".len(), "?>".len());
    let length = inner.raw().find(is_space).unwrap_or(inner.raw().len());
    let target = Piece { end: inner.start + length, ..inner };
    check_name(target)?;
    match target.raw().eq_ignore_ascii_case("xml") {
        true => Err(target.error("a processing instruction must not be called `xml`")),
        false => Ok(()),
    }
}

/// End-of-line handling [2.11]: `\r\n` and `\r` alone are read as `\n`.
fn normalize_line_ends(text: &str) -> String {
    text.replace("\r\n", "\n").replace('\r', "\n")
}
