"""Status, roots, authentication, tokens."""
from .dsl import Topic, ref

APPS = ["circuits", "core", "dcim", "extras", "ipam", "tenancy", "users", "virtualization", "vpn", "wireless"]

t = Topic("root", "status, API roots, authentication errors, token provisioning")
t.get("root", "/api/")
t.get("root.anonymous", "/api/", auth=None)
t.get("status", "/api/status/")
t.get("status.anonymous", "/api/status/", auth=None)
for app in APPS:
    t.get(f"root.{app}", f"/api/{app}/")
t.get("root.plugins", "/api/plugins/")
t.get("root.installed-plugins", "/api/plugins/installed-plugins/")
t.options("root.options", "/api/")
t.options("root.dcim.options", "/api/dcim/")
t.get("root.dcim.anonymous", "/api/dcim/", auth=None)
t.get("auth-check", "/api/authentication-check/")
t.get("auth-check.anonymous", "/api/authentication-check/", auth=None)
S = "/api/dcim/sites/"
t.get("auth.none", S, auth=None)
t.get("auth.detail.none", S + "1/", auth=None)
t.post("auth.post.none", S, {"name": "x", "slug": "x"}, auth=None)
t.options("auth.options.none", S, auth=None)
for name, value in {
    "bad-v1": "Token " + "f" * 40, "short-v1": "Token abc", "bad-v2": "Bearer nbt_abcdefabcdef." + "f" * 40,
    "v1-as-bearer": "Bearer " + "f" * 40, "v2-no-dot": "Bearer nbt_abcdefabcdef", "empty": "Token ", "keyword-only": "Token",
    "three-parts": "Token a b", "basic": "Basic YWRtaW46YWRtaW4=", "garbage": "garbage", "v1-bearer-admin": "Bearer 0123456789abcdef0123456789abcdef01234567",
    "lower": "token 0123456789abcdef0123456789abcdef01234567", "upper": "TOKEN 0123456789abcdef0123456789abcdef01234567",
    "v2-as-token": "Token nbt_abcdefabcdef." + "f" * 40, "not-ascii": "Token \u00e9" + "f" * 39,
}.items():
    t.get(f"auth.{name}", S, auth=value)
t.post("token.v2", "/api/users/tokens/", {"user": 1, "description": "two"}, save={"t2": "/id"}, secrets={"key2": "/key", "token2": "/token"})
t.get("token.v2.get", "/api/users/tokens/${t2}/")
t.get("token.v2.use", "/api/authentication-check/", auth="Bearer nbt_${key2}.${token2}")
t.get("token.v2.use-as-token", "/api/authentication-check/?brief=1", auth="Token nbt_${key2}.${token2}")
t.get("token.v2.wrong-plain", S, auth="Bearer nbt_${key2}." + "f" * 40)
t.post("token.v1", "/api/users/tokens/", {"user": 1, "version": 1}, save={"t1": "/id"}, secrets={"token1": "/token"})
t.get("token.v1.get", "/api/users/tokens/${t1}/")
t.post("token.choose-v1", "/api/users/tokens/", {"user": 1, "version": 1, "token": "a" * 40}, secrets={"token1b": "/token"})
t.post("token.choose-v2", "/api/users/tokens/", {"user": 1, "version": 2, "token": "a" * 40}, secrets={"key2b": "/key", "token2b": "/token"})
t.post("token.empty", "/api/users/tokens/", {}, )
t.post("token.bad-version", "/api/users/tokens/", {"user": 1, "version": 3})
t.post("token.bad-ip", "/api/users/tokens/", {"user": 1, "allowed_ips": ["nonsense"]})
t.post("token.bad-ip-type", "/api/users/tokens/", {"user": 1, "allowed_ips": "10.0.0.0/8"})
t.patch("token.patch", "/api/users/tokens/${t2}/", {"description": "changed", "allowed_ips": ["10.0.0.0/8", "2001:db8::/32"]})
t.get("token.ip-refused", S, auth="Bearer nbt_${key2}.${token2}")
t.patch("token.patch-ips-null", "/api/users/tokens/${t2}/", {"allowed_ips": None})
t.patch("token.patch-disable", "/api/users/tokens/${t2}/", {"allowed_ips": [], "enabled": False})
t.get("token.disabled", S, auth="Bearer nbt_${key2}.${token2}")
t.patch("token.patch-expire", "/api/users/tokens/${t2}/", {"enabled": True, "expires": "2020-01-01T00:00:00Z"})
t.get("token.expired", S, auth="Bearer nbt_${key2}.${token2}")
t.patch("token.patch-readonly", "/api/users/tokens/${t2}/", {"expires": None, "write_enabled": False})
t.get("token.readonly.get", S, auth="Bearer nbt_${key2}.${token2}")
t.post("token.readonly.post", S, {"name": "x", "slug": "x"}, auth="Bearer nbt_${key2}.${token2}")
t.options("token.readonly.options", "/api/extras/tags/", auth="Bearer nbt_${key2}.${token2}")
t.patch("token.patch-user", "/api/users/tokens/${t2}/", {"user": 1, "version": 1})
t.patch("token.patch-key", "/api/users/tokens/${t2}/", {"key": "abcdefabcdef"})
t.get("tokens.list-brief", "/api/users/tokens/?brief=1&ordering=id")
P = "/api/users/tokens/provision/"
t.post("provision.empty", P, {}, auth=None)
t.post("provision.wrong", P, {"username": "admin", "password": "wrong"}, auth=None)
t.post("provision.unknown", P, {"username": "nobody", "password": "wrong"}, auth=None)
t.post("provision.ok", P, {"username": "admin", "password": "Oracle-passw0rd"}, auth=None, secrets={"key3": "/key", "token3": "/token"})
t.get("provision.use", "/api/authentication-check/?fields=id,username", auth="Bearer nbt_${key3}.${token3}")
t.post("provision.options-in-body", P, {"username": "admin", "password": "Oracle-passw0rd", "description": "mine", "write_enabled": False, "expires": "2020-01-01T00:00:00Z", "version": 1}, auth=None, secrets={"token5": "/token"})
t.get("provision.get", P)
t.get("provision.get.anonymous", P, auth=None)
t.have("lazy", "users/users", username="lazy", password="Oracle-passw0rd", is_active=False)
t.post("provision.inactive", P, {"username": "lazy", "password": "Oracle-passw0rd"}, auth=None)
t.post("token.lazy", "/api/users/tokens/", {"user": ref("lazy")}, secrets={"key4": "/key", "token4": "/token"})
t.get("auth.inactive-user", S, auth="Bearer nbt_${key4}.${token4}")
t.delete("token.delete", "/api/users/tokens/${t2}/")
t.get("token.deleted", S, auth="Bearer nbt_${key2}.${token2}")
t.get("config.get", "/api/users/config/")
t.patch("config.patch", "/api/users/config/", {"tables": {"SiteTable": {"columns": ["name"]}}, "pagination": {"per_page": 100}})
t.get("config.get-after", "/api/users/config/")
t.get("dashboard.get", "/api/extras/dashboard/")
