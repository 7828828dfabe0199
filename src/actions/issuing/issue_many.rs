//! New codes for many users: hashed for several at once, issued to each in a transaction of
//! their own, as sheets or by mail.

use std::num::NonZero;

use crate::actions::desk::workspace::Workspace;
use crate::actions::issuing::bundle::{Bundle, Sheets};
use crate::actions::issuing::draft::{Draft, Shape};
use crate::actions::issuing::generate::{Answer, Issued, Request, Role, Whom, generate_from};
use crate::actions::mail::deliver::Post;
use crate::actions::mail::enqueue;
use crate::actions::mail::send_many::Summary;
use crate::error::{Error, Exit, Kind, Result};
use crate::model::alphabet::Alphabet;
use crate::model::state::UserState;
use crate::model::time::Timestamp;
use crate::model::user::UserName;
use crate::platform::pace::Pace;
use crate::render::words::wait;
use crate::secret::hash_many::processors;
use crate::store::{codes, users};

/// What everybody gets, and where it goes.
#[derive(Debug)]
pub struct Terms {
    pub count: u64,
    pub alphabet: Alphabet,
    pub expires_at: Option<Timestamp>,
    pub sheets: Option<Sheets>,
    /// The codes go to each user's address.
    pub email: bool,
    /// How many threads hash; none for one per processor.
    pub threads: Option<NonZero<usize>>,
}

impl Terms {
    fn shape(&self) -> Shape {
        Shape {
            count: self.count,
            alphabet: self.alphabet,
            expires_at: self.expires_at,
        }
    }
}

/// Sees that the codes have somewhere to go, before anything is changed.
///
/// # Errors
/// [`Kind::Usage`] where they have not, [`Kind::Mail`] without a way to send mail, and what
/// making the directory says.
pub fn require_somewhere(workspace: &Workspace, terms: &Terms) -> Result<()> {
    terms.require_way()?;
    if terms.email {
        enqueue::require_backend(&workspace.settings)?;
    }
    if let Some(sheets) = &terms.sheets {
        sheets.require_place()?;
    }
    Ok(())
}

impl Terms {
    /// Sees that a way for the codes is named.
    ///
    /// # Errors
    /// [`Kind::Usage`].
    pub fn require_way(&self) -> Result<()> {
        if self.sheets.is_some() || self.email {
            return Ok(());
        }
        Err(Error::new(Kind::Usage, "the codes have nowhere to go")
            .hint("name a directory with --sheets, or give --email"))
    }

    /// Users whose codes are hashed together, so that every thread has some to do, and a killed
    /// program loses the work for a few only.
    fn at_once(&self) -> usize {
        let threads = self.threads.unwrap_or_else(processors).get();
        let each = usize::try_from(self.count).unwrap_or(usize::MAX).max(1);
        (4 * threads).div_ceil(each)
    }
}

/// Issues new codes to those of these users who are `whom`, each in a transaction of their own.
/// Whoever got codes in the meantime is left alone, so that it can be repeated after it was
/// interrupted.
///
/// # Errors
/// As [`require_somewhere`]. What goes wrong later stands in the summary.
pub fn issue_many(
    workspace: &mut Workspace,
    post: &mut Post<'_>,
    terms: &Terms,
    (whom, names): (Whom, &[UserName]),
    pace: &mut Pace<'_>,
) -> Result<Summary> {
    require_somewhere(workspace, terms)?;
    let mut summary = Summary::new(workspace, terms.email);
    let mut bundle = match &terms.sheets {
        Some(Sheets::Bound(path)) => Some(Bundle::begin(path)?),
        Some(Sheets::Each(..)) | None => None,
    };
    let mut done = 0;
    pace.begin(names.len() as u64);
    'all: for names in names.chunks(terms.at_once()) {
        let drafts = match drafts(workspace, terms, names) {
            Ok(drafts) => drafts,
            Err(error) => {
                summary.stopped = Some(error);
                break;
            }
        };
        for (name, draft) in names.iter().zip(drafts) {
            if pace.is_signalled() {
                summary.stopped = Some(Error::new(Kind::Interrupted, "interrupted"));
                break 'all;
            }
            match one(workspace, terms, (whom, name), draft) {
                Ok(Some(issued)) => {
                    summary.done += 1;
                    if let (Some(bundle), Some(sheet)) = (&mut bundle, issued.sheet) {
                        bundle.add(name, *sheet);
                    }
                    for task in issued.mail {
                        summary.send(workspace, post, (name, task));
                    }
                }
                Ok(None) => summary.passed += 1,
                // What is wrong with the disk or the store is wrong for everybody.
                Err(error) if error.exit() == Exit::Failed => {
                    summary.stopped = Some(error);
                    break 'all;
                }
                Err(error) => summary.failed.push((name.clone(), error)),
            }
            done += 1;
            pace.advance(done);
        }
    }
    pace.end();
    if let Some(Err(error)) = bundle.map(Bundle::finish) {
        summary.stopped = Some(error);
        summary.is_unbound = true;
    }
    Ok(summary)
}

/// Codes for each of these users; none for whom they would be refused.
fn drafts(workspace: &Workspace, terms: &Terms, names: &[UserName]) -> Result<Vec<Option<Draft>>> {
    let connection = workspace.store.read();
    let mut taken = Vec::new();
    let mut has_one = Vec::new();
    for name in names {
        let user = users::by_name(connection, name.as_str())?.filter(|user| {
            user.state == UserState::Active && (!terms.email || user.email.is_some())
        });
        has_one.push(user.is_some());
        if let Some(user) = user {
            taken.push(codes::hints(connection, user.id)?);
        }
    }
    let threads = terms.threads.unwrap_or_else(processors);
    let mut drafts = Draft::draw_many(workspace, &terms.shape(), &taken, threads)?.into_iter();
    Ok(has_one
        .into_iter()
        .map(|has_one| if has_one { drafts.next() } else { None })
        .collect())
}

/// New codes for one of them; none for a user who needs no new codes any more.
fn one(
    workspace: &mut Workspace,
    terms: &Terms,
    (whom, name): (Whom, &UserName),
    draft: Option<Draft>,
) -> Result<Option<Issued>> {
    let save = terms.sheets.as_ref().map(|sheets| sheets.save(name));
    let request = Request {
        user: name.as_str(),
        count: terms.count,
        alphabet: terms.alphabet,
        expires_at: terms.expires_at,
        create_user: false,
        role: Role::Sheet,
        whom,
        save,
        email: terms.email,
        is_shown: false,
    };
    match generate_from(workspace, &request, draft) {
        Ok(Answer::Issued(issued)) => Ok(Some(issued)),
        Ok(Answer::Wait(seconds)) => Err(Error::new(
            Kind::Wait,
            format!("new codes were issued a moment ago; wait {}", wait(seconds)),
        )
        .retry_after(seconds)
        .hint("run it again after the wait")),
        Err(error) if error.kind() == Kind::WrongState => Ok(None),
        Err(error) => Err(error),
    }
}
