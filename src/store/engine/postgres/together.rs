//! Asking what was noted together with what is asked now: a network is crossed once for all of it.

use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use tokio_postgres::{Client, Error, Row};

use super::super::value::Value;
use super::ahead::{Noted, Question, Rows, changed};
use super::link::Link;
use super::said::Failure;
use super::value::{both, typed};

type Answering = Pin<Box<dyn Future<Output = Result<Vec<Row>, Error>> + Send>>;

/// A question on its way, and its answer.
struct Asked {
    noted: Noted,
    future: Answering,
    answer: Option<Result<Vec<Row>, Error>>,
}

impl Link {
    /// Notes what `questions` asks, which gets no answers, for the next time that something is asked.
    pub(in crate::store::engine) fn ahead(&self, questions: impl FnOnce()) {
        self.ahead.borrow_mut().set_noting(true);
        questions();
        self.ahead.borrow_mut().set_noting(false);
    }

    /// What is known of the answer to a question. One that was noted is asked now, with all others.
    pub(super) fn known(&self, sql: &str, values: &[&Value<'_>]) -> Result<Option<Rows>, Failure> {
        let is_within = self.is_within.get();
        {
            let ahead = &mut *self.ahead.borrow_mut();
            if ahead.is_noting() {
                ahead.note(sql, values);
                return Ok(Some(Arc::default()));
            }
            if changed(sql).is_some() {
                ahead.forget_changed(sql);
                return Ok(None);
            }
            if let Some(rows) = ahead.take(sql, values, is_within) {
                return Ok(Some(rows));
            }
            if !is_within {
                ahead.forget();
            }
            if !ahead.is_noted(sql, values) {
                return Ok(None);
            }
        }
        self.with_noted(self.limit(), async { Ok(()) }, is_within)?;
        Ok(self.ahead.borrow_mut().take(sql, values, is_within))
    }

    /// Forgets what a statement may change that is about to be sent.
    pub(super) fn forget_changed(&self, sql: &str) {
        self.ahead.borrow_mut().forget_changed(sql);
    }

    /// Asks what was noted, behind `first`, and waits once for all of it. Where it is `strict`, what one of
    /// them says is said; else it is said when that one is asked again.
    pub(super) fn with_noted<T>(
        &self,
        limit: Duration,
        first: impl Future<Output = Result<T, Error>>,
        strict: bool,
    ) -> Result<T, Failure> {
        let noted = self.ahead.borrow_mut().noted().into_iter();
        let mut asked: Vec<Asked> = noted
            .map(|noted| Asked {
                future: answer(Arc::clone(&self.client), noted.0.clone()),
                noted,
                answer: None,
            })
            .collect();
        let answer = self.wait(limit, async {
            let (mut first, mut answer) = (pin!(first), None);
            // Each is sent when it is polled for the first time, in this order.
            poll_fn(|context| {
                if answer.is_none()
                    && let Poll::Ready(done) = first.as_mut().poll(context)
                {
                    answer = Some(done);
                }
                for one in &mut asked {
                    if one.answer.is_none()
                        && let Poll::Ready(done) = one.future.as_mut().poll(context)
                    {
                        one.answer = Some(done);
                    }
                }
                match answer.is_some() && asked.iter().all(|one| one.answer.is_some()) {
                    true => answer.take().map_or(Poll::Pending, Poll::Ready),
                    false => Poll::Pending,
                }
            })
            .await
        })?;
        for Asked { noted, answer, .. } in asked {
            match answer {
                Some(Ok(rows)) => self.ahead.borrow_mut().put(noted, Arc::new(rows)),
                Some(Err(error)) if strict => return Err(Failure::Said(error)),
                Some(Err(_)) | None => {}
            }
        }
        Ok(answer)
    }
}

fn answer(client: Arc<Client>, Question { sql, values }: Question) -> Answering {
    Box::pin(async move {
        let values: Vec<&Value<'_>> = values.iter().collect();
        let (given, types) = typed(&values);
        client.query_typed(&sql, &both(&given, &types)).await
    })
}
