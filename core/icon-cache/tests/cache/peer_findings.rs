//! peer_findings
