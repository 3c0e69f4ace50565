//! Candidate links and the votes for them; confidence by atlas.md 2.2.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};

use super::device::Held;
use super::scene::EndRef;
use crate::map::{ContradictionNote, Evidence};

/// How a link was concluded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Method {
    /// Both ends announce each other.
    LldpTwoSided,
    /// One end hears the other, which was asked and says nothing there.
    LldpOneSided,
    /// One end hears a neighbour that was never asked.
    LldpUnasked,
    /// Both ends announce each other.
    CdpTwoSided,
    /// One end hears the other.
    CdpOneSided,
    /// One end hears a neighbour that was never asked.
    CdpUnasked,
    /// Actor and partner ports name each other.
    LacpPartner,
    /// Spanning tree names the designated port of the segment.
    StpDesignated,
    /// Spanning tree names the designated bridge only.
    StpBridge,
    /// Forwarding tables face each other and each knows the other's own address.
    FdbMutual,
    /// Forwarding tables face each other.
    FdbFacing,
    /// An edge port knows exactly this station.
    FdbStation,
    /// Stations of several devices behind one port.
    FdbShared,
    /// Both ends of a point-to-point subnet resolved each other's address.
    ArpMutual,
}

impl Method {
    /// The word in evidence.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::LldpTwoSided => "lldp.two-sided",
            Self::LldpOneSided => "lldp.one-sided",
            Self::LldpUnasked => "lldp.unasked",
            Self::CdpTwoSided => "cdp.two-sided",
            Self::CdpOneSided => "cdp.one-sided",
            Self::CdpUnasked => "cdp.unasked",
            Self::LacpPartner => "lacp.partner-port",
            Self::StpDesignated => "stp.designated-port",
            Self::StpBridge => "stp.designated-bridge",
            Self::FdbMutual => "fdb.mutual",
            Self::FdbFacing => "fdb.facing",
            Self::FdbStation => "fdb.station",
            Self::FdbShared => "fdb.shared",
            Self::ArpMutual => "arp.point-to-point",
        }
    }

    /// Weight; votes of one family count once.
    pub(crate) fn weight(self) -> f64 {
        match self {
            Self::LldpTwoSided => 0.98,
            Self::LacpPartner | Self::CdpTwoSided => 0.97,
            Self::StpDesignated => 0.90,
            Self::FdbMutual | Self::FdbStation => 0.85,
            Self::LldpOneSided | Self::CdpOneSided => 0.80,
            Self::LldpUnasked | Self::CdpUnasked => 0.75,
            Self::FdbFacing => 0.65,
            Self::ArpMutual => 0.60,
            Self::FdbShared => 0.55,
            Self::StpBridge => 0.40,
        }
    }

    fn family(self) -> u8 {
        match self {
            Self::LldpTwoSided | Self::LldpOneSided | Self::LldpUnasked => 0,
            Self::CdpTwoSided | Self::CdpOneSided | Self::CdpUnasked => 1,
            Self::LacpPartner => 2,
            Self::StpDesignated | Self::StpBridge => 3,
            Self::FdbMutual | Self::FdbFacing | Self::FdbStation | Self::FdbShared => 4,
            Self::ArpMutual => 5,
        }
    }

    /// Both ends said it: no single stale row can.
    pub(crate) fn mutual(self) -> bool {
        matches!(self, Self::LldpTwoSided | Self::CdpTwoSided | Self::LacpPartner)
    }
}

/// One vote for a link.
#[derive(Clone, Debug)]
pub(crate) struct Vote {
    /// How.
    pub method: Method,
    /// Freshness factor.
    pub factor: f64,
    /// The document is within its time to live.
    pub fresh: bool,
    /// Subject.
    pub source: String,
    /// When.
    pub seen_at: DateTime<Utc>,
    /// Facts.
    pub detail: String,
}

impl Vote {
    /// A vote out of a document.
    pub(crate) fn new(method: Method, held: &Held, detail: String) -> Self {
        Self {
            method,
            factor: held.factor,
            fresh: held.fresh,
            source: held.source.clone(),
            seen_at: held.seen_at,
            detail,
        }
    }

    /// As shown.
    pub(crate) fn evidence(&self) -> Evidence {
        Evidence {
            source: self.source.clone(),
            method: self.method.as_str().to_owned(),
            seen_at: self.seen_at,
            detail: self.detail.clone(),
        }
    }
}

/// A candidate link.
#[derive(Clone, Debug)]
pub(crate) struct Edge {
    /// The end that sorts first.
    pub a: EndRef,
    /// The other end.
    pub b: EndRef,
    /// Why.
    pub votes: Vec<Vote>,
    /// What speaks against it.
    pub notes: BTreeSet<ContradictionNote>,
    /// Contradictions as strong as the link itself.
    pub doubted: u32,
}

impl Edge {
    /// `1 - prod(1 - w f)` over independent families, halved for each equal contradiction.
    pub(crate) fn confidence(&self, aged: bool) -> f64 {
        let mut best: BTreeMap<u8, f64> = BTreeMap::new();
        for vote in &self.votes {
            let factor = if aged { vote.factor } else { 1.0 };
            let slot = best.entry(vote.method.family()).or_default();
            *slot = slot.max(vote.method.weight() * factor);
        }
        let against: f64 = best.values().map(|p| 1.0 - p).product();
        let halved = 0.5f64.powi(i32::try_from(self.doubted).unwrap_or(30));
        ((1.0 - against) * halved).clamp(0.0, 0.99)
    }

    /// Both ends said it.
    pub(crate) fn mutual(&self) -> bool {
        self.votes.iter().any(|vote| vote.method.mutual())
    }

    /// Any vote is current.
    pub(crate) fn fresh(&self) -> bool {
        self.votes.iter().any(|vote| vote.fresh)
    }

    /// The end that is not this one.
    pub(crate) fn other(&self, end: &EndRef) -> &EndRef {
        if self.a == *end { &self.b } else { &self.a }
    }
}

/// Candidate links by their two ends.
#[derive(Debug, Default)]
pub(crate) struct Edges {
    /// The candidates.
    pub map: BTreeMap<(EndRef, EndRef), Edge>,
}

impl Edges {
    /// Adds a vote.
    pub(crate) fn vote(&mut self, x: EndRef, y: EndRef, vote: Vote) {
        let (a, b) = if x <= y { (x, y) } else { (y, x) };
        let edge = self.map.entry((a.clone(), b.clone())).or_insert_with(|| Edge {
            a,
            b,
            votes: Vec::new(),
            notes: BTreeSet::new(),
            doubted: 0,
        });
        if edge.votes.len() < 32 {
            edge.votes.push(vote);
        }
    }

    /// Adds a remark to an edge that exists.
    pub(crate) fn note(&mut self, x: &EndRef, y: &EndRef, code: &str, text: String) {
        let key = if x <= y { (x.clone(), y.clone()) } else { (y.clone(), x.clone()) };
        if let Some(edge) = self.map.get_mut(&key) {
            edge.notes.insert(ContradictionNote { code: code.to_owned(), text });
        }
    }
}
