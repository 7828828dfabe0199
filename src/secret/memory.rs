//! The memory Argon2 works in: one buffer per thread, reused, in huge pages where the system
//! has them, wiped when it goes.

use argon2::Block;
use zeroize::Zeroize;

/// A buffer that grows to the largest hash it was used for.
#[derive(Default)]
pub struct Memory(Vec<Block>);

impl Memory {
    /// At least this many blocks of 1 KiB.
    pub fn blocks(&mut self, count: usize) -> &mut [Block] {
        if self.0.len() < count {
            self.0.zeroize();
            self.0 = Vec::with_capacity(count);
            advise_huge_pages(&mut self.0);
            self.0.resize(count, Block::new());
        }
        &mut self.0[..count]
    }
}

impl Drop for Memory {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

/// Asks for huge pages before the first touch: 19 MiB in pages of 4 KiB cost as much time as a
/// third of the hash. That the system has none is no error.
#[expect(unsafe_code, reason = "the system call has no safe wrapper")]
fn advise_huge_pages(blocks: &mut Vec<Block>) {
    const PAGE: usize = 4096;
    let start = blocks.as_mut_ptr().cast::<u8>();
    let length = blocks.capacity() * Block::SIZE;
    let before = start.align_offset(PAGE);
    if length <= before + PAGE {
        return;
    }
    // SAFETY: the range lies inside one allocation that this vector owns, begins on a page, and
    // the advice changes neither its contents nor whether it is mapped.
    unsafe {
        let _ = rustix::mm::madvise(
            start.add(before).cast(),
            (length - before) / PAGE * PAGE,
            rustix::mm::Advice::LinuxHugepage,
        );
    }
}
