//! What the log and the audit trail must hold in the end.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

use super::{node::World, traffic::Ledger};
use argus::{
    http::Idp,
    tokens::{Kind, parse_argus_form},
};
use projections::audit;
use std::{collections::BTreeSet, time::Duration};
use tokio::time::{sleep, timeout};

const PATIENCE: Duration = Duration::from_secs(30);

/// The hash of everything that was issued.
const ISSUED: &str = "
SELECT hash FROM events CROSS JOIN LATERAL unnest(ARRAY[payload #>> '{authorized,code}',
    payload #>> '{code_redeemed,access}', payload #>> '{code_redeemed,refresh}',
    payload #>> '{tokens_refreshed,access}', payload #>> '{tokens_refreshed,refresh}']) AS hash
WHERE aggregate_type = 'grant' AND hash IS NOT NULL";

const FED: &str = "SELECT position FROM events WHERE aggregate_type = ANY ($1) ORDER BY position";
const TOLD: &str = "SELECT position FROM audit ORDER BY position";

impl World {
    /// Everything that was promised is in the log, once.
    pub(super) async fn holds(&self, idp: &Idp, ledger: &Ledger) {
        let rows: Vec<String> = sqlx::query_scalar(ISSUED).fetch_all(&mut self.at.owner().await).await.unwrap();
        let issued: BTreeSet<&str> = rows.iter().map(String::as_str).collect();
        assert_eq!(issued.len(), rows.len(), "nothing is issued twice");
        let opaque = |text: &String| parse_argus_form(text).unwrap().1.to_owned();
        let access: Vec<String> = ledger.access.iter().map(opaque).collect();
        for (kind, tokens) in [(Kind::Code, &ledger.codes), (Kind::Access, &access), (Kind::Refresh, &ledger.refresh)] {
            for token in tokens {
                let hash = idp.tokens.decode(kind, token).unwrap().hash();
                assert!(issued.contains(hash.as_str()), "an acknowledged event is missing");
            }
        }
    }

    /// The audit trail has every event that feeds it, once, as soon as it has caught up. Returns how many.
    pub(super) async fn is_told_once(&self) -> usize {
        let mut owner = self.at.owner().await;
        let fed: Vec<i64> = sqlx::query_scalar(FED).bind(audit::MODEL.feeds).fetch_all(&mut owner).await.unwrap();
        let follows = async {
            loop {
                let told: Vec<i64> = sqlx::query_scalar(TOLD).fetch_all(&mut owner).await.unwrap();
                if told.len() >= fed.len() {
                    return told;
                }
                sleep(Duration::from_millis(20)).await;
            }
        };
        assert_eq!(timeout(PATIENCE, follows).await.expect("the audit trail follows"), fed);
        fed.len()
    }
}
