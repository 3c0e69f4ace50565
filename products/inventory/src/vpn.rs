//! What must hold of L2VPNs: those from point to point have two ends.

use std::collections::{BTreeSet, HashMap};

use kit::record::{Drafted, Hooks};
use kit::{BoxFuture, Problem, Records, WriteTx};
use uuid::Uuid;

use crate::reading::{Reader, moved, reference, text};
use crate::rules::wrong;

/// Types with exactly two ends.
const POINT_TO_POINT: [&str; 4] = ["vpws", "epl", "ep-lan", "ep-tree"];
/// Their ends.
const ENDS: usize = 2;

/// Rules of what takes part in an L2VPN.
pub(crate) struct L2Terminations;

impl Hooks for L2Terminations {
    fn clean_all<'a>(
        &'a self,
        records: &'a dyn Records,
        tx: &'a mut WriteTx,
        drafts: &'a mut [Drafted],
    ) -> BoxFuture<'a, Result<(), Problem>> {
        Box::pin(async move {
            let mut reader = Reader::In(tx);
            let vpns = reader.referred(records, drafts, "l2vpn", "inventory.l2vpn").await?;
            let narrow: BTreeSet<Uuid> = vpns
                .iter()
                .filter(|(_, vpn)| POINT_TO_POINT.contains(&text(vpn, "type")))
                .map(|(id, _)| *id)
                .collect();
            let mut ends: HashMap<Uuid, usize> = HashMap::new();
            for end in reader.listed(records, "inventory.l2vpn_termination", "l2vpn", &narrow).await? {
                *ends.entry(reference(&end, "l2vpn").unwrap_or_default()).or_default() += 1;
            }
            for draft in drafts.iter_mut().filter(|draft| moved(draft, "l2vpn")) {
                let Some(vpn) = reference(&draft.record, "l2vpn").filter(|vpn| narrow.contains(vpn)) else {
                    continue;
                };
                let ends = ends.entry(vpn).or_default();
                *ends += 1;
                if *ends > ENDS {
                    let message = "An L2VPN of this type has two ends, and they are there already.";
                    wrong(&mut draft.errors, "l2vpn", "full", message);
                }
            }
            Ok(())
        })
    }
}
