//! Dates, ages, sizes and fingerprints as people write them in each language.

use jiff::{Timestamp, tz::TimeZone};

use super::{Lang, Words};

const MONTHS_DA: [&str; 12] = [
    "januar",
    "februar",
    "marts",
    "april",
    "maj",
    "juni",
    "juli",
    "august",
    "september",
    "oktober",
    "november",
    "december",
];
const MONTHS_EN: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// Looks at the time zone of this computer again, which is else remembered for some minutes: it may have been taken
/// elsewhere. Whether it is another one now. Only what people read is in it; records are in UTC.
pub fn look_at_zone() -> bool {
    let before = TimeZone::system();
    jiff::tz::reset_system_time_zone_cache();
    before != TimeZone::system()
}

impl Words {
    /// A day: `3. november 2026`, `3 November 2026`, in the local time zone.
    pub fn day(&self, at: Timestamp) -> String {
        let local = at.to_zoned(TimeZone::system());
        let month = usize::try_from(local.month() - 1).unwrap_or(0);
        match self.lang() {
            Lang::Da => format!(
                "{}. {} {}",
                local.day(),
                MONTHS_DA[month % 12],
                local.year()
            ),
            Lang::En => format!("{} {} {}", local.day(), MONTHS_EN[month % 12], local.year()),
        }
    }

    /// A time of day: `14:02`, in the local time zone.
    pub fn time(&self, at: Timestamp) -> String {
        at.to_zoned(TimeZone::system())
            .strftime("%H:%M")
            .to_string()
    }

    /// A day and time with the zone, for what may be read elsewhere: `3. november 2026 14:02:11 +01:00`.
    pub fn moment(&self, at: Timestamp) -> String {
        let local = at.to_zoned(TimeZone::system());
        format!("{} {}", self.day(at), local.strftime("%H:%M:%S %:z"))
    }

    /// A number of octets: `2,1 MB`, `2.1 MB`. Decimal units, as file managers and mail servers count.
    pub fn size(&self, octets: u64) -> String {
        const UNITS: [(&str, u64); 3] = [("GB", 1_000_000_000), ("MB", 1_000_000), ("kB", 1_000)];
        let Some((unit, scale)) = UNITS.into_iter().find(|(_, scale)| octets >= *scale) else {
            return format!("{octets} B");
        };
        let tenths = (octets + scale / 20) * 10 / scale;
        let point = if self.lang() == Lang::Da { ',' } else { '.' };
        match (tenths / 10, tenths % 10) {
            (whole, 0) => format!("{whole} {unit}"),
            (whole, _) if whole >= 10 => format!("{} {unit}", (octets + scale / 2) / scale),
            (whole, tenth) => format!("{whole}{point}{tenth} {unit}"),
        }
    }
}

/// A fingerprint in groups of four, upper case: what people read aloud on the telephone.
pub fn grouped(hex: &str) -> String {
    let upper = hex.to_uppercase();
    upper
        .as_bytes()
        .chunks(4)
        .map(|c| String::from_utf8_lossy(c).into_owned())
        .collect::<Vec<_>>()
        .join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_written_with_the_languages_own_point() {
        let (da, en) = (Words::new(Lang::Da), Words::new(Lang::En));
        assert_eq!(da.size(2_148_000), "2,1 MB");
        assert_eq!(en.size(2_148_000), "2.1 MB");
        assert_eq!(en.size(35_000_000), "35 MB");
        assert_eq!(en.size(112_400_000), "112 MB");
        assert_eq!(en.size(999), "999 B");
        assert_eq!(en.size(1_000), "1 kB");
    }

    #[test]
    fn fingerprints_are_grouped_for_reading_aloud() {
        assert_eq!(grouped("3a7f09c2"), "3A7F 09C2");
    }
}
