//! A file's objects, found by looking through it from its beginning: tables of places may lie, be missing or go in
//! circles, and are not read. All work is paid for from what the sink has left.

use std::collections::BTreeMap;

use super::lexer::{Dictionary, Lexer, Object, is_space};
use crate::content::{Unread, file::Sink};

/// How far a chain of references or parents is followed.
const MAX_HOPS: usize = 16;
/// Objects at most.
const MAX_OBJECTS: usize = 500_000;

/// Where an object begins: in the file, or in an object stream that was unpacked.
#[derive(Debug, Clone, Copy)]
struct Start {
    stream: Option<usize>,
    at: usize,
    /// Of several with one number the last in the file counts.
    order: usize,
}

pub(super) struct Document<'a> {
    file: &'a [u8],
    streams: Vec<Vec<u8>>,
    objects: BTreeMap<u32, Start>,
}

/// A dictionary, and where the octets of its stream begin if it has one.
pub(super) struct Found {
    pub(super) dictionary: Dictionary,
    stream: Option<usize>,
}

impl<'a> Document<'a> {
    pub(super) fn read(file: &'a [u8], sink: &mut Sink) -> Self {
        let mut document = Self {
            file,
            streams: Vec::new(),
            objects: BTreeMap::new(),
        };
        for at in memchr::memmem::find_iter(file, b"obj") {
            if let Some(number) = number_before(file, at) {
                let start = Start {
                    stream: None,
                    at: at + 3,
                    order: at,
                };
                document.objects.insert(number, start);
            }
            if document.objects.len() > MAX_OBJECTS {
                sink.unread(Unread::TooLarge);
                break;
            }
        }
        let packed: Vec<Start> = document.objects.values().copied().collect();
        for start in packed {
            let Some(found) = document.dictionary_at(start, sink) else {
                continue;
            };
            if found.dictionary.is("Type", "ObjStm") {
                document.unpack(&found, start.order, sink);
            }
        }
        document
    }

    /// Whether a password protects it, also an empty one.
    pub(super) fn is_encrypted(&self) -> bool {
        memchr::memmem::find_iter(self.file, b"/Encrypt").any(|at| {
            let rest = &self.file[at + b"/Encrypt".len()..];
            let value = rest.iter().find(|o| !is_space(**o));
            value.is_some_and(|o| o.is_ascii_digit() || *o == b'<')
        })
    }

    /// All dictionaries, those of streams too, in the order of the file.
    pub(super) fn numbers(&self) -> Vec<u32> {
        let mut all: Vec<(usize, u32)> = self.objects.iter().map(|(n, s)| (s.order, *n)).collect();
        all.sort_unstable();
        all.into_iter().map(|(_, number)| number).collect()
    }

    pub(super) fn dictionary(&self, number: u32, sink: &mut Sink) -> Option<Found> {
        self.dictionary_at(*self.objects.get(&number)?, sink)
    }

    /// What an object is, behind its references.
    pub(super) fn resolved(&self, object: &Object, sink: &mut Sink) -> Object {
        let mut object = object.clone();
        for _ in 0..MAX_HOPS {
            let Object::Reference(number) = object else {
                return object;
            };
            object = self
                .objects
                .get(&number)
                .and_then(|start| self.object_at(*start, sink))
                .map_or(Object::Null, |(object, _)| object);
        }
        Object::Null
    }

    /// The entry of a dictionary, behind its references.
    pub(super) fn entry(&self, of: &Dictionary, name: &str, sink: &mut Sink) -> Option<Object> {
        let object = self.resolved(of.find(name)?, sink);
        (object != Object::Null).then_some(object)
    }

    pub(super) fn dictionary_entry(
        &self,
        of: &Dictionary,
        name: &str,
        sink: &mut Sink,
    ) -> Option<Dictionary> {
        match self.entry(of, name, sink)? {
            Object::Dictionary(found) => Some(found),
            _ => None,
        }
    }

    /// An entry that is inherited from the parents of a page.
    pub(super) fn inherited(
        &self,
        page: &Dictionary,
        name: &str,
        sink: &mut Sink,
    ) -> Option<Dictionary> {
        let mut page = page.clone();
        for _ in 0..MAX_HOPS {
            if let Some(found) = self.dictionary_entry(&page, name, sink) {
                return Some(found);
            }
            page = self.dictionary_entry(&page, "Parent", sink)?;
        }
        None
    }

    /// The octets of a stream, unpacked.
    pub(super) fn stream(&self, found: &Found, sink: &mut Sink) -> Result<Vec<u8>, Unread> {
        let start = found.stream.ok_or(Unread::Damaged)?;
        let octets = self.raw(found, start, sink)?;
        super::filter::unpack(self, &found.dictionary, octets, sink)
    }

    /// The stream that a reference names.
    pub(super) fn stream_of(
        &self,
        object: &Object,
        sink: &mut Sink,
    ) -> Option<Result<Vec<u8>, Unread>> {
        let Object::Reference(number) = object else {
            return None;
        };
        let found = self.dictionary(*number, sink)?;
        Some(self.stream(&found, sink))
    }

    fn raw(&self, found: &Found, start: usize, sink: &mut Sink) -> Result<&'a [u8], Unread> {
        let rest = self.file.get(start..).ok_or(Unread::Damaged)?;
        let length = self
            .entry(&found.dictionary, "Length", sink)
            .and_then(|l| l.index());
        if let Some(octets) = length.and_then(|l| rest.get(..l)) {
            let after = rest[octets.len()..]
                .iter()
                .take(4)
                .take_while(|o| is_space(**o));
            if rest[octets.len() + after.count()..].starts_with(b"endstream") {
                return Ok(octets);
            }
        }
        let end = memchr::memmem::find(rest, b"endstream").unwrap_or(rest.len());
        sink.spend(end);
        Ok(&rest[..end])
    }

    fn object_at(&self, start: Start, sink: &mut Sink) -> Option<(Object, usize)> {
        if sink.left() == 0 {
            sink.unread(Unread::TooLarge);
            return None;
        }
        let octets = start.stream.map_or(self.file, |s| &self.streams[s]);
        let mut lexer = Lexer::new(octets, start.at);
        let object = lexer.object();
        sink.spend(lexer.at.saturating_sub(start.at) + 16);
        Some((object?, lexer.at))
    }

    fn dictionary_at(&self, start: Start, sink: &mut Sink) -> Option<Found> {
        let (Object::Dictionary(dictionary), end) = self.object_at(start, sink)? else {
            return None;
        };
        let mut stream = None;
        if start.stream.is_none() {
            let mut lexer = Lexer::new(self.file, end);
            lexer.skip_space();
            if let Some(rest) = lexer.rest().strip_prefix(b"stream") {
                let line = match rest {
                    [b'\r', b'\n', ..] => 2,
                    [b'\r' | b'\n', ..] => 1,
                    _ => 0,
                };
                stream = Some(lexer.at + b"stream".len() + line);
            }
        }
        Some(Found { dictionary, stream })
    }

    /// Takes the objects of an object stream (7.5.7).
    fn unpack(&mut self, found: &Found, order: usize, sink: &mut Sink) {
        let octets = match self.stream(found, sink) {
            Ok(octets) => octets,
            Err(why) => return sink.unread(why),
        };
        let value = |name: &str| found.dictionary.find(name).and_then(Object::index);
        let (Some(count), Some(first)) = (value("N"), value("First")) else {
            return sink.unread(Unread::Damaged);
        };
        let index = self.streams.len();
        let mut lexer = Lexer::new(&octets, 0);
        for _ in 0..count.min(MAX_OBJECTS) {
            let (Some(number), Some(at)) = (lexer.object(), lexer.object()) else {
                break;
            };
            let number = number.index().and_then(|n| u32::try_from(n).ok());
            let (Some(number), Some(at)) = (number, at.index()) else {
                break;
            };
            if self.objects.len() > MAX_OBJECTS {
                sink.unread(Unread::TooLarge);
                break;
            }
            let start = Start {
                stream: Some(index),
                at: first.saturating_add(at),
                order,
            };
            let old = self.objects.get(&number);
            if old.is_none_or(|old| old.order <= order) {
                self.objects.insert(number, start);
            }
        }
        self.streams.push(octets);
    }
}

/// The number of the object that `obj` at this place begins.
fn number_before(file: &[u8], at: usize) -> Option<u32> {
    let back = |end: usize, is: fn(&u8) -> bool| {
        end - file[..end]
            .iter()
            .rev()
            .take(12)
            .take_while(|o| is(o))
            .count()
    };
    let space = |o: &u8| is_space(*o);
    let generation_end = back(at, space);
    let generation = back(generation_end, u8::is_ascii_digit);
    let number_end = back(generation, space);
    let number = back(number_end, u8::is_ascii_digit);
    if generation_end == at || generation == generation_end || number_end == generation {
        return None;
    }
    std::str::from_utf8(&file[number..number_end])
        .ok()?
        .parse()
        .ok()
}
