//! The settings: one table, its layers, and the paths in force.

pub mod django;
pub mod file;
pub mod layers;
pub mod paths;
pub mod settings;
pub mod table;
pub mod template;
pub mod value;

pub use layers::{Finding, Loaded};
pub use settings::Settings;
