//! What a path below the door names, and what may be done there.

use super::contract::{self, Endpoint};
use super::{available, background, choices, graphql, media, trace};
use crate::allocation::Kind;

/// Methods of lists.
const OF_LISTS: &str = "GET, POST, PUT, PATCH, DELETE, HEAD, OPTIONS";
/// Methods of objects.
const OF_OBJECTS: &str = "GET, PUT, PATCH, DELETE, HEAD, OPTIONS";
/// Methods of what a parent has left.
const OF_AVAILABLE: &str = "GET, POST, HEAD, OPTIONS";
/// Methods of what gives out tokens.
const OF_PROVISION: &str = "POST, OPTIONS";
/// Methods of what a user has set for itself.
const OF_CONFIG: &str = "GET, PATCH, HEAD, OPTIONS";
/// Methods of what does something with an object.
const OF_ACTIONS: &str = "POST, OPTIONS";
/// Methods of what is only read.
const OF_VIEWS: &str = "GET, HEAD, OPTIONS";

/// What a path names.
pub(super) enum Place {
    /// `/api/`
    Root,
    /// `/api/dcim/`
    App(String),
    /// `/api/status/`
    Status,
    /// `/api/schema/`
    Schema,
    /// `/api/users/tokens/provision/`
    Provision,
    /// `/api/users/config/`
    Config,
    /// `/api/dcim/connected-device/`: an endpoint of devices.
    ConnectedDevice(&'static Endpoint),
    /// `/api/dcim/sites/`
    List(&'static Endpoint),
    /// `/api/dcim/sites/1/`, with the id as written.
    Object(&'static Endpoint, String),
    /// `/api/dcim/interfaces/1/trace/`
    Trace(&'static Endpoint, String),
    /// `/api/dcim/front-ports/1/paths/`
    Paths(&'static Endpoint, String),
    /// `/api/extras/custom-field-choice-sets/1/choices/`
    Choices(&'static Endpoint, String),
    /// `/api/dcim/racks/1/elevation/`
    Elevation(&'static Endpoint, String),
    /// `/api/dcim/devices/1/render-config/`
    Action(&'static Endpoint, String, Action),
    /// `/api/core/object-types/`, and one of them.
    ObjectTypes(Option<String>),
    /// `/api/core/background-queues/`, and one of them.
    Queues(Option<String>),
    /// `/api/core/background-workers/`, and one of them.
    Workers(Option<String>),
    /// `/api/core/background-tasks/`, and one of them.
    Tasks(Option<String>),
    /// `/api/core/background-tasks/<id>/stop/`
    TaskAction(String, background::Task),
    /// `/api/core/jobs/`, and one of them.
    Jobs(Option<String>),
    /// `/api/extras/scripts/`, and one of them.
    Scripts(Option<String>),
    /// `/api/extras/scripts/upload/`
    ScriptUpload,
    /// `/api/core/object-changes/`, and one of them.
    ObjectChanges(Option<String>),
    /// `/api/extras/tagged-objects/`, and one of them.
    TaggedObjects(Option<String>),
    /// `/media/image-attachments/site_1_door.png`
    Media(String),
    /// `/api/ipam/prefixes/1/available-ips/`
    Available(&'static Endpoint, String, Kind),
    /// `/graphql/`
    GraphQl,
}

/// What is done with an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Action {
    /// `render-config`
    RenderConfig,
    /// `render`
    Render,
    /// `sync`
    Sync,
}

impl Action {
    pub(super) fn of(endpoint: &Endpoint, part: &str) -> Option<Self> {
        match (part, endpoint.path.as_str()) {
            ("render-config", "dcim/devices" | "virtualization/virtual-machines") => Some(Self::RenderConfig),
            ("render", "extras/config-templates") => Some(Self::Render),
            ("sync", "core/data-sources") => Some(Self::Sync),
            ("sync", _) if endpoint.fact("data_file").is_some() => Some(Self::Sync),
            _ => None,
        }
    }
}

impl Place {
    /// A path with its slash at the end.
    pub(super) fn of(path: &str) -> Option<Self> {
        if let Some(file) = path.strip_prefix(media::PATH) {
            return (!file.is_empty() && !file.contains('/')).then(|| Self::Media(file.to_owned()));
        }
        if path == graphql::PATH {
            return Some(Self::GraphQl);
        }
        let path = path.strip_prefix("/api/")?;
        if path.is_empty() {
            return Some(Self::Root);
        }
        let parts: Vec<&str> = path.strip_suffix('/')?.split('/').collect();
        match parts.as_slice() {
            ["status"] => Some(Self::Status),
            ["schema"] => Some(Self::Schema),
            ["users", "tokens", "provision"] => Some(Self::Provision),
            ["users", "config"] => Some(Self::Config),
            ["dcim", "connected-device"] => Endpoint::at("dcim/devices").map(Self::ConnectedDevice),
            ["core", "background-queues"] => Some(Self::Queues(None)),
            ["core", "background-queues", name] if !name.is_empty() => {
                Some(Self::Queues(Some((*name).to_owned())))
            }
            ["core", "background-workers"] => Some(Self::Workers(None)),
            ["core", "background-workers", name] if !name.is_empty() => {
                Some(Self::Workers(Some((*name).to_owned())))
            }
            ["core", "background-tasks", id, part] if !id.is_empty() => {
                background::Task::of(part).map(|task| Self::TaskAction((*id).to_owned(), task))
            }
            ["core", "jobs"] => Some(Self::Jobs(None)),
            ["core", "jobs", id] if !id.is_empty() => Some(Self::Jobs(Some((*id).to_owned()))),
            ["extras", "scripts"] => Some(Self::Scripts(None)),
            ["extras", "scripts", "upload"] => Some(Self::ScriptUpload),
            ["extras", "scripts", id] if !id.is_empty() => Some(Self::Scripts(Some((*id).to_owned()))),
            ["core", "background-tasks"] => Some(Self::Tasks(None)),
            ["core", "background-tasks", id] if !id.is_empty() => Some(Self::Tasks(Some((*id).to_owned()))),
            ["core", "object-changes"] => Some(Self::ObjectChanges(None)),
            ["core", "object-changes", id] if !id.is_empty() => {
                Some(Self::ObjectChanges(Some((*id).to_owned())))
            }
            ["core", "object-types"] => Some(Self::ObjectTypes(None)),
            ["extras", "tagged-objects"] => Some(Self::TaggedObjects(None)),
            ["extras", "tagged-objects", id] if !id.is_empty() => {
                Some(Self::TaggedObjects(Some((*id).to_owned())))
            }
            ["core", "object-types", id] if !id.is_empty() => Some(Self::ObjectTypes(Some((*id).to_owned()))),
            [app] => apps().contains(app).then(|| Self::App((*app).to_owned())),
            [app, slug] => Endpoint::at(&format!("{app}/{slug}")).map(Self::List),
            [app, slug, id] if !id.is_empty() => Endpoint::at(&format!("{app}/{slug}"))
                .map(|endpoint| Self::Object(endpoint, (*id).to_owned())),
            [app, slug, id, part] if !id.is_empty() => {
                let endpoint = Endpoint::at(&format!("{app}/{slug}"))?;
                if *part == "trace" && trace::traces(endpoint) {
                    return Some(Self::Trace(endpoint, (*id).to_owned()));
                }
                if *part == "paths" && trace::has_paths(endpoint) {
                    return Some(Self::Paths(endpoint, (*id).to_owned()));
                }
                if *part == "elevation" && endpoint.path == "dcim/racks" {
                    return Some(Self::Elevation(endpoint, (*id).to_owned()));
                }
                if *part == "choices" && endpoint.path == choices::SETS {
                    return Some(Self::Choices(endpoint, (*id).to_owned()));
                }
                if let Some(action) = Action::of(endpoint, part) {
                    return Some(Self::Action(endpoint, (*id).to_owned(), action));
                }
                available::kind_of(endpoint, part)
                    .map(|kind| Self::Available(endpoint, (*id).to_owned(), kind))
            }
            _ => None,
        }
    }

    pub(super) fn allow(&self) -> &'static str {
        match self {
            Self::List(endpoint) | Self::Object(endpoint, _) if endpoint.read_only => OF_VIEWS,
            Self::List(_) => OF_LISTS,
            Self::Object(..) => OF_OBJECTS,
            Self::Provision => OF_PROVISION,
            Self::Config => OF_CONFIG,
            Self::Available(..) | Self::Scripts(Some(_)) => OF_AVAILABLE,
            Self::Action(..) | Self::TaskAction(..) | Self::ScriptUpload => OF_ACTIONS,
            Self::Root
            | Self::App(_)
            | Self::Status
            | Self::Schema
            | Self::Choices(..)
            | Self::ConnectedDevice(_)
            | Self::Trace(..)
            | Self::Paths(..)
            | Self::Elevation(..)
            | Self::Queues(_)
            | Self::Workers(_)
            | Self::Tasks(_)
            | Self::Jobs(_)
            | Self::Scripts(None)
            | Self::ObjectChanges(_)
            | Self::ObjectTypes(_)
            | Self::TaggedObjects(_)
            | Self::GraphQl
            | Self::Media(_) => OF_VIEWS,
        }
    }
}

pub(super) fn apps() -> Vec<&'static str> {
    let mut apps: Vec<&str> =
        contract::endpoints().iter().filter_map(|endpoint| endpoint.path.split('/').next()).collect();
    apps.sort_unstable();
    apps.dedup();
    apps
}
