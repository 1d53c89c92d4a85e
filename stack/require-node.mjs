// Preloaded by the npm scripts (node --import), because an older Node.js fails on the first .ts file with a riddle.
const neededMajor = 24;
if (Number.parseInt(process.versions.node, 10) < neededMajor) {
  process.stderr.write(
    `Punctual needs Node.js ${neededMajor} or newer; this is ${process.version}. ` +
      'npm ci brings a fitting one (an optional dependency) on Linux and macOS for x64 and arm64; elsewhere install it.\n',
  );
  process.exit(1);
}
