//! FirstLaunch: waiting for the core.
