//! Codes of area `OS_`: which OS this is. Only a table; the rules are in `identity` and `framework.rs`.

area_codes! {
    /// What was found about the OS and its framework, in the order of the rules of os4-compat 6.2 and 6.3.
    OsCode {
        // Evidence: what the declared keys and the stamps say.
        DeclaredCodeMalformed, "OS_DECLARED_CODE_MALFORMED", "The declared version code is no number from 1 to 99 and does not count.";
        DeclaredNameMalformed, "OS_DECLARED_NAME_MALFORMED", "The declared version name is not written as OSm.n and does not count.";
        DeclaredIncrementalMalformed, "OS_DECLARED_INCREMENTAL_MALFORMED", "The declared build number is none of HyperOS and does not count.";
        IncrementalDecorated, "OS_INCREMENTAL_DECORATED", "A port ROM put its own name before a build number; the part after the last bar counts.";
        StampUnreadable, "OS_STAMP_UNREADABLE", "A partition's build stamp has none of the known forms and does not count.";
        StampWeekly, "OS_STAMP_WEEKLY", "The build stamp is a weekly one, which names no version.";
        StampsDisagree, "OS_STAMPS_DISAGREE", "The build stamps of the partitions name different systems; the lowest counts.";
        StampFromFingerprint, "OS_STAMP_FROM_FINGERPRINT", "No build stamp is known, so the fingerprints stand in for it.";
        ForeignStamp, "OS_FOREIGN_STAMP", "The build stamp belongs to no Xiaomi system.";
        FingerprintSpoof, "OS_FINGERPRINT_SPOOF", "The fingerprint names a Xiaomi system over a foreign build stamp and is ignored.";
        // Never evidence: keys that would mislead here.
        IgnoredAiOs, "OS_IGNORED_AI_OS", "The AI OS keys count another product line and are ignored.";
        IgnoredXms, "OS_IGNORED_XMS", "The version of another component hints at HyperOS and is ignored.";
        IgnoredSmrBase, "OS_IGNORED_SMR_BASE", "The base of a security maintenance build names another version and is ignored.";
        IgnoredVendorStamp, "OS_IGNORED_VENDOR_STAMP", "The vendor or odm stamp names another system and is ignored.";
        IgnoredModDevice, "OS_IGNORED_MOD_DEVICE", "A regional device name is left over and is ignored.";
        IgnoredBrand, "OS_IGNORED_BRAND", "The brand is one of Xiaomi's, which says nothing about the system.";
        IgnoredRuntime, "OS_IGNORED_RUNTIME", "The Rust runtime is there, which proves a dependency and not the OS.";
        IgnoredSdk, "OS_IGNORED_SDK", "The SDK is one that OS4 has too, which says nothing by itself.";
        // The rows of the decision table.
        StampConfirms, "OS_STAMP_CONFIRMS", "The declared version and the build stamps agree.";
        StampDiffers, "OS_STAMP_DIFFERS", "The declared version differs from the build stamps; the lowest counts.";
        V816ConfirmsOs1, "OS_V816_CONFIRMS_OS1", "HyperOS 1 is declared, and the build stamp is its MIUI spelling.";
        DeclaredAboveV816, "OS_DECLARED_ABOVE_V816", "A later HyperOS is declared over the build stamp of HyperOS 1.";
        DeclaredOverMiui, "OS_DECLARED_OVER_MIUI", "HyperOS is declared over the build stamp of MIUI.";
        DeclaredOverGo, "OS_DECLARED_OVER_GO", "HyperOS is declared over the build stamp of an Android Go build.";
        DeclaredOnly, "OS_DECLARED_ONLY", "Only the declared keys name the version; no build stamp confirms it.";
        DeclaredOverForeign, "OS_DECLARED_OVER_FOREIGN", "HyperOS is declared over a build stamp of no Xiaomi system.";
        InconsistentOneConfirmed, "OS_INCONSISTENT_ONE_CONFIRMED", "The declared keys contradict each other, and the build stamp confirms one of them.";
        InconsistentLowest, "OS_INCONSISTENT_LOWEST", "The declared keys contradict each other, and nothing settles it; the lowest counts.";
        StampOnly, "OS_STAMP_ONLY", "Nothing is declared; the build stamp names the version.";
        GoBuild, "OS_GO_BUILD", "The build stamp is that of an Android Go build, which has no OS number.";
        UiNameV816, "OS_UI_NAME_V816", "Only the interface name hints at HyperOS, and it is the same for several versions.";
        UiNameMiui, "OS_UI_NAME_MIUI", "Only the interface name tells the version of MIUI.";
        NoEvidence, "OS_NO_EVIDENCE", "Nothing speaks of a Xiaomi system.";
        // Checks of the result.
        SdkMalformed, "OS_SDK_MALFORMED", "The SDK property is no plausible number and does not count.";
        SdkBelowRange, "OS_SDK_BELOW_RANGE", "The SDK is too low for this version of HyperOS.";
        SdkAboveRange, "OS_SDK_ABOVE_RANGE", "The SDK is higher than this version of HyperOS was seen with.";
        LetterSdkMismatch, "OS_LETTER_SDK_MISMATCH", "The Android letter of a build number does not fit the SDK.";
        LetterUnknown, "OS_LETTER_UNKNOWN", "The Android letter of a build number is not known yet, so it is not checked.";
        // Texts that are no version.
        IncrementalNoForm, "OS_INCREMENTAL_NO_FORM", "The text has none of the five forms of a build number.";
        IncrementalUnknownMajor, "OS_INCREMENTAL_UNKNOWN_MAJOR", "The text is written like a build number, but no system has its major version.";
        LauncherBadChannel, "OS_LAUNCHER_BAD_CHANNEL", "A launcher version begins with a channel in capitals and a dash.";
        LauncherBadNumbers, "OS_LAUNCHER_BAD_NUMBERS", "A launcher version has four numbers that fit its version code.";
        LauncherBadBranchDate, "OS_LAUNCHER_BAD_BRANCH_DATE", "The branch date of a launcher version is written MMDD or YYMMDD.";
        LauncherBadBuildTime, "OS_LAUNCHER_BAD_BUILD_TIME", "A launcher version has a build date and time written MMDDHHMM.";
        LauncherTrailing, "OS_LAUNCHER_TRAILING", "Only a single -R can follow the build date of a launcher version.";
        // Framework and native launcher.
        FrameworkOs4, "OS_FRAMEWORK_OS4", "The Rust runtime of OS4 is present.";
        FrameworkOs31, "OS_FRAMEWORK_OS31", "Only an earlier Rust runtime than OS4's is present.";
        FrameworkNone, "OS_FRAMEWORK_NONE", "No Rust runtime is present.";
        FrameworkUnknown, "OS_FRAMEWORK_UNKNOWN", "A probe without an answer leaves the framework open, so it enables nothing.";
        LauncherNeedUnknown, "OS_LAUNCHER_NEED_UNKNOWN", "Which Rust runtime this launcher needs is not known, so it does not start.";
        LauncherRuntimeMissing, "OS_LAUNCHER_RUNTIME_MISSING", "The Rust runtime that the native launcher needs is not there.";
        LauncherRuntimeUnknown, "OS_LAUNCHER_RUNTIME_UNKNOWN", "Whether the native launcher's Rust runtime is there could not be told.";
        LauncherAbiOther, "OS_LAUNCHER_ABI_OTHER", "The native launcher exists only for arm64.";
        LauncherAbiUnknown, "OS_LAUNCHER_ABI_UNKNOWN", "The processor is not known, and the native launcher exists only for arm64.";
    }
}
