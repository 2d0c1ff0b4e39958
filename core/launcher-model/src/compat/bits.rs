//! The persistent and run-time state bits of items (A.4), one type a meaning.
//!
//! In the database icons and widgets share the column `restored` with different meanings (bit 4 against bit 8 for
//! "restore started"). Here they are two types, converted where a row is read or written.

macro_rules! bit_set {
    ($(#[$doc:meta])* $name:ident { $($(#[$bit_doc:meta])* $bit:ident = $value:expr;)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
        pub struct $name(pub i32);

        impl $name {
            $($(#[$bit_doc])* pub const $bit: Self = Self($value);)*

            /// Whether all bits of `other` are set.
            pub const fn has(self, other: Self) -> bool {
                self.0 & other.0 == other.0
            }

            /// Whether any bit of `other` is set.
            pub const fn intersects(self, other: Self) -> bool {
                self.0 & other.0 != 0
            }

            /// Both sets together.
            pub const fn union(self, other: Self) -> Self {
                Self(self.0 | other.0)
            }

            /// This set without the bits of `other`.
            pub const fn without(self, other: Self) -> Self {
                Self(self.0 & !other.0)
            }

            /// Whether no bit is set.
            pub const fn is_empty(self) -> bool {
                self.0 == 0
            }
        }
    };
}

bit_set! {
    /// `restored` of apps and deep shortcuts.
    IconRestore {
        /// From a backup; the target may be missing.
        RESTORED = 1;
        /// Promised by the default layout.
        AUTO_INSTALL = 2;
        /// An install session was seen.
        STARTED = 4;
        /// Supports web UI (instant app).
        WEB_UI = 8;
    }
}

bit_set! {
    /// `restored` of widgets.
    WidgetRestore {
        /// The widget id is another device's.
        ID_NOT_VALID = 1;
        /// The provider is not installed yet.
        PROVIDER_NOT_READY = 2;
        /// The widget must be set up by the user.
        UI_NOT_READY = 4;
        /// An install session was seen.
        STARTED = 8;
        /// An id was allocated but is not bound yet.
        ID_ALLOCATED = 16;
        /// Bind with the extras that the row's intent holds.
        DIRECT_CONFIG = 32;
    }
}

bit_set! {
    /// Run-time bits of an icon; never stored.
    RuntimeFlags {
        /// Safe mode disables third-party apps.
        SAFE_MODE = 1;
        /// Package present but not available (external storage).
        NOT_AVAILABLE = 2;
        /// Package suspended.
        SUSPENDED = 4;
        /// Profile in quiet mode.
        QUIET = 8;
        /// The publisher disabled the shortcut.
        BY_PUBLISHER = 16;
        /// Profile locked.
        LOCKED = 32;
        /// Known to be a system app.
        SYSTEM_YES = 64;
        /// Known not to be a system app.
        SYSTEM_NO = 128;
        /// An install session is running.
        INSTALL_SESSION = 1 << 10;
        /// Installed and still downloading.
        INCREMENTAL_DOWNLOAD = 1 << 11;
        /// The shortcut needs a newer app.
        VERSION_LOWER = 1 << 12;
        /// May not be pinned to the home screen (private space).
        NOT_PINNABLE = 1 << 13;
        /// The app is archived.
        ARCHIVED = 1 << 14;
        /// Any bit that disables a tap.
        DISABLED_MASK = 63 | (1 << 12);
    }
}
