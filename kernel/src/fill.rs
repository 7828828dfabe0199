//! Fills the memory block by block (RFC 9106 sections 3.2 and 3.4): which block is made of which.

use argon2::{Block, Params};

/// Words of a block.
pub const WORDS: usize = Block::SIZE / 8;

// The blocks of the crate are nothing but their words.
const _: () = assert!(size_of::<Block>() == 8 * WORDS && align_of::<Block>() == 64);

/// Slices of a pass, at whose ends the lanes wait for each other.
const SLICES: usize = 4;

/// What the memory is divided into.
#[derive(Clone, Copy, Debug)]
pub struct Shape {
    pub lanes: usize,
    /// Blocks of a lane, a multiple of four.
    pub lane_length: usize,
    pub passes: usize,
}

impl Shape {
    /// What these parameters ask for.
    pub fn of(params: &Params) -> Self {
        let lanes = usize::try_from(params.p_cost()).unwrap_or(usize::MAX);
        Self {
            lanes,
            lane_length: params.block_count() / lanes,
            passes: usize::try_from(params.t_cost()).unwrap_or(usize::MAX),
        }
    }

    /// All blocks.
    pub fn blocks(&self) -> usize {
        self.lanes * self.lane_length
    }

    fn segment(&self) -> usize {
        self.lane_length / SLICES
    }
}

/// One way to fill.
#[derive(Clone, Copy)]
pub struct Filler {
    /// By which vectors.
    pub name: &'static str,
    run: unsafe fn(&Shape, *mut u64),
}

impl Filler {
    /// Fills the memory, of which the first two blocks of each lane are there.
    pub fn fill(&self, shape: &Shape, memory: &mut [Block]) {
        assert!(memory.len() >= shape.blocks() && shape.segment() >= 2);
        // SAFETY: the processor has what this filler needs, or `fillers` would not have named it; the
        // memory holds all blocks of the shape, each of which is its words, and nobody else has it.
        unsafe { (self.run)(shape, memory.as_mut_ptr().cast()) }
    }
}

/// Those that this processor can run, the widest first.
#[cfg(target_arch = "x86_64")]
pub fn fillers() -> Vec<Filler> {
    use crate::vector::{fill_256, fill_512};
    let mut fillers = Vec::new();
    if is_x86_feature_detected!("avx512f") && is_x86_feature_detected!("avx512bw") {
        fillers.push(Filler {
            name: "AVX-512",
            run: fill_512,
        });
    }
    if is_x86_feature_detected!("avx2") {
        fillers.push(Filler {
            name: "AVX2",
            run: fill_256,
        });
    }
    fillers
}

/// Other processors are left to the crate `argon2`.
#[cfg(not(target_arch = "x86_64"))]
pub fn fillers() -> Vec<Filler> {
    Vec::new()
}

/// A way to make a block of two others.
pub trait Compress {
    /// Makes the block at `out` of those at `one` and `two`, and of itself where `mixes`. As soon as the
    /// first word of it is known, `early` hears it.
    ///
    /// # Safety
    /// Each place holds a block, aligned to 64 bytes; the processor has the vectors.
    unsafe fn compress(
        one: *const u64,
        two: *const u64,
        out: *mut u64,
        mixes: bool,
        early: impl FnOnce(u64),
    );

    /// Has the block at this place fetched into the cache.
    ///
    /// # Safety
    /// The processor has the instruction; any place will do.
    unsafe fn fetch(place: *const u64);
}

/// A block on the stack.
#[repr(align(64))]
struct Local([u64; WORDS]);

/// Where in the filling a segment is.
#[derive(Clone, Copy)]
struct Here {
    pass: usize,
    slice: usize,
    lane: usize,
}

/// Fills everything.
///
/// # Safety
/// As [`Filler::fill`] has it.
#[inline(always)]
pub unsafe fn fill<C: Compress>(shape: &Shape, memory: *mut u64) {
    for pass in 0..shape.passes {
        for slice in 0..SLICES {
            for lane in 0..shape.lanes {
                let here = Here { pass, slice, lane };
                // SAFETY: as of this function.
                unsafe { segment::<C>(shape, memory, here) };
            }
        }
    }
}

/// # Safety
/// As [`fill`].
#[inline(always)]
unsafe fn segment<C: Compress>(shape: &Shape, memory: *mut u64, here: Here) {
    let Here { pass, slice, lane } = here;
    let length = shape.segment();
    let is_independent = pass == 0 && slice < SLICES / 2;
    // SAFETY: the index is one of a block of the memory.
    let at = |index: usize| unsafe { memory.add(index * WORDS) };
    let mut addresses = Addresses::new(shape, here);
    let first = if pass == 0 && slice == 0 { 2 } else { 0 };
    let begin = lane * shape.lane_length + slice * length;
    let before = |index: usize| match (slice, index) {
        (0, 0) => begin + shape.lane_length - 1,
        (_, index) => begin + index - 1,
    };
    if is_independent {
        // SAFETY: the processor has the vectors.
        unsafe { addresses.renew::<C>() };
    }
    let draw = match is_independent {
        true => addresses.block.0[first],
        // SAFETY: the block before this one is of the memory.
        false => unsafe { *at(before(first)) },
    };
    let mut reference = refer(shape, here, first, draw);
    for index in first..length {
        let (one, two, out) = (at(before(index)), at(reference), at(begin + index));
        let next = index + 1;
        if is_independent && next.is_multiple_of(WORDS) {
            // SAFETY: the processor has the vectors.
            unsafe { addresses.renew::<C>() };
        }
        // No more than this: it stands in the middle of the arithmetic.
        let early = |word: u64| {
            if next < length {
                let draw = match is_independent {
                    true => addresses.block.0[next % WORDS],
                    false => word,
                };
                reference = refer(shape, here, next, draw);
                // SAFETY: the processor has the instruction.
                unsafe { C::fetch(at(reference)) };
            }
        };
        // SAFETY: all three are blocks of the memory.
        unsafe { C::compress(one, two, out, pass > 0, early) };
    }
}

/// Which block the one with this number in its segment is made of, beside the one before it.
#[inline(always)]
fn refer(shape: &Shape, here: Here, index: usize, draw: u64) -> usize {
    let Here { pass, slice, lane } = here;
    let (length, lane_length) = (shape.segment(), shape.lane_length);
    let other = match (pass, slice, shape.lanes) {
        (_, _, 1) | (0, 0, _) => lane,
        (_, _, lanes) => (draw >> 32) as usize % lanes,
    };
    // How many there are to choose from: those that are done, but not the one before.
    let done = match pass {
        0 => slice * length,
        _ => lane_length - length,
    };
    let area = match other == lane {
        true => done + index - 1,
        false => done - usize::from(index == 0),
    };
    let begin = match (pass, slice) {
        (0, _) => 0,
        (_, 3) => 0,
        (_, slice) => (slice + 1) * length,
    };
    let draw = draw & u64::from(u32::MAX);
    let square = (draw * draw) >> 32;
    let back = ((area as u64 * square) >> 32) as usize;
    let chosen = begin + area - 1 - back;
    let chosen = match chosen < lane_length {
        true => chosen,
        false => chosen - lane_length,
    };
    other * lane_length + chosen
}

/// Draws that do not depend on what is hashed.
struct Addresses {
    input: Local,
    block: Local,
}

impl Addresses {
    fn new(shape: &Shape, here: Here) -> Self {
        let mut input = Local([0; WORDS]);
        let numbers = [
            here.pass,
            here.lane,
            here.slice,
            shape.blocks(),
            shape.passes,
            2,
        ];
        for (word, number) in input.0.iter_mut().zip(numbers) {
            *word = number as u64;
        }
        Self {
            input,
            block: Local([0; WORDS]),
        }
    }

    /// Computes those for the next blocks, as many as a block has words.
    ///
    /// # Safety
    /// The processor has the vectors.
    #[inline(always)]
    unsafe fn renew<C: Compress>(&mut self) {
        self.input.0[6] += 1;
        let (zero, mut half) = (Local([0; WORDS]), Local([0; WORDS]));
        let out = half.0.as_mut_ptr();
        // SAFETY: these are blocks.
        unsafe { C::compress(zero.0.as_ptr(), self.input.0.as_ptr(), out, false, |_| ()) };
        let (half, block) = (half.0.as_ptr(), self.block.0.as_mut_ptr());
        // SAFETY: as above.
        unsafe { C::compress(zero.0.as_ptr(), half, block, false, |_| ()) };
    }
}
