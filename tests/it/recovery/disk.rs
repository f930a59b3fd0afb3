//! A disk that loses what was not yet on it, made of what `journal.c` wrote down.
//!
//! The strict reading of POSIX: what was written to a file is on the disk when the file was synced, and a name (new,
//! renamed, removed) when its folder was. Anything later may be there, may not be there, and may be there in part.

use std::{
    collections::BTreeMap,
    fs,
    io::Write as _,
    os::unix::fs::OpenOptionsExt as _,
    path::{Path, PathBuf},
    process::Command,
};

use super::{super::tools::tool, Dice};

/// Octets that a disk writes whole.
const SECTOR: usize = 512;
const MAGIC: u32 = 0x5345_474c;

/// One thing that the program did, and where in the journal it ends.
#[derive(Debug)]
pub(super) struct Step {
    pub(super) end: u64,
    done: Done,
}

#[derive(Debug)]
enum Done {
    Open {
        fd: Fd,
        path: PathBuf,
        is_emptied: bool,
    },
    Close(Fd),
    Duplicate(Fd, Fd),
    Write {
        fd: Fd,
        at: usize,
        octets: Vec<u8>,
    },
    Truncate(Fd, usize),
    Sync(Fd),
    Rename(PathBuf, PathBuf),
    Link(PathBuf, PathBuf),
    Remove(PathBuf),
    MakeFolder(PathBuf),
}

type Fd = (u32, u32);
type Number = usize;

/// A change of a file's content.
#[derive(Debug, Clone)]
enum Change {
    Write(usize, Vec<u8>),
    Length(usize),
}

/// A change of names: one that goes, one that comes, in one.
#[derive(Debug, Clone)]
struct Naming {
    gone: Option<PathBuf>,
    new: Option<(PathBuf, Number)>,
}

#[derive(Debug, Default, Clone)]
struct File {
    durable: Vec<u8>,
    pending: Vec<Change>,
}

/// What a file number stands for.
#[derive(Debug, Clone)]
enum Node {
    File(File),
    Folder,
}

/// What is lost.
pub(super) enum Loss<'a> {
    /// Nothing: as the program sees its files.
    Nothing,
    /// All that was not synced.
    AllUnsynced,
    /// A random part of it: whole changes, and sectors of the one after.
    Some(&'a mut Dice),
}

/// The disk at a moment.
pub(super) struct Disk {
    root: PathBuf,
    nodes: Vec<Node>,
    /// Names as the program sees them, and as they are on the disk.
    live: BTreeMap<PathBuf, Number>,
    durable: BTreeMap<PathBuf, Number>,
    pending: Vec<Naming>,
    open: BTreeMap<Fd, Number>,
}

/// The library, built with the system's compiler beside the test's other files.
pub(super) fn library(folder: &Path) -> Option<PathBuf> {
    let mut compiler = tool("cc")?;
    let (source, made) = (folder.join("journal.c"), folder.join("journal.so"));
    fs::write(&source, include_str!("journal.c")).unwrap();
    compiler.args(["-O1", "-Wall", "-Wextra", "-Werror", "-shared", "-fPIC"]);
    let built = compiler.arg("-o").arg(&made).arg(&source).output().unwrap();
    assert!(built.status.success(), "{built:?}");
    Some(made)
}

/// Runs it with everything written down that it does below the folder.
pub(super) fn journaled(
    segl: &mut Command,
    library: &Path,
    folder: &Path,
    journal: &Path,
    broken: &str,
) {
    segl.env("LD_PRELOAD", library)
        .env("SEGL_JOURNAL", journal)
        .env("SEGL_JOURNAL_FOLDER", folder)
        .env("SEGL_JOURNAL_BREAK", broken);
}

/// Reads a journal.
pub(super) fn steps(journal: &Path) -> Vec<Step> {
    let octets = fs::read(journal).unwrap();
    let mut rest = &octets[..];
    let mut steps = Vec::new();
    while !rest.is_empty() {
        let small = |at: usize| u32::from_ne_bytes(rest[at..at + 4].try_into().unwrap());
        let large = |at: usize| {
            let number = u64::from_ne_bytes(rest[at..at + 8].try_into().unwrap());
            usize::try_from(number).unwrap()
        };
        let (magic, kind, process, fd) = (small(0), small(4), small(8), (small(8), small(12)));
        let (at, first, second) = (large(16), large(24), large(32));
        assert_eq!(magic, MAGIC);
        let (one, more) = rest[40..].split_at(first);
        let (two, more) = more.split_at(second);
        let path = |octets: &[u8]| PathBuf::from(String::from_utf8(octets.to_vec()).unwrap());
        let done = match kind {
            1 => Done::Open {
                fd,
                path: path(one),
                is_emptied: at & 2 != 0,
            },
            2 => Done::Close(fd),
            3 => Done::Write {
                fd,
                at,
                octets: one.to_vec(),
            },
            4 => Done::Truncate(fd, at),
            5 => Done::Sync(fd),
            6 => Done::Rename(path(one), path(two)),
            7 => Done::Link(path(one), path(two)),
            8 | 10 => Done::Remove(path(one)),
            9 => Done::MakeFolder(path(one)),
            11 => Done::Duplicate(fd, (process, u32::try_from(at).unwrap())),
            other => panic!("{other} is no step"),
        };
        rest = more;
        let end = octets.len() - rest.len();
        steps.push(Step {
            end: end as u64,
            done,
        });
    }
    steps
}

impl Step {
    pub(super) fn is_sync(&self) -> bool {
        matches!(self.done, Done::Sync(_))
    }

    /// Octets that it writes.
    pub(super) fn written(&self) -> usize {
        match &self.done {
            Done::Write { octets, .. } => octets.len(),
            _ => 0,
        }
    }
}

impl Disk {
    /// A folder as it is, all of it on the disk.
    pub(super) fn of(root: &Path) -> Self {
        Self::at(root, root)
    }

    /// The same for a folder that lay elsewhere when it was written to.
    pub(super) fn at(from: &Path, root: &Path) -> Self {
        let mut disk = Self {
            root: root.to_owned(),
            nodes: Vec::new(),
            live: BTreeMap::new(),
            durable: BTreeMap::new(),
            pending: Vec::new(),
            open: BTreeMap::new(),
        };
        disk.take(from, root);
        disk.durable = disk.live.clone();
        disk
    }

    fn take(&mut self, from: &Path, path: &Path) {
        let node = if from.is_dir() {
            for entry in fs::read_dir(from).unwrap() {
                let entry = entry.unwrap();
                self.take(&entry.path(), &path.join(entry.file_name()));
            }
            Node::Folder
        } else {
            Node::File(File {
                durable: fs::read(from).unwrap(),
                pending: Vec::new(),
            })
        };
        let number = self.node(node);
        self.live.insert(path.to_owned(), number);
    }

    fn node(&mut self, node: Node) -> Number {
        self.nodes.push(node);
        self.nodes.len() - 1
    }

    fn file(&mut self, fd: Fd) -> &mut File {
        match &mut self.nodes[self.open[&fd]] {
            Node::File(file) => file,
            Node::Folder => panic!("a folder is not written to"),
        }
    }

    fn name(&mut self, gone: Option<PathBuf>, new: Option<(PathBuf, Number)>) {
        let naming = Naming { gone, new };
        naming.apply(&mut self.live);
        self.pending.push(naming);
    }

    /// The same disk after one more step.
    pub(super) fn go_on(&mut self, step: &Step) {
        match &step.done {
            Done::Open {
                fd,
                path,
                is_emptied,
            } => {
                let number = if let Some(number) = self.live.get(path) {
                    *number
                } else {
                    let number = self.node(Node::File(File::default()));
                    self.name(None, Some((path.clone(), number)));
                    number
                };
                self.open.insert(*fd, number);
                if *is_emptied {
                    self.file(*fd).pending.push(Change::Length(0));
                }
            }
            Done::Close(fd) => {
                self.open.remove(fd);
            }
            Done::Duplicate(fd, made) => {
                let number = self.open[fd];
                self.open.insert(*made, number);
            }
            Done::Write { fd, at, octets } => {
                let change = Change::Write(*at, octets.clone());
                self.file(*fd).pending.push(change);
            }
            Done::Truncate(fd, length) => self.file(*fd).pending.push(Change::Length(*length)),
            Done::Sync(fd) => self.sync(self.open[fd]),
            Done::Rename(from, to) => {
                let number = self.live[from];
                self.name(Some(from.clone()), Some((to.clone(), number)));
            }
            Done::Link(from, to) => {
                let number = self.live[from];
                self.name(None, Some((to.clone(), number)));
            }
            Done::Remove(path) => self.name(Some(path.clone()), None),
            Done::MakeFolder(path) => {
                let number = self.node(Node::Folder);
                self.name(None, Some((path.clone(), number)));
            }
        }
    }

    fn sync(&mut self, number: Number) {
        if let Node::File(file) = &mut self.nodes[number] {
            for change in std::mem::take(&mut file.pending) {
                change.apply(&mut file.durable);
            }
            return;
        }
        let folder = self.live.iter().find(|(_, n)| **n == number);
        let folder = folder.map(|(path, _)| path.clone());
        let (now, later) = std::mem::take(&mut self.pending)
            .into_iter()
            .partition(|naming: &Naming| naming.folder() == folder.as_deref());
        self.pending = later;
        for naming in now {
            naming.apply(&mut self.durable);
        }
    }

    /// Writes the disk as it is found after the power is back into a folder that is empty.
    pub(super) fn found(&self, loss: Loss<'_>, to: &Path) {
        let mut names = self.durable.clone();
        match loss {
            Loss::Nothing => {
                let all = |file: &File, octets: &mut Vec<u8>| {
                    file.pending.iter().for_each(|change| change.apply(octets));
                };
                self.write(&self.live, all, to);
            }
            Loss::AllUnsynced => self.write(&names, |_, _| {}, to),
            Loss::Some(dice) => {
                // File systems keep the order of names.
                let kept = dice.index(self.pending.len() + 1);
                for naming in &self.pending[..kept] {
                    naming.apply(&mut names);
                }
                self.write(&names, |file, octets| file.keep_some(dice, octets), to);
            }
        }
    }

    fn write(
        &self,
        names: &BTreeMap<PathBuf, Number>,
        mut also: impl FnMut(&File, &mut Vec<u8>),
        to: &Path,
    ) {
        // Sorted: a folder comes before what is in it. What lies in a folder that is not there cannot be found.
        for (path, number) in names {
            let place = to.join(path.strip_prefix(&self.root).unwrap());
            if !place.parent().is_some_and(Path::is_dir) {
                continue;
            }
            match &self.nodes[*number] {
                Node::Folder => fs::create_dir_all(&place).unwrap(),
                Node::File(file) => {
                    let mut octets = file.durable.clone();
                    also(file, &mut octets);
                    // A key file that others may read is refused.
                    let mut options = fs::OpenOptions::new();
                    options.write(true).create_new(true).mode(0o600);
                    options.open(&place).unwrap().write_all(&octets).unwrap();
                }
            }
        }
    }
}

impl Naming {
    /// The folder whose sync makes it last.
    fn folder(&self) -> Option<&Path> {
        let new = self.new.as_ref().map(|(path, _)| path);
        new.or(self.gone.as_ref())?.parent()
    }

    fn apply(&self, names: &mut BTreeMap<PathBuf, Number>) {
        if let Some(gone) = &self.gone {
            names.remove(gone);
        }
        if let Some((path, number)) = &self.new {
            names.insert(path.clone(), *number);
        }
    }
}

impl Change {
    fn apply(&self, octets: &mut Vec<u8>) {
        match self {
            Self::Length(length) => octets.resize(*length, 0),
            Self::Write(at, new) => {
                if octets.len() < at + new.len() {
                    octets.resize(at + new.len(), 0);
                }
                octets[*at..at + new.len()].copy_from_slice(new);
            }
        }
    }
}

impl File {
    /// Disks keep no order between syncs: each change is there or not, and of one some sectors.
    fn keep_some(&self, dice: &mut Dice, octets: &mut Vec<u8>) {
        let chance = dice.below(5);
        for change in &self.pending {
            if dice.below(4) >= chance {
                continue;
            }
            match change {
                Change::Write(at, new) if dice.below(4) == 0 => {
                    let sectors = new.chunks(SECTOR).enumerate();
                    for (n, sector) in sectors.filter(|_| dice.below(2) == 0) {
                        Change::Write(at + n * SECTOR, sector.to_vec()).apply(octets);
                    }
                }
                whole => whole.apply(octets),
            }
        }
    }
}
