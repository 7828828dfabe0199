//! Runs the program that its arguments name and prints the most memory it had, in KiB. A small
//! program of its own, because the system counts a parent's memory as its child's.

use std::process::{Command, Stdio};

/// `struct rusage`, of which only the peak matters.
#[repr(C)]
struct Usage {
    times: [i64; 4],
    peak: i64,
    rest: [i64; 13],
}

const RUSAGE_CHILDREN: i32 = -1;

unsafe extern "C" {
    fn getrusage(who: i32, usage: *mut Usage) -> i32;
}

fn main() {
    let mut arguments = std::env::args_os().skip(1);
    let program = arguments.next().expect("a program is named");
    Command::new(program)
        .args(arguments)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .expect("it can be run");
    let mut usage = Usage {
        times: [0; 4],
        peak: 0,
        rest: [0; 13],
    };
    // SAFETY: the structure is as large as the system's.
    assert_eq!(unsafe { getrusage(RUSAGE_CHILDREN, &mut usage) }, 0);
    println!("{}", usage.peak);
}
