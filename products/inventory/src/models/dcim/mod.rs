//! Sites, racks, devices and what connects them.

mod cable;
mod cable_bundle;
mod cable_termination;
mod console_port;
mod console_port_template;
mod console_server_port;
mod console_server_port_template;
mod cooling_feed;
mod cooling_intake;
mod cooling_intake_template;
mod cooling_outflow;
mod cooling_outflow_template;
mod cooling_source;
mod device;
mod device_bay;
mod device_bay_template;
mod device_role;
mod device_type;
mod front_port;
mod front_port_template;
mod interface;
mod interface_template;
mod inventory_item;
mod inventory_item_role;
mod inventory_item_template;
mod location;
mod mac_address;
mod manufacturer;
mod module;
mod module_bay;
mod module_bay_template;
mod module_bay_type;
mod module_type;
mod module_type_profile;
mod platform;
mod port_mapping;
mod port_template_mapping;
mod power_feed;
mod power_outlet;
mod power_outlet_template;
mod power_panel;
mod power_port;
mod power_port_template;
mod rack;
mod rack_group;
mod rack_reservation;
mod rack_role;
mod rack_type;
mod rear_port;
mod rear_port_template;
mod region;
mod site;
mod site_group;
mod virtual_chassis;
mod virtual_device_context;

pub use cable::CABLE;
pub use cable_bundle::CABLE_BUNDLE;
pub use cable_termination::CABLE_TERMINATION;
pub use console_port::CONSOLE_PORT;
pub use console_port_template::CONSOLE_PORT_TEMPLATE;
pub use console_server_port::CONSOLE_SERVER_PORT;
pub use console_server_port_template::CONSOLE_SERVER_PORT_TEMPLATE;
pub use cooling_feed::COOLING_FEED;
pub use cooling_intake::COOLING_INTAKE;
pub use cooling_intake_template::COOLING_INTAKE_TEMPLATE;
pub use cooling_outflow::COOLING_OUTFLOW;
pub use cooling_outflow_template::COOLING_OUTFLOW_TEMPLATE;
pub use cooling_source::COOLING_SOURCE;
pub use device::DEVICE;
pub use device_bay::DEVICE_BAY;
pub use device_bay_template::DEVICE_BAY_TEMPLATE;
pub use device_role::DEVICE_ROLE;
pub use device_type::DEVICE_TYPE;
pub use front_port::FRONT_PORT;
pub use front_port_template::FRONT_PORT_TEMPLATE;
pub use interface::INTERFACE;
pub use interface_template::INTERFACE_TEMPLATE;
pub use inventory_item::INVENTORY_ITEM;
pub use inventory_item_role::INVENTORY_ITEM_ROLE;
pub use inventory_item_template::INVENTORY_ITEM_TEMPLATE;
pub use location::LOCATION;
pub use mac_address::MAC_ADDRESS;
pub use manufacturer::MANUFACTURER;
pub use module::MODULE;
pub use module_bay::MODULE_BAY;
pub use module_bay_template::MODULE_BAY_TEMPLATE;
pub use module_bay_type::MODULE_BAY_TYPE;
pub use module_type::MODULE_TYPE;
pub use module_type_profile::MODULE_TYPE_PROFILE;
pub use platform::PLATFORM;
pub use port_mapping::PORT_MAPPING;
pub use port_template_mapping::PORT_TEMPLATE_MAPPING;
pub use power_feed::POWER_FEED;
pub use power_outlet::POWER_OUTLET;
pub use power_outlet_template::POWER_OUTLET_TEMPLATE;
pub use power_panel::POWER_PANEL;
pub use power_port::POWER_PORT;
pub use power_port_template::POWER_PORT_TEMPLATE;
pub use rack::RACK;
pub use rack_group::RACK_GROUP;
pub use rack_reservation::RACK_RESERVATION;
pub use rack_role::RACK_ROLE;
pub use rack_type::RACK_TYPE;
pub use rear_port::REAR_PORT;
pub use rear_port_template::REAR_PORT_TEMPLATE;
pub use region::REGION;
pub use site::SITE;
pub use site_group::SITE_GROUP;
pub use virtual_chassis::VIRTUAL_CHASSIS;
pub use virtual_device_context::VIRTUAL_DEVICE_CONTEXT;

use kit::Model;

/// All of them.
pub static MODELS: &[&Model] = &[
    &CABLE,
    &PORT_TEMPLATE_MAPPING,
    &PORT_MAPPING,
    &CABLE_TERMINATION,
    &CABLE_BUNDLE,
    &CONSOLE_PORT,
    &CONSOLE_PORT_TEMPLATE,
    &CONSOLE_SERVER_PORT,
    &CONSOLE_SERVER_PORT_TEMPLATE,
    &COOLING_FEED,
    &COOLING_INTAKE,
    &COOLING_INTAKE_TEMPLATE,
    &COOLING_OUTFLOW,
    &COOLING_OUTFLOW_TEMPLATE,
    &COOLING_SOURCE,
    &DEVICE,
    &DEVICE_BAY,
    &DEVICE_BAY_TEMPLATE,
    &DEVICE_ROLE,
    &DEVICE_TYPE,
    &FRONT_PORT,
    &FRONT_PORT_TEMPLATE,
    &INTERFACE,
    &INTERFACE_TEMPLATE,
    &INVENTORY_ITEM,
    &INVENTORY_ITEM_ROLE,
    &INVENTORY_ITEM_TEMPLATE,
    &LOCATION,
    &MAC_ADDRESS,
    &MANUFACTURER,
    &MODULE,
    &MODULE_BAY,
    &MODULE_BAY_TEMPLATE,
    &MODULE_BAY_TYPE,
    &MODULE_TYPE,
    &MODULE_TYPE_PROFILE,
    &PLATFORM,
    &POWER_FEED,
    &POWER_OUTLET,
    &POWER_OUTLET_TEMPLATE,
    &POWER_PANEL,
    &POWER_PORT,
    &POWER_PORT_TEMPLATE,
    &RACK,
    &RACK_GROUP,
    &RACK_RESERVATION,
    &RACK_ROLE,
    &RACK_TYPE,
    &REAR_PORT,
    &REAR_PORT_TEMPLATE,
    &REGION,
    &SITE,
    &SITE_GROUP,
    &VIRTUAL_CHASSIS,
    &VIRTUAL_DEVICE_CONTEXT,
];
