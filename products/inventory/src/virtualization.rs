//! What must hold of clusters and virtual machines: hosts, clusters and machines are at the same site, a
//! machine takes over what it does not say from its type, and its disk is the sum of its disks.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use kit::record::{Change, Drafted, Hooks, Record, Wrote};
use kit::records::{Where, Write};
use kit::{BoxFuture, Problem, Records, WriteTx};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::primary::{self, Machine};
use crate::reading::{Reader, by_id, id_of, moved, reference, reference_model, text};
use crate::rules::wrong;
use crate::store::space;

const CLUSTER: &str = "inventory.cluster";
const MACHINE: &str = "inventory.virtual_machine";
const DISK: &str = "inventory.virtual_disk";

/// The site of each of these records with a scope: the one it is in, or the one of its location.
pub(crate) async fn sites<'a>(
    reader: &mut Reader<'_>,
    records: &dyn Records,
    scoped: impl Iterator<Item = &'a Record> + Clone,
) -> Result<HashMap<Uuid, Uuid>, Problem> {
    let within = |record: &Record, model: &str| {
        reference(record, "scope").filter(|_| reference_model(record, "scope") == Some(model))
    };
    let wanted = scoped.clone().filter_map(|record| within(record, "inventory.location")).collect();
    let locations = by_id(reader.listed(records, "inventory.location", "id", &wanted).await?);
    let site = |record: &Record| {
        let location = within(record, "inventory.location").and_then(|id| locations.get(&id));
        within(record, "inventory.site").or_else(|| reference(location?, "site"))
    };
    Ok(scoped.filter_map(|record| Some((id_of(record)?, site(record)?))).collect())
}

/// A host is at the site of its cluster.
pub(crate) async fn hosts(
    reader: &mut Reader<'_>,
    records: &dyn Records,
    devices: &mut [Drafted],
) -> Result<(), Problem> {
    let clusters = reader.referred(records, devices, "cluster", CLUSTER).await?;
    let sites = sites(reader, records, clusters.values()).await?;
    for draft in devices.iter_mut().filter(|draft| moved(draft, "cluster") || moved(draft, "site")) {
        let home = reference(&draft.record, "cluster").and_then(|cluster| sites.get(&cluster));
        if home.is_some_and(|home| reference(&draft.record, "site") != Some(*home)) {
            wrong(&mut draft.errors, "cluster", "other_site", "This cluster is at another site.");
        }
    }
    Ok(())
}

/// Rules of clusters.
pub(crate) struct Clusters;

impl Hooks for Clusters {
    fn clean_all<'a>(
        &'a self,
        records: &'a dyn Records,
        tx: &'a mut WriteTx,
        drafts: &'a mut [Drafted],
    ) -> BoxFuture<'a, Result<(), Problem>> {
        Box::pin(async move {
            let places =
                sites(&mut Reader::In(tx), records, drafts.iter().map(|draft| &draft.record)).await?;
            if places.is_empty() {
                return Ok(());
            }
            space::lock_kind(tx, "cluster").await?;
            let mut reader = Reader::In(tx);
            let values = drafts.iter().map(|draft| text(&draft.record, "name").to_owned()).collect();
            let same = Where::Is { field: "name".to_owned(), op: "eq", values };
            let others = reader.matching(records, CLUSTER, same).await?;
            let other_places = sites(&mut reader, records, others.iter()).await?;
            let ids = drafts.iter().filter_map(|draft| id_of(draft.before.as_ref()?)).collect();
            let hosts = reader.listed(records, "inventory.device", "cluster", &ids).await?;
            let mut seen: BTreeSet<(Uuid, String)> = BTreeSet::new();
            for draft in drafts {
                let Some(id) = id_of(&draft.record) else { continue };
                let Some(site) = places.get(&id).copied() else { continue };
                let name = text(&draft.record, "name").to_owned();
                let taken = others.iter().any(|other| {
                    let other_id = id_of(other);
                    other_id != Some(id)
                        && text(other, "name") == name
                        && other_id.is_some_and(|other| other_places.get(&other) == Some(&site))
                });
                if taken || !seen.insert((site, name)) {
                    let message = "Another cluster at this site has this name.";
                    wrong(&mut draft.errors, "name", "not_unique", message);
                }
                let away = |host: &&Record| {
                    reference(host, "cluster") == Some(id) && reference(host, "site") != Some(site)
                };
                let away = hosts.iter().filter(away).count();
                if away > 0 {
                    let message = format!("{away} hosts of this cluster are at another site.");
                    wrong(&mut draft.errors, "scope", "hosts_elsewhere", &message);
                }
            }
            Ok(())
        })
    }
}

/// Rules of virtual machines.
pub(crate) struct Machines;

/// What virtual machines refer to.
struct Around {
    /// Sites by cluster.
    sites: HashMap<Uuid, Uuid>,
    devices: HashMap<Uuid, Record>,
    types: HashMap<Uuid, Record>,
}

impl Around {
    async fn load(
        reader: &mut Reader<'_>,
        records: &dyn Records,
        drafts: &[Drafted],
    ) -> Result<Self, Problem> {
        let clusters = reader.referred(records, drafts, "cluster", CLUSTER).await?;
        let sites = sites(reader, records, clusters.values()).await?;
        let devices = reader.referred(records, drafts, "device", "inventory.device").await?;
        let types = reader
            .referred(records, drafts, "virtual_machine_type", "inventory.virtual_machine_type")
            .await?;
        Ok(Self { sites, devices, types })
    }

    /// Site, cluster and host fit together; a site that is not given follows from them.
    fn place(&self, draft: &mut Drafted) {
        let Drafted { record, errors, .. } = draft;
        let (site, cluster, device) =
            (reference(record, "site"), reference(record, "cluster"), reference(record, "device"));
        if site.is_none() && cluster.is_none() && device.is_none() {
            return wrong(
                errors,
                "site",
                "no_place",
                "A virtual machine is at a site, in a cluster or on a device.",
            );
        }
        let home = cluster.and_then(|cluster| self.sites.get(&cluster).copied());
        if site.is_some() && home.is_some() && site != home {
            wrong(errors, "cluster", "other_site", "This cluster is at another site.");
        }
        let host = device.and_then(|device| self.devices.get(&device));
        if let Some(host) = host {
            let of_host = reference(host, "cluster");
            if cluster.is_none() && of_host.is_some() {
                wrong(errors, "cluster", "no_cluster", "The device is in a cluster: name it too.");
            } else if cluster != of_host {
                wrong(errors, "device", "other_cluster", "This device is no host of the cluster.");
            } else if site.is_some_and(|site| reference(host, "site") != Some(site)) {
                wrong(errors, "device", "other_site", "This device is at another site.");
            }
        }
        if let (None, Some(site)) = (site, home.or_else(|| reference(host?, "site"))) {
            record.insert("site".into(), json!(site));
        }
    }

    /// What a new machine does not say, its type says.
    fn sized(&self, draft: &mut Drafted) {
        let kind = reference(&draft.record, "virtual_machine_type").and_then(|id| self.types.get(&id));
        let (Some(kind), None) = (kind, &draft.before) else { return };
        for (field, default) in
            [("platform", "default_platform"), ("vcpus", "default_vcpus"), ("memory", "default_memory")]
        {
            let value = kind.get(default).map(|value| value.get("id").unwrap_or(value));
            if draft.record.get(field).is_none_or(Value::is_null) {
                draft.record.insert(field.into(), value.cloned().unwrap_or(Value::Null));
            }
        }
    }
}

impl Hooks for Machines {
    fn clean_all<'a>(
        &'a self,
        records: &'a dyn Records,
        tx: &'a mut WriteTx,
        drafts: &'a mut [Drafted],
    ) -> BoxFuture<'a, Result<(), Problem>> {
        Box::pin(async move {
            let mut reader = Reader::In(tx);
            let around = Around::load(&mut reader, records, drafts).await?;
            for draft in drafts.iter_mut() {
                if ["site", "cluster", "device"].iter().any(|field| moved(draft, field)) {
                    around.place(draft);
                }
                around.sized(draft);
            }
            fit_disks(&mut reader, records, drafts).await
        })
    }

    fn written_all<'a>(
        &'a self,
        records: &'a dyn Records,
        tx: &'a mut WriteTx,
        change: Change,
        rows: &'a [Wrote<'a>],
    ) -> BoxFuture<'a, Result<(), Problem>> {
        Box::pin(async move {
            if change == Change::Update {
                primary::own_addresses(records, tx, Machine::Virtual, rows).await?;
            }
            Ok(())
        })
    }
}

/// Sums of the disks of machines that have some.
async fn disks(
    reader: &mut Reader<'_>,
    records: &dyn Records,
    machines: &BTreeSet<Uuid>,
) -> Result<BTreeMap<Uuid, i64>, Problem> {
    let mut sums = BTreeMap::new();
    for disk in reader.listed(records, DISK, "virtual_machine", machines).await? {
        let size = disk.get("size").and_then(Value::as_i64).unwrap_or(0);
        *sums.entry(reference(&disk, "virtual_machine").unwrap_or_default()).or_default() += size;
    }
    Ok(sums)
}

/// The size of a machine's disk is the one of its disks, where these are known.
async fn fit_disks(
    reader: &mut Reader<'_>,
    records: &dyn Records,
    drafts: &mut [Drafted],
) -> Result<(), Problem> {
    let changed = |draft: &&mut Drafted| {
        draft.before.as_ref().is_some_and(|before| before.get("disk") != draft.record.get("disk"))
    };
    let mut changed: Vec<&mut Drafted> = drafts.iter_mut().filter(changed).collect();
    let ids = changed.iter().filter_map(|draft| id_of(&draft.record)).collect();
    let sums = disks(reader, records, &ids).await?;
    for draft in &mut changed {
        let Some(sum) = id_of(&draft.record).and_then(|id| sums.get(&id)) else { continue };
        match draft.record.get("disk").and_then(Value::as_i64) {
            Some(size) if size != *sum => {
                let message = format!("Its virtual disks have {sum} MB together; change them instead.");
                wrong(&mut draft.errors, "disk", "other_sum", &message);
            }
            _ => drop(draft.record.insert("disk".into(), json!(sum))),
        }
    }
    Ok(())
}

/// Virtual disks: they make up the disk of their machine.
pub(crate) struct Disks;

impl Hooks for Disks {
    fn written_all<'a>(
        &'a self,
        records: &'a dyn Records,
        tx: &'a mut WriteTx,
        _: Change,
        rows: &'a [Wrote<'a>],
    ) -> BoxFuture<'a, Result<(), Problem>> {
        Box::pin(async move {
            let of = |record: Option<&Record>| reference(record?, "virtual_machine");
            let ids: BTreeSet<Uuid> =
                rows.iter().flat_map(|row| [of(row.before), of(row.after)]).flatten().collect();
            let mut reader = Reader::In(tx);
            let sums = disks(&mut reader, records, &ids).await?;
            let machines = reader.listed(records, MACHINE, "id", &ids).await?;
            let mut writes = Vec::new();
            for machine in &machines {
                let Some(id) = id_of(machine) else { continue };
                let sum = sums.get(&id).copied();
                if machine.get("disk").and_then(Value::as_i64) != sum {
                    let fields = Record::from_iter([("disk".to_owned(), json!(sum))]);
                    writes.push(Write::Change { id, expect: None, fields, replace: false });
                }
            }
            match records.model(MACHINE).filter(|_| !writes.is_empty()) {
                Some(model) => records.write_in(tx, model, writes).await.map(drop),
                None => Ok(()),
            }
        })
    }
}
