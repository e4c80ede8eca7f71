//! Reading fixed-width little-endian fields off the front of bytes that may be anything.

/// The bytes that are left. Every step may find the end and then gives `None`; nothing is taken by a failed step.
#[derive(Clone, Copy, Debug)]
pub struct Fields<'a>(&'a [u8]);

impl<'a> Fields<'a> {
    pub fn of(bytes: &'a [u8]) -> Self {
        Self(bytes)
    }

    /// What is left.
    pub fn rest(&self) -> &'a [u8] {
        self.0
    }

    pub fn take(&mut self, len: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(len)?;
        self.0 = rest;
        Some(taken)
    }

    pub fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (taken, rest) = self.0.split_first_chunk()?;
        self.0 = rest;
        Some(*taken)
    }

    pub fn u16(&mut self) -> Option<u16> {
        self.array().map(u16::from_le_bytes)
    }

    pub fn u32(&mut self) -> Option<u32> {
        self.array().map(u32::from_le_bytes)
    }

    pub fn u64(&mut self) -> Option<u64> {
        self.array().map(u64::from_le_bytes)
    }

    pub fn i64(&mut self) -> Option<i64> {
        self.array().map(i64::from_le_bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_come_off_the_front_and_a_short_one_takes_nothing() {
        let mut fields = Fields::of(&[1, 0, 2, 0, 0, 0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 7, 8]);
        assert_eq!((fields.u16(), fields.u32(), fields.i64()), (Some(1), Some(2), Some(-1)));
        assert_eq!((fields.u32(), fields.u64(), fields.take(3), fields.array::<3>()), (None, None, None, None));
        assert_eq!(fields.rest(), [7, 8]);
        assert_eq!((fields.take(1), fields.array()), (Some(&[7][..]), Some([8])));
        assert_eq!((fields.rest(), fields.take(0)), (&[][..], Some(&[][..])));
    }
}
