//! The work without the program around it: one hash, one durable commit.

use std::path::Path;
use std::{ptr, slice};

use argon2::{Algorithm, Argon2, Block, Params, Version};
use argon2_kernel::Input;
use rusqlite::Connection;
use rustix::mm::{Advice, MapFlags, ProtFlags, madvise, mmap_anonymous, munmap};

/// Argon2id at the default cost, in memory that is there already.
pub struct Hash {
    blocks: Vec<Block>,
    argon2: Argon2<'static>,
}

const PASSWORD: &[u8] = b"thirty characters of a secret!";
const SALT: [u8; 16] = [7; 16];
const PEPPER: &[u8] = b"a pepper of exactly 32 characters";

/// What a hash costs by default: KiB and passes.
pub const MEMORY_KIB: u32 = 19_456;
const ITERATIONS: u32 = 2;

impl Hash {
    /// In pages as they come, or in huge ones where the system has them.
    pub fn new(in_huge_pages: bool) -> Self {
        let params =
            Params::new(MEMORY_KIB, ITERATIONS, 1, Some(32)).expect("the cost is possible");
        let count = params.block_count();
        let mut blocks = Vec::with_capacity(count);
        if in_huge_pages {
            advise(&mut blocks);
        }
        blocks.resize(count, Block::new());
        let argon2 = Argon2::new_with_secret(PEPPER, Algorithm::Argon2id, Version::V0x13, params);
        Self {
            blocks,
            argon2: argon2.expect("the pepper is possible"),
        }
    }

    /// Computes one in the best way there is.
    pub fn compute(&mut self) {
        let (mut digest, params) = ([0; 32], self.argon2.params().clone());
        let input = Input {
            password: PASSWORD,
            salt: &SALT,
            secret: PEPPER,
        };
        if argon2_kernel::hash(&input, &params, &mut digest, &mut self.blocks) {
            std::hint::black_box(digest);
        } else {
            self.compute_by_crate();
        }
    }

    /// Computes one by the crate `argon2`.
    pub fn compute_by_crate(&mut self) {
        let mut digest = [0; 32];
        self.argon2
            .hash_password_into_with_memory(PASSWORD, &SALT, &mut digest, &mut self.blocks)
            .expect("it can be hashed");
        std::hint::black_box(digest);
    }
}

impl Hash {
    /// What one hash costs a process that computes no other: its memory, in huge pages, comes from the
    /// system and goes back to it wiped.
    #[expect(unsafe_code, reason = "the system calls have no safe wrappers")]
    pub fn compute_in_fresh_memory() {
        const HUGE: usize = 2 << 20;
        let length = (MEMORY_KIB as usize * Block::SIZE).next_multiple_of(HUGE);
        let (read_write, private) = (ProtFlags::READ | ProtFlags::WRITE, MapFlags::PRIVATE);
        // SAFETY: the system chooses the place; its bytes are zeros, of which blocks can be made, and
        // nobody else knows of it until it is given back.
        unsafe {
            let start = mmap_anonymous(ptr::null_mut(), length, read_write, private)
                .expect("there is memory");
            let _ = madvise(start, length, Advice::LinuxHugepage);
            let blocks = slice::from_raw_parts_mut(start.cast::<Block>(), MEMORY_KIB as usize);
            let input = Input {
                password: PASSWORD,
                salt: &SALT,
                secret: PEPPER,
            };
            let params = Params::new(MEMORY_KIB, ITERATIONS, 1, Some(32)).expect("it is possible");
            let mut digest = [0; 32];
            if !argon2_kernel::hash(&input, &params, &mut digest, blocks) {
                Argon2::new_with_secret(PEPPER, Algorithm::Argon2id, Version::V0x13, params)
                    .expect("the pepper is possible")
                    .hash_password_into_with_memory(PASSWORD, &SALT, &mut digest, &mut *blocks)
                    .expect("it can be hashed");
            }
            std::hint::black_box(digest);
            blocks.fill(Block::new());
            std::hint::black_box(&blocks);
            munmap(start, length).expect("it was mapped");
        }
    }
}

#[expect(unsafe_code, reason = "the system call has no safe wrapper")]
fn advise(blocks: &mut Vec<Block>) {
    const PAGE: usize = 4096;
    let start = blocks.as_mut_ptr().cast::<u8>();
    let before = start.align_offset(PAGE);
    let length = (blocks.capacity() * Block::SIZE - before) / PAGE * PAGE;
    // SAFETY: the range is one this vector owns, and the advice changes nothing in it.
    unsafe {
        let _ = rustix::mm::madvise(
            start.add(before).cast(),
            length,
            rustix::mm::Advice::LinuxHugepage,
        );
    }
}

/// A database of one row.
pub struct Commits(Connection);

impl Commits {
    /// As durable as the store.
    pub fn new(directory: &Path) -> Self {
        let connection =
            Connection::open(directory.join("bare.db")).expect("a database can be made");
        connection
            .execute_batch(
                "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
                 CREATE TABLE t (id INTEGER PRIMARY KEY, n INTEGER); INSERT INTO t VALUES (1, 0)",
            )
            .expect("it can be written");
        Self(connection)
    }

    /// Changes the row, durably.
    pub fn commit(&self) {
        self.0
            .prepare_cached("UPDATE t SET n = n + 1 WHERE id = 1")
            .and_then(|mut statement| statement.execute([]))
            .expect("it can be written");
    }
}
