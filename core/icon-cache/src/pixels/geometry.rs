//! Where things lie in an icon: the badge, the drawing inside its margin, and an old icon inside an adaptive one.
//!
//! Pixels are whole and cut or rounded as upstream does; origin is the upper left corner.
//! Not here: drawing anything.

/// Side of a badge as a share of the icon's (B.5).
const BADGE_SHARE: f32 = 0.444;
/// Margin for the shadow as a share of the icon's side.
const SHADOW_SHARE: f32 = 0.035;
/// How far each layer of an adaptive icon reaches beyond its view, as a share of the view.
const EXTRA_INSET: f32 = 0.25;
/// Share of the layer that an old icon of scale 1 fills.
const LEGACY_SHARE: f32 = 0.7 * (1.0 / (1.0 + 2.0 * EXTRA_INSET));

/// A rectangle; right and bottom lie outside.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rect {
    /// First column.
    pub left: u32,
    /// First row.
    pub top: u32,
    /// Column after the last.
    pub right: u32,
    /// Row after the last.
    pub bottom: u32,
}

impl Rect {
    /// Columns.
    pub fn width(&self) -> u32 {
        self.right.saturating_sub(self.left)
    }

    /// Rows.
    pub fn height(&self) -> u32 {
        self.bottom.saturating_sub(self.top)
    }
}

/// What a badge stands for. A badge is drawn at display time and is never part of the stored pixels (B.5).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Badge {
    /// An app that is not installed.
    Instant,
    /// The work profile.
    Work,
    /// A second copy of an app.
    Clone,
    /// The private space.
    Private,
}

impl Badge {
    /// In the order in which they win, with the bit of the row's flags (A.1).
    const ORDER: [(Self, u32); 4] =
        [(Self::Instant, 1 << 1), (Self::Work, 1), (Self::Clone, 1 << 2), (Self::Private, 1 << 3)];

    /// The badge of a row's flags: instant before work before clone before private.
    ///
    /// ```
    /// # use ferrule_icon_cache::pixels::geometry::Badge;
    /// assert_eq!(Badge::of_flags(0b0101), Some(Badge::Work));
    /// assert_eq!(Badge::of_flags(0b10000), None);
    /// ```
    pub fn of_flags(flags: u32) -> Option<Self> {
        Self::ORDER.into_iter().find(|(_, bit)| flags & bit != 0).map(|(badge, _)| badge)
    }
}

/// Where the badge of an icon of `size` pixels lies: the lower right corner, its side cut to whole pixels.
pub fn badge(size: u16) -> Rect {
    let size = u32::from(size);
    let start = size - (BADGE_SHARE * size as f32) as u32;
    Rect { left: start, top: start, right: size, bottom: size }
}

/// Where an adaptive icon is drawn in a bitmap of `size` pixels: normalised, but never without room for its shadow.
pub fn adaptive_view(size: u16, scale: f32) -> Rect {
    let side = f32::from(size);
    let shadow = (SHADOW_SHARE * side).ceil();
    // Half up, as Java rounds; the value is never negative.
    let shrunk = (side * (1.0 - scale.clamp(0.0, 1.0)) / 2.0 + 0.5).floor();
    let size = u32::from(size);
    let offset = (shadow.max(shrunk) as u32).min(size / 2);
    Rect { left: offset, top: offset, right: size - offset, bottom: size - offset }
}

/// Where an old icon of `width` x `height` lies in the foreground layer of the adaptive icon that wraps it, a square of
/// `layer` pixels. `scale` is the normaliser's; an icon that already has the mask's shape is not shrunk by it.
pub fn wrapped(layer: u32, width: u32, height: u32, scale: f32, has_mask_shape: bool) -> Rect {
    let share = if has_mask_shape { 1.0 - EXTRA_INSET } else { scale * LEGACY_SHARE };
    let (wide, high) = (width as f32, height as f32);
    let across = if height > width && width > 0 { share * (wide / high) } else { share };
    let down = if width > height && height > 0 { share * (high / wide) } else { share };
    // Insets are cut to whole pixels.
    let inset = |share: f32| (layer as f32 * ((1.0 - share.clamp(0.0, 1.0)) / 2.0)) as u32;
    let (x, y) = (inset(across), inset(down));
    Rect { left: x, top: y, right: layer.saturating_sub(x), bottom: layer.saturating_sub(y) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_badge_is_cut_to_whole_pixels_in_the_lower_right_corner() {
        let rows = [(192, 107), (48, 27), (60, 34), (1, 1), (0, 0)];
        for (size, start) in rows {
            let end = u32::from(size);
            assert_eq!(badge(size), Rect { left: start, top: start, right: end, bottom: end }, "{size}");
        }
    }

    #[test]
    fn badges_win_in_their_order() {
        let rows = [
            (0b1111, Badge::Instant),
            (0b1101, Badge::Work),
            (0b1100, Badge::Clone),
            (0b1000, Badge::Private),
        ];
        for (flags, badge) in rows {
            assert_eq!(Badge::of_flags(flags), Some(badge));
        }
    }

    #[test]
    fn an_adaptive_icon_keeps_room_for_its_shadow() {
        let rows = [(192, 0.80940324, 18), (192, 1.0, 7), (192, 0.92, 8), (48, 0.92, 2), (2, 0.0, 1)];
        for (size, scale, offset) in rows {
            assert_eq!(adaptive_view(size, scale).left, offset, "{size} at {scale}");
        }
    }

    #[test]
    fn an_old_icon_keeps_its_aspect_and_its_middle() {
        let at = |left, top, side: u32| Rect { left, top, right: side - left, bottom: side - top };
        assert_eq!(wrapped(256, 192, 192, 1.0, false), at(68, 68, 256));
        // 56.8 and 72.24.
        assert_eq!(wrapped(213, 160, 160, 1.0, false), at(56, 56, 213));
        assert_eq!(wrapped(213, 160, 160, 0.69, false), at(72, 72, 213));
        assert_eq!(wrapped(256, 192, 192, 0.9, true), at(32, 32, 256));
        assert_eq!(wrapped(256, 192, 96, 1.0, false), at(68, 98, 256));
        assert_eq!(wrapped(256, 96, 192, 1.0, false), at(98, 68, 256));
    }
}
