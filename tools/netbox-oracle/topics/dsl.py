"""One Topic is one file of the corpus: a list of steps against a fresh database."""

import json
import re

TOPICS = {}
V = "${%s}"


def ref(var):
    return "${" + var + "}"


class Topic:
    def __init__(self, name, about):
        self.name, self.about, self.steps, self.names = name, about, [], {}
        assert name not in TOPICS, name
        TOPICS[name] = self

    def step(self, name, method, path, **more):
        n = self.names[name] = self.names.get(name, 0) + 1
        if n > 1:
            name = f"{name}#{n}"
        # `fields` and `omit` on a write limit what is *written*, too: leave them out and trim the answer instead.
        if method in ("POST", "PUT", "PATCH") and not more.pop("raw", False):
            found = re.search(r"[?&](fields|omit)=([\w,]*)$", path)
            if found:
                path = path[: found.start()]
                more["keep" if found[1] == "fields" else "drop"] = found[2].split(",")
        self.steps.append({"name": name, "method": method, "path": path, **{k: v for k, v in more.items() if v is not None or k == "auth"}})

    def get(self, name, path, **more):
        self.step(name, "GET", path, **more)

    def post(self, name, path, body, save=None, **more):
        self.step(name, "POST", path, body=body, save={save: "/id"} if isinstance(save, str) else save, **more)

    def patch(self, name, path, body, **more):
        self.step(name, "PATCH", path, body=body, **more)

    def put(self, name, path, body, **more):
        self.step(name, "PUT", path, body=body, **more)

    def delete(self, name, path, body=None, **more):
        self.step(name, "DELETE", path, body=body, **more)

    def options(self, name, path, **more):
        self.step(name, "OPTIONS", path, **more)

    def have(self, var, path, **body):
        """Something the topic needs: its answer is not of interest, only its id."""
        self.step(f"have.{var}", "POST", f"/api/{path}/", body=body, save={var: "/id"}, quiet=True)
        return ref(var)

    def set(self, path, **body):
        """A quiet PATCH."""
        self.step(f"set.{path.replace('/api/', '')}", "PATCH", f"/api/{path}/", body=body, quiet=True)

    def rejects(self, path, cases, method="POST"):
        """{name: body} that are expected to be refused; what is recorded decides."""
        for name, body in cases.items():
            self.step(name, method, path, body=body)


def write(folder):
    sizes = {}
    for topic in TOPICS.values():
        head = {"topic": topic.name, "about": topic.about}
        line = lambda v: json.dumps(v, ensure_ascii=False, separators=(",", ":"))
        text = line(head)[:-1] + ',"steps":[\n' + ",\n".join(line(s) for s in topic.steps) + "\n]}\n"
        (folder / f"{topic.name}.json").write_text(text)
        sizes[topic.name] = len(topic.steps)
    for old in folder.glob("*.json"):
        if old.stem not in sizes:
            old.unlink()
    return sizes
