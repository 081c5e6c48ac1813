# usage, package, version, architecture, source package, path: one line each, parted by tabs; of what the pages
# are made of: usage, package, version, licence.
def escaped: gsub("@"; "%40") | gsub("\\+"; "%2B") | gsub(":"; "%3A");

def of_pages:
  "pkg:npm/\(.[1] | escaped)@\(.[2] | escaped)" as $purl
  | {
      type: "library",
      "bom-ref": $purl,
      name: .[1],
      version: .[2],
      purl: $purl,
      licenses: [{license: {id: .[3]}}],
      properties: [{name: "baedal:usage", value: "in-pages"}]
    };

def component:
  (.[0].version | gsub("\\+"; "%2B") | gsub(":"; "%3A")) as $version
  | (.[0].package | gsub("\\+"; "%2B")) as $package
  | "pkg:deb/debian/\($package)@\($version)?arch=\(.[0].architecture)&distro=debian-12" as $purl
  | {
      type: "library",
      "bom-ref": $purl,
      name: .[0].package,
      version: .[0].version,
      purl: $purl,
      properties: [
        {name: "baedal:usage", value: (if any(.usage == "inside") then "inside" else "compiled-in" end)},
        {name: "debian:source", value: .[0].source}
      ]
    }
  + ([.[].path | select(. != null) | {location: .}]
     | if length == 0 then {} else {evidence: {occurrences: .}} end);

split("\n")
| map(select(. != "") | split("\t"))
| (map(select(.[0] == "in-pages") | of_pages)) as $of_pages
| map(select(.[0] != "in-pages")
    | {usage: .[0], package: .[1], version: .[2], architecture: .[3], source: .[4], path: .[5]})
| group_by(.package)
| (map(component) + $of_pages) as $components
| "pkg:generic/baedal@\($version)" as $baedal
| {
    bomFormat: "CycloneDX",
    specVersion: "1.5",
    version: 1,
    metadata: {
      timestamp: ($epoch | todate),
      component: {
        type: "application",
        "bom-ref": $baedal,
        name: "baedal",
        version: $version,
        purl: $baedal,
        hashes: [{alg: "SHA-256", content: $digest}],
        licenses: [{license: {id: "Apache-2.0"}}]
      }
    },
    components: $components,
    dependencies: ([{ref: $baedal, dependsOn: ($components | map(."bom-ref"))}]
                   + ($components | map({ref: ."bom-ref"})))
  }
