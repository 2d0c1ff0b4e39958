//! A disk that fails and dies on purpose, with one file on it.
//!
//! What it is: what a sync made durable, and writes since that a crash keeps, loses or tears, sector by sector, or at any
//! byte. What it is not: a file system; a file is made at once (temporary file, sync, rename, sync of the folder).
//!
//! Assumed: a write touches no byte outside of it; a sync that succeeds is true. Not assumed: order or wholeness of a write.

use crate::random::Random;
use ferrule_rollout::slot::Disk;

/// Bytes that a disk writes at once.
pub const SECTOR_BYTES: usize = 512;

/// What the next operations do instead of working.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// The write is refused; a part of it may be there.
    WriteFails,
    /// The sync is refused; what was written since the last one is kept or lost, nobody knows.
    SyncFails,
    /// The power goes during the write.
    DiesInWrite,
    /// The power goes during the sync.
    DiesInSync,
    /// The file cannot be made.
    CreateFails,
}

/// The disk.
#[derive(Debug, Clone, Default)]
pub struct SimDisk {
    durable: Option<Vec<u8>>,
    unsynced: Vec<(usize, Vec<u8>)>,
    fault: Option<Fault>,
    /// The power is gone: nothing works until [`SimDisk::boot`].
    pub is_dead: bool,
    /// A fault that was planned and happened.
    pub happened: Option<Fault>,
    random: u64,
    acknowledged: Option<Vec<u8>>,
    attempts: Vec<Vec<u8>>,
}

impl SimDisk {
    /// Plans what goes wrong next.
    pub fn plan(&mut self, fault: Fault, random: u64) {
        self.fault = Some(fault);
        self.random = random;
    }

    /// Takes the plan back, if it did not happen.
    pub fn calm(&mut self) {
        self.fault = None;
        self.happened = None;
    }

    /// The bytes of the last write that was acknowledged, and of every write since whose fate is open.
    pub fn candidates(&self) -> impl Iterator<Item = &[u8]> {
        self.acknowledged.iter().chain(&self.attempts).map(Vec::as_slice)
    }

    /// Whether any write was acknowledged, or found by a reader.
    pub fn has_acknowledged(&self) -> bool {
        self.acknowledged.is_some()
    }

    /// What a reader sees now.
    pub fn visible(&self) -> Option<Vec<u8>> {
        let mut file = self.durable.clone()?;
        for (at, bytes) in &self.unsynced {
            put(&mut file, *at, bytes);
        }
        Some(file)
    }

    /// The bytes on the medium, to be changed at will.
    pub fn medium(&mut self) -> &mut Option<Vec<u8>> {
        &mut self.durable
    }

    /// What a power loss leaves: of each unsynced write every sector is kept or lost, and one of them is torn at a byte.
    pub fn lose_power(&mut self, random: &mut Random) {
        for (at, bytes) in std::mem::take(&mut self.unsynced) {
            let Some(file) = self.durable.as_mut() else { continue };
            for (index, sector) in bytes.chunks(SECTOR_BYTES).enumerate() {
                let kept = match random.below(3) {
                    0 => 0,
                    1 => sector.len(),
                    _ => random.below(sector.len() + 1),
                };
                put(file, at + index * SECTOR_BYTES, sector.get(..kept).unwrap_or(sector));
            }
        }
    }

    /// Works again.
    pub fn boot(&mut self) {
        self.is_dead = false;
        self.calm();
    }

    /// The process has died, the system lives: what was written is there, synced or not.
    pub fn lose_process(&mut self) {
        self.durable = self.visible();
        self.unsynced.clear();
    }

    /// A reader found this. Where it is what was acknowledged last, a torn write beside it may yet become whole: by a later
    /// one that is cut short over it.
    pub fn settle(&mut self, found: Option<Vec<u8>>) {
        let said = |bytes: &Vec<u8>| bytes.get(16..).map(|bytes| bytes[..bytes.len() - 4].to_vec());
        if self.acknowledged.as_ref().and_then(said) != found.as_ref().and_then(said) {
            self.acknowledged = found;
            self.attempts.clear();
        }
    }

    fn takes(&mut self, faults: &[Fault]) -> Option<Fault> {
        let fault = self.fault.filter(|fault| faults.contains(fault))?;
        self.fault = None;
        self.happened = Some(fault);
        Some(fault)
    }
}

fn put(file: &mut Vec<u8>, at: usize, bytes: &[u8]) {
    if file.len() < at + bytes.len() {
        file.resize(at + bytes.len(), 0);
    }
    file[at..at + bytes.len()].copy_from_slice(bytes);
}

impl Disk for SimDisk {
    type Error = &'static str;

    fn read(&mut self) -> Result<Option<Vec<u8>>, Self::Error> {
        if self.is_dead { Err("no power") } else { Ok(self.visible()) }
    }

    fn create(&mut self, content: &[u8]) -> Result<(), Self::Error> {
        if self.is_dead {
            return Err("no power");
        }
        if self.takes(&[Fault::CreateFails]).is_some() {
            return Err("no space");
        }
        self.durable = Some(content.to_vec());
        self.acknowledged = Some(body(content));
        self.attempts.clear();
        Ok(())
    }

    fn write_at(&mut self, offset: u64, bytes: &[u8]) -> Result<(), Self::Error> {
        if self.is_dead {
            return Err("no power");
        }
        self.attempts.push(bytes.to_vec());
        match self.takes(&[Fault::WriteFails, Fault::DiesInWrite]) {
            Some(Fault::DiesInWrite) => {
                self.is_dead = true;
                let part = self.random as usize % (bytes.len() + 1);
                self.unsynced.push((offset as usize, bytes[..part].to_vec()));
                Err("no power")
            }
            Some(_) => {
                let part = self.random as usize % (bytes.len() + 1);
                self.unsynced.push((offset as usize, bytes[..part].to_vec()));
                Err("I/O error")
            }
            None => {
                self.unsynced.push((offset as usize, bytes.to_vec()));
                Ok(())
            }
        }
    }

    fn sync(&mut self) -> Result<(), Self::Error> {
        if self.is_dead {
            return Err("no power");
        }
        match self.takes(&[Fault::SyncFails, Fault::DiesInSync]) {
            Some(Fault::SyncFails) => {
                // R44: the pages count as clean now, whatever reached the medium.
                let mut random = Random::new(self.random);
                self.lose_power(&mut random);
                return Err("I/O error");
            }
            Some(_) => {
                self.is_dead = true;
                return Err("no power");
            }
            None => {}
        }
        self.durable = self.visible();
        self.unsynced.clear();
        if let Some(last) = self.attempts.pop() {
            self.acknowledged = Some(last);
        }
        self.attempts.clear();
        Ok(())
    }
}

/// The first slot of a new file, without the rest of its place.
fn body(file: &[u8]) -> Vec<u8> {
    slot_bytes(file, 0).map_or_else(|| file.to_vec(), <[u8]>::to_vec)
}

/// The bytes of a slot as its header says how many; for comparing with what was written.
pub fn slot_bytes(file: &[u8], index: usize) -> Option<&[u8]> {
    let slot = file.get(index * ferrule_rollout::slot::SLOT_BYTES..)?;
    let length = u32::from_le_bytes(*slot.get(32..)?.first_chunk::<4>()?) as usize;
    slot.get(..length.checked_add(44)?)
}
