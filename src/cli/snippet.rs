//! A line of a file with its neighbours, numbered, the line marked.

use super::paint::Paint;
use super::sanitize;

/// `line` is the number of `text`; `column` counts its characters from 1.
pub fn of(before: &[String], text: &str, after: &[String], line: u32, column: Option<u32>, paint: Paint) -> String {
    let last = line as usize + after.len();
    let width = last.to_string().len();
    let row = |number: usize, text: &str| {
        let text = sanitize::line(text);
        format!("  {} {}", paint.dim(&format!("{number:>width$} │")), text).trim_end().to_owned() + "\n"
    };
    let mut out = String::new();
    for (at, text) in before.iter().enumerate() {
        out.push_str(&row((line as usize + at).saturating_sub(before.len()), text));
    }
    let shown = sanitize::line(text);
    out.push_str(format!("{} {} {shown}", paint.bad(">"), paint.bad(&format!("{line:>width$} │"))).trim_end());
    out.push('\n');
    if let Some(column) = column {
        let blanks: String = text.chars().take((column as usize).saturating_sub(1)).collect();
        let blanks = " ".repeat(sanitize::line(&blanks).chars().count());
        out.push_str(&["  ", &paint.dim(&format!("{:>width$} │", "")), " ", &blanks, &paint.bad("^"), "\n"].concat());
    }
    for (at, text) in after.iter().enumerate() {
        out.push_str(&row(line as usize + at + 1, text));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_is_marked_and_nothing_of_a_file_acts_on_the_terminal() {
        let before = ["a\u{1b}[2J".to_owned(), String::new()];
        let after = ["c".to_owned()];
        let told = of(&before, "\tx = (", &after, 9, Some(2), Paint::plain());
        assert_eq!(told, "   7 │ a␛[2J\n   8 │\n>  9 │     x = (\n     │     ^\n  10 │ c\n");
    }
}
