//! What a pattern's syntax tells before it is translated: its cost, its case, line ends in it.

use std::convert::Infallible;
use std::ops::Range;

use regex_syntax::ast::{Ast, ClassSetItem, Literal, Span, Visitor, visit};

/// What was seen of a syntax tree.
#[derive(Debug, Default)]
pub struct Survey {
    pub classes: usize,
    most_classes: usize,
    /// The class that is one too many.
    pub too_many: Option<Range<usize>>,
    pub upper_case: bool,
    pub literals: bool,
    /// A literal `\n` outside a class: it can match in no line.
    pub line_end: Option<Range<usize>>,
}

impl Survey {
    /// Walks `ast` without recursion; `most_classes` are allowed.
    pub fn of(ast: &Ast, most_classes: usize) -> Self {
        let Ok(survey) = visit(ast, Self { most_classes, ..Self::default() });
        survey
    }

    fn class(&mut self, span: &Span) {
        self.classes += 1;
        if self.classes > self.most_classes {
            self.too_many.get_or_insert(range(span));
        }
    }

    fn literal(&mut self, literal: &Literal) {
        self.literals = true;
        self.upper_case |= literal.c.is_uppercase();
    }
}

/// The bytes of `span`.
pub fn range(span: &Span) -> Range<usize> {
    span.start.offset..span.end.offset
}

impl Visitor for Survey {
    type Output = Self;
    type Err = Infallible;

    fn finish(self) -> Result<Self, Infallible> {
        Ok(self)
    }

    fn visit_pre(&mut self, ast: &Ast) -> Result<(), Infallible> {
        match ast {
            Ast::Literal(literal) => {
                self.literal(literal);
                if literal.c == '\n' {
                    self.line_end.get_or_insert(range(&literal.span));
                }
            }
            Ast::ClassUnicode(class) => self.class(&class.span),
            Ast::ClassPerl(class) => self.class(&class.span),
            Ast::ClassBracketed(class) => self.class(&class.span),
            _ => {}
        }
        Ok(())
    }

    fn visit_class_set_item_pre(&mut self, item: &ClassSetItem) -> Result<(), Infallible> {
        match item {
            ClassSetItem::Literal(literal) => self.literal(literal),
            ClassSetItem::Range(range) => {
                self.literal(&range.start);
                self.literal(&range.end);
            }
            ClassSetItem::Unicode(class) => self.class(&class.span),
            ClassSetItem::Perl(class) => self.class(&class.span),
            ClassSetItem::Bracketed(class) => self.class(&class.span),
            ClassSetItem::Empty(_) | ClassSetItem::Ascii(_) | ClassSetItem::Union(_) => {}
        }
        Ok(())
    }
}
