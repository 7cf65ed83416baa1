//! Retakes: when one opens.

use chrono::{Datelike, NaiveDate};
use chrono_tz::Tz;

use super::timing::Instant;

/// The first day of a retake: the same calendar day a year after the failed sitting; for 29 February, 1 March.
pub fn open_from(failed_on: NaiveDate) -> NaiveDate {
    let year = failed_on.year() + 1;
    NaiveDate::from_ymd_opt(year, failed_on.month(), failed_on.day())
        .or_else(|| NaiveDate::from_ymd_opt(year, 3, 1))
        .unwrap_or(NaiveDate::MAX)
}

/// The calendar day of an instant where the sitting takes place.
pub fn day_of(at: Instant, zone: Tz) -> NaiveDate {
    at.utc().with_timezone(&zone).date_naive()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_year_later_on_the_same_day() {
        let cases = [
            ("2026-11-21", "2027-11-21"),
            ("2027-02-28", "2028-02-28"),
            ("2028-02-29", "2029-03-01"),
            ("2028-02-28", "2029-02-28"),
            ("2027-03-01", "2028-03-01"),
            ("2026-12-31", "2027-12-31"),
        ];
        for (failed, open) in cases {
            assert_eq!(open_from(failed.parse().unwrap()), open.parse::<NaiveDate>().unwrap(), "{failed}");
        }
    }

    #[test]
    fn the_day_is_the_sittings_own() {
        let at = Instant::parse("2027-03-01T04:30:00.000Z").unwrap();
        assert_eq!(day_of(at, chrono_tz::America::New_York).to_string(), "2027-02-28");
        assert_eq!(day_of(at, chrono_tz::Europe::Dublin).to_string(), "2027-03-01");
    }
}
