//! An expression, a filter, a query as text that reads as the same.

use std::fmt::{self, Write as _};

use super::expr::{Exact, ExactKind, Expr, Item, Leaf, Sign};
use super::filter::Filter;
use super::read::Query;
use crate::query::grams::Case;

impl fmt::Display for Query {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut space = "";
        for filter in &self.filters {
            write!(f, "{space}{filter}")?;
            space = " ";
        }
        if self.case != Case::Smart {
            write!(f, "{space}case:{}", self.case.name())?;
            space = " ";
        }
        match &self.expr {
            None => Ok(()),
            Some(expr @ Expr::Or(_)) if !space.is_empty() => write!(f, "{space}({expr})"),
            Some(expr) => write!(f, "{space}{expr}"),
        }
    }
}

impl fmt::Display for Expr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (parts, word) = match self {
            Self::Leaf(leaf) => return write!(f, "{leaf}"),
            Self::Not(inner) => return write!(f, "{}", Item { sign: Sign::Excluded, expr: (**inner).clone() }),
            Self::Bag(items) => return list(f, items, " "),
            Self::And(parts) => (parts, " AND "),
            Self::Or(parts) => (parts, " OR "),
        };
        for (at, part) in parts.iter().enumerate() {
            let before = if at == 0 { "" } else { word };
            match part {
                Self::Or(_) => write!(f, "{before}({part})")?,
                other => write!(f, "{before}{other}")?,
            }
        }
        Ok(())
    }
}

fn list(f: &mut fmt::Formatter<'_>, items: &[Item], between: &str) -> fmt::Result {
    for (at, item) in items.iter().enumerate() {
        f.write_str(if at == 0 { "" } else { between })?;
        write!(f, "{item}")?;
    }
    Ok(())
}

impl fmt::Display for Item {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bare_word = matches!(self.expr, Expr::Leaf(Leaf::Word(_)));
        f.write_str(match self.sign {
            Sign::Excluded => "-",
            Sign::Required if bare_word => "+",
            Sign::Required | Sign::Any => "",
        })?;
        match &self.expr {
            Expr::Leaf(leaf) => write!(f, "{leaf}"),
            group => write!(f, "({group})"),
        }
    }
}

impl fmt::Display for Leaf {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Word(word) => f.write_str(&word.text),
            Self::Exact(exact) => write!(f, "{exact}"),
        }
    }
}

impl fmt::Display for Exact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.kind {
            ExactKind::Literal => quoted(f, &self.text),
            ExactKind::Regex => {
                f.write_char('/')?;
                let mut escaped = false;
                for c in self.text.chars() {
                    if c == '/' && !escaped {
                        f.write_char('\\')?;
                    }
                    f.write_char(c)?;
                    escaped = c == '\\' && !escaped;
                }
                f.write_char('/')
            }
        }
    }
}

impl fmt::Display for Filter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}:", if self.excludes { "-" } else { "" }, self.kind.name())?;
        let awkward = |c: char| c.is_whitespace() || matches!(c, '"' | '(' | ')');
        if self.value.contains(awkward) || self.value.starts_with(':') || self.value.starts_with("//") {
            quoted(f, &self.value)
        } else {
            f.write_str(&self.value)
        }
    }
}

pub(super) fn quoted(f: &mut fmt::Formatter<'_>, text: &str) -> fmt::Result {
    f.write_char('"')?;
    for c in text.chars() {
        if matches!(c, '"' | '\\') {
            f.write_char('\\')?;
        }
        f.write_char(c)?;
    }
    f.write_char('"')
}
