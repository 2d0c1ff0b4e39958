//! What changes while the phone runs, and the hysteresis on heat (os4-compat 6.4, contracts 2).
//!
//! What it is not: it reads no sensor and no clock; the caller passes the state and the monotonic time.

/// Android's thermal status from which effects are capped: `THERMAL_STATUS_SEVERE`.
pub const THERMAL_CAP_MIN: u8 = 3;
/// The thermal status at which a cap may be released: `THERMAL_STATUS_LIGHT` or cooler.
pub const THERMAL_CALM_MAX: u8 = 1;
/// How long the calm must have held before the cap is released, in milliseconds of monotonic time.
pub const THERMAL_CALM_HOLD_MS: u64 = 30_000;

/// The user's switch for the advanced material (`Settings.Secure background_blur_enable`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum UserMaterial {
    /// Switched on.
    On,
    /// Switched off.
    Off,
    /// The setting could not be read; caps nothing.
    #[default]
    Unknown,
}

/// State of system and user that a caller observes; the default is a cool phone with nothing switched off.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RuntimeState {
    /// Battery saver is on.
    pub battery_saver: bool,
    /// Android's thermal status, 0 (none) to 6 (shutdown); greater values count as hot.
    pub thermal: u8,
    /// `WindowManager.isCrossWindowBlurEnabled()`; `None` below API 31 or when nobody asked, which caps nothing.
    pub cross_window_blur: Option<bool>,
    /// The developer switch `Settings.Global disable_window_blurs` is set.
    pub window_blurs_disabled: bool,
    /// The accessibility switch to reduce transparency is on.
    pub reduce_transparency: bool,
    /// The user's material switch.
    pub user_material: UserMaterial,
    /// `Settings.Global animator_duration_scale`: 1 is normal speed, 0 (or less) turns animations off; a value
    /// that is not a number counts as 1.
    pub animator_scale: f32,
    /// The native launcher, which brings its own long-press menu, is the one running.
    pub native_launcher_running: bool,
}

impl Default for RuntimeState {
    fn default() -> Self {
        Self {
            battery_saver: false,
            thermal: 0,
            cross_window_blur: None,
            window_blurs_disabled: false,
            reduce_transparency: false,
            user_material: UserMaterial::Unknown,
            animator_scale: 1.0,
            native_launcher_running: false,
        }
    }
}

/// Remembers heat: a cap engages at once at status 3 and is released when status 1 or less has held for 30 s.
///
/// A status holds from the call that brings it until the next call; so a cap can have been released between two
/// calls, and a status of 2 that comes after that does not bring it back.
///
/// ```
/// use ferrule_os4_compat::runtime::ThermalHysteresis;
/// let mut heat = ThermalHysteresis::default();
/// assert!(heat.update(3, 0));
/// assert!(heat.update(1, 5_000));
/// assert_eq!(heat.release_due_ms(), Some(35_000));
/// assert!(heat.update(1, 34_999));
/// assert!(!heat.update(1, 35_000));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct ThermalHysteresis {
    capped: bool,
    calm_since_ms: Option<u64>,
}

impl ThermalHysteresis {
    /// Takes a status at a monotonic time in milliseconds; true while effects must be capped.
    ///
    /// A time before the last one restarts the calm rather than shortening it.
    pub fn update(&mut self, status: u8, now_ms: u64) -> bool {
        if let Some(since) = self.calm_since_ms {
            match now_ms.checked_sub(since) {
                Some(held) if held >= THERMAL_CALM_HOLD_MS => *self = Self::default(),
                Some(_) => {}
                None => self.calm_since_ms = Some(now_ms),
            }
        }
        if status >= THERMAL_CAP_MIN {
            *self = Self { capped: true, calm_since_ms: None };
        } else if status > THERMAL_CALM_MAX {
            self.calm_since_ms = None;
        } else if self.capped {
            self.calm_since_ms = self.calm_since_ms.or(Some(now_ms));
        }
        self.capped
    }

    /// The cap is engaged.
    pub const fn is_capped(&self) -> bool {
        self.capped
    }

    /// The monotonic time in milliseconds at which the cap ends if the calm holds: ask again then.
    pub fn release_due_ms(&self) -> Option<u64> {
        self.calm_since_ms.map(|since| since.saturating_add(THERMAL_CALM_HOLD_MS))
    }
}
