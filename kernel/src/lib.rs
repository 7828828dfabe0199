//! Argon2id version 0x13 (RFC 9106), whose memory is filled with the widest vectors that the processor
//! has: 512 bits, else 256.
//!
//! The parameters and the memory are those of the crate `argon2`, and so is every result: this crate
//! compares one with it before it computes the first, and computes nothing at all if that differs, nor
//! where the processor has no such vectors. The caller then asks the crate itself.

// Other processors are left to the crate.
#![cfg_attr(not(target_arch = "x86_64"), allow(dead_code))]

mod fill;
mod frame;
#[cfg(target_arch = "x86_64")]
mod vector;

use std::sync::LazyLock;

use argon2::{Algorithm, Argon2, AssociatedData, Block, Params, ParamsBuilder, Version};

use fill::{Filler, Shape};

/// What is hashed, beside the parameters.
#[derive(Clone, Copy)]
pub struct Input<'a> {
    pub password: &'a [u8],
    pub salt: &'a [u8],
    /// The secret key, also called pepper.
    pub secret: &'a [u8],
}

/// Computes the digest of Argon2id into `out` in this memory, of which there must be at least
/// [`Params::block_count`] blocks; says whether it did. If not, nothing was changed.
#[must_use]
pub fn hash(input: &Input<'_>, params: &Params, out: &mut [u8], memory: &mut [Block]) -> bool {
    match &*FILLER {
        Some(filler) => compute(*filler, input, params, out, memory),
        None => false,
    }
}

/// By which vectors it computes; none if it does not.
pub fn vectors() -> Option<&'static str> {
    FILLER.as_ref().map(|filler| filler.name)
}

/// The widest that agrees with the crate.
static FILLER: LazyLock<Option<Filler>> =
    LazyLock::new(|| fill::fillers().into_iter().find(|filler| agrees(*filler)));

fn compute(
    filler: Filler,
    input: &Input<'_>,
    params: &Params,
    out: &mut [u8],
    memory: &mut [Block],
) -> bool {
    let shape = Shape::of(params);
    let Some(memory) = memory.get_mut(..shape.blocks()) else {
        return false;
    };
    frame::begin(input, params, out.len(), &shape, memory);
    filler.fill(&shape, memory);
    frame::end(&shape, memory, out);
    true
}

/// Whether a small hash comes out as the crate has it: one with several lanes and passes, so that every
/// way to address a block is gone.
fn agrees(filler: Filler) -> bool {
    let input = Input {
        password: b"password",
        salt: b"some salt of its own",
        secret: b"a secret",
    };
    let params = AssociatedData::new(b"data").and_then(|data| {
        ParamsBuilder::new()
            .m_cost(64)
            .t_cost(2)
            .p_cost(2)
            .data(data)
            .build()
    });
    let Ok(params) = params else {
        return false;
    };
    let mut memory = vec![Block::new(); params.block_count()];
    let (mut ours, mut theirs) = ([0; 32], [0; 32]);
    let crates = Argon2::new_with_secret(
        input.secret,
        Algorithm::Argon2id,
        Version::V0x13,
        params.clone(),
    );
    crates.is_ok_and(|crates| {
        crates
            .hash_password_into(input.password, input.salt, &mut theirs)
            .is_ok()
            && compute(filler, &input, &params, &mut ours, &mut memory)
            && ours == theirs
    })
}

#[cfg(test)]
mod tests;
