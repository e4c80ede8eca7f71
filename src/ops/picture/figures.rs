//! Counts and sizes as people read them in a picture. By whole numbers, so that they are the same everywhere.

/// `1 234 567`, with narrow no-break spaces.
pub(in crate::ops) fn count(n: u64) -> String {
    let digits = n.to_string();
    let mut out = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push('\u{202f}');
        }
        out.push(digit);
    }
    out
}

/// `1 file`, `2 files`.
pub(in crate::ops) fn counted(n: u64, one: &str, many: &str) -> String {
    format!("{} {}", count(n), if n == 1 { one } else { many })
}

/// Decimal units, one digit behind the point below ten.
pub(in crate::ops) fn size(bytes: u64) -> String {
    const UNITS: [&str; 6] = ["B", "kB", "MB", "GB", "TB", "PB"];
    let (bytes, mut one, mut unit) = (u128::from(bytes), 1, 0);
    while bytes * 2 >= one * 1_999 && unit + 1 < UNITS.len() {
        (one, unit) = (one * 1000, unit + 1);
    }
    let name = UNITS.get(unit).copied().unwrap_or("PB");
    let tenths = (bytes * 10 + one / 2) / one;
    if unit == 0 || tenths >= 100 {
        format!("{} {name}", (bytes + one / 2) / one)
    } else {
        format!("{}.{} {name}", tenths / 10, tenths % 10)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_grouped_by_three() {
        assert_eq!(counted(1, "file", "files"), "1 file");
        assert_eq!(counted(1_234_567, "file", "files"), "1\u{202f}234\u{202f}567 files");
    }

    #[test]
    fn sizes_have_two_or_three_digits() {
        for (bytes, words) in [
            (0, "0 B"),
            (9, "9 B"),
            (999, "999 B"),
            (1_200, "1.2 kB"),
            (38_400, "38 kB"),
            (999_499, "999 kB"),
            (999_999, "1.0 MB"),
            (u64::MAX, "18447 PB"),
        ] {
            assert_eq!(size(bytes), words, "{bytes}");
        }
    }
}
