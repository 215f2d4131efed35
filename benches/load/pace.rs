//! Requests at a steady pace, whatever the answers take: each is due at its time, and its latency counts from then.

use super::{
    Scopes,
    http::Connection,
    measure::Target,
    operation::{Operation, Purse},
};
use futures_util::future::join_all;
use hdrhistogram::Histogram;
use std::{
    cell::Cell,
    time::{Duration, Instant},
};
use tokio::time::sleep_until;

const A_SECOND: u32 = 200;
const MIX: [Operation; 5] = [
    Operation::Introspection,
    Operation::Refresh(Scopes::Plain),
    Operation::ClientCredentials,
    Operation::UserInfo,
    Operation::Refresh(Scopes::OpenId),
];

/// What was asked and answered. A request that fails ends the run.
pub(crate) struct Served {
    elapsed: Duration,
    /// Microseconds.
    pub(crate) latency: Histogram<u64>,
}

impl Served {
    /// Requests in a second.
    pub(crate) fn rate(&self) -> f64 {
        self.latency.len() as f64 / self.elapsed.as_secs_f64()
    }

    /// 50 %, 95 %, 99 % and the longest.
    pub(crate) fn quantiles(&self) -> String {
        let micros = [0.5, 0.95, 0.99, 1.0].map(|q| self.latency.value_at_quantile(q));
        micros.map(|micros| format!("{:.1}", micros as f64 / 1000.0)).join(", ") + " ms"
    }
}

/// 200 requests a second over as many connections as there are purses, until told to stop.
pub(crate) async fn pace(target: Target<'_>, purses: &mut [Purse], stop: &Cell<bool>) -> Served {
    let began = Instant::now();
    let connections = u32::try_from(purses.len()).unwrap();
    let each = (0..).zip(purses).map(async |(nth, purse)| {
        let mut connection = Connection::open(target.0).await.unwrap();
        let mut latency = Histogram::<u64>::new(3).unwrap();
        for (turn, operation) in (0..).zip(MIX.into_iter().cycle()) {
            let due = began + Duration::from_secs(1) * (turn * connections + nth) / A_SECOND;
            sleep_until(due.into()).await;
            if stop.get() {
                break;
            }
            operation.perform(&mut connection, target.1, purse).await;
            latency.record(u64::try_from(due.elapsed().as_micros()).unwrap()).unwrap();
        }
        latency
    });
    let mut latency = Histogram::new(3).unwrap();
    for one in join_all(each).await {
        latency.add(one).unwrap();
    }
    Served { elapsed: began.elapsed(), latency }
}
