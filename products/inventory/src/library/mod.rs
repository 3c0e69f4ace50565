//! Types of devices, modules and racks as documents: the YAML form that the community shares them in, one
//! type a document with the templates of its ports and bays.
//!
//! | file | job |
//! |---|---|
//! | `form` | what a document may say, as fields of records; pure |
//! | `import` | documents become records, all or none |
//! | `export` | a type with its templates as a document |

mod export;
mod form;
mod import;

pub(crate) use export::export;
pub(crate) use import::{Order, import};

/// Which types.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Kind {
    /// Their model.
    pub(crate) model: &'static str,
    /// The field of templates that refers to them; racks have none.
    pub(crate) owner: Option<&'static str>,
    /// The field that tells types of one manufacturer apart.
    pub(crate) key: &'static str,
}

/// Types of devices.
pub(crate) const DEVICES: Kind =
    Kind { model: "inventory.device_type", owner: Some("device_type"), key: "slug" };
/// Types of modules.
pub(crate) const MODULES: Kind =
    Kind { model: "inventory.module_type", owner: Some("module_type"), key: "model" };
/// Types of racks.
pub(crate) const RACKS: Kind = Kind { model: "inventory.rack_type", owner: None, key: "slug" };

const MANUFACTURER: &str = "inventory.manufacturer";
const FRONT: &str = "inventory.front_port_template";
const REAR: &str = "inventory.rear_port_template";
const MAPPING: &str = "inventory.port_template_mapping";

/// The lists of a document and the models of their items. What others name comes before them.
const SECTIONS: [(&str, &str); 12] = [
    ("console-ports", "inventory.console_port_template"),
    ("console-server-ports", "inventory.console_server_port_template"),
    ("power-ports", "inventory.power_port_template"),
    ("power-outlets", "inventory.power_outlet_template"),
    ("interfaces", "inventory.interface_template"),
    ("rear-ports", REAR),
    ("front-ports", FRONT),
    ("module-bays", "inventory.module_bay_template"),
    ("device-bays", "inventory.device_bay_template"),
    ("inventory-items", "inventory.inventory_item_template"),
    ("cooling-intakes", "inventory.cooling_intake_template"),
    ("cooling-outflows", "inventory.cooling_outflow_template"),
];
