//! Every way in which `safe` differs from `compat`, with its stable code and both answers in words (R57).
//!
//! A closed list: what is not in it is no difference. The page of differences in the guide is made from it.

/// One kind of difference from Launcher3.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Deviation {
    /// The target is missing or was not seen.
    HeldInsteadOfDeleted,
    /// Launcher3 throws and passes the row over; it can be read and shown as unavailable.
    HeldInsteadOfSkipped,
    /// Launcher3 would point the icon at another activity on an answer that the platform did not give.
    HeldInsteadOfRetargeted,
    /// The stored serial is no 32-bit number, so Launcher3 reads another profile's.
    HeldProfileUnreadable,
    /// What it lies in is held or opaque.
    HeldInsideUnavailable,
    /// No page of this grid can hold it.
    HeldWithoutRoom,
    /// Its row id is no 32-bit number of its own.
    HeldRowId,
    /// There is nothing to show: no intent, no package, no size.
    QuarantinedInsteadOfDeleted,
    /// A folder without contents.
    QuarantinedEmptyFolder,
    /// An app pair without two members.
    QuarantinedPair,
    /// An unknown type, or columns that cannot be read.
    KeptOpaque,
    /// Its cells are taken.
    RelocatedOverlap,
    /// It reaches outside the page.
    RelocatedOutOfBounds,
    /// It lies in the row of the search bar.
    RelocatedReservedRow,
    /// Its page has a number that no page may have.
    RelocatedPage,
    /// Its dock slot is taken or does not exist.
    RelocatedDock,
    /// It is larger than a page.
    RelocatedResized,
    /// What it lay in does not exist.
    RelocatedOrphan,
    /// What it lies in is not a folder or pair.
    RelocatedNotACollection,
    /// Its container is a number without a meaning here.
    RelocatedUnknownContainer,
    /// A folder or pair inside one that cannot hold it, itself included.
    RelocatedNested,
    /// A widget inside a folder or pair.
    RelocatedWidget,
    /// A member of a pair that has too many, or too few.
    RelocatedPairMember,
    /// Launcher3 loses it for its place or its company, neither of which is a reason here; or it has it in memory and on no
    /// screen, since it lost what the row lies in.
    ShownInsteadOfLost,
    /// A folder or pair of a profile that is not there; it has no profile of its own.
    CollectionProfileIgnored,
    /// Its rank counts every child of its folder and is stored.
    RankDiffers,
    /// The stored label stands in for one that the platform did not give.
    TitleKept,
    /// Its state bits are stored as they are in memory.
    StateSettled,
    /// A widget id is kept that Launcher3 gives back to the framework.
    WidgetIdKept,
    /// A pin is kept that Launcher3 takes back.
    PinKept,
}

impl Deviation {
    /// Every deviation.
    pub const ALL: [Self; 30] = [
        Self::HeldInsteadOfDeleted,
        Self::HeldInsteadOfSkipped,
        Self::HeldInsteadOfRetargeted,
        Self::HeldProfileUnreadable,
        Self::HeldInsideUnavailable,
        Self::HeldWithoutRoom,
        Self::HeldRowId,
        Self::QuarantinedInsteadOfDeleted,
        Self::QuarantinedEmptyFolder,
        Self::QuarantinedPair,
        Self::KeptOpaque,
        Self::RelocatedOverlap,
        Self::RelocatedOutOfBounds,
        Self::RelocatedReservedRow,
        Self::RelocatedPage,
        Self::RelocatedDock,
        Self::RelocatedResized,
        Self::RelocatedOrphan,
        Self::RelocatedNotACollection,
        Self::RelocatedUnknownContainer,
        Self::RelocatedNested,
        Self::RelocatedWidget,
        Self::RelocatedPairMember,
        Self::ShownInsteadOfLost,
        Self::CollectionProfileIgnored,
        Self::RankDiffers,
        Self::TitleKept,
        Self::StateSettled,
        Self::WidgetIdKept,
        Self::PinKept,
    ];

    /// The stable code.
    pub fn code(self) -> &'static str {
        match self {
            Self::HeldInsteadOfDeleted => "LM_HELD_INSTEAD_OF_DELETED",
            Self::HeldInsteadOfSkipped => "LM_HELD_INSTEAD_OF_SKIPPED",
            Self::HeldInsteadOfRetargeted => "LM_HELD_INSTEAD_OF_RETARGETED",
            Self::HeldProfileUnreadable => "LM_HELD_PROFILE_UNREADABLE",
            Self::HeldInsideUnavailable => "LM_HELD_INSIDE_UNAVAILABLE",
            Self::HeldWithoutRoom => "LM_HELD_WITHOUT_ROOM",
            Self::HeldRowId => "LM_HELD_ROW_ID",
            Self::QuarantinedInsteadOfDeleted => "LM_QUARANTINED_INSTEAD_OF_DELETED",
            Self::QuarantinedEmptyFolder => "LM_QUARANTINED_EMPTY_FOLDER",
            Self::QuarantinedPair => "LM_QUARANTINED_PAIR",
            Self::KeptOpaque => "LM_KEPT_OPAQUE",
            Self::RelocatedOverlap => "LM_RELOCATED_OVERLAP",
            Self::RelocatedOutOfBounds => "LM_RELOCATED_OUT_OF_BOUNDS",
            Self::RelocatedReservedRow => "LM_RELOCATED_RESERVED_ROW",
            Self::RelocatedPage => "LM_RELOCATED_PAGE",
            Self::RelocatedDock => "LM_RELOCATED_DOCK",
            Self::RelocatedResized => "LM_RELOCATED_RESIZED",
            Self::RelocatedOrphan => "LM_RELOCATED_ORPHAN",
            Self::RelocatedNotACollection => "LM_RELOCATED_NOT_A_COLLECTION",
            Self::RelocatedUnknownContainer => "LM_RELOCATED_UNKNOWN_CONTAINER",
            Self::RelocatedNested => "LM_RELOCATED_NESTED",
            Self::RelocatedWidget => "LM_RELOCATED_WIDGET",
            Self::RelocatedPairMember => "LM_RELOCATED_PAIR_MEMBER",
            Self::ShownInsteadOfLost => "LM_SHOWN_INSTEAD_OF_LOST",
            Self::CollectionProfileIgnored => "LM_COLLECTION_PROFILE_IGNORED",
            Self::RankDiffers => "LM_RANK_DIFFERS",
            Self::TitleKept => "LM_TITLE_KEPT",
            Self::StateSettled => "LM_STATE_SETTLED",
            Self::WidgetIdKept => "LM_WIDGET_ID_KEPT",
            Self::PinKept => "LM_PIN_KEPT",
        }
    }

    /// Whether it says in which state a row is rather than live.
    pub fn is_state(self) -> bool {
        self <= Self::KeptOpaque
    }

    /// Whether it says that a row was moved.
    pub fn is_move(self) -> bool {
        (Self::RelocatedOverlap..=Self::RelocatedPairMember).contains(&self)
    }

    /// Whether it tells that Launcher3 does not show the row, or not there.
    pub fn tells_loss(self) -> bool {
        self.is_state()
            || self.is_move()
            || matches!(self, Self::ShownInsteadOfLost | Self::CollectionProfileIgnored)
    }

    /// Whether it is about what a load would do outside the model, not about a row.
    pub fn is_effect(self) -> bool {
        matches!(self, Self::WidgetIdKept | Self::PinKept)
    }

    /// Launcher3's answer and ours, in words, for the guide.
    pub fn answers(self) -> (&'static str, &'static str) {
        match self {
            Self::HeldInsteadOfDeleted => (
                "deletes the row when the app, profile, shortcut or widget provider is not seen",
                "keeps it at its place, shown as unavailable; it works again when the target is back",
            ),
            Self::HeldInsteadOfSkipped => (
                "throws while reading the row: neither shown nor deleted, its cell looks free",
                "keeps it at its place, shown as unavailable",
            ),
            Self::HeldInsteadOfRetargeted => (
                "rewrites the icon to the package's first activity when the activity was not reported",
                "holds it until the platform has said that the activity is gone",
            ),
            Self::HeldProfileUnreadable => (
                "cuts the serial to 32 bits, or reads a text as 0: the item lands in another profile or is deleted",
                "holds it; no profile but its own gets it",
            ),
            Self::HeldInsideUnavailable => {
                ("keeps it invisible, or deletes it with its collection", "holds it in its collection")
            }
            Self::HeldWithoutRoom => ("deletes it", "holds it without a place until a grid can hold it"),
            Self::HeldRowId => {
                ("reads the id cut to 32 bits, as another row's", "holds the row until it has an id")
            }
            Self::QuarantinedInsteadOfDeleted => {
                ("deletes the row", "takes it off the screen, keeps it and lists it")
            }
            Self::QuarantinedEmptyFolder => (
                "deletes it only in a load that deleted something, and never if a row has no container",
                "takes it off the screen in the load that finds it empty, keeps it and lists it",
            ),
            Self::QuarantinedPair => (
                "deletes the pair, then its members",
                "takes the pair off the screen; its member takes its place",
            ),
            Self::KeptOpaque => (
                "passes it over, so that its cell looks free, or deletes it with its profile",
                "keeps it as it is, with its cells",
            ),
            Self::RelocatedOverlap => ("deletes the later row", "moves it to the nearest free place"),
            Self::RelocatedOutOfBounds => {
                ("deletes it, or lets a span overflow", "moves it to the nearest free place on its page")
            }
            Self::RelocatedReservedRow => (
                "shows it under the search bar in one load and deletes it in the next, or deletes it at once",
                "moves it to the nearest free place on its page",
            ),
            Self::RelocatedPage => {
                ("shows a page with a negative number", "gives the page a number of its own")
            }
            Self::RelocatedDock => (
                "deletes it, or throws at a negative index",
                "moves it to the nearest free slot, else to the desktop",
            ),
            Self::RelocatedResized => {
                ("deletes it", "makes it as large as a page, not below its smallest size")
            }
            Self::RelocatedOrphan => {
                ("deletes it, or keeps it invisible for ever", "moves it to the desktop")
            }
            Self::RelocatedNotACollection => ("keeps it invisible for ever", "moves it to the desktop"),
            Self::RelocatedUnknownContainer => ("keeps it invisible for ever", "moves it to the desktop"),
            Self::RelocatedNested => {
                ("keeps it out of every view", "moves it to the desktop with its contents")
            }
            Self::RelocatedWidget => ("deletes it", "moves it to the desktop"),
            Self::RelocatedPairMember => (
                "deletes the pair, then its members",
                "two members stay; a single one takes the pair's place, others go to the desktop",
            ),
            Self::ShownInsteadOfLost => (
                "deletes or skips it for its place or company, or loses the collection around it and shows it nowhere",
                "shows it where it is: the reason does not hold",
            ),
            Self::CollectionProfileIgnored => (
                "deletes the collection, then its contents",
                "shows it: a collection belongs to the current user",
            ),
            Self::RankDiffers => {
                ("counts only the children that loaded, in memory", "counts every child, and stores the rank")
            }
            Self::TitleKept => ("shows no label", "shows the stored label"),
            Self::StateSettled => {
                ("stores other bits than it has in memory until the next load", "stores what is in memory")
            }
            Self::WidgetIdKept => (
                "frees the id in the load that deleted its row: the configuration is lost for good",
                "keeps it as long as any row, shown or not, refers to it",
            ),
            Self::PinKept => (
                "unpins the shortcut in the load that deleted its row",
                "keeps the pin as long as any row, shown or not, refers to it",
            ),
        }
    }
}
