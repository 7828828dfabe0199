//! Manual pages made of the texts that `help` shows.

use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag, TagEnd};

/// A page of section 5, 7 or 8: what stands in the name section, and these texts.
pub fn page(name: &str, section: u8, about: &str, texts: &[&str]) -> Vec<u8> {
    let body: String = texts.iter().map(|text| roff(text)).collect();
    format!(
        ".ie \\n(.g .ds Aq \\(aq\n.el .ds Aq '\n.TH {name} {section}\n.SH NAME\n{} \\- {}\n{body}",
        escape(name),
        escape(about)
    )
    .into_bytes()
}

/// Sections of a page from a text in Markdown.
pub fn roff(text: &str) -> String {
    let mut roff = String::new();
    // Rows of a table, each with its cells.
    let mut rows: Vec<Vec<String>> = Vec::new();
    let (mut is_code, mut is_in_item) = (false, false);
    for event in Parser::new_ext(text, Options::ENABLE_TABLES) {
        match event {
            Event::Start(Tag::Heading { level, .. }) => {
                line(
                    &mut roff,
                    if level as u8 == 1 { ".SH \"" } else { ".SS \"" },
                );
            }
            Event::End(TagEnd::Heading(_)) => roff.push_str("\"\n"),
            Event::Start(Tag::Paragraph) if !is_in_item => line(&mut roff, ".PP\n"),
            Event::End(TagEnd::Paragraph) => line(&mut roff, ""),
            Event::Start(Tag::Item) => {
                is_in_item = true;
                line(&mut roff, ".IP \\(bu 2\n");
            }
            Event::End(TagEnd::Item) => {
                is_in_item = false;
                line(&mut roff, "");
            }
            Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(_))) => {
                is_code = true;
                line(&mut roff, ".PP\n.RS 4\n.nf\n");
            }
            Event::End(TagEnd::CodeBlock) => {
                is_code = false;
                line(&mut roff, ".fi\n.RE\n");
            }
            Event::Start(Tag::TableHead | Tag::TableRow) => rows.push(Vec::new()),
            Event::Start(Tag::TableCell) => rows.last_mut().unwrap().push(String::new()),
            Event::End(TagEnd::Table) => {
                // The first cell is what the row is about; the head of the table says of what.
                for row in rows.drain(..).skip(1) {
                    line(&mut roff, &format!(".TP\n\\fB{}\\fR\n", row[0]));
                    roff.push_str(&row[1..].join(". "));
                    roff.push('\n');
                }
            }
            Event::Text(said) if is_code => {
                for said in said.split_inclusive('\n') {
                    // A line of roff that begins with these would be an order.
                    if said.starts_with(['.', '\'']) {
                        roff.push_str("\\&");
                    }
                    roff.push_str(&escape(said));
                }
            }
            event => {
                let place = match rows.last_mut().and_then(|row| row.last_mut()) {
                    Some(cell) => cell,
                    None => &mut roff,
                };
                match event {
                    Event::Text(said) => {
                        if place.ends_with('\n') && said.starts_with(['.', '\'']) {
                            place.push_str("\\&");
                        }
                        place.push_str(&escape(&said));
                    }
                    Event::Code(said) => {
                        place.push_str(&format!("\\fB{}\\fR", escape(&said)));
                    }
                    Event::SoftBreak => place.push('\n'),
                    Event::Start(Tag::Strong) => place.push_str("\\fB"),
                    Event::End(TagEnd::Strong) => place.push_str("\\fR"),
                    _ => {}
                }
            }
        }
    }
    roff
}

/// Begins a line with this.
fn line(roff: &mut String, text: &str) {
    if !roff.is_empty() && !roff.ends_with('\n') {
        roff.push('\n');
    }
    roff.push_str(text);
}

fn escape(text: &str) -> String {
    text.replace('\\', "\\e")
        .replace('-', "\\-")
        .replace('\'', "\\*(Aq")
}
