/** The values of a metric at an address, by the value of its one label; throws when it is not shown there. */
export async function readGauges(
  origin: string,
  metric: string,
): Promise<ReadonlyMap<string, number>> {
  const response = await fetch(`${origin}/metrics`);
  const text = await response.text();
  const lines = text.matchAll(new RegExp(`^${metric}\\{\\w+="([^"]*)"\\} (\\S+)$`, 'gm'));
  const values = new Map([...lines].map(([, label = '', value]) => [label, Number(value)]));
  if (values.size === 0) throw new Error(`${origin} shows no ${metric}`);
  return values;
}
