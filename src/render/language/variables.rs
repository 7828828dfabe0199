//! Which messages a catalogue has, and which variables stand in them.

use std::collections::BTreeSet;

use fluent_syntax::ast::{
    CallArguments, Entry, Expression, InlineExpression, Pattern, PatternElement,
};

/// The messages that have a text, and the variables in each.
pub(super) fn messages<'a>(
    entries: impl Iterator<Item = &'a Entry<&'a str>>,
) -> Vec<(String, BTreeSet<String>)> {
    let mut messages = Vec::new();
    for entry in entries {
        if let Entry::Message(message) = entry
            && let Some(pattern) = &message.value
        {
            let mut variables = BTreeSet::new();
            of_pattern(pattern, &mut variables);
            messages.push((message.id.name.to_owned(), variables));
        }
    }
    messages
}

fn of_pattern(pattern: &Pattern<&str>, found: &mut BTreeSet<String>) {
    for element in &pattern.elements {
        if let PatternElement::Placeable { expression } = element {
            of_expression(expression, found);
        }
    }
}

fn of_expression(expression: &Expression<&str>, found: &mut BTreeSet<String>) {
    match expression {
        Expression::Inline(inline) => of_inline(inline, found),
        Expression::Select { selector, variants } => {
            of_inline(selector, found);
            for variant in variants {
                of_pattern(&variant.value, found);
            }
        }
    }
}

fn of_inline(inline: &InlineExpression<&str>, found: &mut BTreeSet<String>) {
    match inline {
        InlineExpression::VariableReference { id } => {
            found.insert(id.name.to_owned());
        }
        InlineExpression::FunctionReference { arguments, .. } => of_call(arguments, found),
        InlineExpression::TermReference {
            arguments: Some(arguments),
            ..
        } => of_call(arguments, found),
        InlineExpression::Placeable { expression } => of_expression(expression, found),
        _ => {}
    }
}

fn of_call(arguments: &CallArguments<&str>, found: &mut BTreeSet<String>) {
    for argument in &arguments.positional {
        of_inline(argument, found);
    }
    for argument in &arguments.named {
        of_inline(&argument.value, found);
    }
}
