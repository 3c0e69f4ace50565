"""Custom fields, choice sets, tags, journal, contexts, templates, filters, events."""
from .b_crud import PNG, nsd
from .dsl import Topic, ref

S, CF, CS = "/api/dcim/sites/", "/api/extras/custom-fields/", "/api/extras/custom-field-choice-sets/"

t = Topic("extras-custom-fields", "the 13 types with their validation")
t.have("r", "dcim/regions", **nsd("R"))
t.have("r2", "dcim/regions", **nsd("R2"))
t.have("s", "dcim/sites", **nsd("S"))
t.have("cs", "extras/custom-field-choice-sets", name="CS", extra_choices=[["a", "Alpha"], ["b", "Beta"], ["3", "Three"]])
B = S + "${s}/?fields=custom_fields"
TYPES = {
    "text": ({"validation_regex": "^[A-Z]+$"}, ["ABC", "abc", "", None, 5, True, ["x"], {"a": 1}, "x" * 300]),
    "longtext": ({}, ["line\nline", "", 5]),
    "integer": ({"validation_minimum": 1, "validation_maximum": 10}, [5, 0, 11, "5", 5.5, 5.0, True, "x", "", 99999999999999999999, None]),
    "decimal": ({"validation_minimum": -1, "validation_maximum": 10}, [1.5, 1, "1.5", "x", 10.01, -2, 1.23456789, True, None]),
    "boolean": ({}, [True, False, "true", 1, 0, "x", "", None]),
    "date": ({}, ["2020-01-02", "2020-13-01", "x", "2020-01-02T00:00:00Z", None, 5, ""]),
    "datetime": ({}, ["2020-01-02T03:04:05Z", "2020-01-02T03:04:05+02:00", "2020-01-02T03:04:05", "2020-01-02 03:04", "2020-01-02", "x", None, 5]),
    "url": ({}, ["https://example.com/x?y=1", "example.com", "ftp://x/", "javascript:alert(1)", "mailto:a@b.c", "", None, 5]),
    "json": ({"validation_schema": {"type": "object", "required": ["a"], "properties": {"a": {"type": "integer"}}}}, [{"a": 1}, {"b": 1}, {"a": "x"}, [1], "text", 5, None, {}]),
    "select": ({"choice_set": ref("cs")}, ["a", "Alpha", "c", "", None, 3, {"value": "a", "label": "Alpha"}, ["a"], "3"]),
    "multiselect": ({"choice_set": ref("cs")}, [["a"], ["b", "a"], ["a", "a"], ["c"], [], "a", None, [3], [{"value": "a"}]]),
    "object": ({"related_object_type": "dcim.region"}, [ref("r"), {"id": ref("r")}, {"name": "R2"}, {"name": "nope"}, 999, "1", "x", None, [1], True, 0, -1]),
    "multiobject": ({"related_object_type": "dcim.region"}, [["${r}"], ["${r2}", "${r}"], [], ["${r}", "${r}"], [999], [{"name": "R"}], ["x"], "${r}", None]),
}
for kind, (more, values) in TYPES.items():
    t.post(f"{kind}.define", CF + "?omit=url,display_url,owner,created,last_updated", {"object_types": ["dcim.site"], "name": f"f_{kind}", "type": kind, **more})
    for n, v in enumerate(values):
        t.patch(f"{kind}.{n}", B, {"custom_fields": {f"f_{kind}": v}})
t.get("detail", S + "${s}/")
for kind, bad in {"text": 5, "integer": "x", "decimal": "x", "boolean": "x", "date": "x", "datetime": "x", "url": "x", "select": "c", "multiselect": ["c"], "object": 999, "multiobject": [999]}.items():
    more = {k: v for k, v in TYPES[kind][0].items() if not k.startswith("validation")}
    t.post(f"default.bad-{kind}", CF, {"object_types": ["dcim.region"], "name": f"d_{kind}", "type": kind, "default": bad, **more})
DEF = {"object_types": ["dcim.site"], "type": "text"}
for n, body in {"bad-name": {"name": "a-b"}, "double-underscore": {"name": "a__b"}, "upper": {"name": "Upper"}, "empty-name": {"name": ""}, "long-name": {"name": "x" * 51}, "bad-type": {"name": "x1", "type": "bogus"}, "no-types": {"name": "x2", "object_types": []}, "bad-object-type": {"name": "x3", "object_types": ["dcim.bogus"]}, "no-cf-model": {"name": "x4", "object_types": ["core.objectchange"]}, "select-no-set": {"name": "x5", "type": "select"}, "text-with-set": {"name": "x6", "choice_set": "${cs}"}, "object-no-type": {"name": "x7", "type": "object"}, "text-with-type": {"name": "x8", "related_object_type": "dcim.site"}, "min-on-text": {"name": "x9", "validation_minimum": 1}, "regex-on-int": {"name": "x10", "type": "integer", "validation_regex": "x"}, "bad-regex": {"name": "x11", "validation_regex": "["}, "required-bool": {"name": "x12", "type": "boolean", "required": True}, "unique-bool": {"name": "x13", "type": "boolean", "unique": True}, "related-filter": {"name": "x14", "related_object_filter": {"name": "x"}}, "bad-logic": {"name": "x15", "filter_logic": "x"}, "schema-on-text": {"name": "x16", "validation_schema": {}}, "weight": {"name": "x17", "weight": 70000}, "search-weight": {"name": "x18", "search_weight": -1}, "default-regex": {"name": "x19", "validation_regex": "^a", "default": "b"}}.items():
    t.post(f"define.{n}", CF, {**DEF, **body})
t.have("req", "extras/custom-fields", object_types=["dcim.location"], type="text", name="req", required=True)
L = "/api/dcim/locations/"
t.post("required.missing", L, {**nsd("L1"), "site": "${s}"})
t.post("required.null", L, {**nsd("L1"), "site": "${s}", "custom_fields": {"req": None}})
t.post("required.empty", L, {**nsd("L1"), "site": "${s}", "custom_fields": {"req": ""}})
t.post("required.given", L + "?fields=id,custom_fields", {**nsd("L1"), "site": "${s}", "custom_fields": {"req": "x"}}, save="l")
t.patch("required.patch-other", L + "${l}/?fields=id,custom_fields", {"description": "x"})
t.patch("required.patch-null", L + "${l}/", {"custom_fields": {"req": None}})
t.have("uni", "extras/custom-fields", object_types=["tenancy.tenant"], type="text", name="uni", unique=True)
TE = "/api/tenancy/tenants/"
t.post("unique.first", TE + "?fields=id,custom_fields", {**nsd("T1"), "custom_fields": {"uni": "x"}})
t.post("unique.again", TE, {**nsd("T2"), "custom_fields": {"uni": "x"}})
t.post("unique.null", TE + "?fields=id,custom_fields", {**nsd("T3")})
t.post("unique.null-again", TE + "?fields=id,custom_fields", {**nsd("T4")})
t.have("dflt", "extras/custom-fields", object_types=["dcim.region"], type="integer", name="dflt", default=5)
t.get("default.existing", "/api/dcim/regions/${r}/?fields=id,custom_fields")
t.patch("change.type", CF + "${dflt}/", {"type": "text"})
t.patch("change.name", CF + "${dflt}/?fields=id,name", {"name": "renamed"})
t.get("change.renamed-data", "/api/dcim/regions/${r}/?fields=id,custom_fields")
t.delete("delete", CF + "${dflt}/")
t.get("delete.data", "/api/dcim/regions/${r}/?fields=id,custom_fields")
t.patch("unassign", CF + "${req}/?fields=id,object_types", {"object_types": ["dcim.rack"]})
t.get("unassign.data", L + "${l}/?fields=id,custom_fields")
t.get("data-types", CF + "?fields=name,type,data_type,status,related_object_type,choice_set&limit=0")
t.have("fx", "extras/custom-fields", object_types=["dcim.rack"], type="object", name="flt", related_object_type="dcim.region", related_object_filter={"name": "R"})
t.post("related-filter.outside", "/api/dcim/racks/", {"name": "k", "site": "${s}", "custom_fields": {"req": "x", "flt": "${r2}"}})

t = Topic("extras-choices", "choice sets, tags, journal, bookmarks, subscriptions, images, filters, links, exports")
for n, body in {"ok": {"extra_choices": [["a", "A"], ["b", "B"]]}, "base-only": {"base_choices": "IATA"}, "base": {"base_choices": "IATA", "extra_choices": []}, "base-and-extra": {"base_choices": "ISO_3166", "extra_choices": [["XX", "Extra"]]}, "none": {}, "bad-base": {"base_choices": "bogus"}, "strings": {"extra_choices": ["a", "b"]}, "one-element": {"extra_choices": [["a"]]}, "three": {"extra_choices": [["a", "A", "x"]]}, "dup": {"extra_choices": [["a", "A"], ["a", "B"]]}, "dup-base": {"base_choices": "IATA", "extra_choices": [["MUC", "x"]]}, "empty": {"extra_choices": []}, "sorted": {"extra_choices": [["b", "Z"], ["a", "Y"]], "order_alphabetically": True}, "colors": {"extra_choices": [["a", "A"]], "choice_colors": {"a": "red"}}, "bad-color": {"extra_choices": [["a", "A"]], "choice_colors": {"a": "nocolor"}}, "color-of-none": {"extra_choices": [["a", "A"]], "choice_colors": {"z": "red"}}, "numbers": {"extra_choices": [[1, 2]]}}.items():
    t.post(f"set.{n}", CS + "?omit=extra_choices,url,display_url" if n == "base" else CS, {"name": n, **body}, save={"ok": "ok", "base": "base", "sorted": "sorted"}.get(n))
t.get("set.choices", CS + "${ok}/choices/")
t.get("set.choices-base", CS + "${base}/choices/?limit=3&q=mun")
t.get("set.choices-sorted", CS + "${sorted}/choices/")
t.get("set.choices-page", CS + "${base}/choices/?limit=2&offset=1")
t.have("cf", "extras/custom-fields", object_types=["dcim.site"], type="select", name="sel", choice_set="${ok}")
t.have("s", "dcim/sites", **nsd("S"), custom_fields={"sel": "a"})
t.patch("set.remove-used", CS + "${ok}/", {"extra_choices": [["b", "B"]]})
t.patch("set.relabel", CS + "${ok}/?fields=extra_choices", {"extra_choices": [["a", "Renamed"], ["b", "B"]]})
t.get("set.relabelled", S + "${s}/?fields=custom_fields")
TAG = "/api/extras/tags/"
for n, body in {"color": {"color": "FF0000"}, "bad-color": {"color": "red"}, "short-color": {"color": "fff"}, "types": {"object_types": ["dcim.site", "dcim.rack"]}, "bad-type": {"object_types": ["dcim.bogus"]}, "weight": {"weight": -1}}.items():
    t.post(f"tag.{n}", TAG + "?omit=url,display_url", {**nsd(f"tag {n}"), **body}, save="tag" if n == "types" else None)
t.patch("tag.allowed", S + "${s}/?fields=tags", {"tags": ["${tag}"]})
t.post("tag.refused", "/api/dcim/regions/", {**nsd("R"), "tags": ["${tag}"]})
t.get("tag.count", TAG + "?fields=name,tagged_items")
t.get("tagged-objects", "/api/extras/tagged-objects/?object_type=dcim.site")
t.get("tagged-objects.tag", "/api/extras/tagged-objects/?tag=tag-types&fields=id")
J = "/api/extras/journal-entries/"
for n, body in {"ok": {}, "kind": {"kind": "danger"}, "bad-kind": {"kind": "x"}, "no-comment": {"comments": ""}, "unknown-object": {"assigned_object_id": 999}, "bad-type": {"assigned_object_type": "bogus.x"}, "unsupported": {"assigned_object_type": "extras.tag", "assigned_object_id": "${tag}"}, "other-author": {"created_by": 1}, "bad-author": {"created_by": 99}}.items():
    t.post(f"journal.{n}", J, {"assigned_object_type": "dcim.site", "assigned_object_id": "${s}", "comments": "# hello", **body})
t.get("journal.filter", J + "?kind=danger&fields=id")
t.get("journal.filter-object", J + "?assigned_object_type=dcim.site&assigned_object_id=${s}&fields=id,kind")
for kind in ("bookmarks", "subscriptions"):
    for n, body in {"unknown": {"object_id": 999}, "unsupported": {"object_type": "core.objectchange", "object_id": 1}, "bad-user": {"user": 99}, "ok": {}}.items():
        t.post(f"{kind}.{n}", f"/api/extras/{kind}/", {"object_type": "dcim.site", "object_id": "${s}", "user": 1, **body})
t.post("notifications.bad-event", "/api/extras/notifications/", {"object_type": "dcim.site", "object_id": "${s}", "user": 1, "event_type": "bogus"})
t.patch("subscriptions.trigger", S + "${s}/?fields=id", {"description": "notify me"})
t.get("notifications.made", "/api/extras/notifications/")
IMG = "/api/extras/image-attachments/"
img = {"file": "pixel.png", "type": "image/png", "hex": PNG}
t.step("image.upload", "POST", IMG, form={"object_type": "dcim.site", "object_id": "${s}", "image": img}, save={"img": "/id"})
t.step("image.not-image", "POST", IMG, form={"object_type": "dcim.site", "object_id": "${s}", "image": {"file": "a.png", "type": "image/png", "hex": "68656c6c6f"}})
t.step("image.bad-extension", "POST", IMG, form={"object_type": "dcim.site", "object_id": "${s}", "image": {**img, "file": "a.exe"}})
t.step("image.no-file", "POST", IMG, form={"object_type": "dcim.site", "object_id": "${s}"})
t.step("image.unknown-object", "POST", IMG, form={"object_type": "dcim.site", "object_id": "999", "image": img})
t.step("image.unsupported", "POST", IMG, form={"object_type": "extras.tag", "object_id": "1", "image": img})
t.post("image.json", IMG, {"object_type": "dcim.site", "object_id": "${s}", "image": "x"})
t.get("image.list", IMG)
t.have("m", "dcim/manufacturers", **nsd("M"))
t.step("image.device-type", "POST", "/api/dcim/device-types/?fields=id,front_image,rear_image", form={"manufacturer": "${m}", "model": "I", "slug": "i", "front_image": img})
SF = "/api/extras/saved-filters/"
for n, body in {"ok": {"parameters": {"status": ["active"]}}, "string": {"parameters": "x"}, "list": {"parameters": []}, "empty": {"parameters": {}}, "null": {"parameters": None}, "scalar-value": {"parameters": {"name": "x"}}}.items():
    t.post(f"filter.{n}", SF, {"object_types": ["dcim.site"], **nsd(f"f {n}"), **body})
TC = "/api/extras/table-configs/"
for n, body in {"bad-table": {"table": "BogusTable"}, "wrong-table": {"table": "DeviceTable"}, "bad-column": {"columns": ["bogus"]}, "bad-ordering": {"ordering": ["bogus"]}, "empty-columns": {"columns": []}}.items():
    t.post(f"table.{n}", TC, {"object_type": "dcim.site", "table": "SiteTable", "name": n, "columns": ["name"], **body})
CL = "/api/extras/custom-links/"
for n, body in {"bad-class": {"button_class": "x"}, "bad-template": {"link_text": "{{ x"}, "no-types": {"object_types": []}}.items():
    t.post(f"link.{n}", CL, {"object_types": ["dcim.site"], "name": n, "link_text": "t", "link_url": "u", **body})
ET = "/api/extras/export-templates/"
for n, body in {"bad-params": {"environment_params": "x"}, "bad-template": {"template_code": "{% for"}, "empty": {"template_code": ""}, "named-table": {"name": "table"}, "json": {"template_code": "[{% for o in queryset %}\"{{ o.slug }}\"{% if not loop.last %},{% endif %}{% endfor %}]", "mime_type": "application/json", "file_name": "sites", "file_extension": "json"}}.items():
    t.post(f"export.{n}", ET, {"object_types": ["dcim.site"], "name": n, "template_code": "x", **body})
t.get("export.render", S + "?export=json")

t = Topic("extras-templates", "config contexts, profiles, config templates, rendering")
t.have("reg", "dcim/regions", **nsd("EU"))
t.have("sub", "dcim/regions", **nsd("DE"), parent="${reg}")
t.have("s", "dcim/sites", **nsd("S"), region="${sub}")
t.have("m", "dcim/manufacturers", **nsd("M"))
t.have("pf", "dcim/platforms", **nsd("OS"))
t.have("dt", "dcim/device-types", manufacturer="${m}", model="DT", slug="dt")
t.have("r", "dcim/device-roles", **nsd("R"))
t.have("rs", "dcim/device-roles", **nsd("RS"), parent="${r}")
t.have("tag", "extras/tags", **nsd("Tag"))
t.have("te", "tenancy/tenants", **nsd("T"))
t.have("d", "dcim/devices", name="d1", device_type="${dt}", role="${rs}", site="${s}", platform="${pf}", tags=["${tag}"], tenant="${te}")
t.have("e", "dcim/devices", name="d2", device_type="${dt}", role="${r}", site="${s}")
t.have("clt", "virtualization/cluster-types", **nsd("CT"))
t.have("cl", "virtualization/clusters", name="C", type="${clt}")
t.have("vm", "virtualization/virtual-machines", name="vm", cluster="${cl}")
CC, D = "/api/extras/config-contexts/", "/api/dcim/devices/"
for n, body in {"all": {"weight": 100, "data": {"a": 1, "list": [1, 2], "deep": {"x": 1, "y": 1}}}, "region": {"weight": 200, "regions": ["${reg}"], "data": {"b": 1, "list": [3], "deep": {"y": 2}}}, "role": {"weight": 300, "roles": ["${r}"], "data": {"c": 1}}, "site-and-platform": {"weight": 400, "sites": ["${s}"], "platforms": ["${pf}"], "data": {"d": 1}}, "tag": {"weight": 50, "tags": ["tag"], "data": {"a": 0, "e": 1}}, "inactive": {"is_active": False, "data": {"z": 1}}, "cluster": {"clusters": ["${cl}"], "data": {"vm": True}}, "same-weight-b": {"weight": 500, "data": {"w": "b"}}, "same-weight-a": {"weight": 500, "data": {"w": "a"}}, "tenant": {"tenants": ["${te}"], "device_types": ["${dt}"], "data": {"t": 1}}, "list-data": {"data": [1]}, "string-data": {"data": "x"}, "empty-data": {"data": {}}, "null-data": {"data": None}, "weight-bad": {"weight": -1, "data": {"a": 1}}, "tag-id": {"tags": ["${tag}"], "data": {"ti": 1}}, "unknown-site": {"sites": [999], "data": {"a": 1}}}.items():
    t.post(f"context.{n}", CC, {"name": n, **body})
t.get("context.d1", D + "${d}/?fields=config_context,local_context_data")
t.get("context.d2", D + "${e}/?fields=config_context,local_context_data")
t.get("context.vm", "/api/virtualization/virtual-machines/${vm}/?fields=config_context,local_context_data")
t.patch("context.local", D + "${d}/?fields=config_context,local_context_data", {"local_context_data": {"a": "local", "deep": {"z": 9}}})
t.get("context.list", D + "?fields=id,config_context")
t.get("context.brief", D + "?brief=true&limit=1")
t.have("ccp", "extras/config-context-profiles", name="P", schema={"type": "object", "required": ["n"], "properties": {"n": {"type": "integer"}}})
t.post("profile.fails", CC, {"name": "pf", "profile": "${ccp}", "data": {"n": "x"}})
t.post("profile.ok", CC + "?fields=id,profile,data", {"name": "pf", "profile": "${ccp}", "data": {"n": 1}})
t.post("profile.bad-schema", "/api/extras/config-context-profiles/", {"name": "bad", "schema": {"type": "nonsense"}})
t.post("profile.list-schema", "/api/extras/config-context-profiles/", {"name": "bad", "schema": [1]})
CT = "/api/extras/config-templates/"
t.post("template.create", CT, {"name": "T", "template_code": "hostname {{ device.name }}\nsite {{ device.site.name }}\na {{ a }}\nx {{ x|default('none') }}\n"}, save="ct")
t.post("template.broken", CT, {"name": "B", "template_code": "{% if"}, )
t.post("template.error", CT + "?fields=id", {"name": "E", "template_code": "{{ 1/0 }}"}, save="cte")
t.post("template.undefined", CT + "?fields=id", {"name": "U", "template_code": "{{ nope.nope }}"}, save="ctu")
t.post("template.env", CT + "?fields=id,environment_params", {"name": "Env", "template_code": "[{% if true %}\n  x\n{% endif %}]", "environment_params": {"trim_blocks": True, "lstrip_blocks": True}}, save="ctv")
RC = D + "${d}/render-config/"
t.post("render.none", RC, {})
t.set("dcim/device-roles/${rs}", config_template="${ct}")
t.post("render.role", RC, {})
t.post("render.role-extra", RC, {"x": "given"})
t.post("render.text", RC, {"x": 1}, headers={"Accept": "text/plain"})
t.set("dcim/platforms/${pf}", config_template="${ctv}")
t.post("render.platform-and-role", RC, {})
t.set("dcim/devices/${d}", config_template="${cte}")
t.post("render.device-error", RC, {})
t.set("dcim/devices/${d}", config_template="${ctu}")
t.post("render.undefined", RC, {})
t.get("render.get", RC)
t.post("render.unknown", D + "999/render-config/", {})
t.post("render.vm", "/api/virtualization/virtual-machines/${vm}/render-config/", {})
t.post("template.render", CT + "${ct}/render/", {"device": {"name": "x", "site": {"name": "y"}}, "a": 5})
t.post("template.render-text", CT + "${ct}/render/", {"a": 5}, headers={"Accept": "text/plain"})
t.post("template.render-env", CT + "${ctv}/render/", {})
t.post("template.render-error", CT + "${cte}/render/", {})
t.post("template.render-list", CT + "${ct}/render/", [1])
t.post("template.sync", CT + "${ct}/sync/", {})
for n, code in enumerate(["{{ 'a b'|upper }}-{{ [3,1,2]|sort|join(',') }}", "{% set x = 5 %}{{ x * 2 }}", "{% macro m(a) %}<{{ a }}>{% endmacro %}{{ m('q') }}", "{{ '%05.2f'|format(3.14159) }}", "{% for k, v in d.items() %}{{ k }}={{ v }};{% endfor %}", "{{ d|tojson }}", "{{ s|replace('a','b')|title }}", "{% include 'x' %}", "{{ ''.__class__ }}", "{{ range(3)|list }}", "{{ d.missing }}|{{ none }}|{{ true }}", "{%- raw -%} {{ x }} {%- endraw -%}", "{{ 7 // 2 }} {{ 7 % 2 }} {{ 2 ** 8 }} {{ 7 / 2 }}", "{{ [1,2,3]|batch(2)|list }}", "{{ l|map(attribute='n')|list }} {{ l|selectattr('n','gt',1)|list|length }}"]):
    t.post(f"jinja.{n}.make", CT + "?fields=id", {"name": f"j{n}", "template_code": code}, save=f"j{n}", expect=[201])
    t.post(f"jinja.{n}", CT + "${j%d}/render/" % n, {"d": {"a": 1, "b": "x"}, "s": "banana", "l": [{"n": 1}, {"n": 2}]})

t = Topic("extras-events", "webhooks, event rules, their validation, and what a webhook sends")
WH, ER = "/api/extras/webhooks/", "/api/extras/event-rules/"
for n, body in {"ok": {}, "ssl-off": {"ssl_verification": False}, "ca-and-off": {"ssl_verification": False, "ca_file_path": "/x"}, "bad-method": {"http_method": "TRACE"}, "bad-headers": {"additional_headers": "no colon"}, "bad-url": {"payload_url": ""}, "timeout-0": {"timeout": 0}, "timeout": {"timeout": 30}, "bad-template": {"body_template": "{{ x"}}.items():
    t.post(f"webhook.{n}", WH, {"name": n, "payload_url": "http://127.0.0.1:8398/" + n, **body}, save="wh" if n == "ok" else None)
base = {"object_types": ["dcim.site"], "event_types": ["object_created"], "action_type": "webhook", "action_object_type": "extras.webhook", "action_object_id": "${wh}"}
for n, body in {"no-events": {"event_types": []}, "bad-event": {"event_types": ["bogus"]}, "bad-action": {"action_type": "bogus"}, "unknown-webhook": {"action_object_id": 999}, "no-object": {"action_object_type": None, "action_object_id": None}, "wrong-object": {"action_object_type": "dcim.site"}, "bad-type": {"object_types": ["dcim.bogus"]}, "no-types": {"object_types": []},
                "cond-bad-op": {"conditions": {"attr": "name", "value": "x", "op": "bogus"}}, "cond-two-roots": {"conditions": {"and": [], "or": []}}, "cond-string": {"conditions": "x"}, "cond-list": {"conditions": [1]}, "cond-bad-type": {"conditions": {"attr": "name", "value": 5, "op": "regex"}}, "cond-ok": {"conditions": {"and": [{"attr": "status.value", "value": "active"}, {"attr": "name", "value": "x", "negate": True}]}, "enabled": False}, "cond-empty": {"conditions": {}, "enabled": False}}.items():
    t.post(f"rule.{n}", ER, {"name": n, **base, **body})
t.have("w2", "extras/webhooks", name="tpl", payload_url="http://127.0.0.1:8398/tpl/{{ model }}/{{ data.id }}", http_method="PUT", additional_headers="X-Event: {{ event }}\nX-User: {{ username }}", body_template='{"e":"{{ event }}","n":"{{ data.name }}","t":"{{ object_type }}"}', secret="s3cret")
t.have("e1", "extras/event-rules", name="all", **{**base, "event_types": ["object_created", "object_updated", "object_deleted"]})
t.have("e2", "extras/event-rules", name="tpl", **{**base, "event_types": ["object_updated"], "action_object_id": "${w2}", "conditions": {"attr": "status.value", "value": "planned"}})
t.have("s", "dcim/sites", **nsd("S"))
t.step("sent.created", "WORKER", "")
t.set("dcim/sites/${s}", status="planned", description="x")
t.step("sent.updated", "WORKER", "")
t.delete("delete", S + "${s}/")
t.step("sent.deleted", "WORKER", "")
