//! Hashes of the tree: RFC 9162 §2.1.1, with SHA-256.

use sha2::{Digest, Sha256};

/// A node of the tree.
pub type Hash = [u8; 32];

/// Of a leaf's bytes.
pub(super) fn leaf(bytes: &[u8]) -> Hash {
    Sha256::new().chain_update([0]).chain_update(bytes).finalize().into()
}

/// Of a node with two children.
fn parent(left: &Hash, right: &Hash) -> Hash {
    Sha256::new().chain_update([1]).chain_update(left).chain_update(right).finalize().into()
}

/// Of the tree whose full subtrees, from the left and thus from the largest, are these.
pub(super) fn joined(subtrees: &[Hash]) -> Hash {
    let whole = subtrees.iter().copied().rev().reduce(|right, left| parent(&left, &right));
    whole.unwrap_or_else(|| Sha256::digest([]).into())
}

/// A tree that only grows, in the memory of its full subtrees: at most one for each power of two.
#[derive(Debug, Clone, Default)]
pub struct Frontier {
    size: u64,
    subtrees: Vec<Hash>,
}

impl Frontier {
    /// One more leaf, or one more full subtree where all are of the same size.
    pub fn push(&mut self, hash: Hash) {
        let (mut hash, mut pairs) = (hash, self.size);
        while pairs & 1 == 1 {
            if let Some(left) = self.subtrees.pop() {
                hash = parent(&left, &hash);
            }
            pairs >>= 1;
        }
        self.subtrees.push(hash);
        self.size += 1;
    }

    /// How many were pushed.
    #[must_use]
    pub const fn size(&self) -> u64 {
        self.size
    }

    /// The root hash.
    #[must_use]
    pub fn root(&self) -> Hash {
        joined(&self.subtrees)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 9162 §2.1.1, word for word.
    fn naive(leaves: &[Hash]) -> Hash {
        match leaves {
            [] => Sha256::digest([]).into(),
            [one] => *one,
            more => {
                let (left, right) = more.split_at(more.len().next_power_of_two() / 2);
                parent(&naive(left), &naive(right))
            }
        }
    }

    #[test]
    fn every_size_has_the_root_of_the_rfc() {
        let (mut frontier, mut leaves) = (Frontier::default(), Vec::new());
        for size in 0..300_u32 {
            assert_eq!(frontier.root(), naive(&leaves), "{size}");
            leaves.push(leaf(&size.to_be_bytes()));
            frontier.push(leaf(&size.to_be_bytes()));
        }
    }

    #[test]
    fn the_hashes_are_those_of_certificate_transparency() {
        let hex = |hash: Hash| hash.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
        let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        assert_eq!(hex(Frontier::default().root()), empty);
        // The leaf of no bytes, of the test vectors of RFC 6962's reference implementation.
        let nothing = "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d";
        assert_eq!(hex(leaf(b"")), nothing);
    }
}
