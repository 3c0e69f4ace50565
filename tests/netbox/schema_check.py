"""The schema at the door: valid OpenAPI, the same in both forms and all codings, quick once it is made.

    schema_check.py --url URL --password PASSWORD
"""

import argparse
import gzip
import json
import sys
import time
import urllib.error
import urllib.request

import yaml
from openapi_spec_validator import OpenAPIV30SpecValidator

# Parameters of a list that are looked at one by one: hundreds of the same shape cost minutes.
PARAMETERS = 10


def get(url, **headers):
    """Status, headers, body as it came, seconds."""
    started = time.monotonic()
    request = urllib.request.Request(url, headers={name.replace("_", "-"): value for name, value in headers.items()})
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return answer.status, answer.headers, answer.read(), time.monotonic() - started
    except urllib.error.HTTPError as error:
        return error.code, error.headers, error.read(), time.monotonic() - started


def main():
    ways = argparse.ArgumentParser()
    ways.add_argument("--url", required=True)
    ways.add_argument("--password", help="not needed: the schema is for everybody")
    url = ways.parse_args().url + "/netbox/api/schema/"
    wrong = []

    def check(holds, what):
        if not holds:
            wrong.append(what)

    status, headers, plain, _ = get(url + "?format=json")
    check(status == 200 and headers["Content-Type"] == "application/vnd.oai.openapi+json", f"json: {status} {headers['Content-Type']}")
    document = json.loads(plain)
    status, headers, packed, took = get(url, Accept="application/json", Accept_Encoding="gzip")
    check(headers["Content-Encoding"] == "gzip" and gzip.decompress(packed) == plain, "gzip holds something else")
    _, headers, smaller, _ = get(url, Accept="application/json", Accept_Encoding="br, gzip")
    check(headers["Content-Encoding"] == "br" and len(smaller) < len(plain) / 10, "br is not offered, or not small")
    _, headers, text, _ = get(url)
    check(headers["Content-Type"].startswith("application/vnd.oai.openapi"), f"yaml: {headers['Content-Type']}")
    check(yaml.load(text, getattr(yaml, "CSafeLoader", yaml.SafeLoader)) == document, "YAML says something else than JSON")
    check(get(url + "?format=bogus")[0] == 404, "an unknown format is not 404")
    check(get(url, Authorization="Token nonsense")[0] == 403, "a wrong token is not refused")

    for path in document["paths"].values():
        for operation in path.values():
            names = [(p["in"], p["name"]) for p in operation["parameters"]]
            check(len(names) == len(set(names)), f"{operation['operationId']} names a parameter twice")
            del operation["parameters"][PARAMETERS:]
    for error in list(OpenAPIV30SpecValidator(document).iter_errors())[:10]:
        wrong.append(f"not valid: {error.message[:300]}")
    print(f"schema: {len(document['paths'])} paths, {len(plain)} bytes, {len(packed)} gzip, {len(smaller)} br, {took * 1000:.1f} ms")
    for text in wrong:
        print(f"schema: {text}", file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
