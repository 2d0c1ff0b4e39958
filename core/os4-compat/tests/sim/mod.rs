//! A disk that can be cut off at every byte, for the tests of the first launch.
//!
//! One [`Disk`] is what a storage medium and the kernel's locks hold; each [`Opener`] is one process. A [`Fault`] names
//! the operation that it strikes, how much of it reaches the medium, and whether the process survives.

use std::cell::RefCell;
use std::rc::Rc;

use ferrule_os4_compat::first_launch::{BuildId, DeviceId, OsEvidence, SlotStorage, Start, User};

/// Which bytes of a write reach the medium.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Torn {
    /// The first n.
    Prefix(usize),
    /// The last n: a medium need not keep the order.
    Suffix(usize),
}

/// Strikes the operation of this number (creates, writes and syncs count from 0 for each opener).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fault {
    /// The operation's number.
    pub operation: usize,
    /// What of it is done. A create is done whole if anything is; a sync loses the write before it unless whole.
    pub torn: Torn,
    /// The process ends here; otherwise it gets an error and goes on.
    pub dies: bool,
}

/// The medium: a file or none, and who holds the lock.
#[derive(Debug, Clone, Default)]
pub struct Disk {
    pub file: Option<Vec<u8>>,
    holder: Option<u64>,
    openers: u64,
}

impl Disk {
    /// A disk that holds a file.
    pub fn with_file(file: Vec<u8>) -> SharedDisk {
        Rc::new(RefCell::new(Self { file: Some(file), ..Self::default() }))
    }
}

/// A disk that several openers share.
pub type SharedDisk = Rc<RefCell<Disk>>;

/// One process's view of the disk.
pub struct Opener {
    disk: SharedDisk,
    id: u64,
    fault: Option<Fault>,
    operations: usize,
    /// The file before the write that is not synced yet.
    before_write: Option<Vec<u8>>,
    dead: Rc<RefCell<bool>>,
}

impl Opener {
    pub fn new(disk: &SharedDisk, fault: Option<Fault>) -> Self {
        disk.borrow_mut().openers += 1;
        let id = disk.borrow().openers;
        let dead = Rc::default();
        Self { disk: disk.clone(), id, fault, operations: 0, before_write: None, dead }
    }

    /// True from the moment at which the process ended.
    pub fn death(&self) -> Rc<RefCell<bool>> {
        self.dead.clone()
    }

    fn struck(&mut self) -> Result<Option<Fault>, &'static str> {
        if *self.dead.borrow() {
            return Err("dead");
        }
        let now = self.operations;
        self.operations += 1;
        let fault = self.fault.filter(|fault| fault.operation == now);
        if fault.is_some_and(|fault| fault.dies) {
            *self.dead.borrow_mut() = true;
        }
        Ok(fault)
    }
}

impl Drop for Opener {
    fn drop(&mut self) {
        self.unlock();
    }
}

impl SlotStorage for Opener {
    type Error = &'static str;

    fn try_lock(&mut self) -> Result<bool, Self::Error> {
        let mut disk = self.disk.borrow_mut();
        let free = disk.holder.is_none_or(|holder| holder == self.id);
        if free {
            disk.holder = Some(self.id);
        }
        Ok(free)
    }

    fn unlock(&mut self) {
        let mut disk = self.disk.borrow_mut();
        if disk.holder == Some(self.id) {
            disk.holder = None;
        }
    }

    fn read(&mut self, limit_bytes: usize) -> Result<Option<Vec<u8>>, Self::Error> {
        Ok(self.disk.borrow().file.as_ref().map(|file| file.iter().copied().take(limit_bytes).collect()))
    }

    fn create(&mut self, content: &[u8]) -> Result<(), Self::Error> {
        assert!(self.disk.borrow().file.is_none(), "a file that exists is never replaced");
        let fault = self.struck()?;
        if !matches!(fault, Some(Fault { torn: Torn::Prefix(0) | Torn::Suffix(0), .. })) {
            self.disk.borrow_mut().file = Some(content.to_vec());
        }
        fault.map_or(Ok(()), |_| Err("create"))
    }

    fn write_at(&mut self, offset_bytes: u64, bytes: &[u8]) -> Result<(), Self::Error> {
        assert_eq!(self.disk.borrow().holder, Some(self.id), "nothing is written without the lock");
        let fault = self.struck()?;
        let mut disk = self.disk.borrow_mut();
        let file = disk.file.as_mut().ok_or("no file")?;
        self.before_write = Some(file.clone());
        let reaches = |index: usize| match fault.map(|fault| fault.torn) {
            None => true,
            Some(Torn::Prefix(count)) => index < count,
            Some(Torn::Suffix(count)) => index + count >= bytes.len(),
        };
        let offset = offset_bytes as usize;
        if file.len() < offset + bytes.len() {
            file.resize(offset + bytes.len(), 0);
        }
        for (index, byte) in bytes.iter().enumerate().filter(|(index, _)| reaches(*index)) {
            file[offset + index] = *byte;
        }
        fault.map_or(Ok(()), |_| Err("write"))
    }

    fn sync(&mut self) -> Result<(), Self::Error> {
        let fault = self.struck()?;
        let before = self.before_write.take();
        match fault {
            None => Ok(()),
            Some(fault) => {
                if matches!(fault.torn, Torn::Prefix(0) | Torn::Suffix(0)) {
                    self.disk.borrow_mut().file = before;
                }
                Err("sync")
            }
        }
    }
}

/// A start of user 0 on a device; major 0 stands for an OS that is not established.
pub fn start(major: u8, device: u8) -> Start {
    Start {
        user: User::Full { id: 0 },
        unlocked: true,
        os: if major == 0 { OsEvidence::Untrusted } else { OsEvidence::HyperOs(major) },
        device_id: DeviceId([device; 16]),
        build_id: BuildId::new("OS4.0.9.0.XZZCNXM"),
    }
}
