//! What stands before and after the filling: the first two blocks of each lane, and the digest
//! (RFC 9106 sections 3.2 and 3.3).

use argon2::{Block, Params};
use blake2::digest::Digest;
use blake2::digest::block_api::{UpdateCore, VariableOutputCore};
use blake2::digest::block_buffer::LazyBuffer;
use blake2::{Blake2b512, Blake2bVarCore};
use zeroize::{Zeroize, Zeroizing};

use crate::Input;
use crate::fill::Shape;

/// Argon2id, and its version.
const TYPE: u32 = 2;
const VERSION: u32 = 0x13;

/// Bytes of a digest of BLAKE2b, and of what is taken of each in a long one.
const WHOLE: usize = 64;
const HALF: usize = 32;

/// Writes the first two blocks of each lane.
pub fn begin(
    input: &Input<'_>,
    params: &Params,
    length: usize,
    shape: &Shape,
    memory: &mut [Block],
) {
    let mut first = Blake2b512::new();
    let mut number = |value: u32| first.update(value.to_le_bytes());
    number(params.p_cost());
    number(u32::try_from(length).unwrap_or(u32::MAX));
    number(params.m_cost());
    number(params.t_cost());
    number(VERSION);
    number(TYPE);
    for text in [input.password, input.salt, input.secret, params.data()] {
        let length = u32::try_from(text.len()).unwrap_or(u32::MAX);
        first.update(length.to_le_bytes());
        first.update(text);
    }
    let first: Zeroizing<[u8; WHOLE]> = Zeroizing::new(first.finalize().into());
    let mut bytes = Zeroizing::new([0; Block::SIZE]);
    for (lane, blocks) in (0_u32..).zip(memory.chunks_exact_mut(shape.lane_length)) {
        for (column, block) in (0_u32..).zip(blocks.iter_mut().take(2)) {
            let parts = [&first[..], &column.to_le_bytes(), &lane.to_le_bytes()];
            long(&parts, &mut *bytes);
            for (word, bytes) in block.as_mut().iter_mut().zip(bytes.chunks_exact(8)) {
                *word = bytes
                    .iter()
                    .rev()
                    .fold(0, |word, byte| word << 8 | u64::from(*byte));
            }
        }
    }
}

/// The digest of all that was filled.
pub fn end(shape: &Shape, memory: &[Block], out: &mut [u8]) {
    let mut last = Zeroizing::new([0_u64; Block::SIZE / 8]);
    for lane in memory.chunks_exact(shape.lane_length) {
        for (word, other) in last.iter_mut().zip(lane[shape.lane_length - 1].as_ref()) {
            *word ^= other;
        }
    }
    let mut bytes = Zeroizing::new([0; Block::SIZE]);
    for (bytes, word) in bytes.chunks_exact_mut(8).zip(last.iter()) {
        bytes.copy_from_slice(&word.to_le_bytes());
    }
    long(&[&bytes[..]], out);
}

/// The hash of any length, H' (RFC 9106 section 3.3).
fn long(parts: &[&[u8]], out: &mut [u8]) {
    let length = u32::try_from(out.len()).unwrap_or(u32::MAX).to_le_bytes();
    let parts = [&[&length[..]], parts].concat();
    if out.len() <= WHOLE {
        return short(&parts, out);
    }
    let mut digest = Zeroizing::new([0; WHOLE]);
    short(&parts, &mut *digest);
    let mut rest = out;
    while rest.len() > WHOLE {
        let (now, later) = rest.split_at_mut(HALF);
        now.copy_from_slice(&digest[..HALF]);
        rest = later;
        // The last one is as long as what is left.
        if rest.len() <= WHOLE {
            return short(&[&digest[..]], rest);
        }
        let next: Zeroizing<[u8; WHOLE]> = Zeroizing::new(Blake2b512::digest(&digest[..]).into());
        *digest = *next;
    }
}

/// BLAKE2b of at most 64 bytes.
fn short(parts: &[&[u8]], out: &mut [u8]) {
    // Every length from 1 to 64 is one of its own, and there is no other here.
    let Ok(mut core) = Blake2bVarCore::new(out.len()) else {
        return;
    };
    let mut buffer = LazyBuffer::default();
    for part in parts {
        buffer.digest_blocks(part, |blocks| core.update_blocks(blocks));
    }
    let mut whole = Default::default();
    core.finalize_variable_core(&mut buffer, &mut whole);
    let length = out.len();
    out.copy_from_slice(&whole[..length]);
    whole.zeroize();
}
