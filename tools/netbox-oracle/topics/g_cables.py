"""Cables: terminations of each type, profiles, traces through panels, paths, power."""
from .b_crud import nsd
from .dsl import Topic, ref
from .g_dcim import basics, device

C, I = "/api/dcim/cables/", "/api/dcim/interfaces/"


def end(kind, *ids):
    kind = kind if "." in kind else "dcim." + kind
    return [{"object_type": kind, "object_id": i if isinstance(i, int) else ref(i)} for i in ids]


def cable(t, var, a, b, **more):
    t.have(var, "dcim/cables", a_terminations=a, b_terminations=b, **more)


t = Topic("dcim-cables", "cables of each termination type; what is refused; connected endpoints")
basics(t)
t.have("k", "dcim/racks", name="K", site="${s}")
for d in ("a", "b", "c"):
    device(t, d)
    X = {"device": ref(d)}
    for n in (0, 1, 2):
        t.have(f"{d}i{n}", "dcim/interfaces", **X, name=f"e{n}", type="1000base-t")
    t.have(f"{d}v", "dcim/interfaces", **X, name="v", type="virtual")
    t.have(f"{d}lag", "dcim/interfaces", **X, name="lag", type="lag")
    t.have(f"{d}w", "dcim/interfaces", **X, name="w", type="ieee802.11ac")
    t.have(f"{d}con", "dcim/console-ports", **X, name="con")
    t.have(f"{d}css", "dcim/console-server-ports", **X, name="css")
    t.have(f"{d}pp", "dcim/power-ports", **X, name="pp", maximum_draw=100, allocated_draw=60)
    t.have(f"{d}po", "dcim/power-outlets", **X, name="po")
    t.have(f"{d}rp", "dcim/rear-ports", **X, name="rp", type="8p8c")
    t.have(f"{d}fp", "dcim/front-ports", **X, name="fp", type="8p8c", rear_ports=[{"position": 1, "rear_port": f"${{{d}rp}}", "rear_port_position": 1}])
t.have("pp", "dcim/power-panels", name="PP", site="${s}")
t.have("pf", "dcim/power-feeds", name="PF", power_panel="${pp}", rack="${k}")
t.have("prov", "circuits/providers", **nsd("P"))
t.have("pn", "circuits/provider-networks", name="PN", provider="${prov}")
t.have("ct", "circuits/circuit-types", **nsd("CT"))
t.have("cir", "circuits/circuits", cid="c1", provider="${prov}", type="${ct}")
t.have("ta", "circuits/circuit-terminations", circuit="${cir}", term_side="A", termination_type="dcim.site", termination_id="${s}")
t.have("tz", "circuits/circuit-terminations", circuit="${cir}", term_side="Z", termination_type="circuits.providernetwork", termination_id="${pn}")
F = C + "?omit=url,display_url,owner,comments,tags,custom_fields,created,last_updated,description,tenant,bundle"
GOOD = {
    "interface": (end("interface", "ai0"), end("interface", "bi0")), "console": (end("consoleport", "acon"), end("consoleserverport", "bcss")), "power": (end("powerport", "app"), end("poweroutlet", "bpo")), "feed": (end("powerport", "bpp"), end("powerfeed", "pf")), "circuit": (end("interface", "ai1"), end("circuits.circuittermination", "ta")), "panel": (end("interface", "ai2"), end("frontport", "bfp")), "rear": (end("rearport", "brp"), end("rearport", "crp")), "many": (end("interface", "bi1", "bi2"), end("interface", "ci0")),
}
for n, (a, b) in GOOD.items():
    t.post(f"create.{n}", F, {"a_terminations": a, "b_terminations": b}, save=f"cab_{n}")
BAD = {
    "occupied": (end("interface", "ai0"), end("interface", "ci1")), "same": (end("interface", "ci1"), end("interface", "ci1")), "virtual": (end("interface", "ci1"), end("interface", "av")), "lag": (end("interface", "ci1"), end("interface", "alag")), "wireless": (end("interface", "ci1"), end("interface", "aw")), "power-interface": (end("interface", "ci1"), end("powerport", "cpp")), "power-power": (end("powerport", "cpp"), end("powerport", "app")), "console-interface": (end("consoleport", "ccon"), end("interface", "ci1")), "own-front-rear": (end("frontport", "cfp"), end("rearport", "crp")), "network-termination": (end("interface", "ci1"), end("circuits.circuittermination", "tz")), "mixed": (end("interface", "ci1") + end("consoleport", "ccon"), end("interface", "ci2")), "two-devices": (end("interface", "ci1", "ai2"), end("interface", "ci2")), "unknown": (end("interface", "ci1"), end("interface", 9999)), "not-terminable": (end("interface", "ci1"), end("device", "a")), "empty-b": (end("interface", "ci1"), []), "both-empty": ([], []), "bad-type": (end("interface", "ci1"), end("bogus.type", 1)), "twice-in-a": (end("interface", "ci1", "ci1"), end("interface", "ci2")),
}
for n, (a, b) in BAD.items():
    t.post(f"refuse.{n}", F, {"a_terminations": a, "b_terminations": b})
t.post("refuse.no-a", F, {"b_terminations": end("interface", "ci1")})
t.post("refuse.shape", F, {"a_terminations": [1], "b_terminations": end("interface", "ci1")})
t.post("refuse.dict", F, {"a_terminations": {"object_type": "dcim.interface", "object_id": 1}, "b_terminations": end("interface", "ci1")})
G = {"a_terminations": end("interface", "ci1"), "b_terminations": end("interface", "ci2")}
for n, body in {"length-no-unit": {"length": 5}, "length-neg": {"length": -1, "length_unit": "m"}, "status": {"status": "bogus"}, "type": {"type": "bogus"}, "color": {"color": "red"}, "color-name": {"color": "zzzzzz"}, "profile": {"profile": "bogus"}, "length-places": {"length": 1.234, "length_unit": "m"}, "status-blank": {"status": ""}, "unit-no-length": {"length_unit": "m"}}.items():
    t.post(f"field.{n}", F, {**G, **body}, )
t.get("cable.list", C + "?brief=true")
t.get("cable.detail", C + "${cab_many}/")
for name, path in {"interface": "dcim/interfaces/${ai0}", "interface-many": "dcim/interfaces/${ci0}", "console": "dcim/console-ports/${acon}", "console-server": "dcim/console-server-ports/${bcss}", "power-port": "dcim/power-ports/${app}", "power-outlet": "dcim/power-outlets/${bpo}", "feed": "dcim/power-feeds/${pf}", "circuit": "circuits/circuit-terminations/${ta}", "front": "dcim/front-ports/${bfp}", "rear": "dcim/rear-ports/${brp}", "to-circuit": "dcim/interfaces/${ai1}"}.items():
    t.get(f"end.{name}", f"/api/{path}/?fields=id,cable,cable_end,link_peers,link_peers_type,connected_endpoints,connected_endpoints_type,connected_endpoints_reachable,_occupied,mark_connected")
for name, path in {"interface": "interfaces/${ai0}", "console": "console-ports/${acon}", "power": "power-ports/${app}", "outlet": "power-outlets/${bpo}", "feed": "power-feeds/${pf}", "circuit": "interfaces/${ai1}", "many": "interfaces/${bi1}", "none": "interfaces/${cw}"}.items():
    t.get(f"trace.{name}", f"/api/dcim/{path}/trace/")
t.get("terminations", "/api/dcim/cable-terminations/?limit=4&fields=id,display,cable,cable_end,termination_type,termination_id,connector,positions")
for q in ("device=a", "device_id=${a}", "site=s", "rack=K", "termination_a_type=dcim.interface", "termination_b_type=dcim.powerfeed", "termination_a_id=${ai0}", "interface_id=${ai0}", "consoleport_id=${acon}", "type=cat6", "unterminated=true", "unterminated=false", "color=00ff00", "status=connected", "q=x", "length__gte=1", "circuittermination_id=${ta}"):
    t.get(f"filter.{q}", C + f"?{q}&fields=id")
for q in ("cabled=true", "occupied=true", "connected=true", "cable_id=${cab_interface}", "cable_end=A", "cable_end=B"):
    t.get(f"filter-interface.{q}", I + f"?{q}&fields=id")
t.post("mark-connected-and-cable", "/api/dcim/interfaces/", {"device": "${c}", "name": "mc", "type": "1000base-t", "mark_connected": True}, save="mc")
t.post("refuse.marked", F, {"a_terminations": end("interface", "mc"), "b_terminations": end("interface", "ci2")})
t.patch("mark-cabled", "/api/dcim/interfaces/${ai0}/?fields=id,mark_connected", {"mark_connected": True})
CI = C + "${cab_interface}/"
Q = "?fields=id,status,a_terminations,b_terminations,length,length_unit,label"
t.patch("change.status", CI + Q, {"status": "planned"})
t.get("change.planned-end", I + "${ai0}/?fields=id,connected_endpoints,connected_endpoints_reachable,link_peers")
t.patch("change.length", CI + Q, {"length": 10, "length_unit": "ft", "status": "connected"})
t.have("free", "dcim/interfaces", device="${c}", name="free", type="1000base-t")
t.patch("change.b-free", CI + Q, {"b_terminations": end("interface", "free")})
t.get("change.b-old", I + "${bi0}/?fields=id,cable,connected_endpoints")
t.patch("change.b-marked", CI + Q, {"b_terminations": end("interface", "mc")})
t.patch("change.b-occupied", CI + Q, {"b_terminations": end("interface", "ai1")})
t.patch("change.a-empty", CI + Q, {"a_terminations": []})
t.patch("change.length-null", CI + Q, {"length": None})
t.delete("delete", CI)
t.get("delete.end", I + "${free}/?fields=id,cable,link_peers,connected_endpoints,_occupied")
t.get("delete.log", "/api/core/object-changes/?ordering=-id&limit=3&fields=action,changed_object_type,object_repr")
t.patch("interface.type-of-cabled", I + "${bi1}/?fields=id", {"type": "virtual"})
t.delete("interface.delete-cabled", I + "${ai2}/")
t.get("cable.after-interface", C + "${cab_panel}/?fields=id,a_terminations,b_terminations")

PROFILES = ["single-1c1p", "single-1c2p", "single-1c4p", "trunk-2c1p", "trunk-2c2p", "trunk-4c1p", "breakout-1c2p-2c1p", "breakout-1c4p-4c1p", "breakout-2c4p-8c1p-shuffle", "trunk-2c4p-shuffle"]
t = Topic("dcim-profiles", "cable profiles: connectors and positions")
basics(t)
for d in ("a", "b"):
    device(t, d)
    for n in range(9):
        t.have(f"{d}{n}", "dcim/interfaces", device=ref(d), name=f"e{n}", type="1000base-t")
F = C + "?fields=id,profile,a_terminations,b_terminations"
for n, p in enumerate(PROFILES):
    sides = {"trunk-2": (2, 2), "trunk-4": (4, 4), "breakout-1c2": (1, 2), "breakout-1c4": (1, 4), "breakout-2c4p-8": (2, 8)}
    na, nb = next((v for k, v in sides.items() if p.startswith(k)), (1, 1))
    t.post(f"{p}.fit", F, {"profile": p, "a_terminations": end("interface", *[f"a{i}" for i in range(na)]), "b_terminations": end("interface", *[f"b{i}" for i in range(nb)])}, save=f"cab{n}", expect=[201, 400])
    t.get(f"{p}.terminations", f"/api/dcim/cable-terminations/?cable_id=${{cab{n}}}&fields=cable_end,termination_id,connector,positions")
    t.get(f"{p}.trace", I + "${a0}/trace/" if n < 3 or "breakout-1c4" in p else I + "${a0}/?fields=id,link_peers,connected_endpoints")
    t.post(f"{p}.too-many", F, {"profile": p, "a_terminations": end("interface", *[f"a{i}" for i in range(na + 1)]), "b_terminations": end("interface", *[f"b{i}" for i in range(nb)])})
    t.delete(f"{p}.delete", f"{C}${{cab{n}}}/")
t.post("few", F, {"profile": "breakout-1c4p-4c1p", "a_terminations": end("interface", "a0"), "b_terminations": end("interface", "b0", "b1")}, save="few")
t.get("few.trace", I + "${b1}/trace/")
t.patch("reprofile", C + "${few}/?fields=id,profile,a_terminations,b_terminations", {"profile": "trunk-2c1p"})
t.patch("unprofile", C + "${few}/?fields=id,profile", {"profile": ""})
t.patch("unprofile-null", C + "${few}/?fields=id,profile", {"profile": None})

t = Topic("dcim-traces", "paths through patch panels, circuits, splits; front and rear port mappings")
basics(t)
for d in ("a", "b", "p1", "p2", "c"):
    device(t, d)
for d in ("a", "b", "c"):
    for n in (0, 1, 2, 3):
        t.have(f"{d}{n}", "dcim/interfaces", device=ref(d), name=f"e{n}", type="1000base-t")
for p in ("p1", "p2"):
    t.have(f"{p}r", "dcim/rear-ports", device=ref(p), name="rear", type="mpo", positions=4)
    for n in (1, 2, 3):
        t.have(f"{p}f{n}", "dcim/front-ports", device=ref(p), name=f"front {n}", type="lc", rear_ports=[{"position": 1, "rear_port": f"${{{p}r}}", "rear_port_position": n}])
FP, RP = "/api/dcim/front-ports/", "/api/dcim/rear-ports/"
T3 = "?fields=id,link_peers,connected_endpoints,connected_endpoints_type,connected_endpoints_reachable"
cable(t, "k1", end("interface", "a0"), end("frontport", "p1f1"), length=2, length_unit="m")
t.get("half.trace", I + "${a0}/trace/")
t.get("half.endpoint", I + "${a0}/" + T3)
cable(t, "k2", end("rearport", "p1r"), end("rearport", "p2r"), length=100, length_unit="ft")
t.get("two-thirds.trace", I + "${a0}/trace/")
t.get("two-thirds.paths", FP + "${p1f1}/paths/")
cable(t, "k3", end("frontport", "p2f1"), end("interface", "b0"), length=50, length_unit="cm")
t.get("whole.trace", I + "${a0}/trace/")
t.get("whole.back", I + "${b0}/trace/")
t.get("whole.endpoint", I + "${a0}/" + T3)
t.get("whole.front-paths", FP + "${p1f1}/paths/")
t.get("whole.rear-paths", RP + "${p1r}/paths/")
t.get("whole.svg", I + "${a0}/trace/?render=svg", headers={"Accept": "*/*"})
t.get("whole.svg-width", I + "${a0}/trace/?render=svg&width=600", headers={"Accept": "*/*"})
cable(t, "k4", end("interface", "a1"), end("frontport", "p1f2"))
cable(t, "k5", end("frontport", "p2f2"), end("interface", "b1"))
t.get("second.trace", I + "${a1}/trace/")
t.get("second.rear-paths", RP + "${p1r}/paths/")
t.set("dcim/cables/${k2}", status="planned")
t.get("planned.endpoint", I + "${a0}/" + T3)
t.get("planned.trace", I + "${a0}/trace/")
t.set("dcim/cables/${k2}", status="connected")
t.delete("cut", C + "${k2}/")
t.get("cut.trace", I + "${a0}/trace/")
t.get("cut.far", I + "${b0}/" + T3)
# rear cabled to an interface: all positions
cable(t, "k6", end("rearport", "p1r"), end("interface", "c0"))
t.get("split.trace", I + "${c0}/trace/")
t.get("split.endpoint", I + "${c0}/" + T3)
t.get("split.from-a", I + "${a0}/trace/")
# through a circuit
t.have("prov", "circuits/providers", **nsd("P"))
t.have("ct", "circuits/circuit-types", **nsd("CT"))
t.have("cir", "circuits/circuits", cid="c1", provider="${prov}", type="${ct}", distance=5, distance_unit="km")
t.have("ta", "circuits/circuit-terminations", circuit="${cir}", term_side="A", termination_type="dcim.site", termination_id="${s}")
t.have("tz", "circuits/circuit-terminations", circuit="${cir}", term_side="Z", termination_type="dcim.site", termination_id="${s}")
cable(t, "k7", end("interface", "a2"), end("circuits.circuittermination", "ta"))
t.get("circuit.half", I + "${a2}/trace/")
cable(t, "k8", end("circuits.circuittermination", "tz"), end("interface", "b2"))
t.get("circuit.trace", I + "${a2}/trace/")
t.get("circuit.paths", "/api/circuits/circuit-terminations/${ta}/paths/")
t.get("circuit.endpoint", I + "${a2}/" + T3)
t.have("pn", "circuits/provider-networks", name="PN", provider="${prov}")
t.have("cir2", "circuits/circuits", cid="c2", provider="${prov}", type="${ct}")
t.have("ta2", "circuits/circuit-terminations", circuit="${cir2}", term_side="A", termination_type="dcim.site", termination_id="${s}")
t.have("tz2", "circuits/circuit-terminations", circuit="${cir2}", term_side="Z", termination_type="circuits.providernetwork", termination_id="${pn}")
cable(t, "k9", end("interface", "a3"), end("circuits.circuittermination", "ta2"))
t.get("network.trace", I + "${a3}/trace/")
t.get("network.endpoint", I + "${a3}/" + T3)
# wireless
t.have("w1", "dcim/interfaces", device="${a}", name="w", type="ieee802.11ac")
t.have("w2", "dcim/interfaces", device="${b}", name="w", type="ieee802.11ac")
t.post("wireless.virtual", "/api/wireless/wireless-links/", {"interface_a": "${w1}", "interface_b": "${b3}"})
t.have("wl", "wireless/wireless-links", interface_a="${w1}", interface_b="${w2}", ssid="x")
t.get("wireless.trace", I + "${w1}/trace/")
t.get("wireless.endpoint", I + "${w1}/?fields=id,wireless_link,link_peers,link_peers_type,connected_endpoints,_occupied")
# virtual circuit
t.have("vct", "circuits/virtual-circuit-types", **nsd("VCT"))
t.have("vcir", "circuits/virtual-circuits", cid="v1", provider_network="${pn}", type="${vct}")
t.have("v1", "dcim/interfaces", device="${a}", name="v", type="virtual")
t.have("v2", "dcim/interfaces", device="${b}", name="v", type="virtual")
t.have("vt1", "circuits/virtual-circuit-terminations", virtual_circuit="${vcir}", interface="${v1}", role="peer")
t.have("vt2", "circuits/virtual-circuit-terminations", virtual_circuit="${vcir}", interface="${v2}", role="peer")
t.get("virtual.endpoint", I + "${v1}/" + T3)
t.get("virtual.trace", I + "${v1}/trace/")
t.get("virtual.paths", "/api/circuits/virtual-circuit-terminations/${vt1}/paths/")
# port mappings
X = {"device": "${c}", "type": "8p8c"}
t.have("m1", "dcim/rear-ports", **X, name="m1", positions=2)
t.have("m2", "dcim/rear-ports", **X, name="m2")
for n, body in {"two-rears": {"positions": 2, "rear_ports": [{"position": 1, "rear_port": "${m1}", "rear_port_position": 1}, {"position": 2, "rear_port": "${m2}", "rear_port_position": 1}]}, "none": {}, "taken": {"rear_ports": [{"position": 1, "rear_port": "${m1}", "rear_port_position": 1}]}, "beyond-rear": {"rear_ports": [{"position": 1, "rear_port": "${m1}", "rear_port_position": 3}]}, "beyond-front": {"rear_ports": [{"position": 2, "rear_port": "${m1}", "rear_port_position": 2}]}, "other-device": {"rear_ports": [{"position": 1, "rear_port": "${p1r}", "rear_port_position": 4}]}, "unknown": {"rear_ports": [{"position": 1, "rear_port": 999, "rear_port_position": 1}]}, "missing": {"rear_ports": [{"position": 1, "rear_port": "${m1}"}]}, "default-position": {"rear_ports": [{"rear_port": "${m1}"}]}, "positions-0": {"positions": 0}, "positions-1025": {"positions": 1025}, "old-style": {"rear_port": "${m1}", "rear_port_position": 2}}.items():
    t.post(f"mapping.{n}", FP + "?fields=id,name,positions,rear_ports", {**X, "name": n, **body}, save="fm" if n == "two-rears" else None)
t.get("mapping.rear", RP + "${m1}/?fields=id,positions,front_ports")
t.patch("mapping.rear-shrink", RP + "${m1}/?fields=id,positions", {"positions": 1})
t.patch("mapping.front-shrink", FP + "${fm}/?fields=id", {"positions": 1})
t.patch("mapping.replace", FP + "${fm}/?fields=id,rear_ports", {"rear_ports": [{"position": 1, "rear_port": "${m1}", "rear_port_position": 2}]})
t.patch("mapping.clear", FP + "${fm}/?fields=id,rear_ports", {"rear_ports": []})
t.patch("mapping.from-rear", RP + "${m2}/?fields=id,front_ports", {"front_ports": [{"position": 1, "front_port": "${fm}", "front_port_position": 1}]})
t.get("mapping.front-after", FP + "${fm}/?fields=id,rear_ports")

t = Topic("dcim-power", "power panels, feeds, available power, ports, outlets")
basics(t)
device(t, "pdu")
device(t, "srv")
t.have("k", "dcim/racks", name="K", site="${s}")
t.have("pp", "dcim/power-panels", name="PP", site="${s}")
PF = "/api/dcim/power-feeds/"
for n, body in {"default": {}, "three": {"phase": "three-phase", "voltage": 400, "amperage": 32, "max_utilization": 80}, "dc": {"supply": "dc", "voltage": -48, "amperage": 10, "max_utilization": 100}, "ac-negative": {"supply": "ac", "voltage": -48}, "util-0": {"max_utilization": 0}, "util-101": {"max_utilization": 101}, "amp-0": {"amperage": 0}, "volt-0": {"voltage": 0}, "phase": {"phase": "two"}, "rack": {"rack": "${k}"}}.items():
    t.post(f"feed.{n}", PF + "?fields=id,voltage,amperage,max_utilization,phase,supply,status,type,available_power,rack", {"name": n, "power_panel": "${pp}", **body}, save="feed" if n == "default" else None)
t.have("s2", "dcim/sites", **nsd("S2"))
t.have("k2", "dcim/racks", name="K2", site="${s2}")
t.post("feed.other-site-rack", PF, {"name": "x", "power_panel": "${pp}", "rack": "${k2}"})
t.have("loc2", "dcim/locations", **nsd("L2"), site="${s2}")
t.post("panel.other-site-location", "/api/dcim/power-panels/", {"name": "x", "site": "${s}", "location": "${loc2}"})
t.have("inlet", "dcim/power-ports", device="${pdu}", name="in", type="iec-60309-p-n-e-6h")
t.have("o1", "dcim/power-outlets", device="${pdu}", name="o1", power_port="${inlet}", feed_leg="A")
t.have("psu", "dcim/power-ports", device="${srv}", name="psu", maximum_draw=500, allocated_draw=300)
t.post("outlet.foreign-port", "/api/dcim/power-outlets/", {"device": "${pdu}", "name": "o2", "power_port": "${psu}"})
t.post("port.allocated-over-max", "/api/dcim/power-ports/", {"device": "${srv}", "name": "x", "maximum_draw": 100, "allocated_draw": 200})
t.post("port.zero", "/api/dcim/power-ports/", {"device": "${srv}", "name": "y", "maximum_draw": 0})
t.have("c1", "dcim/cables", a_terminations=[{"object_type": "dcim.powerfeed", "object_id": "${feed}"}], b_terminations=[{"object_type": "dcim.powerport", "object_id": "${inlet}"}], type="power")
t.have("c2", "dcim/cables", a_terminations=[{"object_type": "dcim.poweroutlet", "object_id": "${o1}"}], b_terminations=[{"object_type": "dcim.powerport", "object_id": "${psu}"}])
t.get("feed.get", PF + "${feed}/")
t.get("feed.trace", PF + "${feed}/trace/")
t.get("port.trace", "/api/dcim/power-ports/${psu}/trace/")
t.get("port.get", "/api/dcim/power-ports/${inlet}/?fields=id,link_peers,connected_endpoints,connected_endpoints_reachable")
t.get("outlet.get", "/api/dcim/power-outlets/${o1}/?fields=id,link_peers,connected_endpoints,power_port,feed_leg,status")
for q in ("power_panel_id=${pp}", "rack_id=${k}", "status=active", "type=primary", "phase=three-phase", "voltage__lt=0", "cabled=true", "connected=true", "site=s", "available_power__gt=1000"):
    t.get(f"filter.{q}", PF + f"?{q}&fields=id")
