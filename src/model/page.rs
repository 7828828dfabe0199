//! One page of a longer list.

/// Which page is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PageRequest {
    /// 1 is the first.
    pub number: u64,
    /// Rows on a page, at least 1.
    pub size: u64,
}

impl PageRequest {
    /// Rows before this page.
    pub fn offset(self) -> u64 {
        self.number.saturating_sub(1).saturating_mul(self.size)
    }
}

/// One page of a list.
#[derive(Clone, Debug)]
pub struct Page<T> {
    /// The rows.
    pub items: Vec<T>,
    /// Which page it is.
    pub page: u64,
    /// How many pages there are, at least 1.
    pub pages: u64,
    /// Rows on all pages.
    pub total: u64,
}

impl<T> Page<T> {
    /// The page that was asked for, of a list of `total` rows.
    pub fn new(items: Vec<T>, request: PageRequest, total: u64) -> Self {
        Self {
            items,
            page: request.number,
            pages: total.div_ceil(request.size.max(1)).max(1),
            total,
        }
    }

    /// A list that is all on one page.
    pub fn whole(items: Vec<T>) -> Self {
        let total = items.len() as u64;
        Self {
            items,
            page: 1,
            pages: 1,
            total,
        }
    }

    /// The same page with each row turned into something else.
    pub fn map<U>(self, change: impl FnMut(T) -> U) -> Page<U> {
        Page {
            items: self.items.into_iter().map(change).collect(),
            page: self.page,
            pages: self.pages,
            total: self.total,
        }
    }
}
