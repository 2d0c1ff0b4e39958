//! The bill of materials: CycloneDX 1.5 as JSON, so that a scanner finds a vulnerable part by its name and version.
//!
//! Invariants: the same parts make the same text, without a time or a random number; each part is named by its package
//! URL and what a part needs is a part itself.

use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::components::{Component, Place};
use super::repository::hex;

/// The bill of what `root` is made of.
pub fn text(root: &str, version: &str, parts: &[Component]) -> String {
    let components: Vec<Value> = parts.iter().filter(|part| part.purl != root).map(component).collect();
    let dependencies: Vec<Value> =
        parts.iter().map(|part| json!({ "ref": part.purl, "dependsOn": part.needs })).collect();
    let content = json!([components, dependencies]).to_string();
    let bill = json!({
        "$schema": "http://cyclonedx.org/schema/bom-1.5.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "serialNumber": serial(&content),
        "version": 1,
        "metadata": {
            "tools": { "components": [{ "type": "application", "name": "cargo xtask aar", "version": version }] },
            "component": {
                "type": "library",
                "bom-ref": root,
                "group": "dev.ferrule",
                "name": "ferrule-android",
                "version": version,
                "purl": root,
                "licenses": [{ "expression": "Apache-2.0" }],
            },
        },
        "components": components,
        "dependencies": dependencies,
    });
    format!("{bill:#}\n")
}

fn component(part: &Component) -> Value {
    let mut value = json!({
        "type": "library",
        "bom-ref": part.purl,
        "name": part.name,
        "version": part.version,
        "scope": if part.optional { "optional" } else { "required" },
        "purl": part.purl,
        "licenses": [{ "expression": part.licence }],
        "properties": [{ "name": "ferrule:place", "value": match part.place {
            Place::Library => "linked into libferrule.so",
            Place::Beside => "named by the pom, brought by the app",
        } }],
    });
    let Some(fields) = value.as_object_mut() else { return value };
    if let Some(cpe) = &part.cpe {
        fields.insert("cpe".to_owned(), json!(cpe));
    }
    if let Some(sha256) = &part.sha256 {
        fields.insert("hashes".to_owned(), json!([{ "alg": "SHA-256", "content": sha256 }]));
    }
    if let Some(source) = &part.source {
        fields.insert("externalReferences".to_owned(), json!([{ "type": "vcs", "url": source }]));
    }
    value
}

/// A UUID out of the content (version 8: of the maker's own making), so that another content has another.
fn serial(content: &str) -> String {
    let mut bytes = [0; 16];
    bytes
        .iter_mut()
        .zip(Sha256::digest(content.as_bytes()))
        .for_each(|(byte, of_content)| *byte = of_content);
    bytes[6] = bytes[6] & 0x0f | 0x80;
    bytes[8] = bytes[8] & 0x3f | 0x80;
    let digits = hex(&bytes);
    let part = |from: usize, to: usize| digits.get(from..to).unwrap_or_default();
    format!("urn:uuid:{}-{}-{}-{}-{}", part(0, 8), part(8, 12), part(12, 16), part(16, 20), part(20, 32))
}

/// What is wrong with the shape of a bill: what CycloneDX demands, and what a scanner needs beyond that.
pub fn faults(text: &str) -> Vec<String> {
    let bill: Value = match serde_json::from_str(text) {
        Ok(bill) => bill,
        Err(error) => return vec![format!("is no JSON: {error}")],
    };
    let mut found = Vec::new();
    let of = |value: &Value, path: &str| {
        value.pointer(path).and_then(Value::as_str).unwrap_or_default().to_owned()
    };
    let list = |value: &Value, path: &str| {
        value.pointer(path).and_then(Value::as_array).cloned().unwrap_or_default()
    };
    if of(&bill, "/bomFormat") != "CycloneDX" || of(&bill, "/specVersion") != "1.5" {
        found.push("is not CycloneDX 1.5".to_owned());
    }
    let serial = of(&bill, "/serialNumber");
    if serial.strip_prefix("urn:uuid:").is_none_or(|id| id.len() != 36) {
        found.push(format!("has the serial number {serial}"));
    }
    let mut known = vec![of(&bill, "/metadata/component/bom-ref")];
    for part in list(&bill, "/components") {
        let name = of(&part, "/name");
        for field in ["type", "name", "version", "purl", "bom-ref"] {
            if of(&part, &format!("/{field}")).is_empty() {
                found.push(format!("{name} has no {field}"));
            }
        }
        if of(&part, "/licenses/0/expression").is_empty() {
            found.push(format!("{name} has no licence"));
        }
        if list(&part, "/hashes").iter().any(|hash| of(hash, "/content").len() != 64) {
            found.push(format!("{name} has a checksum of another length"));
        }
        let reference = of(&part, "/bom-ref");
        if known.contains(&reference) {
            found.push(format!("{reference} is named twice"));
        }
        known.push(reference);
    }
    for edge in list(&bill, "/dependencies") {
        let needed = list(&edge, "/dependsOn");
        let ends = needed.iter().filter_map(Value::as_str).map(str::to_owned).chain([of(&edge, "/ref")]);
        found.extend(
            ends.filter(|end| !known.contains(end)).map(|end| format!("{end} is needed and not listed")),
        );
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn part(name: &str, needs: &[&str]) -> Component {
        Component {
            name: name.to_owned(),
            version: "1.0.0".to_owned(),
            purl: format!("pkg:cargo/{name}@1.0.0"),
            licence: "MIT".to_owned(),
            sha256: Some("0f".repeat(32)),
            needs: needs.iter().map(|need| format!("pkg:cargo/{need}@1.0.0")).collect(),
            ..Component::default()
        }
    }

    #[test]
    fn a_bill_has_the_shape_that_scanners_read_and_depends_on_its_content_only() {
        let parts = [part("bridge", &["b"]), part("b", &[])];
        let bill = text("pkg:cargo/bridge@1.0.0", "0.1.0", &parts);
        assert_eq!(faults(&bill), [""; 0]);
        assert_eq!(bill, text("pkg:cargo/bridge@1.0.0", "0.1.0", &parts));
        let more = text(
            "pkg:cargo/bridge@1.0.0",
            "0.1.0",
            &[part("bridge", &["b"]), part("b", &[]), part("c", &[])],
        );
        let serial = |bill: &str| serde_json::from_str::<Value>(bill).unwrap()["serialNumber"].to_string();
        assert_ne!(serial(&bill), serial(&more));
    }

    #[test]
    fn what_a_scanner_could_not_use_is_found() {
        let with = |change: fn(&mut Component)| {
            let mut parts = [part("bridge", &["b"]), part("b", &[])];
            change(&mut parts[1]);
            faults(&text("pkg:cargo/bridge@1.0.0", "0.1.0", &parts))
        };
        assert_eq!(with(|part| part.licence.clear()), ["b has no licence"]);
        assert_eq!(with(|part| part.version.clear()), ["b has no version"]);
        assert_eq!(with(|part| part.sha256 = Some("0f".to_owned())), ["b has a checksum of another length"]);
        assert_eq!(with(|part| part.needs = vec!["pkg:x".to_owned()]), ["pkg:x is needed and not listed"]);
        assert_eq!(faults("{").len(), 1);
    }
}
