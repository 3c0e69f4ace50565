"""OPTIONS of every list endpoint: what clients read choices from."""
from .dsl import Topic

SLUGS = {
    "circuits": "circuit-group-assignments circuit-groups circuit-terminations circuit-types circuits provider-accounts provider-networks providers virtual-circuit-terminations virtual-circuit-types virtual-circuits",
    "core": "background-queues background-tasks background-workers data-files data-sources jobs object-changes object-types",
    "dcim-1": "regions site-groups sites locations rack-groups rack-types rack-roles racks rack-reservations manufacturers device-types module-types module-type-profiles module-bay-types device-roles platforms devices virtual-device-contexts modules cables cable-terminations cable-bundles virtual-chassis power-panels power-feeds cooling-sources cooling-feeds connected-device mac-addresses inventory-item-roles inventory-items",
    "dcim-2": "console-port-templates console-server-port-templates power-port-templates power-outlet-templates cooling-intake-templates cooling-outflow-templates front-port-templates rear-port-templates module-bay-templates device-bay-templates inventory-item-templates console-ports console-server-ports power-ports power-outlets",
    "dcim-3": "interface-templates interfaces cooling-intakes cooling-outflows front-ports rear-ports module-bays device-bays",
    "extras": "bookmarks config-context-profiles config-contexts config-templates custom-field-choice-sets custom-fields custom-links event-rules export-templates image-attachments journal-entries notification-groups notifications saved-filters scripts subscriptions table-configs tagged-objects tags webhooks",
    "ipam": "aggregates asn-ranges asns fhrp-group-assignments fhrp-groups ip-addresses ip-ranges prefixes rirs roles route-targets service-templates services vlan-groups vlan-translation-policies vlan-translation-rules vlans vrfs",
    "tenancy": "contact-assignments contact-groups contact-roles contacts tenant-groups tenants",
    "users": "config groups owner-groups owners permissions tokens users",
    "virtualization": "cluster-groups cluster-types clusters interfaces virtual-disks virtual-machine-types virtual-machines",
    "vpn": "ike-policies ike-proposals ipsec-policies ipsec-profiles ipsec-proposals l2vpn-terminations l2vpns tunnel-groups tunnel-terminations tunnels",
    "wireless": "wireless-lan-groups wireless-lans wireless-links",
}
for part, slugs in SLUGS.items():
    app = part.split("-")[0]
    t = Topic(f"options-{part}", f"OPTIONS of the list endpoints of {app}")
    for slug in slugs.split():
        t.options(slug, f"/api/{app}/{slug}/")
