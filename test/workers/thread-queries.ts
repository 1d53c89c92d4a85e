import { queryFile, QUERY_SQL } from '../catalog/temporary-catalog.ts';

const bodies: Readonly<Record<string, string>> = {
  plain: '',
  // Page by page: at a heap as small as that of a test, one array that doubles would not fit into the thread's last leeway.
  glutton: `transform: () => {
    const pages = [];
    for (;;) pages.push(Array.from({ length: 1_000 }, (_, id) => ({ id, text: \`row \${id}\` })));
  },`,
  leaver: 'transform: () => process.exit(3),',
  spinner: 'transform: () => { for (;;); },',
  thrower: "transform: () => { throw new Error('no such shape'); },",
  stray:
    "transform: (rows) => { setTimeout(() => { throw new Error('gone astray'); }); return rows; },",
};

/** The files of a catalog whose queries end their threads in every way there is, and of some that do not. */
export const threadQueries: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(bodies).flatMap(([name, properties]) => [
    [`queries/${name}.ts`, queryFile(name, properties)],
    [`queries/${name}.sql`, QUERY_SQL],
  ]),
);
