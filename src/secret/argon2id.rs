//! The digest itself (RFC 9106): by the vectors of the processor where it has wide ones, else by the
//! crate.

use argon2::{Algorithm, Argon2, AssociatedData, Params, ParamsBuilder, Version};
use argon2_kernel::Input;
use zeroize::Zeroizing;

use super::memory::Memory;
use crate::error::{Error, Kind, Result};

/// Bytes of a digest.
pub const DIGEST: usize = 32;

/// Computes one in this memory.
///
/// # Errors
/// [`Kind::Io`] where there is no memory, or the parameters are none.
pub fn digest(
    input: &Input<'_>,
    params: &Params,
    memory: &mut Memory,
) -> Result<Zeroizing<[u8; DIGEST]>> {
    let mut digest = Zeroizing::new([0; DIGEST]);
    let blocks = memory.blocks(params.block_count())?;
    if argon2_kernel::hash(input, params, &mut *digest, blocks) {
        return Ok(digest);
    }
    let (algorithm, version) = (Algorithm::Argon2id, Version::V0x13);
    let argon2 = Argon2::new_with_secret(input.secret, algorithm, version, params.clone());
    argon2
        .map_err(internal)?
        .hash_password_into_with_memory(input.password, input.salt, &mut *digest, blocks)
        .map_err(internal)?;
    Ok(digest)
}

/// The same parameters, bound to a place.
///
/// # Errors
/// As [`digest`].
pub fn bound(params: &Params, data: &[u8]) -> Result<Params> {
    ParamsBuilder::new()
        .m_cost(params.m_cost())
        .t_cost(params.t_cost())
        .p_cost(params.p_cost())
        .output_len(DIGEST)
        .data(AssociatedData::new(data).map_err(internal)?)
        .build()
        .map_err(internal)
}

/// What only parameters that make no hash can lead to.
pub fn internal(error: impl std::fmt::Display) -> Error {
    Error::new(Kind::Io, format!("the code could not be hashed: {error}"))
        .hint("nothing was changed; set hash.* back to the defaults and run it again")
}
