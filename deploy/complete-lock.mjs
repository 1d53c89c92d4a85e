// Adds to package-lock.json the optional packages of other platforms that `npm install` leaves out when its registry
// mirrors one platform only; `npm ci` refuses a lock without them. Run after an install against such a registry:
//   node deploy/complete-lock.mjs
import { readFileSync, writeFileSync } from 'node:fs';

const SYSTEMS = new Set([
  'aix',
  'android',
  'darwin',
  'freebsd',
  'linux',
  'netbsd',
  'openbsd',
  'openharmony',
  'sunos',
  'win32',
]);
const PROCESSORS = {
  arm: 'arm',
  arm64: 'arm64',
  gnueabihf: 'arm',
  ia32: 'ia32',
  loong64: 'loong64',
  mips64el: 'mips64el',
  ppc64: 'ppc64',
  riscv64: 'riscv64',
  s390x: 's390x',
  wasm32: 'wasm32',
  x64: 'x64',
  x86: 'ia32',
};

const file = new URL('../package-lock.json', import.meta.url);
const lock = JSON.parse(readFileSync(file, 'utf8'));
const packages = lock.packages;
for (const [path, entry] of Object.entries({ ...packages })) {
  if (path === '') continue;
  for (const [name, range] of Object.entries(entry.optionalDependencies ?? {})) {
    const places = [`${path}/node_modules/${name}`, `node_modules/${name}`];
    if (places.some((place) => place in packages)) continue;
    packages[`node_modules/${name}`] = entryFor(name, range, entry.dev === true);
    process.stdout.write(`${name} ${range}\n`);
  }
}
lock.packages = Object.fromEntries(Object.entries(packages).sort(([a], [b]) => (a < b ? -1 : 1)));
writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`);

/** Platform and processor stand in the package's name; npm skips what does not fit the machine. */
function entryFor(name, range, dev) {
  const words = name.split(/[-/.]/);
  const os = words.filter((word) => SYSTEMS.has(word)).slice(0, 1);
  const cpu = words.flatMap((word) => PROCESSORS[word] ?? []).slice(0, 1);
  const libc = words.includes('musl')
    ? ['musl']
    : words.includes('gnu') && os[0] === 'linux'
      ? ['glibc']
      : [];
  return {
    version: range.replace(/^[\^~]/, ''),
    ...(cpu.length > 0 ? { cpu } : {}),
    ...(dev ? { dev } : {}),
    ...(libc.length > 0 ? { libc } : {}),
    optional: true,
    ...(os.length > 0 ? { os } : {}),
  };
}
