//! Looks at who may read a file.

use std::path::Path;

use super::findings::Findings;
use crate::platform::files;

pub(super) fn look_at_exposure(
    findings: &mut Findings,
    about: &'static str,
    path: &Path,
    is_secret: bool,
) {
    match files::exposure(path) {
        Ok(Some(who)) if is_secret => findings.wrong(
            about,
            format!("{} can be read by {who}", path.display()),
            format!("chmod 600 {}", path.display()),
        ),
        Ok(_) => {}
        Err(error) => findings.error(about, &error),
    }
    if files::is_foreign(path) {
        findings.wrong(
            about,
            format!("{} belongs to another user", path.display()),
            format!(
                "have it given to the user who runs this program: chown {}",
                path.display()
            ),
        );
    }
}
