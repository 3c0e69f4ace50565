"""Reading lists: paging, ordering, field selection, filters."""
from .b_crud import nsd
from .dsl import Topic, ref


def world(t):
    """A small world that filters can tell apart."""
    t.have("tgroup", "tenancy/tenant-groups", **nsd("Customers"))
    t.have("tsub", "tenancy/tenant-groups", **nsd("Big"), parent="${tgroup}")
    t.have("tenant", "tenancy/tenants", **nsd("Acme"), group="${tsub}")
    t.have("tenant2", "tenancy/tenants", **nsd("Other"))
    t.have("eu", "dcim/regions", **nsd("Europe"))
    t.have("de", "dcim/regions", **nsd("Germany"), parent="${eu}")
    t.have("by", "dcim/regions", **nsd("Bavaria"), parent="${de}")
    t.have("us", "dcim/regions", **nsd("America"))
    for tag in ("red", "green", "blue"):
        t.have(f"tag_{tag}", "extras/tags", name=tag.title(), slug=tag, color="ff0000")
    t.have("s1", "dcim/sites", name="Munich", slug="muc", region="${by}", status="active", tenant="${tenant}", facility="DC-1", latitude=48.1, tags=["${tag_red}", "${tag_green}"], description="south")
    t.have("s2", "dcim/sites", name="Berlin", slug="ber", region="${de}", status="planned", tenant="${tenant2}", facility="dc-2", tags=["${tag_red}"])
    t.have("s3", "dcim/sites", name="Paris", slug="par", region="${eu}", status="active", facility="")
    t.have("s4", "dcim/sites", name="New York", slug="nyc", region="${us}", status="retired", tags=["${tag_blue}"], latitude=40.7)
    t.have("s5", "dcim/sites", name="Nowhere", slug="now")
    t.have("m", "dcim/manufacturers", **nsd("Maker"))
    t.have("m2", "dcim/manufacturers", **nsd("Second"))
    t.have("dt", "dcim/device-types", manufacturer="${m}", model="Switch 48", slug="switch-48", u_height=1)
    t.have("dt2", "dcim/device-types", manufacturer="${m2}", model="Router 2", slug="router-2", u_height=2.5)
    t.have("role", "dcim/device-roles", **nsd("Network"))
    t.have("sub", "dcim/device-roles", **nsd("Access"), parent="${role}")
    t.have("pf", "dcim/platforms", **nsd("NOS"))
    t.have("rack", "dcim/racks", name="R1", site="${s1}")
    t.have("d1", "dcim/devices", name="sw-1", device_type="${dt}", role="${sub}", site="${s1}", status="active", serial="ABC", asset_tag="A1", rack="${rack}", position=10, face="front", platform="${pf}", tenant="${tenant}", tags=["${tag_red}"])
    t.have("d2", "dcim/devices", name="sw-2", device_type="${dt}", role="${sub}", site="${s1}", status="offline", serial="abd")
    t.have("d3", "dcim/devices", name="rt-1", device_type="${dt2}", role="${role}", site="${s2}", status="active", asset_tag="B1")
    t.have("d4", "dcim/devices", device_type="${dt2}", role="${role}", site="${s4}", status="planned")
    for n, (name, kind) in enumerate((("xe-0/0/10", "10gbase-x-sfpp"), ("xe-0/0/2", "10gbase-x-sfpp"), ("ge-0/0/1", "1000base-t"), ("lo0", "virtual"), ("Ethernet1/1", "other"), ("ae1", "lag"))):
        t.have(f"i{n}", "dcim/interfaces", device="${d1}", name=name, type=kind, mtu=1500 + n if n % 2 else None, enabled=n != 2)
    t.set("dcim/interfaces/${i0}", mac_address="00:11:22:33:44:55", mode="tagged", lag="${i5}")
    t.have("vrf", "ipam/vrfs", name="Red", rd="65000:1")
    for n, (p, v) in enumerate((("10.0.0.0/8", None), ("10.1.0.0/16", None), ("10.1.1.0/24", None), ("10.1.1.0/24", "${vrf}"), ("2001:db8::/32", None), ("192.168.0.0/24", None))):
        t.have(f"p{n}", "ipam/prefixes", prefix=p, vrf=v)
    for n, a in enumerate(("10.1.1.1/24", "10.1.1.2/24", "10.1.1.20/32", "2001:db8::1/64")):
        t.have(f"a{n}", "ipam/ip-addresses", address=a, dns_name=f"h{n}.example.com" if n else "", **({"assigned_object_type": "dcim.interface", "assigned_object_id": "${i3}"} if n in (0, 3) else {}))
    t.set("dcim/devices/${d1}", primary_ip4="${a0}")
    t.have("vl1", "ipam/vlans", vid=10, name="users", site="${s1}")
    t.have("vl2", "ipam/vlans", vid=20, name="voice")


def tries(t, path, queries, fields="id"):
    for q in queries:
        q2 = f"{q}&" if q else ""
        t.get(f"{path}?{q}", f"/api/{path}/?{q2}fields={fields}" if fields else f"/api/{path}/?{q}")


t = Topic("lists-paging", "paging, ordering, fields, omit, brief, export")
world(t)
P = "dcim/sites"
tries(t, P, ["limit=2", "limit=2&offset=2", "limit=2&offset=4", "limit=2&offset=10", "offset=1", "offset=0", "limit=0", "limit=0&offset=2", "limit=-1", "limit=abc", "limit=", "offset=-1", "offset=abc", "limit=1001", "limit=2000&offset=1",
             "limit=2&start=0", "limit=2&start=3", "limit=5&start=0", "start=0", "start=99", "start=abc", "start=-1", "start=", "limit=0&start=0", "limit=2&start=0&ordering=name", "limit=2&start=0&offset=1", "limit=2&start=0&offset=0", "limit=2&start=0&name=Berlin",
             "limit=1&name=Berlin&name=Paris", "limit=1&name=New%20York&offset=0", "limit=1&tag=red", "limit=1&status=active&bogus=1", "limit=1&q=%C3%A4"], "id,name")
tries(t, P, ["ordering=name", "ordering=-name", "ordering=region,-name", "ordering=-status,name", "ordering=id", "ordering=-id", "ordering=bogus", "ordering=name,bogus", "ordering=", "ordering=region__name", "ordering=-created", "ordering=latitude", "ordering=-latitude", "ordering=description,slug", "ordering=NAME", "ordering=tenant", "ordering=device_count", "ordering=cf_x", "ordering=tags"], "id,name")
tries(t, "dcim/interfaces", ["", "ordering=name", "ordering=-name", "ordering=_name", "ordering=device,type", "ordering=mtu", "ordering=-mtu"], "id,name")
tries(t, "dcim/devices", ["", "ordering=name", "ordering=-name", "ordering=position", "ordering=rack,name", "ordering=site,-name", "ordering=primary_ip4"], "id,name")
tries(t, "ipam/prefixes", ["", "ordering=prefix", "ordering=-prefix", "ordering=vrf", "ordering=_depth", "ordering=-_children"], "id,prefix,vrf,_depth,children")
tries(t, "ipam/ip-addresses", ["", "ordering=address", "ordering=-address", "ordering=dns_name"], "id,address")
tries(t, "dcim/regions", ["", "ordering=name", "ordering=-name", "ordering=_depth"], "id,name,_depth")
tries(t, P, ["fields=id,name,device_count,prefix_count", "fields=name", "fields=bogus", "fields=id,bogus", "fields=", "fields=id,region.name", "fields=name,id", "fields=tags,custom_fields", "omit=tags,custom_fields,region&limit=1", "omit=bogus&limit=1", "omit=id,url,display_url,display&limit=1", "fields=id&omit=id&limit=1", "fields=id,name&brief=true&limit=1", "omit=name&brief=true&limit=1", "brief=true&limit=2", "brief=1&limit=1", "brief=false&limit=1&fields=id", "brief=false&limit=1", "brief=&limit=1", "exclude=config_context&limit=1&fields=id", "fields=id&fields=name&limit=1"], None)
for q in ("", "?brief=true", "?fields=id,name", "?omit=description,tags", "?exclude=config_context", "?format=json", "?format=xml", "?format=api"):
    t.get(f"detail{q}", "/api/dcim/devices/${d1}/" + q)
t.get("detail.site", "/api/dcim/sites/${s1}/")
tries(t, "dcim/devices", ["exclude=config_context&limit=1&id=1", "brief=true", "limit=1&omit=config_context,custom_fields"], None)
t.have("et", "extras/export-templates", object_types=["dcim.site"], name="names", template_code="{% for o in queryset %}{{ o.name }},{{ o.status }},{{ o.region }}\n{% endfor %}", mime_type="text/plain", file_extension="txt")
t.have("et2", "extras/export-templates", object_types=["dcim.site"], name="inline", template_code="{{ queryset|length }} sites", as_attachment=False)
t.have("et3", "extras/export-templates", object_types=["dcim.site"], name="broken", template_code="{{ 1/0 }}")
tries(t, P, ["export=names", "export=inline&status=active", "export=nope", "export=broken", "export=", "export=names&limit=1"], None)
t.get("head", "/api/dcim/sites/?limit=1")
t.step("head.list", "HEAD", "/api/dcim/sites/?limit=1")

t = Topic("lists-filters", "filters of every kind of field, with their suffixes")
world(t)
C = ["n", "ic", "nic", "isw", "nisw", "iew", "niew", "ie", "nie", "regex", "iregex"]
tries(t, P, ["name=Berlin", "name=berlin", "name=", "name=Berlin&name=Paris"]
      + [f"name__{s}={v}" for s, v in zip(C, ("Berlin", "r", "r", "b", "b", "IN", "IN", "BERLIN", "BERLIN", "%5E[BP]", "%5E[bp]"))]
      + ["name__empty=true", "facility__empty=true", "facility__empty=false", "facility__empty=maybe", "name__regex=[", "name__ic=m&name__ic=y", "name__n=Berlin&name__n=Paris", "name__nic=r&name__nic=o", "name__bogus=1", "name__lt=A", "slug=muc", "slug__ic=m", "facility=DC-1", "facility__ie=dc-1", "description__ic=SOU"]
      + ["status=active", "status=active&status=planned", "status__n=active", "status=bogus", "status=", "status__ic=act", "status__empty=true", "status=null", "status=Active"]
      + ["id=1", "id=1&id=2", "id=abc", "id__n=1", "id__gt=2", "id__gte=2&id__lt=4", "id__lte=2", "id=", "id=null", "id__in=1,2", "id=1,2", "id=99", "id__gt=abc", "id=1.5", "id=-1", "id=99999999999999999999"]
      + ["latitude=48.1", "latitude__gt=45", "latitude__lt=45", "latitude__empty=true", "latitude__empty=false", "latitude__n=48.1", "latitude=abc", "latitude=48.100000"]
      + ["region=europe", "region=germany", "region=germany&region=america", "region__n=germany", "region=bogus", "region=null", "region_id=${eu}", "region_id=${de}", "region_id=abc", "region_id=99", "region_id=null", "region_id__n=${de}", "region_id=${de}&region_id=${us}", "region="]
      + ["tenant=acme", "tenant=null", "tenant=acme&tenant=other", "tenant__n=acme", "tenant_id=${tenant}", "tenant_id=null", "tenant_id__n=${tenant}", "tenant_group=customers", "tenant_group=big", "tenant_group_id=${tgroup}", "tenant=bogus", "tenant_id=abc"]
      + ["tag=red", "tag=red&tag=green", "tag=red&tag=blue", "tag__n=red", "tag__n=red&tag__n=blue", "tag__any=red&tag__any=blue", "tag_id=${tag_red}", "tag_id=${tag_red}&tag_id=${tag_green}", "tag=bogus", "tag=null", "tag__empty=true", "tag_id=99", "tag_id=abc"]
      + ["q=ber", "q=DC", "q=south", "q=zzz", "q=", "q=M%20u", "q=muc", "q=Acme"]
      + ["created=2020-01-01", "created__gt=2020-01-01", "created__lt=2020-01-01", "created__gte=2020-01-01T00:00:00Z", "created=abc", "last_updated__gt=2020-01-01T00:00:00%2B00:00", "created_by_request=00000000-0000-0000-0000-000000000000", "created_by_request=abc", "modified_by_request=00000000-0000-0000-0000-000000000000"]
      + ["bogus=1", "bogus__ic=1", "cf_bogus=1", "status=active&name=Paris", "status=active&name=Berlin", "owner=null", "owner_id=1", "asn=1", "asn_id=1", "group=null", "contact=1", "contact_role=1"])
D = "dcim/devices"
tries(t, D, ["name=sw-1", "name=SW-1", "name=null", "name__empty=true", "name__ic=sw", "serial=abc", "serial__ic=AB", "serial__empty=true", "asset_tag=A1", "asset_tag=a1", "asset_tag__empty=true", "asset_tag=null",
             "role=network", "role=access", "role_id=${role}", "role_id=${sub}", "role__n=access", "device_type=switch-48", "device_type_id=${dt}", "device_type_id=${dt}&device_type_id=${dt2}", "device_type=switch-48&device_type=router-2", "manufacturer=maker", "manufacturer_id=${m}", "manufacturer__n=maker", "model=switch-48", "platform=nos", "platform=null", "platform_id=null", "platform_id=${pf}",
             "site=muc", "site_id=${s1}", "site_id=${s1}&site_id=${s2}", "site_id__n=${s1}", "region=europe", "region_id=${de}", "rack_id=${rack}", "rack_id=null", "location_id=null", "position=10", "position__gt=5", "position=null", "position__empty=true", "face=front", "face__empty=true", "face=null", "face=", "status=active&status=offline", "status__n=active",
             "has_primary_ip=true", "has_primary_ip=false", "has_primary_ip=1", "has_primary_ip=yes", "has_primary_ip=maybe", "primary_ip4_id=${a0}", "interfaces=true", "interfaces=false", "console_ports=true", "pass_through_ports=false", "virtual_chassis_member=false", "virtual_chassis_member=true", "is_full_depth=true", "mac_address=00:11:22:33:44:55", "mac_address=00-11-22-33-44-55", "mac_address=00112233", "mac_address__ic=33:44", "mac_address=zz", "has_virtual_device_context=false",
             "q=sw", "q=ABC", "q=A1", "q=10.1.1.1", "tenant=acme", "tag=red", "cluster_id=null", "local_context_data=true", "local_context_data=false", "config_template_id=null", "airflow=front-to-rear", "airflow__empty=true", "airflow=null", "vc_position__empty=true", "parent_bay_id=1", "interface_count=6", "interface_count__gt=0", "interface_count=0", "has_oob_ip=false", "cable_end=A"])
I = "dcim/interfaces"
tries(t, I, ["name=lo0", "name__ic=XE", "type=virtual", "type=virtual&type=lag", "type__n=virtual", "kind=physical", "kind=virtual", "kind=bogus", "mtu=1501", "mtu__gt=1501", "mtu__empty=true", "mtu=null", "enabled=true", "enabled=false", "enabled=null", "mgmt_only=false", "device=sw-1", "device_id=${d1}", "device=sw-1&device=rt-1", "device__n=sw-1", "device_role=access", "device_type=switch-48", "site=muc", "rack=R1", "mac_address=00:11:22:33:44:55", "mac_address__ic=11:22", "mac_address__n=00:11:22:33:44:55", "mode=tagged", "mode=null", "mode__empty=true", "lag_id=${i5}", "lag_id=null", "parent_id=null", "bridge_id=null", "cabled=false", "cabled=true", "occupied=false", "connected=false", "vlan=10", "vlan_id=${vl1}", "vlan=abc", "vrf=65000:1", "vrf_id=null", "speed__empty=true", "duplex=full", "wwn=00", "virtual_chassis_member=sw-1", "virtual_chassis_member_id=${d1}", "q=xe", "q=lo", "vdc_id=1", "label__empty=true", "poe_mode__empty=true", "rf_role=null", "cable_id=1", "primary_mac_address=00:11:22:33:44:55", "untagged_vlan_id=${vl1}"])
X = "ipam/prefixes"
tries(t, X, ["prefix=10.1.1.0/24", "prefix=10.1.1.0/24&prefix=10.0.0.0/8", "prefix=bogus", "prefix=10.1.1.5/24", "within=10.0.0.0/8", "within_include=10.0.0.0/8", "within=bogus", "contains=10.1.1.5", "contains=10.1.1.0/25", "contains=bogus", "parent=10.0.0.0/8", "family=4", "family=6", "family=5", "family=abc", "vrf=65000:1", "vrf_id=null", "vrf=null", "vrf_id=${vrf}", "vrf_id__n=${vrf}", "present_in_vrf=65000:1", "present_in_vrf_id=${vrf}", "mask_length=24", "mask_length=24&mask_length=16", "mask_length=abc", "mask_length__gte=16", "mask_length__lte=16", "mask_length__gt=8", "depth=0", "depth=1", "depth__gte=1", "depth__lte=0", "children=0", "children__gt=0", "children=2", "is_pool=false", "mark_utilized=true", "status=active", "q=10.1", "q=10.1.1.0/24", "q=bogus", "role=null", "scope_type=dcim.site", "scope_type=bogus", "scope_id=1", "vlan_vid=10", "vlan_id=null", "site=muc", "region=europe", "prefix__net_contained=10.0.0.0/8", "prefix__ic=10"])
A = "ipam/ip-addresses"
tries(t, A, ["address=10.1.1.1/24", "address=10.1.1.1", "address=10.1.1.1&address=10.1.1.2", "address=10.1.1.20", "address=10.1.1.20/24", "address=bogus", "parent=10.1.1.0/24", "parent=10.1.0.0/16&parent=2001:db8::/32", "parent=bogus", "family=6", "mask_length=24", "mask_length=32", "mask_length__gte=32", "mask_length__lte=24", "vrf_id=null", "vrf=null", "device=sw-1", "device_id=${d1}", "interface=lo0", "interface_id=${i3}", "assigned=true", "assigned=false", "assigned_to_interface=true", "assigned_to_interface=false", "assigned_object_type=dcim.interface", "assigned_object_type=bogus", "assigned_object_id=${i3}", "dns_name=h1.example.com", "dns_name__ic=H1", "dns_name__empty=true", "role=null", "role__empty=true", "status=active", "status=bogus", "q=10.1.1.2", "q=h1", "q=10.1.1.1/24", "q=2001:db8::1", "nat_inside_id=null", "start=2", "limit=2", "vminterface=x", "virtual_machine=x", "present_in_vrf_id=${vrf}", "is_primary=true", "parent=10.1.1.0"])
tries(t, "dcim/regions", ["parent=europe", "parent_id=${eu}", "parent_id=null", "parent=null", "ancestor=europe", "ancestor_id=${eu}", "ancestor_id=${de}", "parent_id=${eu}&parent_id=${de}", "q=ger", "parent_id__n=${eu}", "ancestor_id=99"])
tries(t, "dcim/device-types", ["u_height=2.5", "u_height__gt=1", "u_height=1", "has_front_image=false", "has_front_image=true", "part_number__empty=true", "manufacturer=maker", "interfaces=false", "device_count=2", "device_count__gte=1", "is_full_depth=true", "subdevice_role=null", "weight__empty=true"])
tries(t, "ipam/vlans", ["vid=10", "vid__gte=10&vid__lt=20", "vid=abc", "name__ic=v", "site=muc", "site_id=null", "group_id=null", "available_on_device=${d1}", "available_at_site=${s1}", "q=10", "q=user", "interface_id=${i0}", "qinq_role=null", "l2vpn_id=null"])
tries(t, "extras/tags", ["name=Red", "content_type=dcim.site", "content_type_id=1", "for_object_type_id=1", "color=ff0000", "color__ic=FF", "weight=1000", "object_type=dcim.site", "tagged_items__gt=0"])
tries(t, "core/object-changes", ["action=create&limit=2", "changed_object_type=dcim.site", "changed_object_type_id=1", "changed_object_id=1&limit=3", "user=admin&limit=1", "user_id=1&limit=1", "user_name=admin&limit=1", "time__gt=2020-01-01&limit=1", "time_after=2020-01-01T00:00:00&limit=1", "time_before=2020-01-01", "request_id=00000000-0000-0000-0000-000000000000", "q=Berlin", "action=bogus", "related_object_type=dcim.site&limit=1"])
t.have("sf", "extras/saved-filters", object_types=["dcim.site"], **nsd("act"), parameters={"status": ["active"]})
tries(t, P, ["filter=act", "filter_id=${sf}", "filter=bogus", "filter_id=99", "filter=act&name=Paris", "filter=act&status=planned"])
t.have("cft", "extras/custom-fields", object_types=["dcim.site"], type="text", name="txt")
t.have("cfe", "extras/custom-fields", object_types=["dcim.site"], type="text", name="strict", filter_logic="exact")
t.have("cfd", "extras/custom-fields", object_types=["dcim.site"], type="text", name="off", filter_logic="disabled")
t.have("cfi", "extras/custom-fields", object_types=["dcim.site"], type="integer", name="num")
t.have("cfm", "extras/custom-fields", object_types=["dcim.site"], type="decimal", name="dec")
t.have("cfb", "extras/custom-fields", object_types=["dcim.site"], type="boolean", name="flag")
t.have("cfdate", "extras/custom-fields", object_types=["dcim.site"], type="date", name="day")
t.have("cs", "extras/custom-field-choice-sets", name="CS", extra_choices=[["a", "Aa"], ["b", "Bb"]])
t.have("cfs", "extras/custom-fields", object_types=["dcim.site"], type="select", name="sel", choice_set="${cs}")
t.have("cfms", "extras/custom-fields", object_types=["dcim.site"], type="multiselect", name="multi", choice_set="${cs}")
t.have("cfo", "extras/custom-fields", object_types=["dcim.site"], type="object", name="obj", related_object_type="dcim.region")
t.have("cfj", "extras/custom-fields", object_types=["dcim.site"], type="json", name="doc")
t.have("cfu", "extras/custom-fields", object_types=["dcim.site"], type="url", name="link")
t.have("cfmo", "extras/custom-fields", object_types=["dcim.site"], type="multiobject", name="objs", related_object_type="dcim.region")
t.set("dcim/sites/${s1}", custom_fields={"txt": "Hello", "strict": "Hello", "off": "Hello", "num": 5, "dec": 1.5, "flag": True, "day": "2020-01-02", "sel": "a", "multi": ["a", "b"], "obj": "${eu}", "doc": {"x": 1}, "link": "https://example.com/", "objs": ["${eu}", "${us}"]})
t.set("dcim/sites/${s2}", custom_fields={"txt": "World", "strict": "World", "num": 10, "dec": 2, "flag": False, "day": "2021-01-02", "sel": "b", "multi": ["b"], "obj": "${us}", "objs": ["${us}"]})
tries(t, P, ["cf_txt=Hello", "cf_txt=ell", "cf_txt=hello", "cf_txt__ic=ELL", "cf_txt__n=Hello", "cf_txt__empty=true", "cf_txt__empty=false", "cf_txt=null", "cf_txt=", "cf_strict=Hello", "cf_strict=hello", "cf_strict=ell", "cf_strict__ic=ELL", "cf_strict__n=Hello", "cf_strict__empty=true", "cf_strict__regex=^H", "cf_off=Hello", "cf_num=5", "cf_num=5&cf_num=10", "cf_num__gt=5", "cf_num__lte=5", "cf_num=abc", "cf_num__n=5", "cf_num__empty=true", "cf_dec=1.5", "cf_dec__gt=1.5", "cf_dec=2", "cf_flag=true", "cf_flag=false", "cf_flag=maybe", "cf_day=2020-01-02", "cf_day__gt=2020-06-01", "cf_day=abc", "cf_sel=a", "cf_sel=a&cf_sel=b", "cf_sel=c", "cf_sel__n=a", "cf_sel__ic=a", "cf_sel__empty=true", "cf_multi=a", "cf_multi=b", "cf_multi=a&cf_multi=b", "cf_multi__n=a", "cf_multi=null", "cf_obj=${eu}", "cf_obj=${us}", "cf_obj__n=${us}", "cf_obj=abc", "cf_objs=${us}", "cf_objs=${eu}", "cf_doc=x", "cf_link=example", "cf_link__ic=EXAMPLE", "cf_bogus=1", "ordering=cf_num", "ordering=-cf_txt", "q=Hello"])
t.get("cf.detail", "/api/dcim/sites/${s1}/?fields=custom_fields")
