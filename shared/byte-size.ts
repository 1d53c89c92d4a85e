const UNIT_BYTES = { B: 1, KB: 1e3, MB: 1e6, GB: 1e9, TB: 1e12 } as const;

/** A number of bytes as people write it in policy, in powers of ten: `500MB`, `2GB`. */
export type ByteSize = `${number}${keyof typeof UNIT_BYTES}`;

/** Bytes of a written size, or undefined where the text is none. */
export function parseByteSize(text: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?)(B|KB|MB|GB|TB)$/.exec(text.trim());
  if (!match?.[1] || !match[2]) return undefined;
  const bytes = Math.round(Number(match[1]) * UNIT_BYTES[match[2] as keyof typeof UNIT_BYTES]);
  return Number.isSafeInteger(bytes) ? bytes : undefined;
}
