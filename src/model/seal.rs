//! What hangs from the head of the audit chain: digests of everything that decides about a login
//! (DESIGN section 4.11).

use super::id::BatchId;
use super::state::BatchState;
use super::time::Timestamp;

/// A digest of rows.
pub type Digest = [u8; 32];

/// The digest of nothing: no user, or no node.
pub const NOTHING: Digest = [0; 32];

/// What the head says beside where the chain begins and ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seals {
    /// The root of the tree over all users.
    pub root: Digest,
    /// Levels of the tree.
    pub height: u32,
    /// Users up to this number are in the tree; [`i64::MAX`] once the whole store is sealed.
    pub sealed_to: i64,
    /// Of the store's own row and of its keys.
    pub world: Digest,
    /// The latest moment the store has seen.
    pub seen_at: Timestamp,
}

/// What a user's row says of a batch that is active or pending.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OpenBatch {
    pub batch: BatchId,
    pub state: BatchState,
    /// Whether it is one code beside the sheet; then it is active.
    pub is_temporary: bool,
    pub digest: Digest,
}

/// Bytes of one [`OpenBatch`]: its number, a letter for the state, the digest.
const LENGTH: usize = 8 + 1 + 32;

impl OpenBatch {
    /// As they stand in a user's row.
    pub fn encode(batches: &[Self]) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(batches.len() * LENGTH);
        for open in batches {
            bytes.extend_from_slice(&open.batch.0.to_be_bytes());
            bytes.push(match open.state {
                BatchState::Pending => b'p',
                _ if open.is_temporary => b't',
                _ => b'a',
            });
            bytes.extend_from_slice(&open.digest);
        }
        bytes
    }

    /// Reads them back; what is no such list holds none.
    pub fn decode(bytes: &[u8]) -> Vec<Self> {
        let (entries, _) = bytes.as_chunks::<LENGTH>();
        let read = |entry: &[u8; LENGTH]| {
            let (number, rest) = entry.split_first_chunk::<8>()?;
            let (state, digest) = rest.split_first()?;
            Some(Self {
                batch: BatchId(i64::from_be_bytes(*number)),
                state: match state {
                    b'p' => BatchState::Pending,
                    _ => BatchState::Active,
                },
                is_temporary: *state == b't',
                digest: digest.try_into().ok()?,
            })
        };
        entries.iter().filter_map(read).collect()
    }
}
