"""What pynetbox's documentation shows, done with an unmodified pynetbox at our door.

    pynetbox_scenarios.py --url http://HOST:PORT --password P
"""

import argparse
import concurrent.futures
import json
import sys
import traceback
import urllib.request

import pynetbox
import requests

ARGUMENTS = argparse.ArgumentParser()
ARGUMENTS.add_argument("--url", required=True)
ARGUMENTS.add_argument("--password", required=True)
OPTIONS = ARGUMENTS.parse_args()


def native(method, path, body, access=None):
    headers = {"Content-Type": "application/json", **({"Authorization": f"Bearer {access}"} if access else {})}
    request = urllib.request.Request(OPTIONS.url + path, json.dumps(body).encode(), headers, method=method)
    with urllib.request.urlopen(request, timeout=30) as answer:
        return json.load(answer)


ACCESS = native("POST", "/api/v1/auth/login", {"username": "admin", "password": OPTIONS.password})["access_token"]
TOKEN = native("POST", "/api/v1/platform/tokens", {"name": "pynetbox"}, ACCESS)["token"]
nb = pynetbox.api(OPTIONS.url + "/netbox", token=TOKEN)
SCENARIOS = []


def scenario(function):
    SCENARIOS.append(function)
    return function


def a_port(device, name, kind="1000base-t"):
    """An interface of a device that is made when it is not there."""
    host = nb.dcim.devices.get(name=device)
    if not host:
        maker = nb.dcim.manufacturers.get(slug="acme") or nb.dcim.manufacturers.create(name="Acme", slug="acme")
        model = nb.dcim.device_types.get(slug="box") or nb.dcim.device_types.create(manufacturer=maker.id, model="Box", slug="box")
        role = nb.dcim.device_roles.get(slug="box") or nb.dcim.device_roles.create(name="Box", slug="box")
        host = nb.dcim.devices.create(name=device, device_type=model.id, role=role.id, site={"slug": "ams"})
    return nb.dcim.interfaces.create(device=host.id, name=name, type=kind)


@scenario
def version_and_status():
    assert nb.version == "4.7", nb.version
    assert nb.status()["netbox-version"] == "4.7.3"


@scenario
def create_get_change_delete():
    site = nb.dcim.sites.create(name="Amsterdam", slug="ams", status="planned")
    assert (site.name, str(site.status), site.status.value) == ("Amsterdam", "Planned", "planned")
    assert nb.dcim.sites.get(slug="ams").id == site.id == nb.dcim.sites.get(site.id).id
    site.description = "by pynetbox"
    assert site.save() is True and site.save() is False
    assert nb.dcim.sites.get(site.id).description == "by pynetbox"
    assert site.update({"status": "active"}) is True
    assert site.updates() == {}
    assert nb.dcim.sites.get(name="nowhere") is None
    gone = nb.dcim.sites.create(name="Gone", slug="gone")
    assert gone.delete() is True and nb.dcim.sites.get(gone.id) is None


@scenario
def references_are_records():
    region = nb.dcim.regions.create(name="Benelux", slug="benelux")
    site = nb.dcim.sites.get(slug="ams")
    site.region = region
    assert site.save()
    fresh = nb.dcim.sites.get(site.id)
    assert str(fresh.region) == "Benelux" and fresh.region.slug == "benelux"
    assert fresh.region.full_details() and fresh.region.site_count == 1
    assert dict(fresh)["region"] == region.id or dict(fresh)["region"]["id"] == region.id
    assert fresh.serialize()["region"] == region.id
    by_name = nb.dcim.sites.create(name="Brussels", slug="bru", region={"slug": "benelux"})
    assert by_name.region.id == region.id


@scenario
def bulk():
    made = nb.dcim.sites.create([{"name": f"Bulk {n}", "slug": f"bulk-{n}"} for n in range(1, 121)])
    assert len(made) == 120
    assert nb.dcim.sites.count(slug__isw="bulk-") == 120
    found = nb.dcim.sites.filter(slug__isw="bulk-")
    assert len(found) == 120 and len({site.id for site in found}) == 120
    for site in (some := list(nb.dcim.sites.filter(slug=["bulk-1", "bulk-2"]))):
        site.description = "changed"
    assert nb.dcim.sites.update(some)
    assert {site.name for site in nb.dcim.sites.filter(description="changed")} == {"Bulk 1", "Bulk 2"}
    assert nb.dcim.sites.filter(slug__isw="bulk-").update(status="retired")
    assert nb.dcim.sites.count(status="retired") == 120
    assert nb.dcim.sites.delete([site.id for site in some])
    assert nb.dcim.sites.filter(slug__isw="bulk-").delete()
    assert nb.dcim.sites.count(slug__isw="bulk-") == 0


@scenario
def devices_come_with_their_ports():
    maker = nb.dcim.manufacturers.create(name="Maker", slug="maker")
    kind = nb.dcim.device_types.create(manufacturer=maker.id, model="Switch 48", slug="switch-48")
    nb.dcim.interface_templates.create([{"device_type": kind.id, "name": f"eth{n}", "type": "1000base-t"} for n in range(48)])
    nb.dcim.power_port_templates.create(device_type=kind.id, name="PSU 1")
    role = nb.dcim.device_roles.create(name="Access", slug="access", color="2196f3")
    site = nb.dcim.sites.get(slug="ams")
    device = nb.dcim.devices.create(name="sw1", device_type=kind.id, role=role.id, site=site.id, serial="S1")
    assert nb.dcim.interfaces.count(device_id=device.id) == 48
    assert nb.dcim.interfaces.get(device="sw1", name="eth7").type.value == "1000base-t"
    assert nb.dcim.power_ports.get(device_id=device.id).name == "PSU 1"
    assert nb.dcim.devices.get(device.id).interface_count == 48
    assert [device.name for device in nb.dcim.devices.filter(site="ams", role="access", manufacturer="maker")] == ["sw1"]


@scenario
def choices_of_a_field():
    status = nb.dcim.devices.choices()["status"]
    assert {"value": "active", "display_name": "Active"} in status


@scenario
def tags():
    tag = nb.extras.tags.create(name="Red", slug="red", color="ff0000")
    device = nb.dcim.devices.get(name="sw1")
    device.tags = [tag.id]
    assert device.save()
    assert [str(tag) for tag in nb.dcim.devices.get(name="sw1").tags] == ["Red"]
    assert nb.dcim.devices.get(tag="red").name == "sw1"


@scenario
def addresses():
    prefix = nb.ipam.prefixes.create(prefix="10.0.0.0/29")
    assert [str(address) for address in prefix.available_ips.list()][:2] == ["10.0.0.1/29", "10.0.0.2/29"]
    one = prefix.available_ips.create()
    two = prefix.available_ips.create([{}, {"description": "third"}])
    assert (one.address, [ip.address for ip in two]) == ("10.0.0.1/29", ["10.0.0.2/29", "10.0.0.3/29"])
    interface = nb.dcim.interfaces.get(device="sw1", name="eth0")
    one.assigned_object_type, one.assigned_object_id = "dcim.interface", interface.id
    assert one.save()
    device = nb.dcim.devices.get(name="sw1")
    assert device.update({"primary_ip4": one.id})
    assert str(nb.dcim.devices.get(name="sw1").primary_ip) == "10.0.0.1/29"
    assert [ip.address for ip in nb.ipam.ip_addresses.filter(parent="10.0.0.0/30")] == ["10.0.0.1/29", "10.0.0.2/29", "10.0.0.3/29"]


@scenario
def free_prefixes():
    container = nb.ipam.prefixes.create(prefix="10.9.0.0/16", status="container")
    child = container.available_prefixes.create({"prefix_length": 24})
    assert child.prefix == "10.9.0.0/24"
    assert str(container.available_prefixes.list()[0]) == "10.9.1.0/24"
    assert [p.prefix for p in nb.ipam.prefixes.filter(within="10.9.0.0/16")] == ["10.9.0.0/24"]


@scenario
def no_address_is_given_twice():
    prefix = nb.ipam.prefixes.create(prefix="10.10.0.0/24")

    def take(_):
        return [pynetbox.api(OPTIONS.url + "/netbox", token=TOKEN).ipam.prefixes.get(prefix.id).available_ips.create().address for _ in range(10)]

    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        taken = [address for addresses in pool.map(take, range(8)) for address in addresses]
    assert len(taken) == len(set(taken)) == 80


@scenario
def vlans_and_as_numbers():
    group = nb.ipam.vlan_groups.create(name="Campus", slug="campus", vid_ranges=[[100, 101]])
    assert group.available_vlans.create({"name": "users"}).vid == 100
    rir = nb.ipam.rirs.create(name="Private", slug="private", is_private=True)
    numbers = nb.ipam.asn_ranges.create(name="Fabric", slug="fabric", rir=rir.id, start=65001, end=65003)
    assert numbers.available_asns.create()["asn"] == 65001


@scenario
def circuits_from_end_to_end():
    site = nb.dcim.sites.get(slug="ams")
    asn = nb.ipam.asns.create(asn=64999, rir=nb.ipam.rirs.create(name="Lab", slug="lab").id)
    provider = nb.circuits.providers.create(name="Carrier", slug="carrier", asns=[asn.id])
    account = nb.circuits.provider_accounts.create(provider=provider.id, account="4711")
    kind = nb.circuits.circuit_types.create(name="Transit", slug="transit", color="aa1409")
    circuit = nb.circuits.circuits.create(
        cid="AMS-1", provider=provider.id, provider_account=account.id, type={"slug": "transit"}, commit_rate=10_000_000)
    network = nb.circuits.provider_networks.create(name="Backbone", provider=provider.id)
    here = nb.circuits.circuit_terminations.create(
        circuit=circuit.id, term_side="A", termination_type="dcim.site", termination_id=site.id, port_speed=10_000_000)
    nb.circuits.circuit_terminations.create(
        circuit=circuit.id, term_side="Z", termination_type="circuits.providernetwork", termination_id=network.id)
    circuit = nb.circuits.circuits.get(circuit.id)
    assert circuit.termination_a.id == here.id and str(circuit.termination_a) == "AMS-1: Termination A"
    assert nb.circuits.circuits.count(site="ams") == 1 and nb.circuits.circuits.get(provider_network_id=network.id).cid == "AMS-1"
    assert nb.circuits.providers.get(provider.id).circuit_count == nb.circuits.circuit_types.get(kind.id).circuit_count == 1
    port = a_port("edge", "uplink")
    nb.dcim.cables.create(
        a_terminations=[{"object_type": "dcim.interface", "object_id": port.id}],
        b_terminations=[{"object_type": "circuits.circuittermination", "object_id": here.id}])
    port = nb.dcim.interfaces.get(port.id)
    assert port.connected_endpoints_type == "circuits.providernetwork" and port.link_peers[0].circuit.cid == "AMS-1"
    assert [str(end) for hop in port.trace() for end in (hop if isinstance(hop, list) else [hop])][-1] == "Backbone"
    group = nb.circuits.circuit_groups.create(name="Ring", slug="ring")
    nb.circuits.circuit_group_assignments.create(
        group=group.id, member_type="circuits.circuit", member_id=circuit.id, priority="primary")
    assert nb.circuits.circuit_groups.get(group.id).circuit_count == 1
    ends = [a_port(name, "tunnel", "virtual") for name in ("edge", "core")]
    virtual = nb.circuits.virtual_circuits.create(
        cid="EVC-1", provider_network=network.id, type=nb.circuits.virtual_circuit_types.create(name="EVC", slug="evc").id)
    for end in ends:
        nb.circuits.virtual_circuit_terminations.create(virtual_circuit=virtual.id, interface=end.id)
    assert nb.dcim.interfaces.get(ends[0].id).connected_endpoints[0].interface.id == ends[1].id


@scenario
def virtual_machines():
    site = nb.dcim.sites.get(slug="ams")
    kind = nb.virtualization.cluster_types.create(name="KVM", slug="kvm")
    cluster = nb.virtualization.clusters.create(name="Compute", type=kind.id, scope_type="dcim.site", scope_id=site.id)
    size = nb.virtualization.virtual_machine_types.create(name="Small", slug="small", default_vcpus=2, default_memory=4096)
    machine = nb.virtualization.virtual_machines.create(name="web", cluster=cluster.id, virtual_machine_type=size.id)
    assert (machine.vcpus, machine.memory, machine.site.id) == (2.0, 4096, site.id)
    disks = nb.virtualization.virtual_disks.create([
        {"virtual_machine": machine.id, "name": "root", "size": 20000}, {"virtual_machine": machine.id, "name": "data", "size": 30000}])
    assert nb.virtualization.virtual_machines.get(machine.id).disk == 50000
    disks[1].size = 40000
    assert disks[1].save() and nb.virtualization.virtual_machines.get(name="web").disk == 60000
    port = nb.virtualization.interfaces.create(virtual_machine=machine.id, name="eth0", mac_address="00:00:5e:00:53:01")
    assert nb.dcim.mac_addresses.get(virtual_machine="web").assigned_object.id == port.id
    address = nb.ipam.ip_addresses.create(
        address="10.77.0.5/24", assigned_object_type="virtualization.vminterface", assigned_object_id=port.id)
    machine.primary_ip4 = address.id
    assert machine.save() and str(nb.virtualization.virtual_machines.get(machine.id).primary_ip) == "10.77.0.5/24"
    assert nb.ipam.ip_addresses.get(virtual_machine="web").id == address.id
    service = nb.ipam.services.create(
        name="https", port_mappings=["tcp/443"], parent_object_type="virtualization.virtualmachine", parent_object_id=machine.id)
    assert nb.ipam.services.get(virtual_machine="web").id == service.id
    cluster = nb.virtualization.clusters.get(cluster.id)
    assert (cluster.virtualmachine_count, cluster.allocated_vcpus, cluster.allocated_disk) == (1, 2.0, 60000)
    try:
        machine.update({"disk": 1})
    except pynetbox.RequestError as error:
        assert error.req.status_code == 400 and "disk" in error.error, error
    else:
        raise AssertionError("not refused")
    assert nb.virtualization.virtual_machines.count(cluster="Compute") == 1


@scenario
def tunnels_and_l2vpns():
    proposal = nb.vpn.ike_proposals.create(
        name="strong", authentication_method="preshared-keys", encryption_algorithm="aes-256-gcm", group=20)
    policy = nb.vpn.ike_policies.create(name="policy", version=2, proposals=[proposal.id], preshared_key="a secret")
    assert policy.proposals[0].id == proposal.id
    esp = nb.vpn.ipsec_proposals.create(name="esp", encryption_algorithm="aes-256-gcm")
    ipsec = nb.vpn.ipsec_policies.create(name="esp", proposals=[esp.id], pfs_group=20)
    profile = nb.vpn.ipsec_profiles.create(name="profile", mode="esp", ike_policy=policy.id, ipsec_policy=ipsec.id)
    tunnel = nb.vpn.tunnels.create(name="ams-bru", status="active", encapsulation="ipsec-tunnel", ipsec_profile=profile.id)
    for device in ("edge", "core"):
        nb.vpn.tunnel_terminations.create(
            tunnel=tunnel.id, role="peer", termination_type="dcim.interface", termination_id=a_port(device, "ipsec0", "virtual").id)
    assert nb.vpn.tunnels.get(name="ams-bru").terminations_count == 2
    l2vpn = nb.vpn.l2vpns.create(name="Campus", slug="campus", type="vxlan", identifier=10100)
    vlan = nb.ipam.vlans.create(vid=100, name="stretched")
    nb.vpn.l2vpn_terminations.create(l2vpn=l2vpn.id, assigned_object_type="ipam.vlan", assigned_object_id=vlan.id)
    assert nb.ipam.vlans.get(vlan.id).l2vpn_termination.l2vpn.id == l2vpn.id


@scenario
def wireless_networks():
    group = nb.wireless.wireless_lan_groups.create(name="Corporate", slug="corporate")
    lan = nb.wireless.wireless_lans.create(ssid="office", group=group.id, auth_type="wpa-personal", auth_psk="not for all")
    assert nb.wireless.wireless_lan_groups.get(group.id).wirelesslan_count == 1
    ends = [a_port(device, "radio0", "ieee802.11ax") for device in ("edge", "core")]
    assert ends[0].update({"wireless_lans": [lan.id]})
    nb.wireless.wireless_links.create(interface_a=ends[0].id, interface_b=ends[1].id, ssid="bridge", distance=2.5, distance_unit="km")
    port = nb.dcim.interfaces.get(ends[0].id)
    assert port.wireless_link.ssid == "bridge" and port.connected_endpoints[0].id == ends[1].id
    assert port.wireless_lans[0].ssid == "office"


@scenario
def refusals():
    for call, status, field in (
        (lambda: nb.dcim.sites.create(name="Amsterdam", slug="ams"), 400, "slug"),
        (lambda: nb.dcim.sites.create(name="x"), 400, "slug"),
        (lambda: nb.dcim.sites.get(slug="ams").update({"status": "nonsense"}), 400, "status"),
        (lambda: nb.dcim.sites.get(slug="ams").delete(), 409, "dependent"),
    ):
        try:
            call()
        except pynetbox.RequestError as error:
            assert error.req.status_code == status and field in error.error, error
        else:
            raise AssertionError("not refused")
    try:
        nb.ipam.prefixes.get(prefix="10.0.0.0/29").available_ips.create([{} for _ in range(20)])
    except pynetbox.AllocationError:
        pass
    else:
        raise AssertionError("not refused")


@scenario
def a_token_for_a_password():
    fresh = pynetbox.api(OPTIONS.url + "/netbox")
    fresh.create_token("admin", OPTIONS.password)
    assert fresh.dcim.sites.get(slug="ams").name == "Amsterdam"
    try:
        pynetbox.api(OPTIONS.url + "/netbox").create_token("admin", "wrong")
    except pynetbox.RequestError as error:
        assert error.req.status_code == 403
    else:
        raise AssertionError("not refused")


@scenario
def a_token_that_only_reads():
    body = {"username": "admin", "password": OPTIONS.password, "write_enabled": False, "description": "reader"}
    made = requests.post(OPTIONS.url + "/netbox/api/users/tokens/provision/", json=body, timeout=30)
    assert made.status_code == 201 and made.json()["write_enabled"] is False, made.text
    reader = pynetbox.api(OPTIONS.url + "/netbox", token=made.json()["token"])
    assert reader.dcim.sites.get(slug="ams").name == "Amsterdam"
    try:
        reader.dcim.sites.create(name="No", slug="no")
    except pynetbox.RequestError as error:
        assert error.req.status_code == 403
    else:
        raise AssertionError("not refused")


@scenario
def a_wrong_token_sees_nothing():
    stranger = pynetbox.api(OPTIONS.url + "/netbox", token="0123456789abcdef0123456789abcdef01234567")
    try:
        list(stranger.dcim.sites.all())
    except pynetbox.RequestError as error:
        assert error.req.status_code == 403
    else:
        raise AssertionError("not refused")


@scenario
def journal_entries():
    site = nb.dcim.sites.get(slug="ams")
    entry = nb.extras.journal_entries.create(
        assigned_object_type="dcim.site", assigned_object_id=site.id, comments="# looked at it", kind="success"
    )
    assert (entry.kind.value, entry.assigned_object.name) == ("success", "Amsterdam")
    assert [e.id for e in nb.extras.journal_entries.filter(assigned_object_type="dcim.site", assigned_object_id=site.id)] == [entry.id]
    entry.comments = "changed"
    assert entry.save() and nb.extras.journal_entries.get(entry.id).comments == "changed"
    assert entry.delete()


def a_device(name, **more):
    maker = nb.dcim.manufacturers.get(slug="ctx") or nb.dcim.manufacturers.create(name="Ctx", slug="ctx")
    kind = nb.dcim.device_types.get(slug="ctx") or nb.dcim.device_types.create(manufacturer=maker.id, model="Ctx", slug="ctx")
    role = nb.dcim.device_roles.get(slug="ctx") or nb.dcim.device_roles.create(name="Ctx", slug="ctx")
    return nb.dcim.devices.create(name=name, device_type=kind.id, role=role.id, site=nb.dcim.sites.get(slug="ams").id, **more)


@scenario
def config_contexts():
    device = a_device("ctx1", local_context_data={"ntp": {"b": 9}})
    assert device.config_context == {"ntp": {"b": 9}}
    made = [
        nb.extras.config_contexts.create(name="all", weight=100, data={"ntp": {"a": 1, "b": 1}, "dns": [1, 2]}),
        nb.extras.config_contexts.create(name="here", weight=200, sites=[device.site.id], data={"dns": [3]}),
        nb.extras.config_contexts.create(name="elsewhere", weight=300, sites=[nb.dcim.sites.create(name="E", slug="e").id], data={"no": 1}),
    ]
    assert nb.dcim.devices.get(device.id).config_context == {"ntp": {"a": 1, "b": 9}, "dns": [3]}
    made[0].is_active = False
    assert made[0].save()
    assert nb.dcim.devices.get(name="ctx1").config_context == {"dns": [3], "ntp": {"b": 9}}


@scenario
def rendered_configurations():
    template = nb.extras.config_templates.create(
        name="base", template_code="hostname {{ device.name }}\nsite {{ device.site.name }}\n{% for s in dns %}ns {{ s }}\n{% endfor %}{{ extra }}"
    )
    device = a_device("cfg1", config_template=template.id)
    rendered = device.render_config.create({"extra": "x"})
    assert rendered["content"] == "hostname cfg1\nsite Amsterdam\nns 3\nx", rendered["content"]
    assert rendered["configtemplate"]["id"] == template.id
    url = f"{OPTIONS.url}/netbox/api/extras/config-templates/{template.id}/render/"
    headers = {"Authorization": f"Token {TOKEN}"}
    answer = requests.post(url, json={"device": {"name": "n", "site": {"name": "s"}}}, headers={**headers, "Accept": "text/plain"}, timeout=30)
    assert answer.text == "hostname n\nsite s\n" and answer.headers["Content-Type"].startswith("text/plain"), answer.text


@scenario
def exports_and_saved_filters():
    nb.extras.export_templates.create(
        name="names", object_types=["dcim.site"], template_code="{% for s in queryset %}{{ s.name }};{% endfor %}",
        mime_type="text/csv", file_name="sites", file_extension="csv",
    )
    headers = {"Authorization": f"Token {TOKEN}"}
    url = OPTIONS.url + "/netbox/api/dcim/sites/"
    answer = requests.get(url, params={"export": "names", "slug": "ams"}, headers=headers, timeout=30)
    assert answer.text == "Amsterdam;", answer.text
    assert answer.headers["Content-Type"].startswith("text/csv")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="sites.csv"'
    saved = nb.extras.saved_filters.create(name="ams", slug="ams", object_types=["dcim.site"], parameters={"slug": ["ams"]})
    for query in ({"filter": "ams"}, {"filter_id": saved.id}):
        found = requests.get(url, params=query, headers=headers, timeout=30).json()
        assert [s["slug"] for s in found["results"]] == ["ams"], found


@scenario
def pictures():
    site = nb.dcim.sites.get(slug="ams")
    pixel = bytes.fromhex(
        "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c63606060600000000500"
        "01a5f645400000000049454e44ae426082"
    )
    headers = {"Authorization": f"Token {TOKEN}"}
    url = OPTIONS.url + "/netbox/api/extras/image-attachments/"
    form = {"object_type": "dcim.site", "object_id": str(site.id), "name": "door"}
    made = requests.post(url, data=form, files={"image": ("door.png", pixel, "image/png")}, headers=headers, timeout=30)
    assert made.status_code == 201, made.text
    got = requests.get(made.json()["image"], headers=headers, timeout=30)
    assert got.content == pixel and got.headers["X-Content-Type-Options"] == "nosniff"
    evil = requests.post(url, data=form, files={"image": ("x.png", b"<svg onload=alert(1)>", "image/png")}, headers=headers, timeout=30)
    assert evil.status_code == 400 and "image" in evil.json()


@scenario
def long_queries():
    wanted = [("id", str(n)) for n in range(1, 900)]
    answer = requests.get(OPTIONS.url + "/netbox/api/dcim/sites/", params=wanted, headers={"Authorization": f"Token {TOKEN}"}, timeout=30)
    assert answer.status_code == 200 and answer.json()["count"] >= 2


@scenario
def threads():
    many = pynetbox.api(OPTIONS.url + "/netbox", token=TOKEN, threading=True)
    assert len(list(many.dcim.interfaces.all(limit=10))) == many.dcim.interfaces.count()


def main():
    failed = []
    for function in SCENARIOS:
        try:
            function()
        except Exception as error:  # every scenario is told, not only the first that fails
            failed.append(function.__name__)
            at = traceback.extract_tb(error.__traceback__)[-1]
            print(f"FAIL pynetbox {function.__name__}: {type(error).__name__} {error} at line {at.lineno}: {at.line}")
    print(f"pynetbox {pynetbox.__version__}: {len(SCENARIOS) - len(failed)} passed, {len(failed)} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
