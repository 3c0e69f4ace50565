# Configuration of the oracle's NetBox. Everything not said here is NetBox's default.
import os

_ROOT = os.environ.get("NETBOX_ORACLE", "/var/tmp/oracle")
_INSTANCE = int(os.environ.get("NETBOX_ORACLE_INSTANCE", "0"))

ALLOWED_HOSTS = ["*"]
BASE_PATH = "netbox/"  # like our door
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": os.environ.get("NETBOX_ORACLE_DB", f"netbox{_INSTANCE}"),
        "USER": "netbox",
        "HOST": f"{_ROOT}/run",
        "PORT": "5599",
        "CONN_MAX_AGE": 0,  # `record` replaces the database under a running server
    }
}
REDIS = {
    name: {"HOST": "127.0.0.1", "PORT": 6399, "USERNAME": "", "PASSWORD": "", "DATABASE": 2 * _INSTANCE + number, "SSL": False}
    for number, name in enumerate(("tasks", "caching"))
}
SECRET_KEY = "oracle-" * 8
API_TOKEN_PEPPERS = {1: "oracle-" * 8}
CENSUS_REPORTING_ENABLED = False
ISOLATED_DEPLOYMENT = True
MEDIA_ROOT = f"{_ROOT}/root/media{_INSTANCE}"
RELEASE_CHECK_URL = None
TIME_ZONE = "UTC"
