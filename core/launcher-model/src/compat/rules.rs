//! The names of the rules of B.3 and B.4, one each, in the order of the tables.
//!
//! A [`super::outcome::Decision`] names the rule that ended a row; the mutation evidence breaks each of them once.

/// A rule of the row decision (B.3). `label` gives the specification's own numbering.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Rule {
    /// Common: the profile's serial is unknown.
    ProfileUnknown,
    /// Common: the type is unknown.
    TypeUnknown,
    /// App 1, C1: a number in the intent cannot be read.
    IntentNumber,
    /// App 1: no intent.
    App1NoIntent,
    /// App 2: no target package.
    App2NoTarget,
    /// App 3: activity enabled.
    App3ActivityEnabled,
    /// App 4: activity gone, another one in the package.
    App4Retarget,
    /// App 4: activity gone, no other one.
    App4NoLaunchIntent,
    /// C3: the package is set before rows 5–8, which a selector forbids.
    AppSelector,
    /// App 5a: restore has started.
    App5aStarted,
    /// App 5b: a session is active.
    App5bSession,
    /// App 5c: restored, but nobody installs it.
    App5cNotInstalling,
    /// App 6: on external storage.
    App6External,
    /// App 7: boot not completed.
    App7BootPending,
    /// App 8: gone.
    App8Gone,
    /// App 9: web UI keeps `restored`.
    App9WebUi,
    /// App 10: target valid.
    App10Valid,
    /// Item: neither bit 1 nor 2 of a restored item.
    PromiseRestoreType,
    /// Item: promise.
    Promise,
    /// Item: type 0 without component, or unresolvable.
    AppUnresolved,
    /// Item: type 0.
    App,
    /// C2: deep shortcut without an id.
    DeepNoId,
    /// Item: deep shortcut, pinned.
    DeepPinned,
    /// Item: deep shortcut, not pinned.
    DeepNotPinned,
    /// Item: deep shortcut in a locked profile.
    DeepLocked,
    /// Common: quiet profile.
    FlagQuiet,
    /// Common: suspended.
    FlagSuspended,
    /// Common: safe mode.
    FlagSafeMode,
    /// Common: progress of a session.
    FlagSession,
    /// Folder: accepted with its options.
    Folder,
    /// App pair while switched off.
    PairsOff,
    /// C9: a pair takes over a placeholder that holds a pair.
    PairHoldsPair,
    /// App pair: accepted with its rank.
    Pair,
    /// C9: a member that is a pair.
    PairInPair,
    /// Widget 1: no provider.
    Widget1Provider,
    /// Widget 2: span.
    Widget2Size,
    /// Widget 3: container.
    Widget3Container,
    /// Widget 4: search widget.
    Widget4Search,
    /// Widget 5: safe mode.
    Widget5SafeMode,
    /// Widget 6: provider found by component, bit 2 cleared.
    Widget6ByComponent,
    /// Widget 7: provider by id.
    Widget7ById,
    /// Widget 8: restored and no provider.
    Widget8Missing,
    /// Widget 9: allocate and bind.
    Widget9Bind,
    /// Widget 9, C6: no extras to bind with.
    Widget9NoExtras,
    /// Widget 10: nothing to configure.
    Widget10NoConfigure,
    /// Widget 10: the framework restored it.
    Widget10Restored,
    /// Widget 11: no provider.
    Widget11NoProvider,
    /// Widget 12: real.
    Widget12Real,
    /// Widget 13: pending and nobody installs it.
    Widget13NeverStarted,
    /// Widget 13: a session is active.
    Widget13Session,
    /// Widget 13: pending.
    Widget13Pending,
    /// B.4: rejected.
    Placement,
}

impl Rule {
    /// Every rule that has a condition, in table order. `Widget13Pending` and `Placement` only name an end.
    pub const ALL: [Self; 50] = [
        Self::ProfileUnknown,
        Self::TypeUnknown,
        Self::IntentNumber,
        Self::App1NoIntent,
        Self::App2NoTarget,
        Self::App3ActivityEnabled,
        Self::App4Retarget,
        Self::App4NoLaunchIntent,
        Self::AppSelector,
        Self::App5aStarted,
        Self::App5bSession,
        Self::App5cNotInstalling,
        Self::App6External,
        Self::App7BootPending,
        Self::App8Gone,
        Self::App9WebUi,
        Self::App10Valid,
        Self::PromiseRestoreType,
        Self::Promise,
        Self::AppUnresolved,
        Self::App,
        Self::DeepNoId,
        Self::DeepPinned,
        Self::DeepNotPinned,
        Self::DeepLocked,
        Self::FlagQuiet,
        Self::FlagSuspended,
        Self::FlagSafeMode,
        Self::FlagSession,
        Self::Folder,
        Self::PairsOff,
        Self::PairHoldsPair,
        Self::Pair,
        Self::PairInPair,
        Self::Widget1Provider,
        Self::Widget2Size,
        Self::Widget3Container,
        Self::Widget4Search,
        Self::Widget5SafeMode,
        Self::Widget6ByComponent,
        Self::Widget7ById,
        Self::Widget8Missing,
        Self::Widget9Bind,
        Self::Widget9NoExtras,
        Self::Widget10NoConfigure,
        Self::Widget10Restored,
        Self::Widget11NoProvider,
        Self::Widget12Real,
        Self::Widget13NeverStarted,
        Self::Widget13Session,
    ];

    /// The rule's number in the specification.
    pub fn label(self) -> &'static str {
        match self {
            Self::ProfileUnknown => "B.3 common: profile",
            Self::TypeUnknown => "B.3 common: type",
            Self::IntentNumber => "B.3 app 1, C1",
            Self::App1NoIntent => "B.3 app 1",
            Self::App2NoTarget => "B.3 app 2",
            Self::App3ActivityEnabled => "B.3 app 3",
            Self::App4Retarget => "B.3 app 4 (found)",
            Self::App4NoLaunchIntent => "B.3 app 4 (none)",
            Self::AppSelector => "B.3, C3",
            Self::App5aStarted => "B.3 app 5a",
            Self::App5bSession => "B.3 app 5b",
            Self::App5cNotInstalling => "B.3 app 5c",
            Self::App6External => "B.3 app 6",
            Self::App7BootPending => "B.3 app 7",
            Self::App8Gone => "B.3 app 8",
            Self::App9WebUi => "B.3 app 9",
            Self::App10Valid => "B.3 app 10",
            Self::PromiseRestoreType => "B.3 item: restore type",
            Self::Promise => "B.3 item: promise",
            Self::AppUnresolved => "B.3 item: unresolved, C4",
            Self::App => "B.3 item: app",
            Self::DeepNoId => "B.3 item: shortcut id, C2",
            Self::DeepPinned => "B.3 item: pinned",
            Self::DeepNotPinned => "B.3 item: not pinned",
            Self::DeepLocked => "B.3 item: locked",
            Self::FlagQuiet => "B.3 flag: quiet",
            Self::FlagSuspended => "B.3 flag: suspended",
            Self::FlagSafeMode => "B.3 flag: safe mode",
            Self::FlagSession => "B.3 flag: session",
            Self::Folder => "B.3 folder",
            Self::PairsOff => "B.3 pair: off",
            Self::PairHoldsPair => "B.3 pair: holds a pair, C9",
            Self::Pair => "B.3 pair",
            Self::PairInPair => "B.3 pair: in a pair, C9",
            Self::Widget1Provider => "B.3 widget 1",
            Self::Widget2Size => "B.3 widget 2",
            Self::Widget3Container => "B.3 widget 3",
            Self::Widget4Search => "B.3 widget 4",
            Self::Widget5SafeMode => "B.3 widget 5",
            Self::Widget6ByComponent => "B.3 widget 6",
            Self::Widget7ById => "B.3 widget 7",
            Self::Widget8Missing => "B.3 widget 8",
            Self::Widget9Bind => "B.3 widget 9",
            Self::Widget9NoExtras => "B.3 widget 9, C6",
            Self::Widget10NoConfigure => "B.3 widget 10 (no activity)",
            Self::Widget10Restored => "B.3 widget 10 (restored)",
            Self::Widget11NoProvider => "B.3 widget 11",
            Self::Widget12Real => "B.3 widget 12",
            Self::Widget13NeverStarted => "B.3 widget 13 (never started)",
            Self::Widget13Session => "B.3 widget 13 (session)",
            Self::Widget13Pending => "B.3 widget 13 (pending)",
            Self::Placement => "B.4",
        }
    }
}
