import type { Stack } from './start-stack.ts';

/** The addresses of a started stack and lines to try it with. */
export function welcomeText(
  addresses: Stack['addresses'],
  strong: (text: string) => string,
): string {
  const { gateway, admin, emulator } = addresses;
  const rows = [
    ['gateway', gateway],
    ['admin', `${admin}/metrics`],
    ['warehouse', emulator ?? 'BigQuery'],
  ];
  const home = `${gateway}/api/v1/home/recommendations`;
  return [
    '',
    strong('Punctual is ready.'),
    ...rows.map(([name, address]) => `  ${name?.padEnd(10)} ${address}`),
    '',
    'Try:',
    `  curl '${home}?limit=4'`,
    `  curl '${home}?userId=42&limit=4'`,
    `  curl '${gateway}/api/v1/analytics/price-alerts?by=product&window=7d'`,
    '',
    'Ctrl-C stops everything.',
  ].join('\n');
}
