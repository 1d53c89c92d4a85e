import type { KeptResult } from '../kept-result.ts';
import { isBusy } from '../table.ts';

/** What makes two results hard to compare, a sentence for each. */
export function cautionsOf(before: KeptResult, after: KeptResult): string[] {
  return [
    ...ownCautions('Before', before),
    ...ownCautions('After', after),
    ...machineCautions(before, after),
    ...versionCautions(before, after),
  ];
}

function ownCautions(name: string, result: KeptResult): string[] {
  return [
    ...(result.quick ? [`${name} was a quick run: its figures mean little.`] : []),
    ...(isBusy(result)
      ? [
          `${name}: the machine was busy (load ${result.loadBefore} on ${result.machine.cores} cores).`,
        ]
      : []),
  ];
}

function machineCautions(
  { machine: before }: KeptResult,
  { machine: after }: KeptResult,
): string[] {
  const facts = ['cpu', 'cores', 'memoryGiB', 'platform', 'node', 'governor'] as const;
  const differing = facts.filter((fact) => before[fact] !== after[fact]);
  if (differing.length === 0) return [];
  const changes = differing.map(
    (fact) => `${fact} ${before[fact] ?? 'unknown'} → ${after[fact] ?? 'unknown'}`,
  );
  return [
    `Not the same machine: ${changes.join(', ')}. Times say little then; shares of bare node:http say more.`,
  ];
}

/** Only what both results name: older ones name nothing. */
function versionCautions(before: KeptResult, after: KeptResult): string[] {
  const changes = Object.entries(before.versions).flatMap(([name, version]) => {
    const later = after.versions[name];
    return later === undefined || later === version ? [] : [`${name} ${version} → ${later}`];
  });
  return changes.length === 0 ? [] : [`Other versions: ${changes.join(', ')}.`];
}
