//! A machine for one test: the real one, in a mount namespace in which everything that a recipe
//! writes to is a copy or in memory. Nothing of it is left when the test ends.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Command, Stdio};

use super::{Ended, PROGRAM, ended, feed, readme};

/// The mount namespace that is not to be changed, as the test outside tells the one inside.
const OUTSIDE: &str = "RECOVERY_CODES_TEST_OUTSIDE";
/// An empty directory outside.
const SCRATCH: &str = "RECOVERY_CODES_TEST_SCRATCH";

/// `/etc` becomes a copy, and so does what `pam-auth-update` works with; where programs, homes,
/// stores and logs lie is empty.
const SET_UP: &str = r#"
mount -t tmpfs scratch "$SCRATCH"
cp -a --parents /etc /var/cache/debconf /usr/share/pam-configs "$SCRATCH"
cp -a --parents /var/lib/pam /var/lib/dpkg/info/libpam-runtime.templates "$SCRATCH"
install "$0" "$SCRATCH/recovery-codes"
for copy in /etc /var/cache/debconf /usr/share/pam-configs; do
    mount --bind "$SCRATCH$copy" "$copy"
done
for place in /run /srv /usr/local /var/lib /var/log; do
    mount -t tmpfs -o mode=755 machine "$place"
done
cp -a "$SCRATCH/var/lib/." /var/lib
mkdir -p /run/sshd /usr/local/bin /usr/local/libexec
install "$SCRATCH/recovery-codes" /usr/local/bin/recovery-codes
"#;

/// Root is a user like others, with a home in memory.
const USER: &str = r#"
if [ "$USER" = root ]; then
    mkdir -m 700 "$HOME"
    sed -i "s#:/root:#:$HOME:#" /etc/passwd
else
    useradd --create-home --home-dir "$HOME" --shell /bin/sh "$USER"
fi
setpriv --reuid "$USER" --regid "$USER" --clear-groups sh -euc '
    umask 077
    mkdir "$HOME/.ssh"
    ssh-keygen -q -t ed25519 -N "" -f "$HOME/.ssh/id_ed25519"
    cp "$HOME/.ssh/id_ed25519.pub" "$HOME/.ssh/authorized_keys"'
"#;

/// The machine on which the calling test runs.
pub struct Machine(());

impl Machine {
    /// A machine that has these programs, for the test with this full name. There is none on the
    /// outside: there the test has been run on it as a process of its own, and has passed.
    #[track_caller]
    pub fn of_its_own(test: &str, programs: &[&str]) -> Option<Self> {
        let namespace = fs::read_link("/proc/self/ns/mnt").unwrap();
        let Some(outside) = std::env::var_os(OUTSIDE) else {
            move_in(test, programs, &namespace);
            return None;
        };
        assert_ne!(namespace, Path::new(&outside), "this is the real machine");
        let machine = Self(());
        machine.run(SET_UP);
        Some(machine)
    }

    /// Root does this in a shell in which `$0` is the program that is tested; it must go well.
    #[track_caller]
    pub fn run(&self, script: &str) -> String {
        let ended = self.pipe(script, "");
        assert_eq!(ended.exit, 0, "{script}: {ended:?}");
        ended.out
    }

    /// The same with this on standard input, however it ends.
    pub fn pipe(&self, script: &str, input: &str) -> Ended {
        let mut command = shell("root", Path::new("/root"));
        command
            .args(["-euc", script, PROGRAM])
            .envs(std::env::var_os(SCRATCH).map(|path| ("SCRATCH", path)));
        feed(command, input)
    }

    /// Somebody does this in a shell, without any of root's rights.
    pub fn run_as(&self, user: &str, script: &str, input: &str) -> Ended {
        let id = |kind| {
            self.run(&format!("id -{kind} {user}"))
                .trim()
                .parse()
                .unwrap()
        };
        let mut command = shell(user, &Path::new("/srv").join(user));
        command.uid(id("u")).gid(id("g")).args(["-euc", script]);
        feed(command, input)
    }

    /// A user of the machine, with a key that opens it over SSH.
    pub fn add_user(&self, user: &str) {
        self.run(&format!("USER={user} HOME=/srv/{user}\n{USER}"));
    }

    /// Writes the manual's file of this name to where the manual says.
    pub fn follow(&self, name: &str, to: &str, mode: u32) {
        fs::write(to, readme::file(name)).unwrap();
        fs::set_permissions(to, fs::Permissions::from_mode(mode)).unwrap();
    }
}

fn shell(user: &str, home: &Path) -> Command {
    let mut command = Command::new("sh");
    command
        .current_dir("/")
        .env_clear()
        .env("HOME", home)
        .env("USER", user)
        .env("PATH", "/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin")
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

/// Runs the test of this name in namespaces of its own: what it starts dies with it.
#[track_caller]
fn move_in(test: &str, programs: &[&str], outside: &Path) {
    assert!(
        rustix::process::geteuid().is_root(),
        "only root can try this: it makes users, mounts, and servers that let users in"
    );
    for program in programs {
        assert!(
            Path::new(program).exists(),
            "{program} is missing; .ci/run installs what these tests need"
        );
    }
    let scratch = tempfile::tempdir().unwrap();
    let output = Command::new("unshare")
        .args(["--mount", "--pid", "--fork", "--kill-child"])
        .arg(std::env::current_exe().unwrap())
        .args(["--exact", test, "--ignored", "--nocapture"])
        .env(OUTSIDE, outside)
        .env(SCRATCH, scratch.path())
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let ended = ended(output);
    assert!(
        ended.exit == 0 && ended.out.contains("test result: ok. 1 passed"),
        "{}\n{}",
        ended.out,
        ended.err
    );
}
