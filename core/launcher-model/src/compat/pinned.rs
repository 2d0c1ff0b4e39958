//! Whether the search bar holds the first row of page 0 (C19).

use super::input::BuildFlags;

/// Whether the row is reserved while rows are placed: the build pins a bar, it is no real widget, and either it cannot be
/// removed or an earlier load of the process left it on. With the toggle the first load reserves nothing (C18c).
pub fn row_is_reserved(flags: &BuildFlags, prior_load_pinned: bool) -> bool {
    flags.qsb_on_first_screen
        && !flags.first_page_widget
        && (!flags.smartspace_removal_toggle || prior_load_pinned)
}

/// Whether page 0 is there even if nothing lies on it (SPEC-10): the build pins a bar that is no real widget. Whether the
/// user has removed it does not count.
pub fn forces_first_page(flags: &BuildFlags) -> bool {
    flags.qsb_on_first_screen && !flags.first_page_widget
}

/// What the load leaves for the next one: the build pins a bar and the user has not removed
/// it, whether or not it is a real widget.
pub fn is_pinned_after(flags: &BuildFlags) -> bool {
    flags.qsb_on_first_screen && (!flags.smartspace_removal_toggle || flags.smartspace_enabled)
}
