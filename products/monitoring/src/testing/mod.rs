//! Tests of the collecting engine: fixture agents with the defects of agents in the field, crawls
//! over loopback, and net-snmp as an independent peer.

mod agent;
mod crawling;
mod netsnmp;
mod properties;
mod quirks;
mod tables;
mod udp;
mod usm;
