//! Target `first_launch_slots`: bytes as the file of a first-launch record, and the starts that follow.

use std::convert::Infallible;

use ferrule_os4_compat::FirstLaunch;
use ferrule_os4_compat::first_launch::slots::{FILE_BYTES, SLOT_BYTES, SLOT_STRIDE_BYTES, load};
use ferrule_os4_compat::first_launch::{
    Answer, BuildId, DeviceId, Loaded, OsEvidence, SlotStorage, Start, State, User,
};

struct Memory<'f>(&'f mut Option<Vec<u8>>);

impl SlotStorage for Memory<'_> {
    type Error = Infallible;

    fn try_lock(&mut self) -> Result<bool, Infallible> {
        Ok(true)
    }

    fn unlock(&mut self) {}

    fn read(&mut self, limit_bytes: usize) -> Result<Option<Vec<u8>>, Infallible> {
        Ok(self.0.as_ref().map(|file| file.iter().copied().take(limit_bytes).collect()))
    }

    fn create(&mut self, content: &[u8]) -> Result<(), Infallible> {
        assert!(self.0.is_none(), "a file that exists is never replaced");
        *self.0 = Some(content.to_vec());
        Ok(())
    }

    fn write_at(&mut self, offset_bytes: u64, bytes: &[u8]) -> Result<(), Infallible> {
        let file = self.0.as_mut().expect("written only where there is a file");
        file.resize(file.len().max(FILE_BYTES), 0);
        file[offset_bytes as usize..][..bytes.len()].copy_from_slice(bytes);
        Ok(())
    }

    fn sync(&mut self) -> Result<(), Infallible> {
        Ok(())
    }
}

/// The first byte chooses: an even one takes the rest as the file; an odd one takes it as the bodies of the two slots
/// and seals them, so that the fuzzer need not find checksums.
///
/// # Panics
/// When a promise of the state machine is broken.
pub fn first_launch_slots(data: &[u8]) {
    let Some((choice, rest)) = data.split_first() else { return };
    let mut file = Some(if choice % 2 == 0 { rest.to_vec() } else { sealed(rest) });
    let before = load(file.as_deref());
    assert_eq!(before, load(file.as_deref()), "the same bytes say the same");

    let untouched = file.clone();
    if matches!(before, Loaded::Record(_)) {
        assert_eq!(answer(&mut file, OsEvidence::Untrusted), Answer::Nothing);
        assert_eq!(file, untouched, "what is not believed is not written");
    }
    let mut attempts = Vec::new();
    for _ in 0..4 {
        match answer(&mut file, OsEvidence::HyperOs(4)) {
            Answer::Deliver(delivery) => attempts.push(delivery.attempt),
            Answer::Recovered => assert!(matches!(before, Loaded::Unreadable(_)) && attempts.is_empty()),
            Answer::Nothing => {}
            other => panic!("an unlocked full user never hears {other:?}"),
        }
    }
    assert!(attempts.len() <= 3 && attempts.is_sorted() && attempts.iter().all(|attempt| *attempt <= 3));
    match load(file.as_deref()) {
        Loaded::Record(record) => assert!(matches!(record.state, State::Done { .. }), "{record:?}"),
        other => panic!("what was written is readable, not {other:?}"),
    }
}

fn answer(file: &mut Option<Vec<u8>>, os: OsEvidence) -> Answer {
    let start = Start {
        user: User::Full { id: 0 },
        unlocked: true,
        os,
        device_id: DeviceId([0x30; 16]),
        build_id: BuildId::new("fuzz"),
    };
    FirstLaunch::new(Memory(file)).start(&start).answer
}

fn sealed(bodies: &[u8]) -> Vec<u8> {
    const BODY: usize = SLOT_BYTES - 4;
    let mut file = vec![0; FILE_BYTES];
    for (body, offset) in bodies.chunks(BODY).zip([0, SLOT_STRIDE_BYTES]) {
        let slot = &mut file[offset..offset + SLOT_BYTES];
        slot[..body.len()].copy_from_slice(body);
        slot[..4].copy_from_slice(b"FRFL");
        // No counter gets near the end of its range, where the next sequence could not follow.
        slot[15] = 0;
        let crc = crc32c::crc32c(&slot[..BODY]);
        slot[BODY..].copy_from_slice(&crc.to_le_bytes());
    }
    file
}
