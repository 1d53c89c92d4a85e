import { registerHooks } from 'node:module';

const CATALOG_MODULE = new URL('./punctual.ts', import.meta.url).href;
let registered = false;

/** Lets a catalog folder anywhere on the disk `import … from 'punctual'`; once per thread. */
export function resolvePunctualImports(): void {
  if (registered) return;
  registered = true;
  registerHooks({
    resolve: (specifier, context, next) =>
      specifier === 'punctual'
        ? { url: CATALOG_MODULE, shortCircuit: true }
        : next(specifier, context),
  });
}
