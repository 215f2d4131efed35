//! Proofs, compared with RFC 9162 as it reads, and verified by `ct-merkle`.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use super::support::{add_events, canonical, consistency, inclusion, leaf, root, settled};
use crate::support::server::TestServer;
use ct_merkle::{ConsistencyProof, InclusionProof, RootHash};
use projections::evidence::{self, Hash};
use sha2::Sha256;

/// Around every change of shape: powers of two, and the width of a stored level.
const SIZES: &[usize] = &[1, 2, 3, 4, 5, 7, 8, 9, 31, 32, 33, 127, 128, 129, 255, 256, 257, 300, 511, 512, 513, 600];

fn head(leaves: &[Hash]) -> RootHash<Sha256> {
    RootHash::new(root(leaves).into(), leaves.len() as u64)
}

#[tokio::test]
async fn there_is_no_proof_of_what_the_tree_does_not_hold() {
    let server = TestServer::start().await;
    let size = i64::try_from(settled(&server).await).unwrap();
    let mut owner = server.at.owner().await;
    for (number, size) in [(0, 0), (size, size), (-1, size), (0, -1)] {
        assert_eq!(evidence::inclusion(&mut owner, number, size).await.unwrap(), None, "{number} in {size}");
    }
    for (from, to) in [(0, size), (2, 1), (-1, size), (-2, -1)] {
        assert_eq!(evidence::consistency(&mut owner, from, to).await.unwrap(), None, "{from} to {to}");
    }
}

#[tokio::test]
async fn every_proof_is_that_of_the_rfc() {
    let server = TestServer::start().await;
    add_events(&server, 600).await;
    settled(&server).await;
    let mut owner = server.at.owner().await;
    let events = canonical(&mut owner).await;
    let leaves: Vec<Hash> = events.iter().map(|event| leaf(event.as_bytes())).collect();
    let mut proofs = 0;
    for size in SIZES {
        let (tree, rows) = (&leaves[..*size], i64::try_from(*size).unwrap());
        assert_eq!(evidence::root(&mut owner, rows).await.unwrap(), root(tree), "{size}");
        for other in SIZES.iter().filter(|other| *other <= size) {
            let from = i64::try_from(*other).unwrap();
            let path = evidence::inclusion(&mut owner, from - 1, rows).await.unwrap().unwrap();
            assert_eq!(path, inclusion(other - 1, tree), "{} in {size}", other - 1);
            let proof = InclusionProof::<Sha256>::try_from_bytes(path.concat()).unwrap();
            head(tree).verify_inclusion(&events[other - 1], *other as u64 - 1, &proof).unwrap();
            let path = evidence::consistency(&mut owner, from, rows).await.unwrap().unwrap();
            assert_eq!(path, consistency(*other, tree), "{other} to {size}");
            let proof = ConsistencyProof::<Sha256>::try_from_bytes(path.concat()).unwrap();
            head(tree).verify_consistency(&head(&leaves[..*other]), &proof).unwrap();
            proofs += 2;
        }
    }
    println!("{proofs} proofs in trees of up to 600 entries: each that of the RFC, each verified");
}
