"""Waits until the server answers, then looks at what a person would meet first.

    ask.py BASE_URL SECONDS

`/healthz` answers, `/` is the application's page and not the placeholder, its script loads,
a wrong password is refused and the given one logs in. Standard library only.
"""

import json
import re
import sys
import time
import urllib.error
import urllib.request

BASE, LIMIT = sys.argv[1].rstrip("/"), float(sys.argv[2])
START = time.monotonic()


def ask(path: str, body: dict | None = None) -> tuple[int, str, str]:
    # As a browser asks: the pages answer to who wants HTML.
    request = urllib.request.Request(BASE + path, headers={"accept": "text/html,*/*;q=0.8"})
    if body is not None:
        request.data = json.dumps(body).encode()
        request.add_header("content-type", "application/json")
    try:
        with urllib.request.urlopen(request, timeout=5) as answer:
            return answer.status, answer.headers.get("content-type", ""), answer.read().decode(errors="replace")
    except urllib.error.HTTPError as error:
        return error.code, error.headers.get("content-type", ""), error.read().decode(errors="replace")


def wait_until_healthy() -> None:
    last = "never asked"
    while time.monotonic() - START < LIMIT:
        try:
            status, _, text = ask("/healthz")
            if status == 200:
                return
            last = f"/healthz: status {status}: {text[:200]}"
        except OSError as error:
            last = str(error)
        time.sleep(0.05)
    sys.exit(f"not healthy within {LIMIT:g} s ({last})")


def main() -> None:
    wait_until_healthy()
    status, kind, page = ask("/")
    if status != 200 or "text/html" not in kind:
        sys.exit(f"/: status {status}, {kind}: {page[:300]}")
    script = re.search(r'<script[^>]+src="([^"]+)"', page)
    if not script:
        sys.exit(f"/ is not the application's page: {page[:300]}")
    status, kind, _ = ask(script.group(1))
    if status != 200 or "javascript" not in kind:
        sys.exit(f"{script.group(1)}: status {status}, {kind}")
    seen = time.monotonic() - START
    status, _, text = ask("/api/v1/auth/login", {"username": "admin", "password": "wrong"})
    if status != 401:
        sys.exit(f"a wrong password: status {status} instead of 401: {text[:300]}")
    status, _, text = ask("/api/v1/auth/login", {"username": "admin", "password": "packages-test-1"})
    if status != 200 or not json.loads(text).get("access_token"):
        sys.exit(f"login: status {status}: {text[:300]}")
    print(f"login page and its script after {seen:.2f} s, login works")


if __name__ == "__main__":
    main()
