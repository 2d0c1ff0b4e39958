//! Codes of area `FL_`: the first launch on OS4. Only a table; the rules are in `first_launch`.

area_codes! {
    /// Why the first launch on OS4 is, or is not, delivered.
    FlCode {
        EphemeralUser, "FL_EPHEMERAL_USER", "Guests and ephemeral users never see a first launch.";
        NotReady, "FL_NOT_READY", "The user has not unlocked since boot; nothing was read or written.";
        LockFailed, "FL_LOCK_FAILED", "The record's lock could not be taken, so nothing is delivered.";
        HeldElsewhere, "FL_HELD_ELSEWHERE", "Another start of the same user is deciding or delivering at the moment.";
        ReadFailed, "FL_READ_FAILED", "The record could not be read this time; nothing is delivered and nothing written.";
        Recovered, "FL_RECOVERED", "The record was unreadable and is marked done: a missed welcome costs less than a repeated one.";
        RecordTooNew, "FL_RECORD_TOO_NEW", "The record was written by a newer version that asks for a newer reader; it is marked done.";
        ForeignRecord, "FL_FOREIGN_RECORD", "The record belongs to another device and is discarded.";
        Untrusted, "FL_UNTRUSTED", "The OS version is not established, so nothing is armed.";
        BelowOs4, "FL_BELOW_OS4", "The OS is established to be older than OS4.";
        DeliverFresh, "FL_DELIVER_FRESH", "First start ever, on OS4 or later.";
        DeliverUpgrade, "FL_DELIVER_UPGRADE", "First start on OS4 or later after an older OS.";
        DeliverRestored, "FL_DELIVER_RESTORED", "First start on OS4 or later with a record restored from another device.";
        AttemptsExhausted, "FL_ATTEMPTS_EXHAUSTED", "Three deliveries went without an acknowledgement; there is no fourth.";
        AlreadyDone, "FL_ALREADY_DONE", "The first launch was delivered and acknowledged before.";
        WriteFailed, "FL_WRITE_FAILED", "The record could not be written durably, so nothing is delivered.";
    }
}
