//! The memory Argon2 works in: one mapping per thread, reused, in huge pages where the system
//! has them, wiped when it goes.

use std::ptr::{self, NonNull};

use argon2::Block;
use rustix::io;
#[cfg(target_os = "linux")]
use rustix::mm::{Advice, madvise};
use rustix::mm::{MapFlags, ProtFlags, mmap_anonymous, munmap};
use zeroize::Zeroize;

use crate::error::{Error, Kind, Result};

/// The size of a huge page. Less memory than that needs no preparation.
const HUGE: usize = 2 << 20;

/// The size of other pages, or a multiple of it.
const PAGE: usize = 16 << 10;

/// A buffer that grows to the largest hash it was used for.
#[derive(Default)]
pub struct Memory(Option<Mapping>);

impl Memory {
    /// Makes this many blocks of 1 KiB ready before they are needed: to hand out 19 MiB takes the system as
    /// long as a third of a hash.
    pub fn ready(count: usize) -> Self {
        // What is not to be had now is asked for again when it is needed.
        let mut mapping = Mapping::new(count).ok();
        if let Some(mapping) = &mut mapping {
            mapping.fetch();
        }
        Self(mapping)
    }

    /// Wipes it and keeps it.
    pub fn wipe(&mut self) {
        if let Some(mapping) = &mut self.0 {
            mapping.as_mut_slice().iter_mut().zeroize();
        }
    }

    /// At least this many blocks of 1 KiB.
    ///
    /// # Errors
    /// [`Kind::Io`] when the system has no more memory.
    pub fn blocks(&mut self, count: usize) -> Result<&mut [Block]> {
        let mapping = match self.0.take() {
            Some(mapping) if mapping.count >= count => mapping,
            smaller => {
                drop(smaller);
                Mapping::new(count).map_err(|error| {
                    Error::new(Kind::Io, "there is not enough memory for a hash")
                        .hint("run it again; if it stays so, lower hash.memory_kib")
                        .because(std::io::Error::from(error))
                })?
            }
        };
        Ok(&mut self.0.insert(mapping).as_mut_slice()[..count])
    }
}

/// Pages that belong to nobody else: they begin as zeros, and go back at once.
struct Mapping {
    start: NonNull<Block>,
    count: usize,
    bytes: usize,
}

#[expect(unsafe_code, reason = "the system calls have no safe wrappers")]
impl Mapping {
    /// Maps this many blocks, if possible in huge pages: in pages of 4 KiB the first touch of
    /// 19 MiB costs half as much time as the hash. That the system has none is no error.
    fn new(count: usize) -> io::Result<Self> {
        let used = (count * Block::SIZE).next_multiple_of(PAGE).max(PAGE);
        // Only what is whole huge pages long is placed where all of it can be in such.
        let bytes = if used < HUGE {
            used
        } else {
            used.next_multiple_of(HUGE)
        };
        // SAFETY: the system chooses the place, so nothing of ours lies there.
        let start = unsafe {
            mmap_anonymous(
                ptr::null_mut(),
                bytes,
                ProtFlags::READ | ProtFlags::WRITE,
                MapFlags::PRIVATE,
            )?
        };
        #[cfg(target_os = "linux")]
        if used >= HUGE {
            // SAFETY: the range is the mapping, in which the advice changes nothing.
            let _ = unsafe { madvise(start, used, Advice::LinuxHugepage) };
        }
        if used < bytes {
            // SAFETY: this is the end of the mapping, which nobody knows of yet.
            unsafe { munmap(start.byte_add(used), bytes - used)? };
        }
        Ok(Self {
            start: NonNull::new(start.cast()).ok_or(io::Errno::NOMEM)?,
            count,
            bytes: used,
        })
    }

    /// Elsewhere each page is touched when it is needed.
    #[cfg(not(target_os = "linux"))]
    fn fetch(&mut self) {}

    /// Has the system hand out all pages at once.
    #[cfg(target_os = "linux")]
    fn fetch(&mut self) {
        if self.bytes < HUGE {
            return;
        }
        // SAFETY: the range is the mapping, and the advice changes nothing that can be read from it.
        let _ = unsafe {
            madvise(
                self.start.as_ptr().cast(),
                self.bytes,
                Advice::LinuxPopulateWrite,
            )
        };
    }

    fn as_mut_slice(&mut self) -> &mut [Block] {
        // SAFETY: the mapping holds as many blocks, begins on a page, has only bytes that were
        // zeroed or written, any of which make a block, and is borrowed as long as the slice.
        unsafe { std::slice::from_raw_parts_mut(self.start.as_ptr(), self.count) }
    }
}

#[expect(unsafe_code, reason = "the system call has no safe wrapper")]
impl Drop for Mapping {
    fn drop(&mut self) {
        self.as_mut_slice().iter_mut().zeroize();
        // SAFETY: the mapping is whole, and nobody can reach it any more.
        let _ = unsafe { munmap(self.start.as_ptr().cast(), self.bytes) };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_grows_and_begins_as_zeros() {
        let mut memory = Memory::ready(3000);
        for count in [3000, 8, 5000] {
            let blocks = memory.blocks(count).unwrap();
            assert_eq!(blocks.len(), count);
            blocks[count - 1].as_mut()[0] = 1;
        }
        memory.wipe();
        assert_eq!(memory.blocks(5000).unwrap()[4999].as_ref()[0], 0);
        let mut other = Memory::default();
        let blocks = other.blocks(5000).unwrap();
        assert!(
            blocks
                .iter()
                .all(|block| block.as_ref().iter().all(|word| *word == 0))
        );
    }
}
