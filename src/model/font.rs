//! Fonts as they are handed from where they lie to where they are drawn.

use std::sync::Arc;

use crate::error::Result;

/// One face of a font: the bytes of its table with this tag (OpenType, "Font tables"), read when asked.
pub type Face = Arc<dyn Fn([u8; 4]) -> Option<Vec<u8>> + Send + Sync>;

/// Faces that may have what the built-in ones lack; looked for only where something is lacking.
pub type Faces = Arc<dyn Fn() -> Result<Vec<Face>> + Send + Sync>;
