//! Numbers and times as people read them. Data formats never pass through here.

use std::time::Duration;

use sawmill::base::Timestamp;

/// `1 234 567`, with narrow no-break spaces.
pub fn count(n: u64) -> String {
    let digits = n.to_string();
    let mut out = String::with_capacity(digits.len() * 2);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push('\u{202f}');
        }
        out.push(digit);
    }
    out
}

/// `1 file`, `2 files`.
pub fn counted(n: u64, one: &str, many: &str) -> String {
    format!("{} {}", count(n), agreeing(n, one, many))
}

/// The form of a word that agrees with a number: `1 file stays`, `2 files stay`.
pub fn agreeing<'w>(n: u64, one: &'w str, many: &'w str) -> &'w str {
    if n == 1 { one } else { many }
}

/// Decimal units: `0 B`, `999 B`, `1.2 kB`, `38 MB`.
pub fn bytes(n: u64) -> String {
    const UNITS: [&str; 5] = ["kB", "MB", "GB", "TB", "PB"];
    if n < 1000 {
        return format!("{n} B");
    }
    let mut value = n as f64 / 1000.0;
    let mut unit = 0;
    while value >= 999.5 && unit + 1 < UNITS.len() {
        value /= 1000.0;
        unit += 1;
    }
    let unit = UNITS.get(unit).copied().unwrap_or("PB");
    if value < 9.95 { format!("{value:.1} {unit}") } else { format!("{value:.0} {unit}") }
}

/// `8 ms`, `0.42 s`, `12.3 s`, `3 min 05 s`, `2 h 07 min`.
pub fn duration(d: Duration) -> String {
    let seconds = d.as_secs_f64();
    if seconds < 0.0995 {
        format!("{} ms", d.as_millis())
    } else if seconds < 9.995 {
        format!("{seconds:.2} s")
    } else if seconds < 59.95 {
        format!("{seconds:.1} s")
    } else if seconds < 3599.5 {
        let whole = d.as_secs();
        format!("{} min {:02} s", whole / 60, whole % 60)
    } else {
        let minutes = d.as_secs() / 60;
        format!("{} h {:02} min", minutes / 60, minutes % 60)
    }
}

/// How long ago, down to the unit that still matters; a date when it is long ago.
pub fn ago(then: Timestamp, now: Timestamp) -> String {
    let seconds = now.since(then).as_secs();
    let some = |n: u64, one: &str, many: &str| format!("{n} {} ago", if n == 1 { one } else { many });
    match seconds {
        0..=4 => "just now".to_owned(),
        5..=59 => some(seconds, "second", "seconds"),
        60..=3599 => some(seconds / 60, "minute", "minutes"),
        3600..=86_399 => some(seconds / 3600, "hour", "hours"),
        86_400..=2_591_999 => some(seconds / 86_400, "day", "days"),
        _ => {
            let (year, month, day, ..) = then.civil();
            format!("on {year:04}-{month:02}-{day:02}")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_grouped_by_three() {
        assert_eq!(count(0), "0");
        assert_eq!(count(999), "999");
        assert_eq!(count(1_234_567), "1\u{202f}234\u{202f}567");
        assert_eq!(counted(1, "file", "files"), "1 file");
    }

    #[test]
    fn sizes_have_two_or_three_figures() {
        let shown: Vec<String> = [0, 999, 1000, 1234, 9_999, 38_400_000, 999_999, 2_500_000_000].map(bytes).into();
        assert_eq!(shown, ["0 B", "999 B", "1.0 kB", "1.2 kB", "10 kB", "38 MB", "1.0 MB", "2.5 GB"]);
    }

    #[test]
    fn durations_read_without_arithmetic() {
        let shown = [8, 420, 12_300, 185_000, 7_620_000].map(|ms| duration(Duration::from_millis(ms)));
        assert_eq!(shown, ["8 ms", "0.42 s", "12.3 s", "3 min 05 s", "2 h 07 min"]);
    }

    #[test]
    fn times_are_relative_until_they_are_old() {
        let now = Timestamp::from_seconds(1_700_000_000, 0);
        let before = |s: i64| ago(Timestamp::from_seconds(1_700_000_000 - s, 0), now);
        assert_eq!(before(2), "just now");
        assert_eq!(before(60), "1 minute ago");
        assert_eq!(before(7200), "2 hours ago");
        assert_eq!(before(86_400 * 3), "3 days ago");
        assert_eq!(before(86_400 * 300), "on 2023-01-18");
        assert_eq!(before(-50), "just now", "a clock that went backwards is no reason to speak of the future");
    }
}
