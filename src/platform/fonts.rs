//! Finds the fonts of this machine, and reads of their files no more than is asked for.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::os::unix::fs::{FileExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustix::fs::OFlags;

use crate::error::{Error, Kind, Result};
use crate::model::font::{Face, Faces};

/// Where fonts lie by the customs of the system.
const SYSTEM: [&str; 2] = ["/usr/local/share/fonts", "/usr/share/fonts"];

/// Directories below those, and files in all, that are looked at.
const DEEPEST: usize = 8;
const MOST_FILES: usize = 20_000;

/// More tables than any font has, more faces than any collection, and more bytes than any table.
const MOST_TABLES: usize = 200;
const MOST_FACES: u32 = 200;
const LARGEST_TABLE: u32 = 64 * 1024 * 1024;

/// The faces in this file or in this directory, or in those of the system.
pub fn faces(place: Option<PathBuf>) -> Faces {
    Arc::new(move || match &place {
        None => Ok(found(&SYSTEM.map(PathBuf::from))),
        Some(path) if path.is_dir() => Ok(found(std::slice::from_ref(path))),
        Some(path) => require_font(path),
    })
}

/// The faces of a file that must be a font, or a directory that must be there.
///
/// # Errors
/// [`Kind::Config`] naming the setting.
pub fn require(path: &Path) -> Result<()> {
    match path.is_dir() {
        true => Ok(()),
        false => require_font(path).map(drop),
    }
}

fn require_font(path: &Path) -> Result<Vec<Face>> {
    let wrong = |why: String| {
        Error::new(
            Kind::Config,
            format!("export.font: {}: {why}", path.display()),
        )
        .hint("name a TrueType or OpenType font (.ttf, .otf, .ttc) or a directory of them, or leave it empty")
    };
    let faces = in_file(path).map_err(|error| wrong(error.to_string()))?;
    match faces.is_empty() {
        true => Err(wrong("this is no font".to_owned())),
        false => Ok(faces),
    }
}

fn found(directories: &[PathBuf]) -> Vec<Face> {
    let mut files = Vec::new();
    for directory in directories {
        walk(directory, DEEPEST, &mut files);
    }
    files
        .iter()
        .filter_map(|file| in_file(file).ok())
        .flatten()
        .collect()
}

/// The font files below a directory, in the order of their names. A link to a directory is not followed.
fn walk(directory: &Path, depth: usize, files: &mut Vec<PathBuf>) {
    let entries = fs::read_dir(directory).into_iter().flatten().flatten();
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.path()).collect();
    paths.sort();
    for path in paths {
        if files.len() >= MOST_FILES {
            return;
        }
        let is_directory = path.symlink_metadata().is_ok_and(|found| found.is_dir());
        if is_directory && depth > 0 {
            walk(&path, depth - 1, files);
        } else if is_font(&path) {
            files.push(path);
        }
    }
}

fn is_font(path: &Path) -> bool {
    let ending = path.extension().and_then(|ending| ending.to_str());
    let is_named = ending.is_some_and(|ending| {
        ["ttf", "otf", "ttc", "otc"]
            .iter()
            .any(|known| known.eq_ignore_ascii_case(ending))
    });
    is_named && path.is_file()
}

/// The faces of one file: one, or those of a collection. None where it is something else.
fn in_file(path: &Path) -> io::Result<Vec<Face>> {
    let file = open(path)?;
    if !file.metadata()?.is_file() {
        return Ok(Vec::new());
    }
    let begin = match &bytes(&file, 0, 4)?[..] {
        b"ttcf" => {
            let count = number(&bytes(&file, 8, 4)?).min(MOST_FACES);
            let begins = bytes(&file, 12, 4 * count as usize)?;
            begins.chunks(4).map(number).collect()
        }
        b"OTTO" | b"true" | b"\0\x01\0\0" => vec![0],
        _ => Vec::new(),
    };
    begin
        .into_iter()
        .map(|begin| face(path, &file, u64::from(begin)))
        .collect()
}

/// Opens a file, and waits for nobody where it is a pipe.
fn open(path: &Path) -> io::Result<File> {
    OpenOptions::new()
        .read(true)
        .custom_flags(OFlags::NONBLOCK.bits().cast_signed())
        .open(path)
}

/// The face whose directory of tables begins here. Its file is opened again for each table: there may be
/// more fonts than a process may have files open.
fn face(path: &Path, file: &File, begin: u64) -> io::Result<Face> {
    let count = bytes(file, begin + 4, 2)?;
    let count = usize::from(count[0]) << 8 | usize::from(count[1]);
    let directory = bytes(file, begin + 12, 16 * count.min(MOST_TABLES))?;
    let path = path.to_owned();
    Ok(Arc::new(move |tag| {
        let record = directory.chunks(16).find(|record| record[..4] == tag)?;
        let (offset, length) = (number(&record[8..12]), number(&record[12..16]));
        if length > LARGEST_TABLE {
            return None;
        }
        let file = open(&path).ok()?;
        bytes(&file, u64::from(offset), length as usize).ok()
    }))
}

fn bytes(file: &File, at: u64, count: usize) -> io::Result<Vec<u8>> {
    // A length that the file does not have must not cost its memory.
    let there = file.metadata()?.len().saturating_sub(at);
    if there < count as u64 {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    let mut bytes = vec![0; count];
    file.read_exact_at(&mut bytes, at)?;
    Ok(bytes)
}

/// Four bytes, the most significant first.
fn number(bytes: &[u8]) -> u32 {
    bytes
        .iter()
        .take(4)
        .fold(0, |all, byte| all << 8 | u32::from(*byte))
}
