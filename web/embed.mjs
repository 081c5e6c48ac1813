// Compresses what Vite has built, once, and writes the table of it that the program is compiled with.
// Usage, in web/: node embed.mjs BUILT OUT
import { createHash } from 'node:crypto';
import { copyFileSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { extname, join, relative } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

const [built, out] = process.argv.slice(2);
const types = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.json': 'application/json',
  '.webmanifest': 'application/manifest+json',
};
/** Less gain than this is not worth the work at the other end. */
const gainMin = 0.9;

function* filesBelow(folder) {
  for (const name of readdirSync(folder)) {
    const file = join(folder, name);
    if (statSync(file).isDirectory()) yield* filesBelow(file);
    else yield file;
  }
}

const forms = {
  identity: (bytes) => bytes,
  gzip: (bytes) => gzipSync(bytes, { level: 9 }),
  brotli: (bytes) => brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }),
};

// What the licences of the packages inside ask for.
const inside = ['react', 'react-dom', 'scheduler'];
const licences = inside.map((name) => `${name}\n\n${readFileSync(join('node_modules', name, 'LICENSE'), 'utf8')}`);
writeFileSync(join(built, 'licences.txt'), licences.join('\n---\n\n'));

mkdirSync(out, { recursive: true });
// For the image's bill of materials (deploy/docker/baedal/sbom).
copyFileSync(join(built, 'licences.txt'), join(out, 'licences.txt'));
const packages = inside.map((name) => JSON.parse(readFileSync(join('node_modules', name, 'package.json'), 'utf8')));
writeFileSync(join(out, 'packages.tsv'), packages.map(({ name, version, license }) => `${name}\t${version}\t${license}\n`).join(''));

const entries = [];
const blobs = [];
for (const file of filesBelow(built)) {
  const path = '/' + relative(built, file).split('\\').join('/');
  const type = types[extname(file)];
  if (!type) throw new Error(`${path}: a file of this kind has no media type in web/embed.mjs`);
  const bytes = readFileSync(file);
  const tag = createHash('sha256').update(bytes).digest('hex').slice(0, 16);
  const views = [];
  for (const [form, make] of Object.entries(forms)) {
    const made = make(bytes);
    if (form !== 'identity' && made.length > bytes.length * gainMin) {
      views.push('{}');
      continue;
    }
    const label = `baedal_web_${blobs.length}`;
    const blob = `${blobs.length}.bin`;
    writeFileSync(join(out, blob), made);
    blobs.push({ label, blob });
    views.push(`view(${label}, ${label}_end)`);
  }
  entries.push({ path, line: `    {"${path}", "${type}", "${tag}",\n     ${views.join(', ')}},` });
}
entries.sort((a, b) => (a.path < b.path ? -1 : 1));

const source = `// Made by web/embed.mjs from what Vite has built.
#include <array>

#include "main/web_files.hpp"

__asm__(
    ".section .rodata\\n"
${blobs.map(({ label, blob }) => `    ".global ${label}\\n${label}:\\n.incbin \\"${blob}\\"\\n.global ${label}_end\\n${label}_end:\\n"`.replaceAll('\n', '\\n')).join('\n')}
    ".previous\\n");

extern "C" {
${blobs.map(({ label }) => `extern const char ${label}[], ${label}_end[];`).join('\n')}
}

namespace baedal {
namespace {

std::string_view view(const char* begin, const char* end) {
  return {begin, static_cast<std::size_t>(end - begin)};
}

}  // namespace

std::span<const http::StaticFile> web_files() {
  static const std::array<http::StaticFile, ${entries.length}> kFiles{{
${entries.map(({ line }) => line).join('\n')}
  }};
  return kFiles;
}

}  // namespace baedal
`;
writeFileSync(join(out, 'web_files.cpp'), source);
