# Run in `netbox shell`: writes models.json, facts about every list endpoint read off the
# running classes. See README.md for the meaning of the keys.
import json
import os
import sys
from collections import OrderedDict

import django_filters
from django.apps import apps as django_apps
from django.contrib.contenttypes.models import ContentType
from django.core import validators as dv
from django.db import models as dm
from django.db.models import F, Func, OrderBy
from django.test import RequestFactory
from django.urls import get_resolver
from rest_framework import serializers as drf
from rest_framework.fields import empty
from rest_framework.permissions import SAFE_METHODS
from rest_framework.relations import HyperlinkedIdentityField, ManyRelatedField, PrimaryKeyRelatedField

from netbox.api import fields as nbf
from netbox.api import gfk_fields
from netbox.api.serializers import BaseModelSerializer
from users.models import User

APPS = ["circuits", "core", "dcim", "extras", "ipam", "tenancy", "users", "virtualization", "vpn", "wireless"]
CHOICES = OrderedDict()  # name -> [[value, label]...]
CT_SETS = OrderedDict()

request = RequestFactory().get("/")
request.user = User.objects.first()
from rest_framework.request import Request
from rest_framework.versioning import URLPathVersioning
drf_request = Request(request)
drf_request.user = request.user

endpoints = OrderedDict()  # path -> (app, slug, viewset)
model_endpoint = {}
for app in APPS:
    module = __import__(f"{app}.api.urls", fromlist=["router"])
    for prefix, viewset, basename in module.router.registry:
        endpoints[f"{app}/{prefix}"] = (app, prefix, viewset)
        qs = getattr(viewset, "queryset", None)
        if qs is not None:
            model_endpoint.setdefault(qs.model, f"{app}/{prefix}")


def plain(v):
    if v is None or isinstance(v, (bool, int, float, str)):
        return v
    if isinstance(v, (list, tuple)):
        return [plain(x) for x in v]
    if isinstance(v, dict):
        return {str(k): plain(x) for k, x in v.items()}
    return str(v)


def choice_set(pairs, hint=None):
    flat = []
    for k, v in pairs:
        if isinstance(v, (list, tuple)):
            flat += [[plain(a), str(b)] for a, b in v]
        else:
            flat.append([plain(k), str(v)])
    if not flat:
        return []
    for name, have in CHOICES.items():
        if have == flat:
            return name
    name = hint or "choices"
    base, n = name, 2
    while name in CHOICES:
        name = f"{base}{n}"; n += 1
    CHOICES[name] = flat
    return name


def ct_set(queryset, hint):
    values = sorted(f"{c.app_label}.{c.model}" for c in queryset.all())
    for name, have in CT_SETS.items():
        if have == values:
            return name
    base, n, name = hint, 2, hint
    while name in CT_SETS:
        name = f"{base}{n}"; n += 1
    CT_SETS[name] = values
    return name


def target(model):
    return model_endpoint.get(model) or model._meta.label_lower


def describe_validators(field, out):
    for v in field.validators:
        if isinstance(v, dv.MinValueValidator):
            out["min"] = plain(v.limit_value() if callable(v.limit_value) else v.limit_value)
        elif isinstance(v, dv.MaxValueValidator):
            out["max"] = plain(v.limit_value() if callable(v.limit_value) else v.limit_value)
        elif isinstance(v, dv.RegexValidator):
            out.setdefault("regex", []).append({"pattern": v.regex.pattern, "message": str(v.message)})
        elif isinstance(v, (dv.MaxLengthValidator, dv.MinLengthValidator)):
            pass
        else:
            out.setdefault("validators", []).append(getattr(v, "__name__", type(v).__name__))
    unique = [v for v in field.validators if type(v).__name__ == "UniqueValidator"]
    if unique:
        out["unique"] = str(unique[0].message)
        out["validators"] = [v for v in out["validators"] if v != "UniqueValidator"]
    if "validators" in out:
        out["validators"] = [v for v in out["validators"] if not v.startswith("Prohibit")]
        if not out["validators"]:
            del out["validators"]


def describe(name, field, model):
    out = OrderedDict(name=name)
    f = field
    src = getattr(f, "source", name)
    try:
        mf = model._meta.get_field(src)
    except Exception:
        mf = None
    if isinstance(f, drf.ListSerializer):
        out["many"] = True
        f_in = f.child
    elif isinstance(f, ManyRelatedField):
        out["many"] = True
        f_in = f.child_relation
    elif isinstance(f, drf.ListField):
        out["many"] = True
        f_in = f.child
    else:
        f_in = f
    cls = type(f_in).__name__
    if isinstance(f_in, BaseModelSerializer):
        out["kind"] = "m2m" if out.get("many") else "fk"
        out["to"] = target(f_in.Meta.model)
        shown = list(f_in.fields)
        brief = [x for x in getattr(f_in.Meta, "brief_fields", ())]
        try:
            canon = list(type(f_in)(nested=True, context={"request": drf_request}).fields)
        except Exception:
            canon = None
        if not f_in.nested or shown != canon:
            out["shape"] = shown
        if type(f_in).__name__ != f"{f_in.Meta.model.__name__}Serializer":
            out["serializer"] = type(f_in).__name__
    elif isinstance(f_in, nbf.SerializedPKRelatedField):
        out["kind"] = "m2m"
        out["to"] = target(f_in.serializer.Meta.model)
        out["nested"] = bool(f_in.nested)
        out["write"] = "ids"
    elif isinstance(f_in, nbf.ContentTypeField):
        out["kind"] = "content_type"
        q = f_in.queryset
        out["types"] = ct_set(q, f"{model._meta.label_lower}.{name}") if q is not None else None
    elif isinstance(f_in, nbf.ChoiceField):
        out["kind"] = "choice"
        cs = f_in.choiceset
        out["choices"] = choice_set(f_in._choices.items(), getattr(cs, "__name__", None) or type(cs).__name__)
        if f_in.allow_blank:
            out["blank"] = True
    elif isinstance(f_in, nbf.RelatedObjectCountField):
        out["kind"] = "count"; out["relation"] = f_in.relation
    elif isinstance(f_in, gfk_fields.GFKSerializerField):
        out["kind"] = "generic"
    elif isinstance(f_in, HyperlinkedIdentityField) or "Hyperlink" in cls:
        out["kind"] = "url"
    elif isinstance(f_in, PrimaryKeyRelatedField):
        out["kind"] = "pk"
        q = getattr(f_in, "queryset", None)
        if q is not None:
            out["to"] = target(q.model)
    elif isinstance(f_in, drf.MultipleChoiceField) or isinstance(f_in, drf.ChoiceField):
        out["kind"] = "choice_plain"
        out["choices"] = choice_set(list(f_in.choices.items()), f"{model.__name__}_{name}")
    elif isinstance(f_in, drf.BooleanField):
        out["kind"] = "bool"
    elif isinstance(f_in, drf.IntegerField):
        out["kind"] = "int"
    elif isinstance(f_in, drf.DecimalField):
        out["kind"] = "decimal"
        out["digits"] = f_in.max_digits; out["places"] = f_in.decimal_places
    elif isinstance(f_in, drf.FloatField):
        out["kind"] = "float"
    elif isinstance(f_in, drf.DateTimeField):
        out["kind"] = "datetime"
    elif isinstance(f_in, drf.DateField):
        out["kind"] = "date"
    elif isinstance(f_in, drf.UUIDField):
        out["kind"] = "uuid"
    elif isinstance(f_in, (drf.ImageField, drf.FileField)):
        out["kind"] = "image" if isinstance(f_in, drf.ImageField) else "file"
    elif isinstance(f_in, nbf.AttributesField):
        out["kind"] = "attributes"
    elif isinstance(f_in, drf.JSONField):
        out["kind"] = "json"
    elif isinstance(f_in, drf.SerializerMethodField):
        out["kind"] = "method"
    elif isinstance(f_in, drf.SlugField):
        out["kind"] = "slug"
    elif isinstance(f_in, drf.EmailField):
        out["kind"] = "email"
    elif isinstance(f_in, drf.URLField):
        out["kind"] = "url_text"
    elif isinstance(f_in, drf.CharField):
        out["kind"] = "text" if isinstance(mf, dm.TextField) else "char"
    elif cls == "CustomFieldsDataField":
        out["kind"] = "custom_fields"
    elif cls == "GenericObjectSerializer":
        out["kind"] = "generic_object"
    elif isinstance(f_in, drf.Serializer):
        out["kind"] = "object"
        out["shape"] = list(f_in.fields)
        out["serializer"] = cls
    elif cls == "SlugRelatedField":
        out["kind"] = "slugs"
        out["to"] = target(f_in.queryset.model)
    elif cls == "ModelField" and isinstance(mf, dm.Field):
        out["kind"] = "mac" if type(mf).__name__ == "MACAddressField" else type(mf).__name__
    else:
        out["kind"] = cls
    if cls not in ("CharField", "BooleanField", "IntegerField", "ChoiceField") and out["kind"] in ("char", "int", "json") and cls not in ("JSONField",):
        out["class"] = cls
    if mf is not None and type(mf).__name__ in ("ASNField", "IPNetworkField", "IPAddressField", "MACAddressField", "WWNField", "ColorField", "TimeZoneField", "NaturalOrderingField", "ArrayField", "BigIntegerField", "PositiveBigIntegerField", "DecimalField") and out["kind"] not in ("decimal",):
        out["db"] = type(mf).__name__
    for key in ("required", "read_only", "write_only"):
        if getattr(f, key, False):
            out[key] = True
    if getattr(f, "allow_null", False):
        out["nullable"] = True
    if getattr(f_in, "allow_blank", False) and out["kind"] != "choice":
        out["blank"] = True
    for key, attr in (("max_length", "max_length"), ("min_length", "min_length"), ("min", "min_value"), ("max", "max_value")):
        v = getattr(f_in, attr, None)
        if v is not None:
            out[key] = plain(v)
    describe_validators(f_in, out)
    if isinstance(f, drf.ListField):
        for key, attr in (("max_items", "max_length"), ("min_items", "min_length")):
            if getattr(f, attr, None) is not None:
                out[key] = getattr(f, attr)
    if getattr(f, "default", empty) is not empty:
        d = f.default
        out["default"] = getattr(d, "__name__", None) if callable(d) and not isinstance(d, type) else plain(d)
    elif mf is not None and hasattr(mf, "default") and mf.default is not dm.NOT_PROVIDED and not getattr(f, "read_only", False):
        d = mf.default
        value = d() if callable(d) else d
        out["model_default"] = "<now>" if hasattr(value, "tzinfo") else plain(value)
    if isinstance(mf, (dm.ForeignKey, dm.OneToOneField)):
        out["on_delete"] = mf.remote_field.on_delete.__name__
    if mf is not None and getattr(mf, "unique", False) and not getattr(mf, "primary_key", False) and "unique" not in out:
        out["unique"] = str(mf.error_messages.get("unique"))
    label = getattr(f, "label", None)
    if label is not None:
        out["label"] = str(label)
    if getattr(f, "help_text", None):
        out["help"] = str(f.help_text)
    return out


def constraint(model, c):
    out = OrderedDict(name=c.name)
    if getattr(c, "fields", None):
        out["fields"] = list(c.fields)
    if getattr(c, "expressions", None):
        out["expressions"] = [str(e) for e in c.expressions]
    if getattr(c, "condition", None) is not None:
        out["condition"] = str(c.condition)
    if getattr(c, "nulls_distinct", None) is not None:
        out["nulls_distinct"] = c.nulls_distinct
    if isinstance(c, dm.UniqueConstraint):
        if c.fields and (c.violation_error_message == c.default_violation_error_message):
            try:
                out["message"] = "; ".join(model().unique_error_message(model, c.fields).messages)
            except Exception as e:
                out["message"] = str(e)
        else:
            out["message"] = str(c.get_violation_error_message())
    else:
        out["check"] = True
        out["message"] = str(c.get_violation_error_message())
    return out


FILTER_KINDS = {"ModelMultipleChoiceFilter": "fk", "ModelChoiceFilter": "fk1", "TreeNodeMultipleChoiceFilter": "tree",
    "MultipleChoiceFilter": "choice", "ChoiceFilter": "choice1", "CharFilter": "char1", "BooleanFilter": "bool1",
    "NumberFilter": "number1", "DateTimeFilter": "datetime1", "DateFilter": "date1", "UUIDFilter": "uuid1"}
SUFFIXES = "n ic nic isw nisw iew niew ie nie empty regex iregex lt lte gt gte any n".split()


def filter_kind(flt):
    n = type(flt).__name__
    return FILTER_KINDS.get(n) or n.removesuffix("Filter")


def describe_filters(fs, model):
    filters = fs.get_filters()
    out = OrderedDict()
    inst = None
    for name, flt in filters.items():
        base, _, suffix = name.rpartition("__")
        if base and base in filters and suffix in SUFFIXES:
            out[base].setdefault("suffixes", []).append(suffix)
            continue
        o = OrderedDict(name=name, kind=filter_kind(flt))
        if flt.field_name and flt.field_name != name:
            o["field"] = flt.field_name
        if flt.lookup_expr not in ("exact",):
            o["lookup"] = flt.lookup_expr
        method = flt.extra.get("method") or flt.method
        if method:
            o["method"] = method if isinstance(method, str) else getattr(method, "__name__", str(method))
        if flt.exclude:
            o["exclude"] = True
        if getattr(flt, "conjoined", False):
            o["conjoined"] = True
        if flt.extra.get("to_field_name"):
            o["to_field"] = flt.extra["to_field_name"]
        q = flt.extra.get("queryset")
        try:
            if callable(q):
                q = q(drf_request)
        except Exception:
            q = None
        if q is not None and hasattr(q, "model"):
            o["to"] = target(q.model)
        ch = flt.extra.get("choices")
        if ch is not None:
            try:
                if callable(ch):
                    ch = ch()
                cs = choice_set(list(ch), getattr(flt.extra["choices"], "__name__", None) or f"{model.__name__}_{name}")
                if cs:
                    o["choices"] = cs
            except TypeError:
                pass
        if flt.extra.get("null_value") or flt.extra.get("null_label"):
            o["null"] = str(flt.extra.get("null_value") or "null")
        out[name] = o
    return list(out.values()), len(filters)


result = []
for path, (app, slug, viewset) in endpoints.items():
    entry = OrderedDict(app=app, slug=slug, viewset=viewset.__name__)
    qs = getattr(viewset, "queryset", None)
    model = qs.model if qs is not None else None
    if model is not None:
        entry["content_type"] = model._meta.label_lower
        entry["verbose_name"] = str(model._meta.verbose_name)
        entry["verbose_name_plural"] = str(model._meta.verbose_name_plural)
    from netbox.api.routers import NetBoxRouter
    methods = {"list": [], "detail": []}
    for m, list_action, detail_action in (("GET", "list", "retrieve"), ("POST", "create", None), ("PUT", "bulk_update", "update"), ("PATCH", "bulk_partial_update", "partial_update"), ("DELETE", "bulk_destroy", "destroy")):
        if list_action and hasattr(viewset, list_action): methods["list"].append(m)
        if detail_action and hasattr(viewset, detail_action): methods["detail"].append(m)
    entry["methods"] = methods
    extra = []
    for action in viewset.get_extra_actions() if hasattr(viewset, "get_extra_actions") else []:
        extra.append(OrderedDict(path=action.url_path, detail=action.detail, methods=sorted(m.upper() for m in action.mapping)))
    if extra:
        entry["actions"] = extra
    if model is not None:
        meta = model._meta
        entry["ordering"] = [o if isinstance(o, str) else str(o) for o in meta.ordering]
        entry["queryset_ordered"] = [o if isinstance(o, str) else str(o) for o in qs.query.order_by]
        uniques = [constraint(model, c) for c in meta.constraints]
        for ut in meta.unique_together:
            uniques.append(OrderedDict(fields=list(ut), message="; ".join(model().unique_error_message(model, ut).messages)))
        entry["constraints"] = uniques
        entry["fk"] = [OrderedDict(field=f.name, to=f.related_model._meta.label_lower, on_delete=f.remote_field.on_delete.__name__, null=f.null)
                       for f in meta.get_fields() if isinstance(f, (dm.ForeignKey, dm.OneToOneField))]
        entry["referenced_by"] = [OrderedDict(model=r.related_model._meta.label_lower, field=r.field.name, on_delete=r.on_delete.__name__)
                       for r in meta.related_objects if getattr(r, "on_delete", None) is not None]
        entry["generic_relations"] = [OrderedDict(field=f.name, model=f.related_model._meta.label_lower) for f in meta.private_fields if type(f).__name__ == "GenericRelation"]
        entry["db_fields"] = [OrderedDict(x for x in (("name", f.name), ("type", type(f).__name__), ("null", True if f.null else None), ("blank", True if f.blank else None), ("editable", None if f.editable else False)) if x[1] is not None)
                       for f in meta.concrete_fields if not isinstance(f, (dm.ForeignKey,))]
    sc = getattr(viewset, "serializer_class", None)
    if sc is not None:
        ser = sc(context={"request": drf_request})
        entry["serializer"] = sc.__name__
        entry["fields"] = [describe(n, f, model) for n, f in ser.fields.items()] if model is not None else list(ser.fields)
        bf = getattr(sc.Meta, "brief_fields", None) if hasattr(sc, "Meta") else None
        entry["brief_fields"] = list(bf or [])
        if bf:
            entry["brief_order"] = list(sc(fields=list(bf), context={"request": drf_request}).fields)
            try:
                entry["nested_order"] = list(sc(nested=True, context={"request": drf_request}).fields)
            except Exception as e:
                entry["nested_order"] = str(e)
        entry["serializer_validators"] = [f"{type(v).__name__}: {', '.join(getattr(v, 'fields', ()))}: {getattr(v, 'message', '')}" for v in getattr(ser, "validators", [])]
    fs = getattr(viewset, "filterset_class", None)
    if fs is not None:
        entry["filters"], entry["filters_total"] = describe_filters(fs, model)
    result.append(entry)


def dumps(v):
    return json.dumps(v, ensure_ascii=False, separators=(",", ":"))


out = open(os.environ["MODELS_JSON"], "w")
out.write('{"netbox":"4.7.3",\n"choices":{\n')
out.write(",\n".join(f"{dumps(k)}:{dumps(v)}" for k, v in CHOICES.items()))
out.write('\n},\n"content_type_sets":{\n')
out.write(",\n".join(f"{dumps(k)}:{dumps(v)}" for k, v in CT_SETS.items()))
out.write('\n},\n"endpoints":[\n')
blocks = []
for e in result:
    lines = []
    for k, v in e.items():
        if k in ("fields", "filters", "constraints", "fk", "referenced_by", "db_fields") and v:
            lines.append(f"{dumps(k)}:[\n" + ",\n".join(" " + dumps(x) for x in v) + "]")
        elif v not in ([], None):
            lines.append(f"{dumps(k)}:{dumps(v)}")
    blocks.append("{" + ",\n".join(lines) + "}")
out.write(",\n".join(blocks))
out.write("\n]}\n")
out.close()

# The GraphQL schema without its descriptions: what introspection of the running service says.
import re
from netbox.graphql.schema import schema
sdl = re.sub(r'[ \t]*"""(?:.|\n)*?"""\n', "", schema.as_str())
sdl = re.sub(r"\n\s*\n+", "\n", sdl)
open(os.environ["MODELS_JSON"].replace("models.json", "graphql.schema"), "w").write(sdl.strip() + "\n")
print(len(result), "endpoints", len(CHOICES), "choice sets", len(sdl), "bytes of GraphQL schema")
