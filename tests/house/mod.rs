//! What holds for every word and every file.

mod bad_input;
mod crash;
mod faults;
mod habits;
mod layering;
mod secrets;
mod terminal;
