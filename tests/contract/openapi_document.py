"""api/openapi/baedal.yaml as the tests use it: operations, concrete requests, strict validation."""
import copy
import dataclasses

import jsonschema

from conftest import load_yaml

METHODS = ("get", "head", "post", "patch", "put", "delete")


@dataclasses.dataclass(frozen=True)
class Operation:
    method: str
    path: str  # as documented: "/orders/{id}"

    def __str__(self):
        return f"{self.method} {self.path}"


class Document:
    def __init__(self):
        self.root = load_yaml("openapi/baedal.yaml")
        self.strict = self._strict_copy()

    def operations(self):
        """In an order in which none spoils the next: reads first, deletion last."""
        found = [Operation(method.upper(), path) for method in METHODS
                 for path, item in self.root["paths"].items() if method in item]
        return sorted(found, key=lambda operation: METHODS.index(operation.method.lower()))

    def resolve(self, node):
        while "$ref" in node:
            target = self.root
            for part in node["$ref"].removeprefix("#/").split("/"):
                target = target[part]
            node = target
        return node

    def of(self, operation):
        return self.root["paths"][operation.path][operation.method.lower()]

    def statuses(self, operation):
        return {int(status) for status in self.of(operation)["responses"]}

    def request_of(self, operation):
        """(path, {content type: body example}) with the document's own examples filled in."""
        path, query = operation.path, []
        shared = self.root["paths"][operation.path].get("parameters", [])
        for parameter in map(self.resolve, shared + self.of(operation).get("parameters", [])):
            if parameter["in"] == "path":
                path = path.replace("{%s}" % parameter["name"], str(parameter["example"]))
            elif parameter.get("required"):
                query.append(f"{parameter['name']}={parameter['example']}")
        content = self.of(operation).get("requestBody", {}).get("content", {})
        return path + ("?" + "&".join(query) if query else ""), {media: entry["example"] for media, entry in content.items()}

    def check_answer(self, operation, answer):
        """The status, content type and body of `answer` are what the document says."""
        where = f"{operation} -> {answer.status_code} {answer.text[:300]}"
        documented = self.of(operation)["responses"].get(str(answer.status_code))
        assert documented, f"{where}: documented are {sorted(self.statuses(operation))}"
        response = self.resolve(documented)
        content = response.get("content")
        if operation.method == "HEAD" or not content:
            assert answer.content == b"", f"{where}: the document knows no body"
        elif answer.content:
            media = answer.headers["Content-Type"].split(";")[0]
            assert media in content, f"{where}: {media} is not among {sorted(content)}"
            if media.endswith("json"):
                self.check(content[media]["schema"], answer.json(), where)
        self._check_headers(response, answer, where)

    def check(self, schema, value, where):
        """`value` fits `schema`, and has no member the schema does not name."""
        resolver = jsonschema.RefResolver("", self.strict)
        validator = jsonschema.Draft202012Validator(
            _strict(schema), resolver=resolver, format_checker=jsonschema.draft202012_format_checker)
        errors = [f"{error.json_path}: {error.message}" for error in validator.iter_errors(value)]
        assert not errors, f"{where}\n" + "\n".join(errors[:5])

    def _check_headers(self, response, answer, where):
        optional = {"Retry-After", "Idempotent-Replayed", "Accept-Post", "Accept-Patch"}
        if answer.status_code in (409,):
            optional |= {"ETag"}
        for name in set(response.get("headers", {})) - optional:
            assert name in answer.headers, f"{where}: no {name}"

    def _strict_copy(self):
        strict = copy.deepcopy(self.root)
        schemas = strict["components"]["schemas"]
        for name, schema in schemas.items():
            schemas[name] = _strict(schema)
        # Every member of a resource is there in the full representation, which is the default.
        for name in ("Menu", "Order", "Payment", "Delivery", "Mypage"):
            schemas[name]["required"] = list(schemas[name]["properties"])
        return strict


def _strict(schema):
    """A copy that refuses members it does not name, all the way down."""
    if isinstance(schema, list):
        return [_strict(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    copied = {key: _strict(part) for key, part in schema.items()}
    if "properties" in copied and isinstance(copied["properties"], dict):
        copied.setdefault("additionalProperties", False)
    return copied
