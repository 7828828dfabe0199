//! The settings: one table, its layers, and the paths in force.

pub mod choices;
mod declare;
pub mod django;
pub mod effective;
pub mod file;
pub mod from_django;
pub mod layers;
pub mod paths;
mod python;
pub mod sections;
pub mod setting;
pub mod settings;
pub mod table;
pub mod template;
pub mod value;

pub use effective::Finding;
pub use layers::Loaded;
pub use settings::Settings;
