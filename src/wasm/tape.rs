//! Rust values → plain JavaScript objects, in one crossing.
//!
//! serde-wasm-bindgen crosses the boundary for every property and every string; a list of tasks has thousands. Here a
//! value is written as one run of 32-bit words and one run of text, and `tape.js` makes the objects in JavaScript, where
//! making them is cheap. The types the package returns by the thousand are known to it as shapes: their values follow in
//! the order of their fields, without names.
//!
//! A word is a tag (4 bits) and a number (28 bits). The tags, the shapes and the order of their fields are those of
//! `tape.js`; `tests/package` reads every case of the corpus through both.

use serde::Serialize;
use serde::ser::{self, Serializer};
use std::fmt::Error as Unsupported;
use wasm_bindgen::prelude::*;

#[wasm_bindgen(module = "/src/wasm/tape.js")]
extern "C" {
    /// Makes the value that the words and the text describe.
    fn unwind(words: &[u32], text: &str) -> JsValue;
}

/// The value in JavaScript; `undefined` for what has no plain form, which no type of this crate is.
pub(super) fn build(value: &impl Serialize) -> JsValue {
    let mut tape = Tape::default();
    match value.serialize(&mut tape) {
        Ok(()) => unwind(&tape.words, &tape.text),
        Err(Unsupported) => JsValue::UNDEFINED,
    }
}

#[derive(Clone, Copy)]
enum Tag {
    Null,
    False,
    True,
    /// A number from 0 below 2^28: the payload.
    Small,
    /// A double, in the next two words, low half first.
    Double,
    /// So many UTF-16 units of the text, from where the last one ended.
    Text,
    /// A text as above that is a JSON number.
    Number,
    /// A text as above that is remembered.
    Short,
    /// A remembered text again: its index among them.
    Again,
    /// So many values.
    List,
    /// So many names with their values.
    Map,
    /// The fields of a known type, in their order: its index in [`SHAPES`].
    Shape,
}

/// The types whose field names stay in JavaScript.
const SHAPES: [&str; 9] =
    ["Task", "Progress", "SubTask", "TaskError", "Related", "Resource", "Counts", "Cause", "Finding"];

#[derive(Default)]
struct Tape {
    words: Vec<u32>,
    text: String,
    recent: Recent,
    /// The next string is a number's text.
    number: bool,
}

impl Tape {
    fn word(&mut self, tag: Tag, number: usize) {
        self.words.push(tag as u32 | (number as u32) << 4);
    }

    /// UTF-16 units, since JavaScript cuts the text by these.
    fn units(text: &str) -> usize {
        if text.is_ascii() { text.len() } else { text.encode_utf16().count() }
    }

    fn push_text(&mut self, tag: Tag, text: &str) {
        self.text.push_str(text);
        self.word(tag, Self::units(text));
    }

    fn push_double(&mut self, number: f64) {
        if number >= 0.0 && number < f64::from(1 << 28) && number.fract() == 0.0 && number.is_sign_positive()
        {
            return self.word(Tag::Small, number as usize);
        }
        let bits = number.to_bits();
        self.word(Tag::Double, 0);
        self.words.extend([bits as u32, (bits >> 32) as u32]);
    }
}

/// Words such as `Finished`, `succeeded` or a region come with every task: the last ones are remembered by a small hash.
struct Recent {
    /// Where in the text, how long, and which of the short texts it is.
    slots: [(u32, u32, u32); Recent::SLOTS],
    count: u32,
}

impl Default for Recent {
    fn default() -> Self {
        Self { slots: [(0, 0, 0); Self::SLOTS], count: 0 }
    }
}

impl Recent {
    const SLOTS: usize = 64;
    /// Longer texts are ids and messages, which do not repeat.
    const LONGEST: usize = 24;

    fn slot(text: &[u8]) -> usize {
        let byte = |at: usize| usize::from(text.get(at).copied().unwrap_or_default());
        (byte(0) * 7 + byte(text.len() / 2) * 3 + byte(text.len().wrapping_sub(1)) + text.len()) % Self::SLOTS
    }
}

impl<'a> Serializer for &'a mut Tape {
    type Ok = ();
    type Error = Unsupported;
    type SerializeSeq = Counted<'a>;
    type SerializeTuple = Counted<'a>;
    type SerializeMap = Counted<'a>;
    type SerializeStruct = Counted<'a>;
    type SerializeTupleStruct = ser::Impossible<(), Unsupported>;
    type SerializeTupleVariant = ser::Impossible<(), Unsupported>;
    type SerializeStructVariant = ser::Impossible<(), Unsupported>;

    fn is_human_readable(&self) -> bool {
        false
    }

    fn serialize_bool(self, value: bool) -> Result<(), Unsupported> {
        self.word(if value { Tag::True } else { Tag::False }, 0);
        Ok(())
    }

    fn serialize_str(self, text: &str) -> Result<(), Unsupported> {
        if self.number {
            self.push_text(Tag::Number, text);
            return Ok(());
        }
        if text.len() > Recent::LONGEST || text.is_empty() {
            self.push_text(Tag::Text, text);
            return Ok(());
        }
        let slot = Recent::slot(text.as_bytes());
        let (start, len, index) = self.recent.slots.get(slot).copied().unwrap_or_default();
        if len > 0 && self.text.get(start as usize..(start + len) as usize) == Some(text) {
            self.word(Tag::Again, index as usize);
            return Ok(());
        }
        let start = self.text.len() as u32;
        if let Some(entry) = self.recent.slots.get_mut(slot) {
            *entry = (start, text.len() as u32, self.recent.count);
        }
        self.recent.count += 1;
        self.push_text(Tag::Short, text);
        Ok(())
    }

    fn serialize_i64(self, number: i64) -> Result<(), Unsupported> {
        self.push_double(number as f64);
        Ok(())
    }

    fn serialize_u64(self, number: u64) -> Result<(), Unsupported> {
        self.push_double(number as f64);
        Ok(())
    }

    fn serialize_f64(self, number: f64) -> Result<(), Unsupported> {
        self.push_double(number);
        Ok(())
    }

    fn serialize_i8(self, number: i8) -> Result<(), Unsupported> {
        self.serialize_f64(number.into())
    }

    fn serialize_i16(self, number: i16) -> Result<(), Unsupported> {
        self.serialize_f64(number.into())
    }

    fn serialize_i32(self, number: i32) -> Result<(), Unsupported> {
        self.serialize_f64(number.into())
    }

    fn serialize_u8(self, number: u8) -> Result<(), Unsupported> {
        self.serialize_f64(number.into())
    }

    fn serialize_u16(self, number: u16) -> Result<(), Unsupported> {
        self.serialize_f64(number.into())
    }

    fn serialize_u32(self, number: u32) -> Result<(), Unsupported> {
        self.serialize_f64(number.into())
    }

    fn serialize_f32(self, number: f32) -> Result<(), Unsupported> {
        self.serialize_f64(number.into())
    }

    fn serialize_char(self, value: char) -> Result<(), Unsupported> {
        self.serialize_str(value.encode_utf8(&mut [0; 4]))
    }

    fn serialize_bytes(self, _: &[u8]) -> Result<(), Unsupported> {
        Err(Unsupported)
    }

    fn serialize_none(self) -> Result<(), Unsupported> {
        self.serialize_unit()
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<(), Unsupported> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<(), Unsupported> {
        self.word(Tag::Null, 0);
        Ok(())
    }

    fn serialize_unit_struct(self, _: &'static str) -> Result<(), Unsupported> {
        self.serialize_unit()
    }

    fn serialize_unit_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
    ) -> Result<(), Unsupported> {
        self.serialize_str(variant)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        name: &'static str,
        value: &T,
    ) -> Result<(), Unsupported> {
        self.number = name == crate::model::NUMBER;
        let done = value.serialize(&mut *self);
        self.number = false;
        done
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: &T,
    ) -> Result<(), Unsupported> {
        Err(Unsupported)
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Counted<'a>, Unsupported> {
        Ok(Counted::new(self, Tag::List))
    }

    fn serialize_tuple(self, _: usize) -> Result<Counted<'a>, Unsupported> {
        Ok(Counted::new(self, Tag::List))
    }

    fn serialize_tuple_struct(
        self,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeTupleStruct, Unsupported> {
        Err(Unsupported)
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeTupleVariant, Unsupported> {
        Err(Unsupported)
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Counted<'a>, Unsupported> {
        Ok(Counted::new(self, Tag::Map))
    }

    fn serialize_struct(self, name: &'static str, _: usize) -> Result<Counted<'a>, Unsupported> {
        match SHAPES.iter().position(|shape| *shape == name) {
            Some(index) => {
                self.word(Tag::Shape, index);
                Ok(Counted { tape: self, at: None, count: 0 })
            }
            None => Ok(Counted::new(self, Tag::Map)),
        }
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeStructVariant, Unsupported> {
        Err(Unsupported)
    }
}

/// A list, map or struct under way; its count is written when it ends.
struct Counted<'a> {
    tape: &'a mut Tape,
    /// The tag, and the word to put the count into; `None` for a shape, which has none.
    at: Option<(Tag, usize)>,
    count: usize,
}

impl<'a> Counted<'a> {
    fn new(tape: &'a mut Tape, tag: Tag) -> Self {
        let at = tape.words.len();
        tape.word(tag, 0);
        Self { tape, at: Some((tag, at)), count: 0 }
    }

    fn finish(self) {
        let Some((tag, at)) = self.at else { return };
        if let Some(word) = self.tape.words.get_mut(at) {
            *word = tag as u32 | (self.count as u32) << 4;
        }
    }
}

impl ser::SerializeSeq for Counted<'_> {
    type Ok = ();
    type Error = Unsupported;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Unsupported> {
        self.count += 1;
        value.serialize(&mut *self.tape)
    }

    fn end(self) -> Result<(), Unsupported> {
        self.finish();
        Ok(())
    }
}

impl ser::SerializeTuple for Counted<'_> {
    type Ok = ();
    type Error = Unsupported;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Unsupported> {
        ser::SerializeSeq::serialize_element(self, value)
    }

    fn end(self) -> Result<(), Unsupported> {
        ser::SerializeSeq::end(self)
    }
}

impl ser::SerializeMap for Counted<'_> {
    type Ok = ();
    type Error = Unsupported;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, name: &T) -> Result<(), Unsupported> {
        self.count += 1;
        name.serialize(&mut *self.tape)
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Unsupported> {
        value.serialize(&mut *self.tape)
    }

    fn end(self) -> Result<(), Unsupported> {
        self.finish();
        Ok(())
    }
}

impl ser::SerializeStruct for Counted<'_> {
    type Ok = ();
    type Error = Unsupported;

    fn serialize_field<T: Serialize + ?Sized>(
        &mut self,
        name: &'static str,
        value: &T,
    ) -> Result<(), Unsupported> {
        if self.at.is_some() {
            self.count += 1;
            name.serialize(&mut *self.tape)?;
        }
        value.serialize(&mut *self.tape)
    }

    fn end(self) -> Result<(), Unsupported> {
        self.finish();
        Ok(())
    }
}
