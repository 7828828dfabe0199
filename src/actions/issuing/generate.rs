//! Issues a new batch of codes; the one before it stops working in the same moment.

use zeroize::Zeroizing;

use crate::actions::desk::workspace::Workspace;
pub use crate::actions::issuing::ask::{Answer, Issued, Request, Role, Save, Whom};
use crate::actions::issuing::draft::{Draft, Shape};
use crate::actions::issuing::issue::{Along, Stored, issue};
pub use crate::actions::issuing::plan::consequence;
use crate::actions::issuing::plan::plan;
use crate::actions::sheets::session;
use crate::actions::sheets::sheet;
use crate::error::{Error, Kind, Result};
use crate::model::language::LanguageTag;
use crate::platform::files::Prepared;
use crate::render::sheet::render;
use crate::secret::code::Code;

/// Issues the codes: draws and hashes them outside any transaction, then decides and stores
/// everything in one.
///
/// # Errors
/// `unknown_user`, `user_disabled`, `malformed_name` for a user to be created, `no_email`,
/// `mail`, `wrong_state` for a user who is none of [`Request::whom`],
/// `file_exists`, and what writing the sheet says; then nothing has happened.
pub fn generate(workspace: &mut Workspace, request: &Request<'_>) -> Result<Answer> {
    generate_from(workspace, request, None)
}

/// The same with codes that are drawn and hashed already, as long as nobody has meanwhile got
/// the like.
pub(in crate::actions) fn generate_from(
    workspace: &mut Workspace,
    request: &Request<'_>,
    mut ready: Option<Draft>,
) -> Result<Answer> {
    let now = workspace.origin.at;
    if request.expires_at.is_some_and(|at| at <= now) {
        workspace.require_sure_clock()?;
        return Err(
            Error::new(Kind::Usage, "the codes would expire before they are issued")
                .hint("give a longer span with --expires-in, or leave it out"),
        );
    }
    loop {
        let plan = match plan(workspace, request)? {
            Ok(plan) => plan,
            Err(seconds) => return Ok(Answer::Wait(seconds)),
        };
        let draft = match ready.take() {
            Some(draft) => draft,
            None => {
                let taken = plan.taken(workspace)?;
                let shape = Shape {
                    count: request.count,
                    alphabet: request.alphabet,
                    expires_at: request.expires_at,
                };
                Draft::draw(workspace, &shape, &taken)?
            }
        };
        let name = plan.name(request);
        let mut along = along(workspace, request, &draft, (name, plan.language()))?;
        let stored = match issue(workspace, request, &draft, &mut along) {
            Ok(stored) => stored,
            Err(error) => return Err(along.take_back(error, request, (name, &draft.name))),
        };
        match stored {
            Stored::Done(stored) => {
                let ended: Vec<_> = stored
                    .superseded
                    .iter()
                    .map(|old| old.batch.clone())
                    .collect();
                session::forget_keys(workspace, &ended);
                return Ok(Answer::Issued(Issued {
                    user: stored.user,
                    user_is_new: stored.user_is_new,
                    batch: draft.name,
                    alphabet: request.alphabet,
                    expires_at: request.expires_at,
                    role: request.role,
                    codes: draft.codes,
                    sheet: along.sheet,
                    superseded: stored.superseded,
                    has_session: along.session.is_some(),
                    mail: stored.mail,
                }));
            }
            Stored::Wait(seconds) => {
                along.abandon();
                return Ok(Answer::Wait(seconds));
            }
            Stored::Clash => along.abandon(),
        }
    }
}

/// Makes ready what goes along: the sheet first, because it is the likeliest to fail.
fn along(
    workspace: &Workspace,
    request: &Request<'_>,
    draft: &Draft,
    (user, language): (&str, Option<&LanguageTag>),
) -> Result<Along> {
    let (sheet, prepared) = match &request.save {
        None => (None, None),
        Some(save) => {
            let shown: Vec<Zeroizing<String>> = draft.codes.iter().map(Code::expose).collect();
            let contents = sheet::Contents {
                user,
                language,
                batch: &draft.name,
                issued_at: workspace.origin.at,
                expires_at: request.expires_at,
                codes: shown,
            };
            let sheet = sheet::fill(&workspace.settings, contents)?;
            let bytes = render(&sheet, save.format)?;
            let prepared = Prepared::write_fitting(&save.path, &bytes)?;
            (Some(Box::new(sheet)), Some(prepared))
        }
    };
    Ok(Along {
        session: match request.role {
            Role::Sheet | Role::Pending => session::begin(workspace, &draft.name, &draft.codes)?,
            Role::Temporary => None,
        },
        sheet,
        prepared,
        placed: None,
    })
}
