import { type Command, type Invocation, UsageError } from '../command.ts';

/** `punctual faults`: shows, sets or clears what the emulator does wrong on purpose. */
export const faults: Command = {
  name: 'faults',
  summary: 'Shows the emulator’s faults, sets them from JSON, or clears them',
  usage: '[set <json> | clear] [--emulator=http://127.0.0.1:9050]',
  options: ['emulator'],
  async run({ words, options, env }) {
    const request = requestFor(words);
    const address = new URL('/emulator/faults', emulatorUrl(options, env));
    const response = await fetch(address, {
      ...request,
      headers: { 'content-type': 'application/json' },
      signal: AbortSignal.timeout(5_000),
    });
    const text = await response.text();
    const data: unknown = text === '' ? [] : JSON.parse(text);
    return { text: JSON.stringify(data, null, 2), data, exitCode: response.ok ? 0 : 1 };
  },
};

function requestFor(words: readonly string[]): RequestInit {
  const [verb, json] = words;
  if (verb === undefined) return { method: 'GET' };
  if (verb === 'clear' && words.length === 1) return { method: 'DELETE' };
  if (verb === 'set' && json !== undefined && words.length === 2)
    return { method: 'PUT', body: json };
  throw new UsageError('Expected nothing, clear, or set with a JSON list of faults.');
}

function emulatorUrl(options: Invocation['options'], env: Invocation['env']): string {
  const host = env['BIGQUERY_EMULATOR_HOST'] ?? `127.0.0.1:${env['EMULATOR_PORT'] ?? '9050'}`;
  return options.get('emulator') ?? (host.includes('://') ? host : `http://${host}`);
}
