//! Keys, the proof of the log, backup and restore.

mod adversary;
mod backup;
mod clock;
mod copy;
mod forgery;
mod key;
mod log;
mod restore;
mod sealing;
mod server;
mod shape;
mod standby;
mod tls;
