import { spawn } from 'node:child_process';
import { once } from 'node:events';

/** Keeps so many processes busy for so long; they end by themselves, whatever becomes of this one. */
export async function burn(count: number, forMs: number): Promise<void> {
  const loop = `const end = performance.now() + ${forMs}; while (performance.now() < end);`;
  const burners = Array.from({ length: count }, () =>
    spawn(process.execPath, ['-e', loop], { stdio: 'ignore' }),
  );
  await Promise.all(burners.map((burner) => once(burner, 'exit')));
}
