//! What a property file does not say, given on the command line: probes, device, runtime (contracts 3).
//!
//! Invariants: a name that is not known is an error that names the nearest; nothing given means *unknown*, and
//! *unknown* enables nothing.

use clap::Args;
use ferrule_os4_compat::{Abi, DeviceFacts, Probes, RuntimeState, Tri, UserMaterial};

/// The three groups of settings.
#[derive(Args)]
pub struct Settings {
    /// A shared library as the package manager answers: rustruntime.v3, .v4 or .v5 = present, absent or unknown
    #[arg(long = "probe", value_name = "NAME=STATE", value_parser = probe)]
    probes: Vec<Probe>,
    /// A fact of the hardware: ram_gib (as sold), cpulevel, gpulevel (0 to 6), abi, density_dpi
    #[arg(long = "device", value_name = "KEY=VALUE", value_parser = device)]
    devices: Vec<Device>,
    /// State of system and user: battery_saver, cross_window_blur, window_blurs_disabled, reduce_transparency,
    /// user_material = on, off or unknown; thermal = 0 to 6; animator_scale = a number
    #[arg(long = "runtime", value_name = "KEY=VALUE", value_parser = runtime)]
    runtimes: Vec<Runtime>,
}

impl Settings {
    /// The probes; of two for the same library the last one counts.
    pub fn probes(&self) -> Probes {
        let mut probes = Probes::default();
        for Probe(library, state) in &self.probes {
            *library(&mut probes) = *state;
        }
        probes
    }

    /// The device facts.
    pub fn device(&self) -> DeviceFacts {
        let mut facts = DeviceFacts::default();
        for setting in &self.devices {
            match setting {
                Device::RamGib(value) => facts.ram_gib = Some(*value),
                Device::CpuLevel(value) => facts.cpulevel = Some(*value),
                Device::GpuLevel(value) => facts.gpulevel = Some(*value),
                Device::Abi(value) => facts.abi = *value,
                Device::DensityDpi(value) => facts.density_dpi = Some(*value),
            }
        }
        facts
    }

    /// The runtime state.
    pub fn runtime(&self) -> RuntimeState {
        let mut state = RuntimeState::default();
        for setting in &self.runtimes {
            match setting {
                Runtime::Switch(change, value) => change(&mut state, *value),
                Runtime::Thermal(value) => state.thermal = *value,
                Runtime::AnimatorScale(value) => state.animator_scale = *value,
            }
        }
        state
    }
}

/// Which library, and its state.
#[derive(Clone)]
struct Probe(fn(&mut Probes) -> &mut Tri, Tri);

/// One fact of the hardware.
#[derive(Clone)]
enum Device {
    RamGib(u32),
    CpuLevel(u32),
    GpuLevel(u32),
    Abi(Abi),
    DensityDpi(u32),
}

/// One part of the runtime state.
#[derive(Clone)]
enum Runtime {
    Switch(fn(&mut RuntimeState, Option<bool>), Option<bool>),
    Thermal(u8),
    AnimatorScale(f32),
}

fn probe(text: &str) -> Result<Probe, String> {
    let (name, value) = pair(text)?;
    let library: fn(&mut Probes) -> &mut Tri = match name.strip_prefix("hyperos.").unwrap_or(name) {
        "rustruntime.v3" => |probes| &mut probes.rust_runtime_v3,
        "rustruntime.v4" => |probes| &mut probes.rust_runtime_v4,
        "rustruntime.v5" => |probes| &mut probes.rust_runtime_v5,
        _ => return Err(unknown("probe", name, &["rustruntime.v3", "rustruntime.v4", "rustruntime.v5"])),
    };
    let state = match value {
        "present" => Tri::Present,
        "absent" => Tri::Absent,
        "unknown" => Tri::Unknown,
        _ => return Err(format!("{name} is present, absent or unknown, not {value:?}")),
    };
    Ok(Probe(library, state))
}

fn device(text: &str) -> Result<Device, String> {
    let (name, value) = pair(text)?;
    let number = || value.parse().map_err(|_| format!("{name} is a whole number, not {value:?}"));
    Ok(match name {
        "ram_gib" => Device::RamGib(number()?),
        "cpulevel" => Device::CpuLevel(number()?),
        "gpulevel" => Device::GpuLevel(number()?),
        "density_dpi" => Device::DensityDpi(number()?),
        "abi" => Device::Abi(Abi::parse(value)),
        _ => {
            return Err(unknown(
                "device key",
                name,
                &["ram_gib", "cpulevel", "gpulevel", "abi", "density_dpi"],
            ));
        }
    })
}

/// The switches of the runtime state and what each changes; *unknown* caps nothing.
type Switch = (&'static str, fn(&mut RuntimeState, Option<bool>));

const SWITCHES: [Switch; 5] = [
    ("battery_saver", |state, value| state.battery_saver = value.unwrap_or_default()),
    ("cross_window_blur", |state, value| state.cross_window_blur = value),
    ("window_blurs_disabled", |state, value| state.window_blurs_disabled = value.unwrap_or_default()),
    ("reduce_transparency", |state, value| state.reduce_transparency = value.unwrap_or_default()),
    ("user_material", |state, value| {
        state.user_material = match value {
            Some(true) => UserMaterial::On,
            Some(false) => UserMaterial::Off,
            None => UserMaterial::Unknown,
        };
    }),
];

fn runtime(text: &str) -> Result<Runtime, String> {
    let (name, value) = pair(text)?;
    if let Some((_, change)) = SWITCHES.iter().find(|(switch, _)| *switch == name) {
        return match value {
            "on" => Ok(Runtime::Switch(*change, Some(true))),
            "off" => Ok(Runtime::Switch(*change, Some(false))),
            "unknown" => Ok(Runtime::Switch(*change, None)),
            _ => Err(format!("{name} is on, off or unknown, not {value:?}")),
        };
    }
    match name {
        "thermal" => match value.parse() {
            Ok(status @ 0..=6) => Ok(Runtime::Thermal(status)),
            _ => Err(format!("thermal is Android's status 0 to 6, not {value:?}")),
        },
        "animator_scale" => match value.parse::<f32>() {
            Ok(scale) if scale.is_finite() && scale >= 0.0 => Ok(Runtime::AnimatorScale(scale)),
            _ => Err(format!("animator_scale is a number from 0 on, not {value:?}")),
        },
        _ => {
            let mut known: Vec<&str> = SWITCHES.iter().map(|(switch, _)| *switch).collect();
            known.extend(["thermal", "animator_scale"]);
            Err(unknown("runtime key", name, &known))
        }
    }
}

/// `NAME=VALUE`.
fn pair(text: &str) -> Result<(&str, &str), String> {
    text.split_once('=').ok_or_else(|| "this needs the form NAME=VALUE".to_owned())
}

/// The error for a name that is not known.
fn unknown(what: &str, name: &str, known: &[&str]) -> String {
    format!("there is no {what} {name:?}; known are {}", known.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_setting_of_a_name_counts() {
        let settings = Settings {
            probes: ["rustruntime.v5=absent", "hyperos.rustruntime.v5=present"]
                .map(|text| probe(text).unwrap())
                .into(),
            devices: ["ram_gib=8", "ram_gib=12", "abi=arm64-v8a"].map(|text| device(text).unwrap()).into(),
            runtimes: ["thermal=3", "user_material=off", "cross_window_blur=unknown", "animator_scale=0.5"]
                .map(|text| runtime(text).unwrap())
                .into(),
        };
        assert_eq!(settings.probes(), Probes { rust_runtime_v5: Tri::Present, ..Probes::default() });
        assert_eq!(settings.device().ram_gib, Some(12));
        assert_eq!(settings.device().abi, Abi::Arm64);
        let expected = RuntimeState {
            thermal: 3,
            user_material: UserMaterial::Off,
            animator_scale: 0.5,
            ..RuntimeState::default()
        };
        assert_eq!(settings.runtime(), expected);
    }

    #[test]
    fn what_is_not_understood_is_an_error_that_helps() {
        for (error, word) in [
            (probe("rustruntime.v6=present").err(), "rustruntime.v5"),
            (probe("rustruntime.v5").err(), "NAME=VALUE"),
            (probe("rustruntime.v5=yes").err(), "present, absent or unknown"),
            (device("ram=8").err(), "ram_gib"),
            (device("ram_gib=5.4").err(), "whole number"),
            (device("ram_gib=-1").err(), "whole number"),
            (runtime("thermal=7").err(), "0 to 6"),
            (runtime("animator_scale=NaN").err(), "a number"),
            (runtime("battery_saver=true").err(), "on, off or unknown"),
            (runtime("saver=on").err(), "battery_saver"),
        ] {
            let error = error.unwrap();
            assert!(error.contains(word), "{error}");
        }
    }
}
