//! A time as people read it, in UTC; no time zone of the workstation is asked.

use ferrule_launcher_model::store::EpochMillis;

/// Days of 400 years of the Gregorian calendar.
const ERA_DAYS: i64 = 146_097;
/// Days from 1 March of year 0 to 1 January 1970.
const EPOCH_DAY: i64 = 719_468;

/// `2025-11-24 16:00`.
pub fn date(at: EpochMillis) -> String {
    let minutes = at.0.div_euclid(60_000);
    let (day, minute) = (minutes.div_euclid(1_440), minutes.rem_euclid(1_440));
    let (year, month, day) = civil(day);
    format!("{year:04}-{month:02}-{day:02} {:02}:{:02}", minute / 60, minute % 60)
}

/// Year, month and day of a day counted from 1970: years begin in March, so that the leap day is their last.
fn civil(day: i64) -> (i64, i64, i64) {
    let day = day + EPOCH_DAY;
    let (era, of_era) = (day.div_euclid(ERA_DAYS), day.rem_euclid(ERA_DAYS));
    let of_years = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * of_years + of_years / 4 - of_years / 100);
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    (of_years + era * 400 + i64::from(month <= 2), month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_in_utc() {
        for (at, text) in [
            (0, "1970-01-01 00:00"),
            (1_764_000_000_000, "2025-11-24 16:00"),
            (951_782_400_000, "2000-02-29 00:00"),
            (-60_000, "1969-12-31 23:59"),
        ] {
            assert_eq!(date(EpochMillis(at)), text);
        }
    }
}
