// Run by npm after an install (postinstall). The Node.js that came as an optional dependency must be node_modules/.bin/node,
// where npm scripts find it first. npm 10 removes that link again when it clears away the packages for other platforms,
// because each of them has a command of the same name.
import { existsSync, mkdirSync, readdirSync, rmSync, symlinkSync } from 'node:fs';

const modules = new URL('../node_modules/', import.meta.url);
const link = new URL('.bin/node', modules);
const name = readdirSync(modules).find(
  (folder) =>
    /^node-(bin-)?(linux|darwin)-/.test(folder) &&
    existsSync(new URL(`${folder}/bin/node`, modules)),
);
if (name !== undefined && !existsSync(link)) {
  mkdirSync(new URL('.bin/', modules), { recursive: true });
  rmSync(link, { force: true });
  symlinkSync(`../${name}/bin/node`, link);
}
