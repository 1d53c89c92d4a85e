/** What a route of the side door answers. */
export interface SideDoorAnswer {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** An answer of one JSON value, which nobody may keep. */
export function jsonAnswer(value: unknown, status = 200): SideDoorAnswer {
  return {
    status,
    contentType: 'application/json',
    headers: { 'cache-control': 'no-store' },
    body: `${JSON.stringify(value)}\n`,
  };
}
