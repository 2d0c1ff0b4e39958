//! `GlassOS4Background`: the resolved specification of a glass surface's background (contracts 2).
//!
//! What it is not: it decides no level; it turns one into numbers that a view can use.
//!
//! Invariants: every figure stands in `SPECS`; below `Frosted` there is no blur; the fallback is opaque.

use crate::glass::GlassLevel;

/// The density, in dots per inch, at which one dp is one pixel; also taken when the density is unknown.
pub const BASELINE_DENSITY_DPI: u32 = 160;

/// How a glass surface's background is drawn; colours are ARGB, `0xAARRGGBB`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct GlassOS4Background {
    /// The level it was resolved for.
    pub level: GlassLevel,
    /// Blur radius in physical pixels at the display's density; 0 below `Frosted`.
    pub blur_radius_px: u32,
    /// Tint over the blur in light mode.
    pub tint_light_argb: u32,
    /// Tint over the blur in dark mode.
    pub tint_dark_argb: u32,
    /// A fine noise keeps the blur from banding.
    pub noise: bool,
    /// A highlight runs along the edge.
    pub highlight: bool,
    /// Opaque colour in light mode, for when a blur that was promised is not to be had.
    pub fallback_light_argb: u32,
    /// Opaque colour in dark mode, likewise.
    pub fallback_dark_argb: u32,
}

/// One row of the table: a level's figures before the density is known.
struct Spec {
    level: GlassLevel,
    blur_radius_dp: u32,
    tint_light_argb: u32,
    tint_dark_argb: u32,
    noise: bool,
    highlight: bool,
}

const SPEC_OFF: Spec = Spec {
    level: GlassLevel::Off,
    blur_radius_dp: 0,
    tint_light_argb: 0xFFF4_F4F6,
    tint_dark_argb: 0xFF20_2024,
    noise: false,
    highlight: false,
};

/// The table of contracts 2.
const SPECS: [Spec; 4] = [
    Spec {
        level: GlassLevel::Full,
        blur_radius_dp: 24,
        tint_light_argb: 0x66FF_FFFF,
        tint_dark_argb: 0x6610_1014,
        noise: true,
        highlight: true,
    },
    Spec {
        level: GlassLevel::Frosted,
        blur_radius_dp: 16,
        tint_light_argb: 0x99FF_FFFF,
        tint_dark_argb: 0x9910_1014,
        noise: true,
        highlight: false,
    },
    Spec {
        level: GlassLevel::Static,
        blur_radius_dp: 0,
        tint_light_argb: 0xD9F4_F4F6,
        tint_dark_argb: 0xD920_2024,
        noise: false,
        highlight: false,
    },
    SPEC_OFF,
];

impl GlassOS4Background {
    /// Resolves a level for a density in dots per inch; dp become px by rounding half up.
    ///
    /// ```
    /// use ferrule_os4_compat::background::GlassOS4Background;
    /// use ferrule_os4_compat::glass::GlassLevel;
    /// let background = GlassOS4Background::resolve(GlassLevel::Full, Some(440));
    /// assert_eq!(background.blur_radius_px, 66);
    /// assert_eq!(background.tint_light_argb, 0x66FF_FFFF);
    /// ```
    pub fn resolve(level: GlassLevel, density_dpi: Option<u32>) -> Self {
        let spec = SPECS.iter().find(|spec| spec.level == level).unwrap_or(&SPEC_OFF);
        Self {
            level,
            blur_radius_px: dp_to_px(spec.blur_radius_dp, density_dpi.unwrap_or(BASELINE_DENSITY_DPI)),
            tint_light_argb: spec.tint_light_argb,
            tint_dark_argb: spec.tint_dark_argb,
            noise: spec.noise,
            highlight: spec.highlight,
            fallback_light_argb: SPEC_OFF.tint_light_argb,
            fallback_dark_argb: SPEC_OFF.tint_dark_argb,
        }
    }
}

/// dp to px by rounding half up; saturates, so that an absurd density yields an absurd radius and no panic.
fn dp_to_px(dp: u32, density_dpi: u32) -> u32 {
    let baseline = u64::from(BASELINE_DENSITY_DPI);
    let px = (u64::from(dp) * u64::from(density_dpi) + baseline / 2) / baseline;
    u32::try_from(px).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The figures once more, independent of the table's layout (contracts 2).
    #[test]
    fn every_level_has_the_figures_of_the_contract() {
        let rows = [
            (GlassLevel::Full, 24, 0x66FFFFFF, 0x66101014, true, true),
            (GlassLevel::Frosted, 16, 0x99FFFFFF, 0x99101014, true, false),
            (GlassLevel::Static, 0, 0xD9F4F4F6, 0xD9202024, false, false),
            (GlassLevel::Off, 0, 0xFFF4F4F6, 0xFF202024, false, false),
        ];
        for (level, px_at_160, light, dark, noise, highlight) in rows {
            let got = GlassOS4Background::resolve(level, Some(160));
            let expected = GlassOS4Background {
                level,
                blur_radius_px: px_at_160,
                tint_light_argb: light,
                tint_dark_argb: dark,
                noise,
                highlight,
                fallback_light_argb: 0xFFF4F4F6,
                fallback_dark_argb: 0xFF202024,
            };
            assert_eq!(got, expected);
            assert_eq!(GlassOS4Background::resolve(level, None), expected);
        }
    }

    #[test]
    fn dp_become_px_by_rounding_half_up() {
        let rows = [
            (24, 440, 66),
            (24, 560, 84),
            (24, 213, 32), // 31.95
            (24, 163, 24), // 24.45
            (16, 165, 17), // 16.5 up
            (16, 164, 16), // 16.4
            (16, 175, 18), // 17.5 up
            (24, 0, 0),
            (24, u32::MAX, 644_245_094),
        ];
        for (dp, dpi, px) in rows {
            assert_eq!(dp_to_px(dp, dpi), px, "{dp} dp at {dpi} dpi");
        }
        assert_eq!(dp_to_px(u32::MAX, u32::MAX), u32::MAX);
    }
}
