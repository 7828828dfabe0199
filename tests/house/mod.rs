//! What holds for every word and every file.

mod bad_input;
mod crash;
mod faults;
mod generated;
mod habits;
mod help;
mod layering;
mod readme;
mod secrets;
mod terminal;
